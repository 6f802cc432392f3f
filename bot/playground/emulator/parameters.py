"""Reading a request: query, urlencoded form, JSON and multipart become the same parameters."""

import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from bot.playground.emulator.errors import bad_request
from bot.playground.emulator.text import checked_utf8

_LEADING_INTEGER = re.compile(r"-?\d+")
_DISPOSITION = re.compile(rb'(\w+)="((?:[^"\\]|\\.)*)"')


@dataclass(frozen=True, slots=True)
class Upload:
    """One file in a multipart request."""

    name: str
    mime_type: str
    content: bytes


class Parameters:
    """The named values of one call; reads them as leniently, and refuses as strictly, as the server."""

    __slots__ = ("uploads", "values")

    def __init__(self, values: dict[str, Any], uploads: dict[str, Upload] | None = None) -> None:
        self.values = values
        self.uploads = uploads or {}

    def text(self, name: str) -> str:
        """A string, "" if it is missing. Raises ApiError if UTF-8 cannot hold it."""
        value = self.values.get(name)
        if value is None:
            return ""
        if isinstance(value, str):
            return value if value.isascii() else checked_utf8(value)
        return json.dumps(value)

    def integer(self, name: str, default: int = 0) -> int:
        """A number read by its leading digits; `default` if it is missing, 0 if there are none."""
        value = self.values.get(name)
        if value is None or value == "":
            return default
        if isinstance(value, int | float):
            return int(value)
        match = _LEADING_INTEGER.match(str(value))
        return int(match.group()) if match else 0

    def flag(self, name: str) -> bool:
        value = self.values.get(name)
        return value is True or (value is not None and str(value).lower() in ("true", "yes", "1"))

    def structure(self, name: str, refusal: str) -> Any:
        """A JSON value, also when it came as a string; None if missing. Raises ApiError `refusal`."""
        value = self.values.get(name)
        if isinstance(value, str):
            if not value:
                return None
            try:
                return json.loads(value)
            except ValueError:
                raise bad_request(refusal) from None
        return value


def from_query(query: str) -> dict[str, Any]:
    """A parameter given twice keeps its first value."""
    return dict(reversed(parse_qsl(query, keep_blank_values=True)))


def from_body(body: bytes, content_type: str) -> Parameters:
    """Read a POST body by its content type; what cannot be read is refused."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "application/json":
        return Parameters(_from_json(body))
    if kind == "multipart/form-data":
        return _from_multipart(body, content_type)
    return Parameters(from_query(body.decode(errors="replace")))


def _from_json(body: bytes) -> dict[str, Any]:
    try:
        values = json.loads(body) if body.strip() else {}
    except (ValueError, RecursionError):
        values = None
    if not isinstance(values, dict):
        raise bad_request("can't parse JSON object")
    return values


def _from_multipart(body: bytes, content_type: str) -> Parameters:
    boundary = re.search(r'boundary="?([^";,]+)"?', content_type)
    if boundary is None:
        raise bad_request("boundary in multipart/form-data not found")
    values: dict[str, Any] = {}
    uploads: dict[str, Upload] = {}
    for part in (b"\r\n" + body).split(b"\r\n--" + boundary.group(1).encode())[1:]:
        if part.startswith(b"--"):
            break
        head, separator, content = part.partition(b"\r\n\r\n")
        names = dict(_DISPOSITION.findall(head))
        if not separator or b"name" not in names:
            raise bad_request("can't parse multipart form data")
        name = names[b"name"].decode(errors="replace")
        if b"filename" in names:
            mime_type = re.search(rb"(?im)^content-type:\s*([^\r\n;]+)", head)
            kind = mime_type.group(1).decode(errors="replace") if mime_type else "application/octet-stream"
            uploads[name] = Upload(names[b"filename"].decode(errors="replace"), kind, content)
        else:
            values[name] = content.decode(errors="surrogateescape")
    return Parameters(values, uploads)
