"""Groups: what happens in a chat of several people with the bot among them."""

import re
from typing import Any

from bot.playground.emulator.chats import GROUP, SUPERGROUP, Chat, unnested
from bot.playground.emulator.members import member
from bot.playground.emulator.people import Person, text_content
from bot.playground.emulator.text import clean
from bot.playground.emulator.world import World

Json = dict[str, Any]


class Group:
    """A basic group or supergroup; after `migrates` this object goes on with the supergroup."""

    def __init__(self, world: World, chat_id: int) -> None:
        self.id = chat_id
        self._world = world

    @property
    def chat(self) -> Chat:
        return self._world.chats[self.id]

    @property
    def messages(self) -> list[Json]:
        """Everything said in the group, as it looks now, oldest first."""
        return list(self.chat.messages.values())

    @property
    def said(self) -> list[str]:
        """The bot's texts, in order."""
        return [message.get("text", "") for message in self.messages if message["from"]["is_bot"]]

    @property
    def people(self) -> list[int]:
        """Who is in it, the bot aside, in the order in which they came."""
        there = (id for id, status in self.chat.members.items() if status not in ("left", "kicked"))
        return [id for id in there if id in self._world.users]

    def member_writes(
        self, person: Person, text: str, *, reply_to: int | None = None, topic: int | None = None
    ) -> Json:
        """A member says something; privacy mode decides whether the bot hears it.

        Raises ValueError for somebody who is not in the group.
        """
        if self.chat.members.get(person.id, "left") in ("left", "kicked"):
            raise ValueError(f"{person.id} is not in the group {self.id}")
        text, _ = clean(text)
        content = text_content(text, [])
        if topic is not None:
            content = {"message_thread_id": topic, "is_topic_message": True, **content}
        replied = self.chat.messages[reply_to] if reply_to is not None else None
        if replied is not None:
            content["reply_to_message"] = unnested(replied)
        spoke_last = self.chat.heard_last
        message = self._world.post(self.chat, person.user, content)
        if self._heard(text, replied, spoke_last=spoke_last):
            self._announce(message)
        return message

    def adds(self, person: Person, status: str = "member") -> None:
        """Someone joins, or gets another status such as "administrator"."""
        joined = self.chat.members.get(person.id, "left") in ("left", "kicked")
        self.chat.members[person.id] = status
        if joined:
            self._service(person.user, {"new_chat_members": [person.user]})

    def loses(self, person: Person) -> None:
        """Someone leaves."""
        self.chat.members[person.id] = "left"
        self._service(person.user, {"left_chat_member": person.user})

    def removes_bot(self) -> None:
        self._bot_becomes("kicked", "member", "kicked")

    def adds_bot(self) -> None:
        self._bot_becomes("member", "left", "member")

    def promotes_bot(self) -> None:
        """Make the bot an administrator: it hears everything and may delete what others wrote."""
        self._bot_becomes("member", "member", "administrator")

    def mutes_bot(self) -> None:
        """Take the right to write from everybody: the bot is not told of it."""
        self.chat.muted = True

    def unmutes_bot(self) -> None:
        """Give the bot the right to write, as an administrator."""
        self.chat.muted = False
        self.promotes_bot()

    def forbids(self, *kinds: str) -> None:
        """Let nobody send a "photo" or "document" there; the bot is not told of it."""
        self.chat.forbidden |= set(kinds)

    def opens_topic(self, name: str) -> int:
        """Begin a topic; gives its thread id."""
        thread_id = self._world.next_message_id(self.chat)
        self.chat.topics[thread_id] = {"name": name, "closed": False}
        return thread_id

    def closes_topic(self, thread_id: int) -> None:
        self.chat.topics[thread_id]["closed"] = True

    def migrates(self) -> int:
        """A basic group becomes a supergroup; gives the new chat id. Raises ValueError for a supergroup."""
        old = self.chat
        if old.type != GROUP:
            raise ValueError(f"{self.id} is a {old.type} already")
        new_id = -1_000_000_000_000 - abs(self.id)
        new = Chat(new_id, SUPERGROUP, "member", title=old.title, members=dict(old.members))
        self._world.chats[new_id] = new
        sender = self._anyone()
        self._service(sender, {"migrate_to_chat_id": new_id})
        old.standing, old.migrated_to = "migrated", new_id
        self.id = new_id
        self._world.watchers.tell("state", old.id, standing="migrated")
        self._service(sender, {"migrate_from_chat_id": old.id})
        return new_id

    def _anyone(self) -> Json:
        users = self._world.users
        return next((users[member] for member in self.chat.members if member in users), self._world.bot)

    def _service(self, sender: Json, content: Json) -> None:
        self._announce(self._world.post(self.chat, sender, content))

    def _announce(self, message: Json) -> None:
        self._world.announce("message", message, chat_id=self.id)

    def _heard(self, text: str, replied: Json | None, *, spoke_last: bool) -> bool:
        """Privacy mode: commands and replies to the bot, everything only if it is an administrator."""
        world = self._world
        if self.chat.standing != "member":
            return False
        if world.reads_all_in_groups or self.chat.members.get(world.bot["id"]) == "administrator":
            return True
        if replied is not None and replied["from"] == world.bot:
            return True
        command = re.match(r"/[A-Za-z0-9_]+(@[A-Za-z0-9_]+)?", text)
        if command is None:
            return False
        named = command.group(1)
        return spoke_last if named is None else named[1:].lower() == world.bot["username"].lower()

    def _bot_becomes(self, standing: str, before: str, after: str) -> None:
        world = self._world
        self.chat.standing = standing
        self.chat.members[world.bot["id"]] = after
        world.watchers.tell("state", self.id, standing=standing)
        change = {
            "chat": world.chat_json(self.chat),
            "from": self._anyone(),
            "date": world.today,
            "old_chat_member": member(world.bot, before),
            "new_chat_member": member(world.bot, after),
        }
        world.announce("my_chat_member", change, chat_id=self.id)
