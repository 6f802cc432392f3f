"""Changing what was said: edit and delete methods."""

from typing import Any

from bot.playground.emulator.chats import PRIVATE, Chat
from bot.playground.emulator.errors import bad_request
from bot.playground.emulator.formatting import formatted
from bot.playground.emulator.markup import inline_markup
from bot.playground.emulator.methods.call import Call
from bot.playground.emulator.methods.media import replacement
from bot.playground.emulator.text import CAPTION_LIMIT, TEXT_LIMIT

Json = dict[str, Any]

DELETABLE_SECONDS = 48 * 3600
MOST_DELETED = 100
WORDS = {"text", "caption"}
SHOWN = {"text", "photo", "document"}
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a "
    "current content and reply markup of the message"
)


def edit_message_text(call: Call) -> Json:
    if not call.args.text("text"):
        raise bad_request("message text is empty")
    text, entities = formatted(call.args, "text", TEXT_LIMIT, too_long="message is too long")
    markup = inline_markup(call.args)
    chat, message = _own_message(call)
    if not text:
        raise bad_request("text must be non-empty")
    if "text" not in message:
        raise bad_request("there is no text in the message to edit")
    return _change(call, chat, message, {"text": text, "entities": entities or None, "reply_markup": markup})


def edit_message_caption(call: Call) -> Json:
    caption, entities = formatted(call.args, "caption", CAPTION_LIMIT, too_long="message caption is too long")
    markup = inline_markup(call.args)
    chat, message = _own_message(call)
    if "text" in message:
        raise bad_request("there is no caption in the message to edit")
    change = {"caption": caption or None, "caption_entities": entities or None, "reply_markup": markup}
    return _change(call, chat, message, change)


def edit_message_media(call: Call) -> Json:
    content = replacement(call)
    markup = inline_markup(call.args)
    chat, message = _own_message(call)
    if not SHOWN & message.keys():
        raise bad_request("there is no media in the message to edit")
    gone = dict.fromkeys((*SHOWN, "entities", "caption", "caption_entities"))
    return _change(call, chat, message, {**gone, **content, "reply_markup": markup})


def edit_message_reply_markup(call: Call) -> Json:
    markup = inline_markup(call.args)
    chat, message = _own_message(call)
    return _change(call, chat, message, {"reply_markup": markup})


def delete_message(call: Call) -> bool:
    chat = call.chat()
    message_id = call.args.integer("message_id")
    call.refuse_unreachable(chat)
    if message_id not in chat.messages:
        raise bad_request("message to delete not found")
    if not _deletable(call, chat, message_id):
        raise bad_request("message can't be deleted")
    _delete(call, chat, message_id)
    return True


def delete_messages(call: Call) -> bool:
    """What cannot be found is passed over; one message that cannot be deleted spoils the call."""
    ids = call.args.structure("message_ids", "can't parse message identifiers JSON object")
    chat = call.chat()
    if not isinstance(ids, list) or not ids:
        raise bad_request("message identifiers are not specified")
    if not all(isinstance(message_id, int) for message_id in ids):
        raise bad_request("can't parse message identifiers JSON object")
    if len(ids) > MOST_DELETED:
        raise bad_request("too many message identifiers specified")
    call.refuse_unreachable(chat)
    found = [message_id for message_id in ids if message_id in chat.messages]
    if not all(_deletable(call, chat, message_id) for message_id in found):
        raise bad_request("message can't be deleted")
    for message_id in found:
        _delete(call, chat, message_id)
    return True


def _own_message(call: Call) -> tuple[Chat, Json]:
    chat = call.chat()
    message_id = call.args.integer("message_id")
    if not message_id:
        raise bad_request("message identifier is not specified")
    call.refuse_unreachable(chat)
    message = chat.messages.get(message_id)
    if message is None:
        raise bad_request("message to edit not found")
    if message["from"] != call.world.bot or message_id in chat.uneditable:
        raise bad_request("message can't be edited")
    return chat, message


def _change(call: Call, chat: Chat, message: Json, change: Json) -> Json:
    """Apply a change; a None takes the field away."""
    if all(message.get(name) == value for name, value in change.items()):
        raise bad_request(NOT_MODIFIED)
    call.spend(chat)
    world = call.world
    for name, value in change.items():
        if value is None:
            message.pop(name, None)
        else:
            message[name] = value
    if change.keys() & WORDS:  # other edits are hidden: https://github.com/tdlib/td, hide_edit_date
        message["edit_date"] = world.today
        chat.spoke(message.get("text") or message.get("caption") or "")
    world.watchers.tell("edit", chat.id, message=message)
    sent = world.ledger.sent(
        world.ledger.edits,
        request_id=call.request_id,
        at=world.clock.now(),
        method=call.method,
        message=message,
        markup=message.get("reply_markup"),
    )
    call.sends.append(sent)
    return message


def _deletable(call: Call, chat: Chat, message_id: int) -> bool:
    message = chat.messages[message_id]
    recent = call.world.clock.now() - message["date"] < DELETABLE_SECONDS
    own = message["from"] == call.world.bot
    administrator = chat.members.get(call.world.bot["id"]) == "administrator"
    return recent and (own or chat.type == PRIVATE or administrator)


def _delete(call: Call, chat: Chat, message_id: int) -> None:
    del chat.messages[message_id]
    call.world.watchers.tell("delete", chat.id, message_id=message_id)


METHODS = {
    "editMessageText": edit_message_text,
    "editMessageCaption": edit_message_caption,
    "editMessageMedia": edit_message_media,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "deleteMessage": delete_message,
    "deleteMessages": delete_messages,
}
