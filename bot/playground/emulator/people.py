"""People: what a human being does in a Telegram client, and what they see there."""

import asyncio
from typing import Any

from bot.playground.emulator.attachments import attachment, own_file
from bot.playground.emulator.chats import Chat, unnested
from bot.playground.emulator.detect import detected
from bot.playground.emulator.members import member
from bot.playground.emulator.parameters import Upload
from bot.playground.emulator.text import TEXT_LIMIT, Entity, clean
from bot.playground.emulator.world import Press, World

Json = dict[str, Any]


class Person:
    """A human being in their private chat with the bot."""

    def __init__(self, world: World, user_id: int) -> None:
        self.id = user_id
        self._world = world

    @property
    def chat(self) -> Chat:
        return self._world.chats[self.id]

    @property
    def user(self) -> Json:
        """The User object of the Bot API."""
        return self._world.users[self.id]

    # ---- what they do

    def opens(self, payload: str = "") -> Json:
        """Tap START or a deep link, which unblocks as well; gives the /start message."""
        if self.chat.standing == "blocked":
            self.unblocks()
        return self.writes(f"/start {payload}" if payload else "/start")

    def writes(self, text: str, entities: list[Entity] | None = None, reply_to: int | None = None) -> Json:
        """Send a text; a long one goes as several messages, the last of which is given.

        Raises ValueError if nothing is left of the text after the server's cleaning: no client sends that.
        """
        text, entities = clean(_encodable(text), entities)
        if not text:
            raise ValueError("no client sends a message without text")
        parts = [text] if len(text) <= TEXT_LIMIT else _parts(text)
        for part in parts:
            message = self._sends(text_content(part, entities if len(parts) == 1 else []), reply_to=reply_to)
        return message

    def presses(self, message_id: int, data: str, chat_id: int | None = None) -> str:
        """Tap an inline button with any callback data, also a forged one; gives the callback query id."""
        self._can_act()
        world = self._world
        chat = self.chat if chat_id is None else world.chats[chat_id]
        query_id = world.pressed(Press(self.id, chat.id, world.clock.now()))
        message = chat.messages.get(message_id)
        if message is None:
            message = {"chat": world.chat_json(chat), "message_id": message_id, "date": 0}
        query: Json = {
            "id": query_id,
            "from": self.user,
            "message": message,
            "chat_instance": str(-7_000_000_000_000 - chat.id),
            "data": data,
        }
        world.announce("callback_query", query, chat_id=chat.id)
        return query_id

    def presses_label(self, label: str, chat_id: int | None = None) -> str | Json:
        """Tap the newest button whose label is, or else contains, `label`; in a group if `chat_id` names one.

        An inline button gives its callback query id; a reply button writes its label and gives the message.
        Raises LookupError, naming the buttons on offer.
        """
        chat = self.chat if chat_id is None else self._world.chats[chat_id]
        for message in reversed(chat.messages.values()):
            if message["from"]["is_bot"]:
                found = _labelled(_inline_buttons(message), label)
                if found is not None:
                    return self.presses(message["message_id"], found, chat.id)
        rows = (self.reply_keyboard or []) if chat is self.chat else []
        texts = [(text, text) for row in rows for text in row]
        found = _labelled(texts, label)
        if found is None:
            offered = [name for name, _ in _newest_buttons(chat)] + [name for name, _ in texts]
            raise LookupError(f"no button {label!r} on offer; there are {offered}")
        return self.writes(found)

    def edits(self, message_id: int, text: str) -> Json:
        """Change one of their own messages."""
        self._can_act()
        message = self.chat.messages[message_id]
        message.pop("entities", None)
        message.update(text_content(clean(_encodable(text))[0], []))
        message["edit_date"] = self._world.today
        self._world.watchers.tell("edit", self.id, message=message)
        self._world.announce("edited_message", message, chat_id=self.id)
        return message

    def sends(self, kind: str, caption: str | None = None) -> Json:
        """Send something other than text: voice, photo, sticker, location, contact, and so on."""
        return self._sends(self._attached(kind, caption))

    def sends_file(self, file: Upload, caption: str | None = None) -> Json:
        """Send a file of their own; a picture goes as a photo."""
        content = own_file(self._world, file)
        return self._sends({**content, "caption": caption} if caption else content)

    def sends_album(self, count: int) -> list[Json]:
        """Send `count` photos that belong together."""
        group = str(self._world.random.getrandbits(53))
        return [self._sends({"media_group_id": group, **self._attached("photo", None)}) for _ in range(count)]

    def forwards(self, text: str) -> Json:
        """Send on a text that somebody hidden wrote."""
        origin = {"type": "hidden_user", "sender_user_name": "Somebody", "date": self._world.today}
        return self._sends({"forward_origin": origin, **text_content(clean(_encodable(text))[0], [])})

    def blocks(self) -> None:
        self._stands("blocked", "member", "kicked")

    def unblocks(self) -> None:
        self._stands("active", "kicked", "member")

    def deactivates(self) -> None:
        """Delete the account; Telegram does not tell the bot."""
        self.chat.standing = "deactivated"
        self._world.watchers.tell("state", self.id, standing="deactivated")

    def asks_to_join(self, chat_id: int) -> None:
        """Ask to be let into a group; for five minutes the bot may write to them."""
        world = self._world
        group = world.chats[chat_id]
        group.join_requests[self.id] = world.clock.now()
        self.chat.writable_until = world.clock.now() + 300
        request = {
            "chat": world.chat_json(group),
            "from": self.user,
            "user_chat_id": self.id,
            "date": world.today,
        }
        world.announce("chat_join_request", request, chat_id=chat_id)

    # ---- what they see

    @property
    def messages(self) -> list[Json]:
        """Both sides of the private chat, as it looks now, oldest first."""
        return list(self.chat.messages.values())

    @property
    def said(self) -> list[str]:
        """The bot's texts and captions, in order."""
        return [_words(message) for message in self.messages if message["from"]["is_bot"]]

    @property
    def last(self) -> Json:
        """The bot's newest message. Raises LookupError if it never wrote."""
        for message in reversed(self.messages):
            if message["from"]["is_bot"]:
                return message
        raise LookupError(f"the bot has not written to {self.id}")

    @property
    def buttons(self) -> list[tuple[str, str]]:
        """(label, callback data) of the bot's newest message with inline buttons."""
        return _newest_buttons(self.chat)

    @property
    def reply_keyboard(self) -> list[list[str]] | None:
        """Labels of the keyboard on show, by row."""
        keyboard = self.chat.keyboard
        if keyboard is None:
            return None
        return [[button["text"] for button in row] for row in keyboard["keyboard"]]

    @property
    def callback_answers(self) -> list[Json]:
        return self.chat.callback_answers

    async def hears(self, n: int = 1, timeout: float = 10) -> list[str]:  # noqa: ASYNC109
        """The next `n` texts of the bot, edits included, that were not heard yet.

        Waits at most `timeout` real seconds.

        Raises TimeoutError, telling what came instead.
        """
        chat = self.chat
        try:
            async with asyncio.timeout(timeout):
                while len(chat.spoken) - chat.heard < n:
                    await chat.more()
        except TimeoutError:
            heard = chat.spoken[chat.heard :]
            raise TimeoutError(f"{self.id} waited {timeout} s for {n} messages and heard {heard}") from None
        texts = chat.spoken[chat.heard : chat.heard + n]
        chat.heard += n
        return texts

    # ---- the client's work

    def _sends(self, content: Json, reply_to: int | None = None) -> Json:
        self._can_act()
        chat = self.chat
        if chat.standing == "new":
            chat.standing = "active"
        if reply_to is not None:
            content = {"reply_to_message": unnested(chat.messages[reply_to]), **content}
        message = self._world.post(chat, self.user, content)
        if chat.keyboard and chat.keyboard.get("one_time_keyboard"):
            chat.keyboard = None
            self._world.watchers.tell("keyboard", self.id, keyboard=None)
        self._world.announce("message", message, chat_id=self.id)
        return message

    def _attached(self, kind: str, caption: str | None) -> Json:
        content = attachment(self._world, kind, user=self.user)
        if caption:
            content["caption"] = caption
        return content

    def _can_act(self) -> None:
        if self.chat.standing in ("blocked", "deactivated"):
            raise RuntimeError(f"{self.id} is {self.chat.standing} and cannot write to the bot")

    def _stands(self, standing: str, before: str, after: str) -> None:
        world = self._world
        self.chat.standing = standing
        world.watchers.tell("state", self.id, standing=standing)
        change = {
            "chat": world.chat_json(self.chat),
            "from": self.user,
            "date": world.today,
            "old_chat_member": member(world.bot, before),
            "new_chat_member": member(world.bot, after),
        }
        world.announce("my_chat_member", change, chat_id=self.id)


def text_content(text: str, entities: list[Entity]) -> Json:
    """The text fields of a message, with what the server finds in it."""
    found = detected(text, entities)
    return {"text": text, "entities": found} if found else {"text": text}


def _encodable(text: str) -> str:
    return text.encode(errors="replace").decode()


def _parts(text: str) -> list[str]:
    return [text[start : start + TEXT_LIMIT] for start in range(0, len(text), TEXT_LIMIT)]


def _inline_buttons(message: Json) -> list[tuple[str, str]]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [
        (button["text"], button["callback_data"])
        for row in rows
        for button in row
        if "callback_data" in button
    ]


def _newest_buttons(chat: Chat) -> list[tuple[str, str]]:
    """Those of the newest message with inline buttons that the bot wrote."""
    for message in reversed(chat.messages.values()):
        if message["from"]["is_bot"] and "reply_markup" in message:
            return _inline_buttons(message)
    return []


def _labelled(buttons: list[tuple[str, str]], label: str) -> str | None:
    exact = [data for name, data in buttons if name == label]
    containing = [data for name, data in buttons if label in name]
    return next(iter(exact + containing), None)


def _words(message: Json) -> str:
    return str(message.get("text") or message.get("caption") or "")
