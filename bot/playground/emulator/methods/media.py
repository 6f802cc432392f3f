"""Pictures, files and albums, what takes their place, and fetching a file."""

from typing import Any

from bot.playground.emulator.errors import bad_request
from bot.playground.emulator.files import StoredFile, picture_size
from bot.playground.emulator.formatting import formatted
from bot.playground.emulator.markup import reply_markup
from bot.playground.emulator.methods.call import Call
from bot.playground.emulator.parameters import Parameters
from bot.playground.emulator.text import CAPTION_LIMIT

Json = dict[str, Any]

UPLOAD_BYTES = {"photo": 10 << 20}
OTHER_UPLOAD_BYTES = 50 << 20
DOWNLOAD_BYTES = 20 << 20
ALBUM = range(1, 11)
KINDS = ("photo", "document")


def send_photo(call: Call) -> Json:
    return _send(call, "photo")


def send_document(call: Call) -> Json:
    return _send(call, "document")


def send_media_group(call: Call) -> list[Json]:
    given = call.args.structure("media", "can't parse media JSON object")
    if not isinstance(given, list) or len(given) not in ALBUM:
        raise bad_request("there must be from 1 to 10 items in an album")
    items = [_item(item, "sendMediaGroup") for item in given]
    chat = call.writable_chat()
    contents = [_content(call, kind, item) for kind, item in items]
    together = {"media_group_id": str(call.world.random.getrandbits(53))} if len(contents) > 1 else {}
    return [call.deliver(chat, {**together, **content}, None) for content in contents]


def replacement(call: Call) -> Json:
    """What editMessageMedia puts in the place of what a message shows."""
    given = call.args.structure("media", "can't parse media JSON object")
    return _content(call, *_item(given, "editMessageMedia"))


def get_file(call: Call) -> Json:
    file = call.world.files.by_id(call.args.text("file_id"))
    if file is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    if len(file.content) > DOWNLOAD_BYTES:
        raise bad_request("file is too big")
    return {**file.described(), "file_path": file.path}


def _send(call: Call, kind: str) -> Json:
    content = _caption(call.args)
    markup = reply_markup(call.args)
    chat = call.writable_chat()
    if kind in chat.forbidden:
        raise bad_request(f"not enough rights to send {kind}s to the chat")
    return call.deliver(chat, {**_media(call, kind, call.args), **content}, markup)


def _content(call: Call, kind: str, item: Parameters) -> Json:
    return {**_media(call, kind, item), **_caption(item)}


def _caption(args: Parameters) -> Json:
    caption, entities = formatted(args, "caption", CAPTION_LIMIT, too_long="message caption is too long")
    content: Json = {"caption": caption} if caption else {}
    if entities:
        content["caption_entities"] = entities
    return content


def _item(item: Any, method: str) -> tuple[str, Parameters]:
    """The kind of an InputMedia object and its values, the file under the kind's own name."""
    if not isinstance(item, dict):
        raise bad_request("can't parse InputMedia: expected an Object")
    kind = item.get("type")
    if kind not in KINDS:
        raise bad_request(f"can't parse InputMedia: type \"{kind}\" can't be used in {method}")
    return kind, Parameters({**item, kind: item.get("media")})


def _media(call: Call, kind: str, args: Parameters) -> Json:
    file = _file(call, kind, args)
    described = file.described()
    if kind == "photo":
        width, height = picture_size(file.content)
        return {"photo": [{**described, "width": width, "height": height}]}
    return {"document": {**described, "file_name": file.name, "mime_type": file.mime_type}}


def _file(call: Call, kind: str, args: Parameters) -> StoredFile:
    """The file a call names: an upload, an attachment, an address, or a file_id known from before."""
    named = args.text(kind)
    uploads = call.args.uploads
    upload = (
        uploads.get(named.removeprefix("attach://")) if named.startswith("attach://") else uploads.get(kind)
    )
    files = call.world.files
    if upload is not None:
        if len(upload.content) > UPLOAD_BYTES.get(kind, OTHER_UPLOAD_BYTES):
            raise bad_request("file is too big")
        if not upload.content:
            raise bad_request("file must be non-empty")
        return files.store(kind, upload.content, upload.name, upload.mime_type)
    if not named or named.startswith("attach://"):
        raise bad_request(f"there is no {kind} in the request")
    if named.startswith(("http://", "https://")):
        name = named.rpartition("/")[2] or kind
        return files.store(kind, f"fetched from {named}".encode(), name, "application/octet-stream")
    known = files.by_id(named)
    if known is None:
        raise bad_request("wrong remote file identifier specified: can't unserialize it")
    if (known.kind == "photo") != (kind == "photo"):
        raise bad_request(f"can't use file of type {known.kind.title()} as {kind.title()}")
    return known


METHODS = {
    "sendPhoto": send_photo,
    "sendDocument": send_document,
    "sendMediaGroup": send_media_group,
    "getFile": get_file,
}
