"""A Telegram Bot API server for one bot, in one process, with people to talk to it."""

from bot.playground.emulator.clock import VirtualClock
from bot.playground.emulator.delivery import Pace
from bot.playground.emulator.emulator import Emulator
from bot.playground.emulator.faults import Fault
from bot.playground.emulator.groups import Group
from bot.playground.emulator.limits import Limits, Rate
from bot.playground.emulator.people import Person

__all__ = ["Emulator", "Fault", "Group", "Limits", "Pace", "Person", "Rate", "VirtualClock"]
