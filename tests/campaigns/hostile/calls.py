"""Calls of the webhook that Telegram never made, as bytes on a socket; none of them may do anything."""

import gzip
import json
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import repeat
from random import Random
from typing import Final

from tests.campaigns.hostile.corpus import CANARY
from tests.processes.ways import HOOK_SECRET

PATH: Final = "/hook"
HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"
FORGED_IDS: Final = range(2_000_000_000, 2_100_000_000)  # of updates that nobody but a forger sends
HUGE: Final = 100 << 20  # bytes

MALFORMED: Final = frozenset((400, 404, 405, 413, 414, 431, 501, 505))
"""What may be said to something that is hardly a request."""


@dataclass(frozen=True, slots=True)
class Call:
    """One connection: what is sent, and which statuses are right; being closed without one always is."""

    kind: str
    parts: Callable[[], Iterator[bytes]]  # sent one after the other, until the bot has enough
    right: frozenset[int]
    pause: float = 0.0  # seconds between two parts
    hangs: bool = False  # in the end nothing more is sent, and the connection stays open


def calls(random: Random, count: int) -> list[Call]:
    """So many calls of every kind, in an order of their own."""
    kinds = list(_KINDS)
    found = [kinds[number % len(kinds)](random) for number in range(count)]
    random.shuffle(found)
    return found


def forged(random: Random) -> bytes:
    """An update that would leave traces, were it taken in."""
    person = random.randrange(7_100_000_000, 7_100_001_000)
    message = {
        "message_id": random.randrange(1, 1000),
        "date": 1_795_000_000,
        "chat": {"id": person, "type": "private", "first_name": CANARY},
        "from": {"id": person, "is_bot": False, "first_name": CANARY, "language_code": "fr"},
        "text": f"/start {CANARY}",
    }
    return json.dumps({"update_id": random.choice(FORGED_IDS), "message": message}).encode()


def request(
    body: bytes = b"",
    *,
    method: str = "POST",
    path: str = PATH,
    secret: str | bytes | None = HOOK_SECRET,
    headers: tuple[str, ...] = (),
    length: int | None = -1,
) -> bytes:
    """A request; `length` is its Content-Length, None for no such header, -1 for the right one."""
    lines = [f"{method} {path} HTTP/1.1".encode(), b"Host: bot.example.org"]
    lines += [b"Content-Type: application/json", *(header.encode() for header in headers)]
    if secret is not None:
        lines.append(HEADER.encode() + b": " + (secret if isinstance(secret, bytes) else secret.encode()))
    if length is not None:
        lines.append(b"Content-Length: %d" % (len(body) if length == -1 else length))
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def _once(kind: str, data: bytes, *right: int, hangs: bool = False) -> Call:
    return Call(kind, lambda: iter((data,)), frozenset(right), hangs=hangs)


# ---- who does not know the secret, or where to go


def _without_secret(random: Random) -> Call:
    return _once("no secret", request(forged(random), secret=None), 401)


def _wrong_secret(random: Random) -> Call:
    wrong = random.choice(
        (
            "", "x", HOOK_SECRET[:-1], HOOK_SECRET + "x", HOOK_SECRET.upper(), HOOK_SECRET[::-1],
            HOOK_SECRET.replace("-", "_"), f"Bearer {HOOK_SECRET}", f'"{HOOK_SECRET}"', "x" * 256, "y" * 7000,
            f"{HOOK_SECRET},{HOOK_SECRET}", "null", "%00", HOOK_SECRET[0] * len(HOOK_SECRET),
        )
    )  # fmt: skip
    return _once("wrong secret", request(forged(random), secret=wrong), 401)


def _strange_secret(random: Random) -> Call:
    strange = random.choice(
        (
            "é".encode(), "é".encode("latin-1"), b"\xff\xfe\xfd", "\U0001f511".encode(), b"\xed\xa0\x80",
            HOOK_SECRET.encode() + b"\xcc\x81", HOOK_SECRET.replace("a", "\u0430").encode(), b"\xc3",
            HOOK_SECRET.encode() + b"\x00", b"\x01" + HOOK_SECRET.encode(), b"\x80" * 256,
        )
    )  # fmt: skip
    return _once("secret that is no ASCII", request(forged(random), secret=strange), 401, 400)


def _secret_elsewhere(random: Random) -> Call:
    elsewhere = random.choice(
        (
            (f"Authorization: {HOOK_SECRET}",), (f"X-Telegram-Bot-Api-Secret: {HOOK_SECRET}",),
            (f"Cookie: {HEADER}={HOOK_SECRET}",), (f"{HEADER}: wrong", f"{HEADER}: {HOOK_SECRET}"),
            (f"{HEADER.replace('-', '_')}: {HOOK_SECRET}",), (f"X-Forwarded-{HEADER}: {HOOK_SECRET}",),
        )
    )  # fmt: skip
    return _once("secret elsewhere", request(forged(random), secret=None, headers=elsewhere), 401, 400)


