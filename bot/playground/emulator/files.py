"""Files in the cloud of the emulator: what was sent, by its file_id."""

import base64
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

FOLDERS = {"photo": "photos", "voice": "voice", "video": "videos", "audio": "music", "sticker": "stickers"}


@dataclass(slots=True)
class StoredFile:
    """One file; `path` is what follows /file/bot<token>/ in its address."""

    file_id: str
    kind: str
    name: str
    mime_type: str
    path: str
    content: bytes

    def described(self) -> Json:
        """The fields every file object of the Bot API has."""
        return {
            "file_id": self.file_id,
            "file_unique_id": f"AQAD{self.file_id}",
            "file_size": len(self.content),
        }


def picture_size(content: bytes) -> tuple[int, int]:
    """Width and height in pixels: of a PNG as it says itself, of anything else as most cameras take them."""
    if content.startswith(b"\x89PNG\r\n\x1a\n") and len(content) >= 24:
        return int.from_bytes(content[16:20]), int.from_bytes(content[20:24])
    return 800, 600


class Files:
    """Keeps every file that was sent, by either side, under ids that mean nothing to another bot."""

    def __init__(self, bot: int) -> None:
        """
        bot  its id
        """
        self._bot = bot
        self._by_id: dict[str, StoredFile] = {}
        self._by_path: dict[str, StoredFile] = {}

    def store(self, kind: str, content: bytes, name: str, mime_type: str) -> StoredFile:
        number = len(self._by_id) + 1
        extension = name.rpartition(".")[2] if "." in name else "bin"
        path = f"{FOLDERS.get(kind, 'documents')}/file_{number}.{extension}"
        file = StoredFile(f"{kind}-{self._bot}-{number}", kind, name, mime_type, path, content)
        self._keep(file)
        return file

    def by_id(self, file_id: str) -> StoredFile | None:
        return self._by_id.get(file_id)

    def by_path(self, path: str) -> StoredFile | None:
        return self._by_path.get(path)

    def saved(self) -> list[Json]:
        return [
            {
                "file_id": file.file_id,
                "kind": file.kind,
                "name": file.name,
                "mime_type": file.mime_type,
                "path": file.path,
                "content": base64.b64encode(file.content).decode(),
            }
            for file in self._by_id.values()
        ]

    def restore(self, saved: list[Json]) -> None:
        self._by_id.clear()
        self._by_path.clear()
        for item in saved:
            self._keep(StoredFile(**{**item, "content": base64.b64decode(item["content"])}))

    def _keep(self, file: StoredFile) -> None:
        self._by_id[file.file_id] = file
        self._by_path[file.path] = file
