"""What the page is told: the emulator's people, chats and events as the page's JSON."""

import json
from collections.abc import Mapping
from typing import Any

from bot.playground.cast import CAST, CIRCLE, NEIGHBOURS
from bot.playground.emulator import Emulator

Json = dict[str, Any]

_CAST = {persona.id: persona for persona in CAST}
_NONE: Mapping[int, str] = {}


def snapshot(emulator: Emulator, links: Mapping[int, str] = _NONE) -> Json:
    """Everything, for a browser that begins to listen.

    links  what follows ?start= in the link of somebody who enters by another one than in the cast
    """
    people = [
        {**person(emulator, user_id, links), "messages": emulator.person(user_id).messages}
        for user_id in emulator.world.users
        if user_id not in NEIGHBOURS
    ]
    if CIRCLE.id in emulator.world.chats:
        people.append(circle(emulator))
    return {"type": "snapshot", "people": people, "bot": bot(emulator), "clock": clock(emulator)}


def person(emulator: Emulator, user_id: int, links: Mapping[int, str] = _NONE) -> Json:
    """Somebody without their messages; links as above."""
    user = emulator.world.users[user_id]
    chat = emulator.world.chats[user_id]
    persona = _CAST.get(user_id)
    return {
        "id": user_id,
        "first_name": user["first_name"],
        "language_code": user.get("language_code", ""),
        "place": persona.place if persona else "",
        "zone": persona.zone if persona else None,
        "payload": links.get(user_id, persona.payload if persona else ""),
        "role": persona.role if persona else "citizen",
        "state": chat.standing,
        "keyboard": chat.keyboard and chat.keyboard["keyboard"],
    }


def circle(emulator: Emulator) -> Json:
    """The group chat, which the page shows beside the people's phones, and as if it were one."""
    users, group = emulator.world.users, emulator.group(CIRCLE.id)
    members = [{"id": id, "first_name": users[id]["first_name"]} for id in group.people]
    return {
        "id": CIRCLE.id,
        "first_name": group.chat.title or CIRCLE.title,
        "language_code": CIRCLE.language_code,
        "place": "",
        "zone": CIRCLE.zone,
        "payload": "",
        "role": "group",
        "state": group.chat.standing,
        "keyboard": None,
        "members": members,
        "messages": group.messages,
    }


def bot(emulator: Emulator) -> Json:
    """What the bot has told Telegram about itself."""
    lists = [
        {"scope": json.loads(scope), "language_code": language, "commands": commands}
        for (scope, language), commands in emulator.commands.items()
    ]
    about = emulator.world.bot
    return {
        "username": about["username"],
        "name": about["first_name"],
        "descriptions": emulator.descriptions,
        "commands": lists,
    }


def clock(emulator: Emulator) -> Json:
    return {"unix": emulator.clock.now(), "offset": emulator.clock.offset}


def event(emulator: Emulator, told: Json, links: Mapping[int, str] = _NONE) -> Json | None:
    """An event of the emulator as one of the page's; None for what the page does not show. Links as above."""
    chat_id = told["chat_id"]
    if chat_id in NEIGHBOURS:
        return None
    match told["type"]:
        case "message" | "edit":
            standing = emulator.world.chats[chat_id].standing  # a first message makes "new" into "active"
            return {"type": "message", "chat_id": chat_id, "message": told["message"], "state": standing}
        case "callback_answer":
            return {**told, "type": "answer"}
        case "keyboard":
            keyboard = told["keyboard"]
            return {"type": "keyboard", "chat_id": chat_id, "keyboard": keyboard and keyboard["keyboard"]}
        case "state" if chat_id in emulator.world.users:
            return {"type": "person", "person": person(emulator, chat_id, links)}
        case "commands":
            return {"type": "bot", "bot": bot(emulator)}
        case "clock":
            return {"type": "clock", "clock": clock(emulator)}
        case "delete" | "action":
            return told
    return None
