"""Just enough HTTP/1.1 for the generator: messages with Content-Length, over connections kept alive."""

import json
import re
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import unquote_plus

_LENGTH: Final = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


class Reader:
    """Cuts what comes over one connection into messages."""

    __slots__ = ("_rest",)

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> Iterator[tuple[bytes, bytes]]:
        """Head and body of every message that is complete now."""
        rest = self._rest + data if self._rest else data
        while (end := rest.find(b"\r\n\r\n") + 4) > 3:
            length = _LENGTH.search(rest, 0, end)
            whole = end + (int(length[1]) if length else 0)
            if len(rest) < whole:
                break
            yield rest[:end], rest[end:whole]
            rest = rest[whole:]
        self._rest = rest


def fields(body: bytes) -> dict[str, Any]:
    """The parameters of a call, as a form or as JSON. Raises ValueError for anything else."""
    if body.startswith(b"{"):
        read: dict[str, Any] = json.loads(body)
        return read
    pairs = (pair.partition("=") for pair in body.decode("ascii").split("&"))
    return {name: unquote_plus(value) for name, _, value in pairs}


def answer(body: bytes) -> bytes:
    """A response with that JSON."""
    return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (
        len(body),
        body,
    )
