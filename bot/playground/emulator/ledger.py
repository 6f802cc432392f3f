"""The oracle: what was really accepted, refused, delivered and acknowledged."""

import json
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, TextIO

Json = dict[str, Any]


@dataclass(slots=True)
class Send:
    """One accepted send, or one accepted edit."""

    seq: int
    request_id: int
    at: float  # virtual unix seconds
    real: float  # monotonic seconds
    method: str
    chat_id: int
    text: str  # the caption of media, the question of a poll
    entities: list[Json]
    markup: Json | None
    message_id: int
    answered: bool = True  # False: accepted, but the bot was not told
    file_id: str | None = None  # of the picture or file in it
    uploaded: bool = False  # that came with it; False: by an id or an address


@dataclass(slots=True)
class UpdateRecord:
    """The life of one update; moments are virtual unix seconds."""

    kind: str
    chat_id: int
    queued_at: float
    first_delivered_at: float | None = None
    acknowledged_at: float | None = None  # an offset has passed it, or a webhook answered 2xx
    acknowledged_real: float | None = None  # the same in monotonic seconds
    expired: bool = False  # or dropped unread
    deliveries: int = 0  # times it was handed to the bot


@dataclass(slots=True)
class Refusal:
    """One request that was answered with an error."""

    method: str
    chat_id: int
    status: int
    description: str
    at: float  # virtual unix seconds
    real: float = field(default_factory=time.monotonic)


class Ledger:
    """Append-only records in memory, and as JSON lines in `file` if one is named."""

    def __init__(self, file: Path | None = None) -> None:
        self.sends: list[Send] = []
        self.edits: list[Send] = []
        self.updates: dict[int, UpdateRecord] = {}
        self.refusals: list[Refusal] = []
        self._path = file
        self._file: TextIO | None = None

    def sent(
        self,
        records: list[Send],
        *,
        request_id: int,
        at: float,
        method: str,
        message: Json,
        markup: Json | None,
        uploaded: bool = False,
    ) -> Send:
        """Keep an accepted send in `records`, which is either `sends` or `edits`."""
        poll = message.get("poll")
        text = message.get("text") or message.get("caption") or (poll["question"] if poll else "")
        send = Send(
            seq=len(records) + 1,
            request_id=request_id,
            at=at,
            real=time.monotonic(),
            method=method,
            chat_id=message["chat"]["id"],
            text=text,
            entities=message.get("entities") or message.get("caption_entities") or [],
            markup=markup,
            message_id=message["message_id"],
            file_id=_file_id(message),
            uploaded=uploaded,
        )
        records.append(send)
        self._write("send" if records is self.sends else "edit", send)
        return send

    def lost_response(self, send: Send) -> None:
        send.answered = False
        self._write("lost_response", send)

    def refused(self, refusal: Refusal) -> None:
        self.refusals.append(refusal)
        self._write("refusal", refusal)

    def settled(self, update_id: int, record: UpdateRecord) -> None:
        """Write down an update that has been acknowledged or has expired."""
        if self._path:
            self._line({"record": "update", "update_id": update_id, **asdict(record)})

    def open(self) -> None:
        """Keep the file open from now on, until `close`."""
        if self._path and self._file is None:
            self._file = self._path.open("a", encoding="utf-8", buffering=1)

    def close(self) -> None:
        if self._file:
            self._file.close()
            self._file = None

    def _write(self, name: str, record: Send | Refusal) -> None:
        if self._path:
            self._line({"record": name, **asdict(record)})

    def _line(self, record: Json) -> None:
        line = json.dumps(record) + "\n"
        if self._file is not None:
            self._file.write(line)
        elif self._path is not None:  # a call that outlives the server
            with self._path.open("a", encoding="utf-8") as file:
                file.write(line)


def _file_id(message: Json) -> str | None:
    file = message["photo"][-1] if "photo" in message else message.get("document")
    return file["file_id"] if file else None
