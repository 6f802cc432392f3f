"""An intake with everything behind it: real turns and a real database, and a mouth that nobody hears."""

import asyncio
from typing import Any

from bot.listening.flood import Flood
from bot.listening.intake import Intake
from bot.listening.outage import Gap, Outage
from bot.listening.updates import Decoder
from bot.speaking.alarms import Alarms
from bot.speaking.courier import Courier
from bot.speaking.pacing import Pace
from bot.speaking.shelf import Shelf
from storage.instance import Role, Run
from tests.bot.house import BOT, FENCE, House
from tests.bot.mouth import Always, Mouth


def written(update_id: int, text: str, telegram: int = 1001) -> dict[str, Any]:
    """An update in which somebody writes."""
    chat = {"id": telegram, "type": "private", "first_name": "Somebody"}
    sender = {"id": telegram, "is_bot": False, "first_name": "Somebody", "language_code": "en"}
    message = {"message_id": update_id, "date": 1_790_000_000, "chat": chat, "from": sender, "text": text}
    return {"update_id": update_id, "message": message}


def alarms_of(house: House, mouth: Mouth, *who: int) -> Alarms:
    """Alarms that are told to those with these Telegram ids."""
    return Alarms(mouth.speaker, house.database, list(who), lambda: house.now)


def intake_of(
    house: House, mouth: Mouth, alarms: Alarms, flood: Flood | None = None, *, per_second: int = 5000
) -> Intake:
    """What takes updates in for a house, and speaks by that mouth."""
    courier = Courier(
        house.database,
        mouth.speaker,
        Pace(per_second, lambda: asyncio.get_running_loop().time()),
        Always(),
        Shelf(house.database, mouth.speaker, bot=BOT),
        run=Run(FENCE, Role.ALL, None),
        places=4,
        now=lambda: house.now,
        alarms=alarms,
    )
    decoder = Decoder(lambda: house.now)
    return Intake(
        decoder, house.turns, courier, mouth.speaker, now=lambda: house.now, alarms=alarms, flood=flood
    )


class Gaps:
    """The outages that somebody's press may be lost in, as a listener notices them."""

    def __init__(self, house: House) -> None:
        self.found: list[Gap] = []
        self.outage = Outage(lambda: house.now, self._note)

    async def _note(self, gap: Gap) -> None:
        self.found.append(gap)
