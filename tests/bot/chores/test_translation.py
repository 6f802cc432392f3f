"""The client of a translation server: asks as LibreTranslate does, believes nothing, never waits long."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.chores import translation
from bot.chores.translation import LARGEST, Away, Translator, Untranslatable


class Server:
    """A server on this machine that says what a test wants it to say."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, Any]]] = []  # first line and body of each request
        self.answer: bytes = told({"translatedText": "Bonjour"})
        self.wait = 0.0  # seconds before it says anything
        self.url = ""
        self.taken: list[asyncio.StreamWriter] = []

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take one request."""
        self.taken.append(writer)
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = next(line for line in head.splitlines() if line.lower().startswith("content-length"))
        body = await reader.readexactly(int(length.partition(":")[2]))
        self.asked.append((head.splitlines()[0], json.loads(body)))
        await asyncio.sleep(self.wait)
        writer.write(self.answer)
        writer.close()


def told(body: object, status: str = "200 OK") -> bytes:
    """An answer with that body."""
    written = body if isinstance(body, bytes) else json.dumps(body).encode()
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(written)}\r\n\r\n".encode() + written


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    """The server, at a port of its own."""
    server = Server()
    listening = await asyncio.start_server(server.take, "127.0.0.1", 0)
    server.url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    yield server
    listening.close()
    for writer in server.taken:
        writer.transport.abort()
    await asyncio.sleep(0)


@pytest.fixture
async def translator(server: Server) -> AsyncIterator[Translator]:
    """Its client, with a key."""
    translator = Translator(server.url, "a key")
    yield translator
    translator.close()


async def test_a_text_is_asked_for_with_languages_and_key_and_comes_back(
    server: Server, translator: Translator
) -> None:
    assert await translator.translate("Hello", "en-GB", "fr") == "Bonjour"

    assert server.asked == [
        (
            "POST /translate HTTP/1.1",
            {"q": "Hello", "source": "en", "target": "fr", "format": "text", "api_key": "a key"},
        )
    ]


async def test_a_server_without_a_key_is_told_none(server: Server) -> None:
    translator = Translator(server.url, None)

    await translator.translate("Hello", "en", "fr")

    translator.close()

    assert "api_key" not in server.asked[0][1]


async def test_a_translation_is_cleaned_as_what_people_write(server: Server, translator: Translator) -> None:
    server.answer = told({"translatedText": " Bon\x00jour \u202e\ud800 "})

    assert await translator.translate("Hello", "en", "fr") == "Bon jour \N{REPLACEMENT CHARACTER}"


@pytest.mark.parametrize(
    "answer",
    [
        told({"error": "Slowdown"}, "429 Too Many Requests"),
        told({"error": "Invalid API key"}, "403 Forbidden"),
        told(b"", "502 Bad Gateway"),
        told(b"<html>"),
        told(b"[1, 2]"),
        told(b"\xff\xfe"),
        told({"translatedText": None}),
        told({"translatedText": ["Bonjour"]}),
        told({"translatedText": " \u200b "}),
        told({"translated": "Bonjour"}),
        told({"translatedText": "x" * LARGEST}),
        b"no HTTP at all",
        b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nhalf",
        b"",
    ],
)
async def test_whatever_is_no_translation_counts_as_away(
    server: Server, translator: Translator, answer: bytes
) -> None:
    server.answer = answer

    with pytest.raises(Away) as caught:
        await translator.translate("CANARY", "en", "fr")

    assert "CANARY" not in str(caught.value)


async def test_what_the_server_cannot_translate_is_not_asked_for_again(
    server: Server, translator: Translator
) -> None:
    server.answer = told({"error": "xx is not supported"}, "400 Bad Request")

    with pytest.raises(Untranslatable):
        await translator.translate("Hello", "en", "xx")


async def test_a_server_that_says_nothing_is_not_waited_for(
    server: Server, translator: Translator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(translation, "WITHIN", 0.05)
    server.wait = 5

    with pytest.raises(Away):
        await asyncio.wait_for(translator.translate("Hello", "en", "fr"), 1)


async def test_a_server_that_is_not_there_is_away(server: Server) -> None:
    nobody = Translator("http://127.0.0.1:9", None)

    with pytest.raises(Away, match="NotSent"):
        await nobody.translate("Hello", "en", "fr")
