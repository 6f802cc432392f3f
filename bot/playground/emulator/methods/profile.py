"""What the bot sets about itself: commands, names, descriptions, the menu button."""

import json
import re
from typing import Any

from bot.playground.emulator.chats import PRIVATE
from bot.playground.emulator.errors import bad_request
from bot.playground.emulator.methods.call import Call
from bot.playground.emulator.parameters import Parameters
from bot.playground.emulator.text import clean, limited

Json = dict[str, Any]

MOST_COMMANDS = 100
COMMAND_LIMIT = 32
COMMAND_DESCRIPTION_LIMIT = 256
NAME_LIMIT = 64
DESCRIPTION_LIMIT = 512
SHORT_DESCRIPTION_LIMIT = 120
_SCOPES = {  # type -> the ids it needs
    "default": (), "all_private_chats": (), "all_group_chats": (), "all_chat_administrators": (),
    "chat": ("chat_id",), "chat_administrators": ("chat_id",), "chat_member": ("chat_id", "user_id"),
}  # fmt: skip


def set_my_commands(call: Call) -> bool:
    key = _scope(call), _language(call)
    given = call.args.structure("commands", "can't parse commands JSON object")
    if not isinstance(given, list):
        raise bad_request("expected an Array of BotCommand")
    if len(given) > MOST_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    commands = [_command(command) for command in given]
    if commands:
        call.world.profile.commands[key] = commands
    else:
        call.world.profile.commands.pop(key, None)
    call.world.watchers.tell("commands", 0)
    return True


def get_my_commands(call: Call) -> list[Json]:
    return call.world.profile.commands.get((_scope(call), _language(call)), [])


def delete_my_commands(call: Call) -> bool:
    call.world.profile.commands.pop((_scope(call), _language(call)), None)
    call.world.watchers.tell("commands", 0)
    return True


def set_my_name(call: Call) -> bool:
    return _set(call, call.world.profile.names, "name", NAME_LIMIT)


def get_my_name(call: Call) -> Json:
    names = call.world.profile.names
    return {"name": names.get(_language(call)) or names.get("") or call.world.bot["first_name"]}


def set_my_description(call: Call) -> bool:
    return _set(call, call.world.profile.descriptions, "description", DESCRIPTION_LIMIT)


def get_my_description(call: Call) -> Json:
    return {"description": _told(call, call.world.profile.descriptions)}


def set_my_short_description(call: Call) -> bool:
    return _set(call, call.world.profile.short_descriptions, "short_description", SHORT_DESCRIPTION_LIMIT)


def get_my_short_description(call: Call) -> Json:
    return {"short_description": _told(call, call.world.profile.short_descriptions)}


def set_chat_menu_button(call: Call) -> bool:
    button = call.args.structure("menu_button", "can't parse menu button JSON object") or {"type": "default"}
    if not isinstance(button, dict) or button.get("type") not in ("commands", "web_app", "default"):
        raise bad_request("can't parse menu button: unsupported type specified")
    call.world.profile.menu_buttons[_private_chat_id(call)] = button
    return True


def get_chat_menu_button(call: Call) -> Json:
    buttons = call.world.profile.menu_buttons
    return buttons.get(_private_chat_id(call)) or buttons.get(0) or {"type": "commands"}


def _private_chat_id(call: Call) -> int:
    if not call.args.text("chat_id"):
        return 0
    chat = call.chat()
    if chat.type != PRIVATE:
        raise bad_request("chat not found")
    return chat.id


def _scope(call: Call) -> str:
    """The scope as canonical JSON. Raises ApiError 400 if it names no known scope or chat."""
    scope = call.args.structure("scope", "can't parse BotCommandScope JSON object") or {"type": "default"}
    if not isinstance(scope, dict):
        raise bad_request("can't parse BotCommandScope: BotCommandScope must be an Object")
    needed = _SCOPES.get(str(scope.get("type")))
    if needed is None:
        raise bad_request("can't parse BotCommandScope: Unsupported type specified")
    for name in needed:
        if not scope.get(name):
            raise bad_request(f"can't parse BotCommandScope: {name} is empty")
    ids = {name: Parameters(scope).integer(name) for name in needed}
    if "chat_id" in ids and ids["chat_id"] not in call.world.chats:
        raise bad_request("chat not found")
    return json.dumps({"type": scope["type"], **ids})


def _language(call: Call) -> str:
    code = call.args.text("language_code")
    if not re.fullmatch(r"(?:[a-z]{2})?", code):
        raise bad_request("invalid language code specified")
    return code


def _command(given: Any) -> Json:
    if not isinstance(given, dict):
        raise bad_request("can't parse BotCommand: BotCommand must be an Object")
    name = clean(str(given.get("command", "")))[0].removeprefix("/")
    description = clean(str(given.get("description", "")))[0]
    if not name:
        raise bad_request("command must be non-empty")
    if not description:
        raise bad_request("command description must be non-empty")
    limited(name, COMMAND_LIMIT, f"command length must not exceed {COMMAND_LIMIT}")
    too_long = f"command description length must not exceed {COMMAND_DESCRIPTION_LIMIT}"
    limited(description, COMMAND_DESCRIPTION_LIMIT, too_long)
    if not re.fullmatch(r"[a-z0-9_]+", name):
        raise bad_request("BOT_COMMAND_INVALID")
    return {"command": name, "description": description}


def _set(call: Call, texts: dict[str, str], name: str, limit: int) -> bool:
    """Keep a text for a language; an empty one takes it away."""
    language = _language(call)
    text = limited(clean(call.args.text(name))[0], limit, f"bot {name.replace('_', ' ')} is too long")
    if text:
        texts[language] = text
    else:
        texts.pop(language, None)
    return True


def _told(call: Call, texts: dict[str, str]) -> str:
    return texts.get(_language(call)) or texts.get("", "")


METHODS = {
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "deleteMyCommands": delete_my_commands,
    "setMyName": set_my_name,
    "getMyName": get_my_name,
    "setMyDescription": set_my_description,
    "getMyDescription": get_my_description,
    "setMyShortDescription": set_my_short_description,
    "getMyShortDescription": get_my_short_description,
    "setChatMenuButton": set_chat_menu_button,
    "getChatMenuButton": get_chat_menu_button,
}
