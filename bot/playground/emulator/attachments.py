"""What people send besides text: files of their own, and one small example of each kind."""

from typing import Any

from bot.playground.emulator.files import picture_size
from bot.playground.emulator.parameters import Upload
from bot.playground.emulator.polls import poll
from bot.playground.emulator.world import World

Json = dict[str, Any]

_FILES: dict[str, tuple[str, str, Json]] = {  # kind -> name, MIME type, further fields
    "voice": ("voice.ogg", "audio/ogg", {"duration": 3}),
    "audio": ("song.mp3", "audio/mpeg", {"duration": 60}),
    "video": ("film.mp4", "video/mp4", {"duration": 5, "width": 640, "height": 360}),
    "video_note": ("round.mp4", "video/mp4", {"duration": 5, "length": 240}),
    "document": ("notes.pdf", "application/pdf", {"file_name": "notes.pdf"}),
    "sticker": (
        "sticker.webp",
        "image/webp",
        {
            "type": "regular",
            "width": 512,
            "height": 512,
            "is_animated": False,
            "is_video": False,
            "emoji": "🙂",
        },
    ),
}
PICTURES = ("image/jpeg", "image/png", "image/webp")
_PLACE: Json = {"latitude": 48.5846, "longitude": 7.7507}
_WITHOUT_MIME = ("sticker", "video_note")


def own_file(world: World, file: Upload) -> Json:
    """The content fields of a message with a file of somebody's own: a picture as a photo, else as a file."""
    if file.mime_type in PICTURES:
        stored = world.files.store("photo", file.content, file.name, file.mime_type)
        width, height = picture_size(file.content)
        return {"photo": [{**stored.described(), "width": width, "height": height}]}
    stored = world.files.store("document", file.content, file.name, file.mime_type)
    return {"document": {**stored.described(), "file_name": file.name, "mime_type": file.mime_type}}


def attachment(world: World, kind: str, *, user: Json) -> Json:
    """The content fields of a message of that kind. Raises ValueError for an unknown kind."""
    match kind:
        case "photo":
            file = world.files.store("photo", b"\xff\xd8\xff\xe0 a small photo", "photo.jpg", "image/jpeg")
            return {"photo": [{**file.described(), "width": 90, "height": 60}]}
        case "location":
            return {"location": dict(_PLACE)}
        case "venue":
            hall = {"location": dict(_PLACE), "title": "Town hall", "address": "1 Place Broglie"}
            return {"venue": hall, "location": dict(_PLACE)}
        case "contact":
            return {
                "contact": {
                    "phone_number": "+33123456789",
                    "first_name": user["first_name"],
                    "user_id": user["id"],
                }
            }
        case "poll":
            return {"poll": poll(str(world.random.getrandbits(60)), "A or B?", ["A", "B"])}
        case "dice":
            return {"dice": {"emoji": "🎲", "value": world.random.randint(1, 6)}}
        case _ if kind in _FILES:
            return {kind: _file(world, kind)}
        case _:
            kinds = ", ".join(["photo", "location", "venue", "contact", "poll", "dice", *_FILES])
            raise ValueError(f"nobody sends a {kind!r}; there are {kinds}")


def _file(world: World, kind: str) -> Json:
    name, mime_type, fields = _FILES[kind]
    file = world.files.store(kind, f"a small {kind}".encode(), name, mime_type)
    described = {**file.described(), **fields}
    return described if kind in _WITHOUT_MIME else {**described, "mime_type": mime_type}
