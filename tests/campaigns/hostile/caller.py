"""Makes a call over a socket of its own, however wrong it is, and tells what came of it."""

import asyncio
import re
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from tests.campaigns.hostile.calls import Call

PATIENCE: Final = 15.0  # seconds after which a connection that was neither answered nor closed hangs

_STATUS: Final = re.compile(rb"HTTP/1\.[01] (\d{3}) ")


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of a call."""

    call: Call
    status: int | None  # None: the connection was closed without one
    seconds: float
    hung: bool  # neither answered nor closed

    @property
    def wrong(self) -> bool:
        """Whether the bot should have done something else."""
        return self.hung or (self.status is not None and self.status not in self.call.right)


async def place(call: Call, host: str, port: int) -> Answered:
    """Make a call: send it all, unless the bot closes before, and read the first status."""
    began = time.monotonic()
    reader, writer = await asyncio.open_connection(host, port)
    sending = asyncio.create_task(_send(call, writer))
    status, hung = None, False
    try:
        async with asyncio.timeout(PATIENCE):
            status = await _status(reader)
            if status is not None and not call.hangs:
                await sending
    except TimeoutError:
        hung = status is None
    finally:
        sending.cancel()
        writer.transport.abort()
        await asyncio.gather(sending, return_exceptions=True)
    return Answered(call, status, time.monotonic() - began, hung)


async def _send(call: Call, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        for part in call.parts():
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(call.pause)


async def _status(reader: asyncio.StreamReader) -> int | None:
    try:
        line = await reader.readuntil(b"\r\n")
    except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        return None
    found = _STATUS.match(line)
    return int(found[1]) if found else 0
