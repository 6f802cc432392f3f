"""Everything the emulator knows: people, chats, files, what the bot has set, what waits for it."""

from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from bot.playground.emulator.arrivals import Arrivals
from bot.playground.emulator.chats import PRIVATE, SUPERGROUP, Chat
from bot.playground.emulator.clock import VirtualClock
from bot.playground.emulator.errors import ApiError
from bot.playground.emulator.faults import Faults
from bot.playground.emulator.files import Files
from bot.playground.emulator.ledger import Ledger
from bot.playground.emulator.limits import Limits
from bot.playground.emulator.polling import Polling
from bot.playground.emulator.postman import Postman, Webhook
from bot.playground.emulator.updates import UpdateQueue
from bot.playground.emulator.watch import Watchers

Json = dict[str, Any]

PRESSES_KEPT = 3600  # seconds after which a press is forgotten altogether


@dataclass(slots=True)
class Press:
    """A tap on an inline button that waits for its answer."""

    user_id: int
    chat_id: int
    at: float  # virtual unix seconds
    answered: bool = False


@dataclass(slots=True)
class Profile:
    """What the bot has set about itself, by language code; "" holds what is for all."""

    names: dict[str, str] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)
    short_descriptions: dict[str, str] = field(default_factory=dict)
    commands: dict[tuple[str, str], list[Json]] = field(default_factory=dict)  # (scope JSON, language)
    menu_buttons: dict[int, Json] = field(default_factory=dict)  # chat id, 0 for all


class World:
    """The state behind the Bot API and behind the people's hands."""

    def __init__(
        self, *, token: str, clock: VirtualClock, seed: int, ledger_file: Path | None, username: str
    ) -> None:
        self.token: str | None = token
        self.clock = clock
        self.random = Random(seed)
        self.bot: Json = {
            "id": int(token.partition(":")[0]),
            "is_bot": True,
            "first_name": "Together",
            "username": username,
        }
        self.reads_all_in_groups = False
        self.callback_deadline = 30.0  # seconds in which a press can be answered; undocumented by Telegram
        self.limits: Limits | None = Limits()
        self.ledger = Ledger(ledger_file)
        self.faults = Faults(seed)
        self.watchers = Watchers()
        self.queue = UpdateQueue(clock, self.ledger, self.random)
        self.polling = Polling(self.queue)
        self.postman = Postman(self.queue, clock, Random(f"{seed}/webhook"))
        self.webhook_set_at = 0.0  # virtual unix seconds; when setWebhook last changed something
        self.arrivals = Arrivals(self.queue, self.faults, Random(f"{seed}/updates"))
        self.users: dict[int, Json] = {}
        self.chats: dict[int, Chat] = {}
        self.files = Files(self.bot["id"])
        self.profile = Profile()
        self.presses: dict[str, Press] = {}
        self.last_message_id = 0  # private chats and basic groups count together
        clock.moved.append(lambda: self.watchers.tell("clock", 0, now=clock.now()))

    @property
    def today(self) -> int:
        """The moment for a `date` field."""
        return int(self.clock.now())

    def chat_json(self, chat: Chat) -> Json:
        """The Chat object that messages carry."""
        if chat.type == PRIVATE:
            user = self.users[chat.id]
            kept: Json = {key: user[key] for key in ("first_name", "last_name", "username") if key in user}
            return {"id": chat.id, **kept, "type": PRIVATE}
        shown: Json = {"id": chat.id, "title": chat.title, "type": chat.type}
        if chat.username:
            shown["username"] = chat.username
        if chat.topics:
            shown["is_forum"] = True
        return shown

    def next_message_id(self, chat: Chat) -> int:
        if chat.type == SUPERGROUP:
            chat.last_message_id += 1
            return chat.last_message_id
        self.last_message_id += 1
        return self.last_message_id

    def post(self, chat: Chat, sender: Json, content: Json) -> Json:
        """Put a message into a chat and give it; nobody but watchers is told."""
        message = {
            "message_id": self.next_message_id(chat),
            "from": sender,
            "chat": self.chat_json(chat),
            "date": self.today,
            **content,
        }
        chat.messages[message["message_id"]] = message
        chat.heard_last = sender is self.bot
        self.watchers.tell("message", chat.id, message=message)
        return message

    def announce(self, kind: str, payload: Json, *, chat_id: int) -> None:
        """Let an update come to the bot, if it wants this type."""
        if self.queue.allows(kind):
            date = payload.get("edit_date") or payload.get("date") or self.clock.now()
            self.arrivals.announce(kind, payload, chat_id=chat_id, date=date)

    def revoke_token(self) -> None:
        """Refuse every request from now on, and the getUpdates that waits; a webhook is set no longer."""
        self.token = None
        self.postman.point(Webhook())
        self.polling.interrupt(ApiError(401, "Unauthorized"))

    def pressed(self, press: Press) -> str:
        """Keep a press and give its callback query id."""
        while self.presses:
            query_id, old = next(iter(self.presses.items()))
            if press.at - old.at < PRESSES_KEPT:
                break
            del self.presses[query_id]
        query_id = str(self.random.getrandbits(62))
        self.presses[query_id] = press
        return query_id
