"""One chat: who may speak in it, what was said, which keyboard is shown."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

PRIVATE = "private"
GROUP = "group"
SUPERGROUP = "supergroup"


@dataclass(slots=True)
class Chat:
    """A private chat or a group, as the emulator knows it.

    `standing` is what the chat is to the bot: "new", "active", "blocked" or "deactivated" in private,
    "member", "kicked", "left", "deleted" or "migrated" in groups.
    """

    id: int
    type: str
    standing: str
    title: str | None = None
    username: str | None = None
    messages: dict[int, Json] = field(default_factory=dict)  # by message id, oldest first
    keyboard: Json | None = None  # the reply keyboard on show
    last_message_id: int = 0  # of supergroups, which count for themselves
    callback_answers: list[Json] = field(default_factory=list)
    members: dict[int, str] = field(default_factory=dict)  # user id -> ChatMember status
    topics: dict[int, Json] = field(default_factory=dict)  # thread id -> {"name", "closed"}
    join_requests: dict[int, float] = field(default_factory=dict)  # user id -> virtual unix seconds
    writable_until: float = 0.0  # a join request opens a private chat for a while
    uneditable: set[int] = field(default_factory=set)  # sent with a reply keyboard or the like
    migrated_to: int | None = None
    muted: bool = False  # the bot may not write
    forbidden: set[str] = field(default_factory=set)  # what nobody may send there: "photo", "document"
    heard_last: bool = False  # in groups: the bot spoke last
    spoken: list[str] = field(default_factory=list)  # texts and edits of the bot; not saved
    heard: int = 0  # so many of these have been waited for
    _waiting: list[asyncio.Future[None]] = field(default_factory=list)

    def spoke(self, text: str) -> None:
        """The bot has said or edited something; wakes who listens."""
        self.spoken.append(text)
        for waiting in self._waiting:
            if not waiting.done():
                waiting.set_result(None)
        self._waiting.clear()

    async def more(self) -> None:
        """Wait until the bot speaks again."""
        waiting = asyncio.get_running_loop().create_future()
        self._waiting.append(waiting)
        await waiting

    def saved(self) -> Json:
        return {
            "id": self.id,
            "type": self.type,
            "standing": self.standing,
            "title": self.title,
            "username": self.username,
            "messages": list(self.messages.values()),
            "keyboard": self.keyboard,
            "last_message_id": self.last_message_id,
            "callback_answers": self.callback_answers,
            "members": list(self.members.items()),
            "topics": list(self.topics.items()),
            "join_requests": list(self.join_requests.items()),
            "writable_until": self.writable_until,
            "uneditable": sorted(self.uneditable),
            "migrated_to": self.migrated_to,
            "muted": self.muted,
            "forbidden": sorted(self.forbidden),
            "heard_last": self.heard_last,
        }

    @classmethod
    def restored(cls, saved: Json) -> "Chat":
        messages = {message["message_id"]: message for message in saved["messages"]}
        tables = {name: dict(saved[name]) for name in ("members", "topics", "join_requests")}
        sets = {name: set(saved.get(name, ())) for name in ("uneditable", "forbidden")}
        return cls(**{**saved, **tables, **sets, "messages": messages})


def unnested(message: Json) -> Json:
    """A message as replies carry it: without the message it replies to itself."""
    return {name: value for name, value in message.items() if name != "reply_to_message"}
