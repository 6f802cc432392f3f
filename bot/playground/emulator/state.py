"""Saving a world as one JSON file, and finding it again."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bot.playground.emulator.chats import Chat
from bot.playground.emulator.postman import Webhook
from bot.playground.emulator.world import World

Json = dict[str, Any]

VERSION = 1


def save(world: World, path: Path) -> None:
    """Write people, chats, files, settings, waiting updates and the clock's offset, all or nothing."""
    profile = world.profile
    state = {
        "version": VERSION,
        "bot": world.bot,
        "clock_offset": world.clock.offset,
        "users": list(world.users.values()),
        "chats": [chat.saved() for chat in world.chats.values()],
        "files": world.files.saved(),
        "queue": world.queue.saved(),
        "last_message_id": world.last_message_id,
        "webhook": asdict(world.postman.webhook),
        "profile": {
            "names": profile.names,
            "descriptions": profile.descriptions,
            "short_descriptions": profile.short_descriptions,
            "commands": [[*key, commands] for key, commands in profile.commands.items()],
            "menu_buttons": list(profile.menu_buttons.items()),
        },
    }
    draft = path.with_name(f"{path.name}.new")
    draft.write_text(json.dumps(state), encoding="utf-8")
    draft.replace(path)


def load(world: World, path: Path) -> None:
    """Become the world that was saved. Raises ValueError if the file is from another version."""
    state: Json = json.loads(path.read_text(encoding="utf-8"))
    if state.get("version") != VERSION:
        raise ValueError(f"{path} is of version {state.get('version')}, this emulator reads {VERSION}")
    world.clock.advance(state["clock_offset"] - world.clock.offset)
    world.bot.update(state["bot"])
    world.users.clear()
    world.users.update({user["id"]: user for user in state["users"]})
    world.chats.clear()
    world.chats.update({saved["id"]: Chat.restored(saved) for saved in state["chats"]})
    world.files.restore(state["files"])
    world.last_message_id = state["last_message_id"]
    world.presses.clear()
    profile = state["profile"]
    world.profile.names = profile["names"]
    world.profile.descriptions = profile["descriptions"]
    world.profile.short_descriptions = profile["short_descriptions"]
    world.profile.commands = {
        (scope, language): commands for scope, language, commands in profile["commands"]
    }
    world.profile.menu_buttons = dict(profile["menu_buttons"])
    world.queue.restore(state["queue"])
    world.postman.point(Webhook(**state["webhook"]))
