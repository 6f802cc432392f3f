"""Carries python-telegram-bot's requests over our own connections, which cost a fraction of httpx."""

import json
import os
from collections.abc import Mapping
from typing import Any, Final, cast

os.environ.setdefault("PTB_TIMEDELTA", "true")  # read when telegram is imported: waits come as timedelta

import aiohttp
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData
from yarl import URL

from bot.http.client import Broken, HttpClient, NotSent
from bot.rendering.files import Attachment
from storage.faultpoints import reached
from storage.types import write

READ: Final = 30.0  # seconds; shorter ones only make more sends unsure
SLOWEST: Final = 100_000  # bytes a second, of a large file on a bad line
FORM: Final = {"Content-Type": "application/x-www-form-urlencoded"}


class NeverLeft(NetworkError):
    """The request was not sent: nobody was there to take it."""


class NotTelegrams(NetworkError):
    """Somebody else answered, such as a proxy or a gateway on the way, or nobody knows in which form."""


class _Written:
    """A call's fields as they go over the wire; looks like RequestData to those who only hand it on."""

    def __init__(self, fields: Mapping[str, Any]) -> None:
        self.body = _form({name: _text(value) for name, value in fields.items()})


class _WithFile:
    """A call's fields and one file as they go over the wire."""

    def __init__(self, fields: Mapping[str, Any], name: str, file: Attachment) -> None:
        self.form = aiohttp.FormData()
        for field, value in fields.items():
            self.form.add_field(field, _text(value))
        self.form.add_field(name, file.content, filename=file.name, content_type=file.mime)


class Transport(BaseRequest):
    """One pool of connections to the Bot API."""

    def __init__(self, *, most: int) -> None:
        self._most = most
        self._client: HttpClient | None = None

    @property
    def read_timeout(self) -> float:
        """Seconds."""
        return READ

    async def initialize(self) -> None:
        """Open the pool."""
        if self._client is None:
            self._client = HttpClient(most=self._most)

    async def shutdown(self) -> None:
        """Close the pool."""
        if self._client is not None:
            self._client.close()
            self._client = None

    async def call(self, url: str, fields: Mapping[str, Any]) -> Any:
        """Call a method of the Bot API with plain values; returns plain values, raises what the library does.

        The library would make its objects of both, only to take them apart again: most of what a send costs.
        """
        return await self.post(url, cast(RequestData, _Written(fields)))  # which hands it on to `do_request`

    async def upload(self, url: str, fields: Mapping[str, Any], name: str, file: Attachment) -> Any:
        """The same with a file in the field of that name."""
        return await self.post(url, cast(RequestData, _WithFile(fields, name, file)))

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | _Written | _WithFile | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Send one request; returns the status and the answer, already read: see `parse_json_payload`.

        Raises NeverLeft where it was certainly not sent; TimedOut or NetworkError, of which NotTelegrams is
        one, where it may have been.
        """
        if self._client is None:
            raise NeverLeft("the transport is closed")
        headers, body = await _body(request_data)
        try:
            status, answer = await self._client.request(
                method, url, headers, body, within=READ + len(body) / SLOWEST
            )
        except NotSent as error:
            raise NeverLeft(str(error)) from None
        except TimeoutError:
            raise TimedOut from None
        except Broken as error:
            raise NetworkError(str(error)) from None
        reached("response_read")
        return status, cast(bytes, _telegrams(status, answer))  # which hands it on to `parse_json_payload`

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """What was read of an answer when it came. So this fetches no files: they are no answers."""
        return cast(dict[str, Any], payload)


def _telegrams(status: int, body: bytes) -> dict[str, Any]:
    """Telegram's answer. Raises NotTelegrams, without the body: it may be a page, or what somebody wrote.

    The library would believe any 403 and cut people off, and with any 401 take the token for revoked.
    """
    done = 200 <= status < 300
    try:
        answer = json.loads(body.decode(errors="replace"))
    except (ValueError, RecursionError):
        answer = None
    if not isinstance(answer, dict) or answer.get("ok") is not done:
        raise NotTelegrams(f"{status}, not as Telegram says it")
    if "result" not in answer if done else not _is_refusal(answer):
        raise NotTelegrams(f"{status}, in another form than Telegram's")
    return answer


def _is_refusal(answer: Mapping[str, Any]) -> bool:
    """Whether it says what is refused, and what to do in whole numbers if anything."""
    parameters = answer.get("parameters", {})
    return (
        isinstance(answer.get("description"), str)
        and isinstance(parameters, dict)
        and all(isinstance(value, int) for value in parameters.values())
    )


def _form(fields: Mapping[str, str]) -> bytes:
    for value in fields.values():
        value.encode()  # raises UnicodeEncodeError for half a character, which yarl would leave out
    return URL.build(path="/", query=fields).raw_query_string.encode()  # in C; the standard library's is not


def _text(value: Any) -> str:
    return value if isinstance(value, str) else write(value)


async def _body(request_data: RequestData | _Written | _WithFile | None) -> tuple[dict[str, str], bytes]:
    if request_data is None:
        return {}, b""
    if isinstance(request_data, _Written):
        return FORM, request_data.body
    if isinstance(request_data, _WithFile):
        return await _multipart(request_data.form)
    if not request_data.contains_files:
        return FORM, _form(request_data.json_parameters)
    form = aiohttp.FormData()
    for name, value in request_data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, mime) in (request_data.multipart_data or {}).items():
        form.add_field(name, content, filename=filename, content_type=mime)
    return await _multipart(form)


async def _multipart(form: aiohttp.FormData) -> tuple[dict[str, str], bytes]:
    writer = form()
    return {"Content-Type": writer.headers["Content-Type"]}, await writer.as_bytes()
