"""One call of a Bot API method, and what nearly every method asks of it."""

from dataclasses import dataclass, field
from typing import Any

from bot.playground.emulator.chats import PRIVATE, SUPERGROUP, Chat, unnested
from bot.playground.emulator.errors import bad_request, forbidden
from bot.playground.emulator.ledger import Send
from bot.playground.emulator.parameters import Parameters
from bot.playground.emulator.world import World

Json = dict[str, Any]


class RawJson(bytes):
    """A result that is JSON already."""


@dataclass(frozen=True, slots=True)
class Described:
    """A result with the description that some methods add."""

    result: Any
    description: str


@dataclass(slots=True)
class Call:
    """A method called on the world; `method` is spelled as documented."""

    world: World
    method: str
    args: Parameters
    request_id: int
    sends: list[Send] = field(default_factory=list)  # what was accepted, for the ledger's `answered`
    rival: bool = False  # a second poller will come along

    def chat(self) -> Chat:
        """The chat that `chat_id` names. Raises ApiError 400 if there is none or it has moved away."""
        given = self.args.text("chat_id")
        if not given:
            raise bad_request("chat_id is empty")
        chats = self.world.chats
        if given.startswith("@"):
            named = [chat for chat in chats.values() if chat.username == given[1:] and chat.type != PRIVATE]
            chat = named[0] if named else None
        else:
            chat = chats.get(self.args.integer("chat_id"))
        if chat is None:
            raise bad_request("chat not found")
        if chat.migrated_to is not None:
            raise bad_request(
                "group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.migrated_to
            )
        return chat

    def writable_chat(self) -> Chat:
        """The chat, if the bot may write there. Raises ApiError 400 or 403."""
        chat = self.chat()
        self.refuse_unreachable(chat)
        if chat.muted:
            raise bad_request("not enough rights to send text messages to the chat")
        return chat

    def refuse_unreachable(self, chat: Chat) -> None:
        """Raise ApiError 403 if the other side does not want to hear, or never asked to."""
        kind = "supergroup" if chat.type == SUPERGROUP else "group"
        match chat.standing:
            case "new" if self.world.clock.now() >= chat.writable_until:
                raise forbidden("bot can't initiate conversation with a user")
            case "blocked":
                raise forbidden("bot was blocked by the user")
            case "deactivated":
                raise forbidden("user is deactivated")
            case "kicked":
                raise forbidden(f"bot was kicked from the {kind} chat")
            case "left":
                raise forbidden(f"bot is not a member of the {kind} chat")
            case "deleted":
                raise forbidden("the group chat was deleted")

    def thread(self, chat: Chat) -> Json:
        """The topic fields of a message to `chat`; none for a chat without topics."""
        thread_id = self.args.integer("message_thread_id")
        if not thread_id:
            return {}
        topic = chat.topics.get(thread_id)
        if topic is None:
            raise bad_request("message thread not found")
        if topic["closed"]:
            raise bad_request("TOPIC_CLOSED")
        return {"message_thread_id": thread_id, "is_topic_message": True}

    def reply(self, chat: Chat) -> Json:
        """The reply field of a message to `chat`. Raises ApiError 400 if the message is gone."""
        given = self.args.structure("reply_parameters", "can't parse reply parameters JSON object") or {}
        if not isinstance(given, dict):
            raise bad_request("object expected as reply parameters")
        wanted = Parameters(given).integer("message_id") or self.args.integer("reply_to_message_id")
        if not wanted:
            return {}
        replied = chat.messages.get(wanted)
        if replied is None:
            if given.get("allow_sending_without_reply") or self.args.flag("allow_sending_without_reply"):
                return {}
            raise bad_request("message to be replied not found")
        return {"reply_to_message": unnested(replied)}

    def spend(self, chat: Chat) -> None:
        """Count against the flood limits. Raises ApiError 429."""
        if self.world.limits is not None:
            self.world.limits.spend(chat.id, self.world.clock.now())

    def deliver(self, chat: Chat, content: Json, markup: Json | None) -> Json:
        """Let the bot say something: into the chat and into the ledger; gives the message."""
        world = self.world
        content = {**self.thread(chat), **self.reply(chat), **content}
        self.spend(chat)
        if self.args.flag("protect_content"):
            content["has_protected_content"] = True
        inline = markup is not None and "inline_keyboard" in markup
        if inline:
            content["reply_markup"] = markup
        message = world.post(chat, world.bot, content)
        if markup is not None and not inline:
            chat.uneditable.add(message["message_id"])
            chat.keyboard = markup if "keyboard" in markup else None
            world.watchers.tell("keyboard", chat.id, keyboard=chat.keyboard)
        chat.spoke(content.get("text") or content.get("caption") or "")
        self.sends.append(
            world.ledger.sent(
                world.ledger.sends,
                request_id=self.request_id,
                at=world.clock.now(),
                method=self.method,
                message=message,
                markup=markup,
                uploaded=bool(self.args.uploads),
            )
        )
        return message
