"""Who takes part: how each is started, how its database is made ready, how its rows are counted."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.bench import kept
from tests.bench.delivery import PATH, SECRET

TOKEN: Final = "42:BENCH"
KEY: Final = "a secret for the bench"
ROOT: Final = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Way:
    """Where a bot finds everything."""

    api: str  # root of the Bot API
    database: str  # SQLAlchemy URL
    port: int  # to be called at; where it only pushes, to be asked at how it is
    role: str | None = None  # of this process, where several share the work

    @property
    def hook(self) -> str:
        return f"http://127.0.0.1:{self.port}{PATH}"

    @property
    def listen(self) -> str:
        return f"127.0.0.1:{self.port}"


@dataclass(frozen=True, slots=True)
class Contestant:
    """One bot."""

    name: str
    command: Sequence[str]  # after python -m; `--role ROLE` follows where there are roles
    settings: Callable[[Way], Mapping[str, str]]  # environment variables
    prepare: Callable[[str, int], Awaitable[None]]  # make the tables at a URL, and fill in known citizens
    count: Callable[[str], Awaitable[Mapping[str, int]]]  # rows at a URL by step of the walk
    has_roles: bool = False  # several processes can share the work


def _together(way: Way) -> dict[str, str]:
    settings = {
        "BOT_TOKEN": TOKEN,
        "API_URL": way.api,
        "DATABASE_URL": way.database,
        "SECRET_KEY": KEY,
        "WEBHOOK_URL": way.hook,
        "WEBHOOK_LISTEN": way.listen,
        "WEBHOOK_SECRET": SECRET,
        "MAX_PER_SECOND": "1000000",  # nobody is limited
    }
    if way.role == "push":
        settings["HEALTH_LISTEN"] = way.listen
    return {f"TOGETHER_{name}": value for name, value in settings.items()}


TOGETHER: Final = Contestant(
    "together",
    ("tests.bench.bots.together", "run"),
    _together,
    kept.prepare_together,
    kept.count_together,
    has_roles=True,
)


def _peer(way: Way) -> dict[str, str]:
    return {
        "BOT_TOKEN": TOKEN,
        "API_URL": way.api,
        "DATABASE_URL": way.database,
        "WEBHOOK_URL": way.hook,
        "WEBHOOK_PATH": PATH,
        "WEBHOOK_PORT": str(way.port),
        "WEBHOOK_SECRET": SECRET,
    }


AIOGRAM: Final = Contestant(
    "aiogram", ("tests.bench.bots.with_aiogram",), _peer, kept.prepare_peer, kept.count_peer
)
TELEGRAM: Final = Contestant(
    "python-telegram-bot", ("tests.bench.bots.with_telegram",), _peer, kept.prepare_peer, kept.count_peer
)
ALL: Final = {one.name: one for one in (TOGETHER, AIOGRAM, TELEGRAM)}
