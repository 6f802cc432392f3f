"""The bot introduces itself in every language, however long Telegram makes it wait."""

import asyncio
from datetime import timedelta

import pytest

from bot.chores import introduction as module
from bot.chores.introduction import introduce
from bot.refusal import TokenRevoked
from bot.speaking.speaker import Introduction, Unanswered
from tests.bot.house import TEXTS
from tests.bot.mouth import Mouth

LANGUAGES = ["" if language == "en" else language for language in TEXTS.languages]


class Reluctant(Mouth):
    """Telegram answers some of the first requests otherwise; in what order it was asked is kept."""

    def __init__(self, *errors: Exception | None) -> None:
        super().__init__()
        self.errors = [*errors]
        self.asked: list[str] = []
        self.moments: list[float] = []

    async def introduce(self, language: str, introduction: Introduction) -> None:
        self.asked.append(language)
        self.moments.append(asyncio.get_running_loop().time())
        error = self.errors.pop(0) if self.errors else None
        if error is not None:
            raise error
        await super().introduce(language, introduction)


async def introduced(*errors: Exception | None) -> Reluctant:
    mouth = Reluctant(*errors)
    await asyncio.wait_for(introduce(mouth.speaker, TEXTS), 5)
    return mouth


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAUSE", 0.01)  # so that trouble costs no real seconds


async def test_it_is_introduced_once_in_every_language() -> None:
    mouth = await introduced()

    assert mouth.asked == LANGUAGES
    assert sorted(mouth.introduced) == sorted(LANGUAGES)


async def test_where_telegram_asks_it_to_wait_it_waits_goes_on_and_comes_back() -> None:
    mouth = await introduced(None, Unanswered("RetryAfter", timedelta(seconds=0.2)))

    assert mouth.asked == [*LANGUAGES, LANGUAGES[1]]
    assert mouth.moments[2] - mouth.moments[1] >= 0.2
    assert sorted(mouth.introduced) == sorted(LANGUAGES)


async def test_where_telegram_does_not_answer_it_goes_on_until_all_are_set() -> None:
    mouth = await introduced(*[Unanswered("TimedOut")] * (len(LANGUAGES) + 3))

    assert sorted(mouth.introduced) == sorted(LANGUAGES)


async def test_what_telegram_refuses_for_what_it_is_is_not_tried_again() -> None:
    refused = Unanswered("BadRequest", refused="Command description is too long")

    mouth = await introduced(refused)

    assert mouth.asked == LANGUAGES
    assert sorted(mouth.introduced) == sorted(LANGUAGES[1:])


async def test_without_a_token_it_is_given_up() -> None:
    mouth = await introduced(TokenRevoked())

    assert len(mouth.asked) == 1
