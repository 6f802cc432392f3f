"""Draws one picture: its data as JSON on standard input, a PNG on standard output."""

import json
import os
import sys
from contextlib import suppress

from bot.drawing.digest import drawn
from flows.codec import decode
from flows.digests.picture import DigestPicture

LEISURE = 10  # of 19: whoever waits for a reply goes first


def main() -> None:
    """Draw what is asked for."""
    with suppress(OSError):  # a service may be forbidden that; the picture is drawn all the same
        os.nice(LEISURE)
    picture = decode(DigestPicture, json.load(sys.stdin.buffer))
    sys.stdout.buffer.write(drawn(picture))


if __name__ == "__main__":
    main()
