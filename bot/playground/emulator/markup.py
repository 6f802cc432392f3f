"""Keyboards under messages: checked as the server checks them."""

import json
from typing import Any

from bot.playground.emulator.errors import ApiError, bad_request
from bot.playground.emulator.parameters import Parameters

Json = dict[str, Any]

DATA_BYTES = 64
MARKUP_BYTES = 10_240
_ACTIONS = (
    "url", "callback_data", "web_app", "login_url", "switch_inline_query", "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat", "copy_text", "callback_game", "pay",
)  # fmt: skip
_STYLES = ("danger", "success", "primary")


def reply_markup(args: Parameters) -> Json | None:
    """The checked `reply_markup` of a call; None if it has none. Raises ApiError."""
    markup = args.structure("reply_markup", "can't parse reply keyboard markup JSON object")
    if markup is None or markup == {}:
        return None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    if len(json.dumps(markup)) > MARKUP_BYTES:
        raise bad_request("reply markup is too long")
    if "inline_keyboard" in markup:
        rows = _rows(markup, "inline_keyboard", "InlineKeyboardMarkup")
        return {"inline_keyboard": [[_inline_button(button) for button in row] for row in rows]}
    if "keyboard" in markup:
        rows = _rows(markup, "keyboard", "ReplyKeyboardMarkup")
        return {**markup, "keyboard": [[_reply_button(button) for button in row] for row in rows]}
    if markup.get("remove_keyboard") is True or markup.get("force_reply") is True:
        return markup
    for name in ("remove_keyboard", "force_reply"):
        if name in markup and not isinstance(markup[name], bool):
            raise bad_request(f'field "{name}" must be of type Boolean')
    return None


def inline_markup(args: Parameters) -> Json | None:
    """Like `reply_markup`, for edits, which know inline keyboards only."""
    markup = reply_markup(args)
    if markup is not None and "inline_keyboard" not in markup:
        raise bad_request("inline keyboard expected")
    return markup


def _rows(markup: Json, name: str, kind: str) -> list[list[Any]]:
    rows = markup[name]
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request(f'field "{name}" of the {kind} must be an Array of Arrays')
    return [row for row in rows if row]


def _inline_button(button: Any) -> Json:
    if not isinstance(button, dict):
        raise _inline("InlineKeyboardButton must be an Object")
    text = button.get("text")
    if "text" not in button:
        raise _inline('Can\'t find field "text"')
    if not isinstance(text, str):
        raise _inline('Field "text" must be of type String')
    if not text.strip():
        raise bad_request("inline keyboard button text must be non-empty")
    if not any(action in button for action in _ACTIONS):
        raise _inline("Text buttons are not allowed in the inline keyboard")
    _check_action(button)
    return button


def _check_action(button: Json) -> None:
    if button.get("style", "primary") not in _STYLES:
        raise _inline("invalid button style specified")
    data = button.get("callback_data", "-")
    if not isinstance(data, str):
        raise _inline('Field "callback_data" must be of type String')
    if not 1 <= len(data.encode(errors="replace")) <= DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    if not str(button.get("url", "https://")).startswith(("http://", "https://", "tg://", "ton://")):
        raise bad_request("BUTTON_URL_INVALID")


def _reply_button(button: Any) -> Json:
    if isinstance(button, str):
        button = {"text": button}
    if not isinstance(button, dict):
        raise bad_request("can't parse keyboard button: KeyboardButton must be an Object")
    if not isinstance(button.get("text"), str) or not button["text"].strip():
        raise bad_request("keyboard button text must be non-empty")
    return button


def _inline(reason: str) -> ApiError:
    return bad_request(f"can't parse InlineKeyboardButton: {reason}")