def _wrong_path(random: Random) -> Call:
    path = random.choice(
        (
            "/", "//hook", "/hook/", "/hooks", "/HOOK", "/hook/else", "/hook%2f", "/hook%00", "/hook;x",
            "/./hook", "/x/../hook", "/..%2fhook", "/bot42:TEST/getMe", "/healthz", "/metrics", "/hook.php",
            "/" + "x" * 4000, "/%", "/%zz", "/hook\\", "/\u00e9", "*",
        )
    )  # fmt: skip
    return _once("wrong path", request(forged(random), path=path), 404, 400)


def _wrong_method(random: Random) -> Call:
    method = random.choice(
        ("GET", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "TRACE", "CONNECT", "BREW", "post", "POSTS", "X")
    )
    return _once(f"method {method}", request(forged(random), method=method), 405, *MALFORMED)


# ---- too much of it


def _secret_or_not(random: Random, refusal: int = 413) -> tuple[str | None, int]:
    """The right secret and what such a call is refused with; or none, and 401."""
    return (HOOK_SECRET, refusal) if random.random() < 0.7 else (None, 401)


def _said_to_be_huge(random: Random) -> Call:
    secret, right = _secret_or_not(random)
    length = random.choice(((1 << 20) + 1, HUGE, 10**12, 10**18))
    return _once("said to be huge", request(forged(random), secret=secret, length=length), right, 400)


