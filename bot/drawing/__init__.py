"""Pictures, each drawn by a process of its own that ends with it: drawing never burdens the bot."""

import asyncio
import json
import os
import sys
from typing import Final

from bot.logs import log
from flows.codec import encode
from flows.digests.picture import DigestPicture

PATIENCE: Final = 60.0  # seconds, on a slow machine that has never drawn before; usually it takes one or two

_NEEDED: Final = ("PATH", "PYTHONPATH", "HOME", "TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "MPLCONFIGDIR")
"""Of the environment; a process that draws needs no token and no key."""


async def draw(picture: DigestPicture) -> bytes | None:
    """The picture as PNG, the same for the same data. None where it cannot be drawn; the log says why."""
    environment = {name: os.environ[name] for name in _NEEDED if name in os.environ}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.drawing",
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        env={**environment, "OPENBLAS_NUM_THREADS": "1"},
    )  # fmt: skip
    try:
        async with asyncio.timeout(PATIENCE):
            png, told = await process.communicate(json.dumps(encode(picture)).encode())
    except TimeoutError:
        log.error("a picture takes too long and is left out", seconds=PATIENCE)
        return None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        last = told.decode(errors="replace").strip().rpartition("\n")[2]
        log.error("a picture cannot be drawn and is left out", error=last.partition(":")[0])
        return None
    return png
