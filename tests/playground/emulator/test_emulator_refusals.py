"""Refusals, word for word, and how requests may be written."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from aiohttp import ClientSession, FormData

from bot.playground.emulator import Emulator, Limits, Rate

Call = Callable[..., Awaitable[dict[str, Any]]]


@pytest.fixture
def chats(emulator: Emulator) -> Emulator:
    """Person 1 has opened the chat, 2 has not, 3 has blocked, 4 is gone; group -5 stands."""
    emulator.person(1).opens()
    emulator.person(2)
    emulator.person(3).opens()
    emulator.person(3).blocks()
    emulator.person(4).opens()
    emulator.person(4).deactivates()
    emulator.group(-5, title="Panel", kind="group", members=[emulator.person(1)])
    return emulator


def inline(**button: Any) -> dict[str, Any]:
    return {"inline_keyboard": [[button]]}


@pytest.mark.parametrize(
    ("values", "status", "description"),
    [
        ({"text": "x"}, 400, "Bad Request: chat_id is empty"),
        ({"chat_id": 99, "text": "x"}, 400, "Bad Request: chat not found"),
        ({"chat_id": "@nobody", "text": "x"}, 400, "Bad Request: chat not found"),
        ({"chat_id": 1}, 400, "Bad Request: message text is empty"),
        ({"chat_id": 1, "text": " \u202e\n"}, 400, "Bad Request: text must be non-empty"),
        ({"chat_id": 1, "text": "x" * 4097}, 400, "Bad Request: message is too long"),
        ({"chat_id": 1, "text": "\ud83d"}, 400, "Bad Request: strings must be encoded in UTF-8"),
        ({"chat_id": 2, "text": "x"}, 403, "Forbidden: bot can't initiate conversation with a user"),
        ({"chat_id": 3, "text": "x"}, 403, "Forbidden: bot was blocked by the user"),
        ({"chat_id": 4, "text": "x"}, 403, "Forbidden: user is deactivated"),
        ({"chat_id": 1, "text": "x", "reply_parameters": {"message_id": 99}}, 400,
         "Bad Request: message to be replied not found"),
        ({"chat_id": -5, "text": "x", "message_thread_id": 1}, 400, "Bad Request: message thread not found"),
        ({"chat_id": 1, "text": "x", "reply_markup": "{"}, 400,
         "Bad Request: can't parse reply keyboard markup JSON object"),
        ({"chat_id": 1, "text": "x", "reply_markup": []}, 400,
         "Bad Request: object expected as reply markup"),
        ({"chat_id": 1, "text": "x", "reply_markup": inline(text="é", callback_data="é" * 33)}, 400,
         "Bad Request: BUTTON_DATA_INVALID"),
        ({"chat_id": 1, "text": "x", "reply_markup": inline(text="x", url="nowhere")}, 400,
         "Bad Request: BUTTON_URL_INVALID"),
        ({"chat_id": 1, "text": "x", "reply_markup": inline(text="x")}, 400, "Bad Request: can't parse "
         "InlineKeyboardButton: Text buttons are not allowed in the inline keyboard"),
        ({"chat_id": 1, "text": "x", "reply_markup": inline(callback_data="x")}, 400,
         'Bad Request: can\'t parse InlineKeyboardButton: Can\'t find field "text"'),
        ({"chat_id": 1, "text": "x", "reply_markup": {"keyboard": [[{"text": "y" * 11_000}]]}}, 400,
         "Bad Request: reply markup is too long"),
    ],
)  # fmt: skip
async def test_a_send_is_refused(
    chats: Emulator, call: Call, values: dict[str, Any], status: int, description: str
) -> None:
    refused = await call("sendMessage", **values)

    assert refused == {"ok": False, "error_code": status, "description": description}
    assert chats.ledger.sends == []
    assert chats.ledger.refusals[-1].description == description


async def test_callback_data_of_64_bytes_fits(chats: Emulator, call: Call) -> None:
    sent = await call(
        "sendMessage", chat_id=1, text="x", reply_markup=inline(text="x", callback_data="é" * 32)
    )

    assert sent["ok"]


async def test_a_reply_to_a_message_that_is_gone_may_be_let_through(chats: Emulator, call: Call) -> None:
    reply = {"message_id": 99, "allow_sending_without_reply": True}
    sent = await call("sendMessage", chat_id=1, text="x", reply_parameters=reply)

    assert "reply_to_message" not in sent["result"]


@pytest.mark.parametrize(
    ("method", "change", "description"),
    [
        ("editMessageText", {"text": "Hello"}, "message is not modified: specified new message content and "
         "reply markup are exactly the same as a current content and reply markup of the message"),
        ("editMessageText", {"text": "x", "message_id": 999}, "message to edit not found"),
        ("editMessageText", {"text": "x", "message_id": 1}, "message can't be edited"),
        ("editMessageText", {"text": ""}, "message text is empty"),
        ("editMessageCaption", {"caption": "x"}, "there is no caption in the message to edit"),
        ("editMessageMedia", {"media": {"type": "photo", "media": "https://x.org/a"}, "message_id": 999},
         "message to edit not found"),
        ("editMessageMedia", {"media": {"type": "photo"}}, "there is no photo in the request"),
        ("editMessageMedia", {"media": {"type": "dice"}},
         "can't parse InputMedia: type \"dice\" can't be used in editMessageMedia"),
        ("deleteMessage", {"message_id": 999}, "message to delete not found"),
    ],
)  # fmt: skip
async def test_a_change_is_refused(
    chats: Emulator, call: Call, method: str, change: dict[str, Any], description: str
) -> None:
    sent = (await call("sendMessage", chat_id=1, text="Hello"))["result"]

    refused = await call(method, **{"chat_id": 1, "message_id": sent["message_id"], **change})

    assert refused == {"ok": False, "error_code": 400, "description": f"Bad Request: {description}"}


async def test_a_message_with_a_reply_keyboard_cannot_be_edited(chats: Emulator, call: Call) -> None:
    sent = await call("sendMessage", chat_id=1, text="Hello", reply_markup={"remove_keyboard": True})

    refused = await call("editMessageText", chat_id=1, message_id=sent["result"]["message_id"], text="Bye")

    assert refused["description"] == "Bad Request: message can't be edited"


async def test_a_message_can_be_deleted_for_two_days(chats: Emulator, call: Call) -> None:
    young = (await call("sendMessage", chat_id=1, text="Hello"))["result"]["message_id"]
    assert (await call("deleteMessages", chat_id=1, message_ids=[young, 999]))["ok"]
    old = (await call("sendMessage", chat_id=1, text="Hello"))["result"]["message_id"]
    chats.clock.advance(48 * 3600)

    refused = await call("deleteMessage", chat_id=1, message_id=old)

    assert refused["description"] == "Bad Request: message can't be deleted"
    assert [message.get("text") for message in chats.person(1).messages] == ["/start", "Hello"]


async def test_a_press_is_answered_in_time_or_refused(chats: Emulator, call: Call) -> None:
    in_time, late = chats.person(1).presses(1, "a"), chats.person(1).presses(1, "b")
    answered = await call("answerCallbackQuery", callback_query_id=in_time, text="first")
    twice = await call("answerCallbackQuery", callback_query_id=in_time, text="second")
    chats.clock.advance(chats.world.callback_deadline + 1)

    refused = await call("answerCallbackQuery", callback_query_id=late)
    unknown = await call("answerCallbackQuery", callback_query_id="1")
    too_long = await call("answerCallbackQuery", callback_query_id=late, text="x" * 201)

    assert answered == twice == {"ok": True, "result": True}
    assert [answer["text"] for answer in chats.person(1).callback_answers] == ["first"]
    assert (
        refused["description"]
        == unknown["description"]
        == ("Bad Request: query is too old and response timeout expired or query ID is invalid")
    )
    assert too_long["description"] == "Bad Request: MESSAGE_TOO_LONG"


async def test_a_migrated_group_names_its_new_id(chats: Emulator, call: Call) -> None:
    new_id = chats.group(-5).migrates()

    refused = await call("sendMessage", chat_id=-5, text="x")

    assert list(refused) == ["ok", "error_code", "description", "parameters"]
    assert refused["description"] == "Bad Request: group chat was upgraded to a supergroup chat"
    assert refused["parameters"] == {"migrate_to_chat_id": new_id}
    assert (await call("sendMessage", chat_id=new_id, text="x"))["ok"]


# ---- flood limits


async def test_too_many_messages_are_refused_with_the_time_to_wait(
    chats: Emulator, call: Call, http: ClientSession
) -> None:
    chats.limits = Limits(chat=Rate(burst=2, per_second=0.1), group=None, everyone=None)
    assert [(await call("sendMessage", chat_id=1, text="x"))["ok"] for _ in range(2)] == [True, True]

    async with http.post("/bot42:TEST/sendMessage", json={"chat_id": 1, "text": "x"}) as response:
        body = await response.text()

    assert response.status == 429
    assert response.headers["Retry-After"] == "10"
    assert response.content_type == "application/json"
    assert body == (
        '{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 10",'
        '"parameters":{"retry_after":10}}'
    )
    chats.clock.advance(10)
    assert (await call("sendMessage", chat_id=1, text="x"))["ok"]


async def test_a_message_refused_for_another_reason_does_not_count(chats: Emulator, call: Call) -> None:
    chats.limits = Limits(chat=Rate(burst=1, per_second=0.01), group=None, everyone=None)

    await call("sendMessage", chat_id=1, text="x", reply_parameters={"message_id": 99})

    assert (await call("sendMessage", chat_id=1, text="x"))["ok"]


async def test_chats_groups_and_the_whole_bot_have_limits_of_their_own(chats: Emulator, call: Call) -> None:
    one, many = Rate(burst=1, per_second=0.01), Rate(burst=100, per_second=1)

    async def statuses(limits: Limits | None) -> list[int]:
        chats.limits = limits
        answers = [await call("sendMessage", chat_id=chat, text="x") for chat in (1, 1, -5, -5)]
        return [answer.get("error_code", 200) for answer in answers]

    assert await statuses(Limits(chat=one, group=many, everyone=many)) == [200, 429, 200, 200]
    assert await statuses(Limits(chat=many, group=one, everyone=many)) == [200, 200, 200, 429]
    assert await statuses(Limits(chat=many, group=many, everyone=one)) == [200, 429, 429, 429]
    assert await statuses(None) == [200, 200, 200, 200]


# ---- tokens, addresses, encodings


@pytest.mark.parametrize(
    ("path", "status", "description"),
    [
        ("/", 404, "Not Found"),
        ("/nothing/here", 404, "Not Found"),
        ("/bot42:TEST/", 404, "Not Found: method not found"),
        ("/bot42:TEST/sendPigeon", 404, "Not Found: method not found"),
        ("/botTEST/getMe", 401, "Unauthorized: invalid token specified"),
        ("/bot042:TEST/getMe", 401, "Unauthorized: invalid token specified"),
        ("/bot42:" + "T" * 78 + "/getMe", 401, "Unauthorized: invalid token specified"),
        ("/bot42:OTHER/getMe", 401, "Unauthorized"),
        ("/file/bot42:TEST/documents/none.pdf", 404, "Not Found"),
        ("/file/bot42:OTHER/documents/none.pdf", 401, "Unauthorized"),
    ],
)
async def test_a_wrong_address_is_refused(
    http: ClientSession, path: str, status: int, description: str
) -> None:
    async with http.get(path) as response:
        body = await response.json()

    assert (response.status, body) == (
        status,
        {"ok": False, "error_code": status, "description": description},
    )


async def test_method_names_may_be_written_in_any_case(http: ClientSession) -> None:
    for path in ("/bot42:TEST/GETME", "/bot42:TEST/getme", "/bot42:TEST/test/getMe"):
        async with http.get(path) as response:
            assert (await response.json())["result"]["username"] == "together_bot"


def _multipart(values: dict[str, str]) -> FormData:
    form = FormData(values)
    form.add_field("unused", b"\r\n--bytes\r\n\r\n", filename="x.bin")
    return form


@pytest.mark.parametrize("encoding", ["query", "form", "json", "multipart"])
async def test_a_call_may_be_written_in_four_ways(
    chats: Emulator, http: ClientSession, encoding: str
) -> None:
    markup = inline(text="Ça va", callback_data="ça=va&x")
    values = {"chat_id": "1", "text": "é & = % +\n€", "reply_markup": json.dumps(markup)}
    written: dict[str, Any] = {
        "query": {"params": values},
        "form": {"data": values},
        "json": {"json": {"chat_id": 1, "text": values["text"], "reply_markup": markup}},
        "multipart": {"data": _multipart(values)},
    }[encoding]

    async with http.post("/bot42:TEST/sendMessage", **written) as response:
        message = (await response.json())["result"]

    assert message["text"] == values["text"]
    assert message["reply_markup"] == markup


@pytest.mark.parametrize("body", ["", "[]", "{", "null", "[" * 100_000, "\ud83d"])
async def test_an_unreadable_body_is_a_bad_request(http: ClientSession, body: str) -> None:
    headers = {"Content-Type": "application/json"}
    raw = body.encode(errors="surrogatepass")

    async with http.post("/bot42:TEST/sendMessage", data=raw, headers=headers) as response:
        envelope = await response.json()

    assert (response.status, envelope["ok"]) == (400, False)


# ---- settings


@pytest.mark.parametrize(
    ("method", "values", "description"),
    [
        ("setMyCommands", {"commands": [{"command": "a", "description": "b"}] * 101},
         "BOT_COMMANDS_TOO_MUCH"),
        ("setMyCommands", {"commands": [{"command": "Hi!", "description": "b"}]}, "BOT_COMMAND_INVALID"),
        ("setMyCommands", {"commands": [{"command": "", "description": "b"}]}, "command must be non-empty"),
        ("setMyCommands", {"commands": [{"command": "a" * 33, "description": "b"}]},
         "command length must not exceed 32"),
        ("setMyCommands", {"commands": [{"command": "a", "description": "b" * 257}]},
         "command description length must not exceed 256"),
        ("setMyCommands", {"commands": [], "language_code": "fra"}, "invalid language code specified"),
        ("setMyCommands", {"commands": [], "scope": {"type": "moon"}},
         "can't parse BotCommandScope: Unsupported type specified"),
        ("setMyCommands", {"commands": [], "scope": {"type": "chat", "chat_id": 99}}, "chat not found"),
        ("setMyDescription", {"description": "x" * 513}, "bot description is too long"),
        ("sendChatAction", {"chat_id": 1, "action": "dancing"}, "wrong parameter action in request"),
        ("getFile", {"file_id": "none"}, "wrong file_id or the file is temporarily unavailable"),
        ("sendPhoto", {"chat_id": 1}, "there is no photo in the request"),
        ("sendDocument", {"chat_id": 1, "document": "none"},
         "wrong remote file identifier specified: can't unserialize it"),
        ("sendMediaGroup", {"chat_id": 1, "media": []}, "there must be from 1 to 10 items in an album"),
        ("sendPoll", {"chat_id": 1, "question": "?", "options": []}, "poll must have from 1 to 12 options"),
        ("sendPoll", {"chat_id": 1, "question": "x" * 301, "options": ["a"]}, "poll question is too long"),
    ],
)  # fmt: skip
async def test_a_setting_or_file_is_refused(
    chats: Emulator, call: Call, method: str, values: dict[str, Any], description: str
) -> None:
    assert (await call(method, **values))["description"] == f"Bad Request: {description}"


async def test_commands_and_descriptions_are_kept_by_scope_and_language(chats: Emulator, call: Call) -> None:
    menu = [{"command": "menu", "description": "Le menu"}]
    await call("setMyCommands", commands=menu, language_code="fr")
    await call("setMyDescription", description="Bonjour", language_code="fr")
    await call("setMyDescription", description="Hello")
    await call("setMyShortDescription", short_description="Salut", language_code="fr")

    assert (await call("getMyCommands", language_code="fr"))["result"] == menu
    assert (await call("getMyCommands"))["result"] == []
    assert (await call("getMyDescription", language_code="fr"))["result"] == {"description": "Bonjour"}
    assert (await call("getMyDescription", language_code="de"))["result"] == {"description": "Hello"}
    assert chats.commands == {('{"type": "default"}', "fr"): menu}
    assert (chats.descriptions, chats.short_descriptions) == (
        {"fr": "Bonjour", "": "Hello"},
        {"fr": "Salut"},
    )
    await call("deleteMyCommands", language_code="fr")
    assert chats.commands == {}


async def test_a_file_sent_once_can_be_sent_again_and_fetched(
    chats: Emulator, http: ClientSession, call: Call
) -> None:
    form = FormData({"chat_id": "1", "caption": "Minutes of /meeting"})
    form.add_field("document", b"\x00\xff minutes", filename="minutes.pdf", content_type="application/pdf")
    async with http.post("/bot42:TEST/sendDocument", data=form) as response:
        sent = (await response.json())["result"]

    again = (await call("sendDocument", chat_id=1, document=sent["document"]["file_id"]))["result"]
    path = (await call("getFile", file_id=sent["document"]["file_id"]))["result"]["file_path"]
    async with http.get(f"/file/bot42:TEST/{path}") as response:
        content = await response.read()

    assert sent["document"]["file_name"] == "minutes.pdf"
    assert sent["caption_entities"] == [{"offset": 11, "length": 8, "type": "bot_command"}]
    assert again["document"] == sent["document"]
    assert content == b"\x00\xff minutes"


async def test_the_ledger_tells_what_was_uploaded_from_what_was_named(
    chats: Emulator, http: ClientSession, call: Call
) -> None:
    form = FormData({"chat_id": "1"})
    form.add_field("photo", b"a photo", filename="a.jpg", content_type="image/jpeg")
    async with http.post("/bot42:TEST/sendPhoto", data=form) as response:
        sent = (await response.json())["result"]
    file_id = sent["photo"][-1]["file_id"]
    await call("sendPhoto", chat_id=1, photo=file_id)
    await call("sendMessage", chat_id=1, text="words")

    told = [(send.file_id, send.uploaded) for send in chats.ledger.sends]
    assert told == [(file_id, True), (file_id, False), (None, False)]


async def test_a_file_of_another_bot_is_unknown(chats: Emulator, call: Call) -> None:
    other = Emulator(token="43:OTHER")
    theirs = other.person(1).sends("photo")["photo"][-1]["file_id"]
    ours = chats.person(1).sends("photo")["photo"][-1]["file_id"]

    refused = await call("sendPhoto", chat_id=1, photo=theirs)

    assert refused["description"].startswith("Bad Request: wrong remote file identifier specified")
    assert (await call("sendPhoto", chat_id=1, photo=ours))["ok"]


async def test_a_picture_is_no_document_and_a_document_no_picture(chats: Emulator, call: Call) -> None:
    photo = chats.person(1).sends("photo")["photo"][-1]["file_id"]
    document = chats.person(1).sends("document")["document"]["file_id"]

    assert not (await call("sendDocument", chat_id=1, document=photo))["ok"]
    assert not (await call("sendPhoto", chat_id=1, photo=document))["ok"]
