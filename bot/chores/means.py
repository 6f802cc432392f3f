"""What it takes to say something without having been asked."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.rendering.voice import Voice
from storage.context import Context
from storage.database import Database


@dataclass(frozen=True, slots=True)
class Means:
    """What everything has that works beside the conversations."""

    database: Database
    context: Context
    voice: Voice
    bot: int  # id
    per_second: float  # messages that may leave
    now: Callable[[], datetime]
    alarm: Callable[[str], None]  # tells the admins of a cause, see bot/speaking/alarms.py
