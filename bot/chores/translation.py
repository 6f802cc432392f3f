"""Translation by a machine that the operator runs: a client of a server that speaks LibreTranslate's API.

https://docs.libretranslate.com tells what is asked and answered. Nothing of a text is ever logged.
"""

import asyncio
import json
from typing import Any, Final

from bot.http.client import Broken, HttpClient, NotSent
from bot.listening.door import clean, has_words

WITHIN: Final = 5.0
"""Seconds for one translation; whoever waits for it waits no longer than a minute in all."""

AT_A_TIME: Final = 4

LARGEST: Final = 64 * 1024
"""Bytes of an answer; a message has 4,096 characters, and no translation of it fills this."""

OK: Final = 200
CANNOT: Final = 400


class Away(Exception):
    """The server does not answer, or not with a translation; it may later."""


class Untranslatable(Exception):
    """The server says that it cannot translate this; asking again would change nothing."""


class Translator:
    """Whoever translates, somewhere else."""

    def __init__(self, url: str, key: str | None) -> None:
        """
        url  root of the server
        key  for servers that ask for one
        """
        self._url = f"{url}/translate"
        self._key = {"api_key": key} if key else {}
        self._client = HttpClient(most=AT_A_TIME)

    async def translate(self, text: str, source: str, target: str) -> str:
        """The text in another language, cleaned as what people write. Raises Away or Untranslatable.

        source, target  BCP 47; the server is told the language alone, without region
        """
        languages = {"source": _language(source), "target": _language(target)}
        body = json.dumps({"q": text, **languages, "format": "text", **self._key}).encode()
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        try:
            async with asyncio.timeout(WITHIN):
                status, answer = await self._client.request("POST", self._url, headers, body, within=WITHIN)
        except (NotSent, Broken, TimeoutError) as error:
            raise Away(type(error).__name__) from None
        if status == CANNOT:
            raise Untranslatable
        if status != OK:
            raise Away(f"status {status}")
        return _translated(answer)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


def _language(tag: str) -> str:
    return tag.partition("-")[0].lower()


def _translated(answer: bytes) -> str:
    """The translation in an answer of the server. Raises Away for anything else."""
    if len(answer) > LARGEST:
        raise Away("too large")
    try:
        told: Any = json.loads(answer)
    except ValueError:
        raise Away("no JSON") from None
    made = told.get("translatedText") if isinstance(told, dict) else None
    if not isinstance(made, str) or not has_words(made):
        raise Away("no translation")
    return clean(made)
