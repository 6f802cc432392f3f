"""Carries python-telegram-bot's requests over aiohttp's connections, which cost a third of httpx."""

import os
from typing import Any, Final

os.environ.setdefault("PTB_TIMEDELTA", "true")  # read when telegram is imported: waits come as timedelta

import aiohttp
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from storage.faultpoints import reached

CONNECT: Final = 10.0  # seconds
READ: Final = 30.0  # shorter ones only make more sends unsure
IDLE: Final = 15.0  # shorter than servers keep idle connections, so that few are lost under a request


class NeverLeft(NetworkError):
    """The request was not sent: nobody was there to take it."""


class Transport(BaseRequest):
    """One pool of connections to the Bot API."""

    def __init__(self, *, most: int) -> None:
        self._most = most
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Seconds."""
        return READ

    async def initialize(self) -> None:
        """Open the pool."""
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=self._most, keepalive_timeout=IDLE)
            self._session = aiohttp.ClientSession(connector=connector)

    async def shutdown(self) -> None:
        """Close the pool."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Send one request; returns the status and the body.

        Raises NeverLeft where it was certainly not sent; TimedOut or NetworkError where it may have been.
        """
        if self._session is None:
            raise NeverLeft("the transport is closed")
        timeout = aiohttp.ClientTimeout(sock_connect=CONNECT, sock_read=READ)
        data = _form(request_data)
        try:
            async with self._session.request(method, url, data=data, timeout=timeout) as response:
                reached("request_sent")
                body = await response.read()
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise NeverLeft(type(error).__name__) from None
        except TimeoutError:
            raise TimedOut from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise NetworkError(type(error).__name__) from None  # its text may hold the token
        reached("response_read")
        return response.status, body


def _form(request_data: RequestData | None) -> Any:
    if request_data is None:
        return None
    if not request_data.contains_files:
        return request_data.json_parameters
    form = aiohttp.FormData()
    for name, value in request_data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, mime) in (request_data.multipart_data or {}).items():
        form.add_field(name, content, filename=filename, content_type=mime)
    return form