def _huge(random: Random) -> Call:
    secret, right = _secret_or_not(random)
    head, chunk = request(secret=secret, length=HUGE), b'{"x":' + b"[" * ((1 << 18) - 5)

    def parts() -> Iterator[bytes]:
        yield head
        yield from repeat(chunk, HUGE // len(chunk))

    return Call("100 MB", parts, frozenset((right,)))


def _huge_in_chunks(random: Random) -> Call:
    secret, right = _secret_or_not(random, 411)
    head = request(secret=secret, length=None, headers=("Transfer-Encoding: chunked",))
    size = random.choice((1, 1 << 10, 1 << 18))
    chunk = (b"%x\r\n" % size + b"x" * size + b"\r\n") * max(1, (1 << 16) // size)

    def parts() -> Iterator[bytes]:
        yield head
        yield from repeat(chunk, HUGE // len(chunk))

    return Call("chunks without end", parts, frozenset((right,)))


def _slow_chunks(random: Random) -> Call:
    secret, right = _secret_or_not(random, 411)
    head = request(secret=secret, length=None, headers=("Transfer-Encoding: chunked",))

    def parts() -> Iterator[bytes]:
        yield head
        yield from repeat(b"1\r\n \r\n", 400)

    return Call("slow chunks", parts, frozenset((right,)), pause=0.05)


def _slow_body(random: Random) -> Call:
    secret, right = _secret_or_not(random, 408)
    body = forged(random)

    def parts() -> Iterator[bytes]:
        yield request(secret=secret, length=len(body))
        yield from (body[place : place + 1] for place in range(len(body)))

    return Call("slow body", parts, frozenset((right,)), pause=0.05)


def _headers(random: Random) -> Call:
    line = random.choice((b"X-Y: z\r\n", b"X-Y: " + b"z" * 4000 + b"\r\n", b"z" * 1000))

    def parts() -> Iterator[bytes]:
        yield b"POST /hook HTTP/1.1\r\nHost: x\r\n"
        yield from repeat(line * 20, 20_000)

    return Call("headers without end", parts, MALFORMED)


def _slow_headers(_random: Random) -> Call:
    def parts() -> Iterator[bytes]:
        yield b"POST /hook HTTP/1.1\r\nHost: x\r\n"
        yield from repeat(b"X-Y: z\r\n", 400)

    return Call("slow headers", parts, frozenset((408, 431, 400)), pause=0.05)


def _long_line(random: Random) -> Call:
    line = random.choice((b"POST /" + b"x" * (1 << 20), b"x" * (1 << 20), b"\r\n" * (1 << 18)))
    return _once("a line without end", line, *MALFORMED, hangs=True)


@cache
def _bomb(kind: str) -> bytes:
    """100 MB of zeros, packed."""
    zeros = b"\x00" * HUGE
    return gzip.compress(zeros, 6) if kind != "deflate" else zlib.compress(zeros, 6)


def _packed(random: Random) -> Call:
    kind = random.choice(("gzip", "deflate", "br", "GZIP", "gzip, gzip", "x-gzip", "identity", "zstd"))
    secret, right = _secret_or_not(random, 415)
    body = _bomb("deflate" if kind == "deflate" else "gzip")
    return _once(
        f"packed by {kind}", request(body, secret=secret, headers=(f"Content-Encoding: {kind}",)), right
    )


# ---- what is no update, said with the right secret: by Telegram, then, which must not say it again and again


def _deep(random: Random) -> Call:
    depth = random.choice((65, 100, 1000, 100_000, 500_000))
    opening, closing = random.choice(((b"[", b"]"), (b'{"a":', b"}"), (b'[{"a":', b"}]"), (b"[", b"")))
    depth = min(depth, 1_000_000 // (len(opening) + len(closing)))
    update = b'{"update_id":%d,"message":' % random.choice(FORGED_IDS)
    return _once("deep JSON", request(update + opening * depth + b"1" + closing * depth + b"}"), 200)


def _broken(random: Random) -> Call:
    whole = forged(random)
    body = random.choice(
        (
            b"", b" ", b"{", b'{"update_id":', whole[:-1], whole[: len(whole) // 2], whole + b"}",
            whole + whole, whole.replace(b'"', b"'"), whole.replace(b":", b"=", 1), b"\xff\xfe" + whole,
            whole[:30] + b"\xff",
            b'{"update_id":' + b"9" * 5000 + b"}", b"<xml/>", b"update_id=5&message=x", b"\x00" * 1000,
            b'"' + b"\\" * 999_999, b'"' * 999_999, b"[" * 64, whole.replace(b"}", b",}"), b"nul", b"+1",
            b'{"update_id":1e}', b"\x1f\x8b\x08\x00" + whole,
        )
    )  # fmt: skip
    return _once("broken JSON", request(body), 200)


# ---- what is no request


def _junk(random: Random) -> Call:
    good = request(forged(random)).decode()
    data = random.choice(
        (
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + random.randbytes(300),
            b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\x00\x00\x12\x04\x00\x00\x00\x00\x00" * 3,
            random.randbytes(random.randint(5, 3000)) + b"\r\n\r\n",
            good.replace("HTTP/1.1", "HTTP/9.9").encode(), good.replace("HTTP/1.1", "").encode(),
            good.replace(": ", " : ").encode(), good.replace("Host:", " Host:").encode(),
            good.replace("Host:", "H\x00st:").encode(), good.replace("POST", "POST\x00").encode(),
            good.replace("Content-Length: ", "Content-Length: -").encode(),
            good.replace("Content-Length: ", "Content-Length: +").encode(),
            good.replace("Content-Length: ", "Content-Length: 0x").encode(),
            good.replace("Content-Length: ", "Content-Length: 1, ").encode(),
            good.replace("Host:", "Content-Length: 5\r\nHost:").encode(),
            good.replace("Host:", "Transfer-Encoding: chunked\r\nHost:").encode(),
            good.replace("Content-Length:", "Transfer-Encoding: gzip\r\nX:").encode(),
            good.replace("Content-Length:", "Transfer-Encoding: chunked, identity\r\nX:").encode(),
            request(b"ffffffffffffffffffff\r\nx", length=None, headers=("Transfer-Encoding: chunked",)),
            request(b"-5\r\nhello\r\n0\r\n\r\n", length=None, headers=("Transfer-Encoding: chunked",)),
            request(b"zz\r\n", length=None, headers=("Transfer-Encoding: chunked",)),
            request(b"5;" + b"x" * 100_000, length=None, headers=("Transfer-Encoding: chunked",)),
        )
    )  # fmt: skip
    return _once("no request", data, *MALFORMED, 401, 411, 408, hangs=True)


def _pipelined(random: Random) -> Call:
    stranger = request(forged(random), secret=None)
    first = random.choice((stranger, request(method="GET"), request(path="/else"), request(b"{")))
    rest = random.choice(
        (first * 50, stranger * 100, random.randbytes(5000), b"\r\n" * 1000, b"GET / HTTP/1.1\r\n" * 300)
    )
    return _once("pipelined", first + rest, 200, 401, *MALFORMED, hangs=True)


def _half(random: Random) -> Call:
    whole = request(forged(random))
    anywhere = random.randrange(len(whole))
    cut = random.choice((0, 1, 4, 20, len(whole) - 1, anywhere, anywhere, anywhere))
    return _once("half a request", whole[:cut], 408, 400, hangs=True)


def _expecting(random: Random) -> Call:
    length = random.choice((10, HUGE))
    head = request(length=length, headers=("Expect: 100-continue",))
    return _once("waits to be asked", head, 408, 413, 417, 100, hangs=True)


_QUICK: Final = (
    *[_without_secret] * 4, *[_wrong_secret] * 5, *[_strange_secret] * 4, *[_secret_elsewhere] * 2,
    *[_wrong_path] * 4, *[_wrong_method] * 4, *[_said_to_be_huge] * 3, *[_packed] * 4, *[_deep] * 4,
    *[_broken] * 6, *[_junk] * 8, *[_pipelined] * 4, _headers, _long_line,
)  # fmt: skip
_SLOW: Final = (_huge, _huge_in_chunks, _slow_chunks, _slow_body, _slow_headers, _half, _half, _expecting)
_KINDS: Final = (*_QUICK, *_QUICK, *_SLOW)
