"""Sending and answering: sendMessage, sendPoll, sendChatAction, answerCallbackQuery."""

from typing import Any

from bot.playground.emulator.errors import bad_request
from bot.playground.emulator.formatting import formatted
from bot.playground.emulator.markup import reply_markup
from bot.playground.emulator.methods.call import Call
from bot.playground.emulator.polls import poll
from bot.playground.emulator.text import TEXT_LIMIT, clean, limited

Json = dict[str, Any]

ACTIONS = frozenset({
    "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice",
    "upload_document", "choose_sticker", "find_location", "record_video_note", "upload_video_note",
})  # fmt: skip
CALLBACK_ANSWER_LIMIT = 200
QUESTION_LIMIT = 300
OPTION_LIMIT = 100
MOST_OPTIONS = 12


def send_message(call: Call) -> Json:
    if not call.args.text("text"):
        raise bad_request("message text is empty")
    text, entities = formatted(call.args, "text", TEXT_LIMIT, too_long="message is too long")
    markup = reply_markup(call.args)
    chat = call.writable_chat()
    if not text:
        raise bad_request("text must be non-empty")
    content: Json = {"text": text}
    if entities:
        content["entities"] = entities
    preview = call.args.structure("link_preview_options", "can't parse link preview options JSON object")
    if preview:
        content["link_preview_options"] = preview
    return call.deliver(chat, content, markup)


def send_poll(call: Call) -> Json:
    args = call.args
    question, entities = formatted(args, "question", QUESTION_LIMIT, too_long="poll question is too long")
    given = args.structure("options", "can't parse options JSON object") or []
    if not isinstance(given, list):
        raise bad_request("expected an Array of String as options")
    options = [_option(option) for option in given]
    markup = reply_markup(args)
    chat = call.writable_chat()
    if not question:
        raise bad_request("poll question must be non-empty")
    if not 1 <= len(options) <= MOST_OPTIONS:
        raise bad_request(f"poll must have from 1 to {MOST_OPTIONS} options")
    settings: Json = {
        "is_anonymous": "is_anonymous" not in args.values or args.flag("is_anonymous"),
        "type": args.text("type") or "regular",
        "allows_multiple_answers": args.flag("allows_multiple_answers"),
        "allows_revoting": args.flag("allows_revoting"),
        "is_closed": args.flag("is_closed"),
    }
    if entities:
        settings["question_entities"] = entities
    poll_id = str(call.world.random.getrandbits(60))
    return call.deliver(chat, {"poll": poll(poll_id, question, options, **settings)}, markup)


def send_chat_action(call: Call) -> bool:
    action = call.args.text("action")
    chat = call.writable_chat()
    if action not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    call.world.watchers.tell("action", chat.id, action=action)
    return True


def answer_callback_query(call: Call) -> bool:
    """Stop a button's spinner; refused once the press is too old. A second answer changes nothing."""
    world = call.world
    query_id = call.args.text("callback_query_id")
    text = limited(clean(call.args.text("text"))[0], CALLBACK_ANSWER_LIMIT, "MESSAGE_TOO_LONG")
    press = world.presses.get(query_id)
    if press is None or world.clock.now() - press.at > world.callback_deadline:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    if not press.answered:
        press.answered = True
        answer = {"callback_query_id": query_id, "text": text, "show_alert": call.args.flag("show_alert")}
        world.chats[press.user_id].callback_answers.append(answer)
        world.watchers.tell("callback_answer", press.chat_id, user_id=press.user_id, **answer)
    return True


def _option(option: Any) -> str:
    text = option.get("text") if isinstance(option, dict) else option
    if not isinstance(text, str):
        raise bad_request("can't parse options JSON object")
    text = clean(text)[0]
    if not text:
        raise bad_request("poll options must be non-empty")
    return limited(text, OPTION_LIMIT, f"poll options length must not exceed {OPTION_LIMIT}")


METHODS = {
    "sendMessage": send_message,
    "sendPoll": send_poll,
    "sendChatAction": send_chat_action,
    "answerCallbackQuery": answer_callback_query,
}
