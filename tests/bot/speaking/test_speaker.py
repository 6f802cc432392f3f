"""What becomes of each send is told apart: delivered, later, moved, gone, refused, unsure, revoked."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from telegram import error as telegram

from bot.playground.emulator import Emulator, Fault
from bot.refusal import Refused, TokenRevoked
from bot.rendering.files import Attachment, Known, kept, made
from bot.speaking.outcomes import (
    Delivered,
    Gone,
    Later,
    Lost,
    Moved,
    Muted,
    Outcome,
    Rejected,
    Revoked,
    Unsure,
)
from bot.speaking.speaker import SHORT, Speaker, Unanswered, outcome_of
from bot.speaking.transport import NeverLeft
from flows.files import Form, QrCode, Table

PLAIN = {"text": "Hello <b>you</b>", "buttons": [[["Yes", "1:0:yes"], ["No", "1:0:no"]]]}


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (telegram.RetryAfter(timedelta(seconds=35)), Later(timedelta(seconds=35), asked=True)),
        (telegram.RetryAfter(3600), Later(timedelta(hours=1), asked=True)),
        (telegram.ChatMigrated(-1009), Moved(-1009)),
        (telegram.Forbidden("Forbidden: bot was blocked by the user"), Gone("blocked")),
        (telegram.Forbidden("Forbidden: user is deactivated"), Gone("deleted")),
        (telegram.Forbidden("Forbidden: bot was kicked from the supergroup chat"), Gone("gone")),
        (telegram.InvalidToken(), Revoked()),
        (telegram.BadRequest("Chat not found"), Gone("gone")),
        (telegram.BadRequest("Private chat not found"), Gone("gone")),
        (telegram.BadRequest("PEER_ID_INVALID"), Gone("gone")),
        (telegram.BadRequest("Message is too long"), Rejected("Message is too long")),
        (telegram.BadRequest("Message to edit not found"), Lost()),
        (telegram.BadRequest("Message can't be edited"), Lost()),
        (NeverLeft("ClientConnectorError"), Later(SHORT, asked=False)),
        (telegram.TimedOut(), Unsure()),
        (telegram.NetworkError("ServerDisconnectedError"), Unsure()),
        (telegram.TelegramError("Invalid server response"), Unsure()),
        (telegram.Conflict("terminated"), Unsure()),
        (telegram.EndPointNotFound("Not Found"), Unsure()),
        (UnicodeEncodeError("utf-8", "\ud83d", 0, 1, "half a pair"), Rejected("UnicodeEncodeError")),
    ],
)
def test_every_error_means_one_outcome(error: Exception, outcome: Outcome) -> None:
    assert outcome_of(error) == outcome


def test_no_error_of_the_library_was_forgotten() -> None:
    tested = {
        "BadRequest", "ChatMigrated", "Conflict", "EndPointNotFound", "Forbidden", "InvalidToken",
        "NetworkError", "RetryAfter", "TelegramError", "TimedOut",
    }  # fmt: skip

    assert set(telegram.__all__) - tested == {"PassportDecryptionError"}


@pytest.fixture
async def emulator() -> AsyncIterator[Emulator]:
    emulator = Emulator()
    await emulator.start()
    emulator.limits = None
    emulator.person(1).opens()
    yield emulator
    await emulator.stop()


@pytest.fixture
async def speaker(emulator: Emulator) -> AsyncIterator[Speaker]:
    speaker = Speaker("42:TEST", emulator.root, most=4)
    await speaker.open()
    yield speaker
    await speaker.close()


async def test_a_message_arrives_with_its_marks_and_its_buttons(emulator: Emulator, speaker: Speaker) -> None:
    outcome = await speaker.say(1, PLAIN)

    [send] = emulator.ledger.sends
    assert outcome == Delivered(send.message_id)
    assert send.text == "Hello you"
    assert [entity["type"] for entity in send.entities] == ["bold"]
    assert emulator.person(1).buttons == [("Yes", "1:0:yes"), ("No", "1:0:no")]


UNCLOSED = "Can't parse entities: can't find end tag corresponding to start tag \"b\""
UNMATCHED = 'Can\'t parse entities: unmatched end tag at byte offset 15, expected "</i>", found "</b>"'
"""What Telegram says of marks that do not end, or not in their order."""

LINKED = {"text": "<b>Park</b>: 3", "buttons": [], "links": [["Answer", "https://t.me/bot?start=m_1"]]}


async def test_a_message_is_edited_with_its_link(emulator: Emulator, speaker: Speaker) -> None:
    sent = await speaker.say(1, LINKED)
    assert isinstance(sent, Delivered)

    edited = await speaker.say(1, {**LINKED, "text": "<b>Park</b>: 4", "edit": sent.message})

    assert edited == sent
    assert emulator.person(1).said == ["Park: 4"]
    [[button]] = emulator.person(1).last["reply_markup"]["inline_keyboard"]
    assert button == {"text": "Answer", "url": "https://t.me/bot?start=m_1"}


async def test_an_edit_that_changes_nothing_is_as_good_as_delivered(
    emulator: Emulator, speaker: Speaker
) -> None:
    sent = await speaker.say(1, LINKED)
    assert isinstance(sent, Delivered)

    assert await speaker.say(1, {**LINKED, "edit": sent.message}) == sent


async def test_an_edit_with_broken_marks_is_made_without_them(emulator: Emulator, speaker: Speaker) -> None:
    sent = await speaker.say(1, LINKED)
    assert isinstance(sent, Delivered)

    edited = await speaker.say(1, {**LINKED, "text": "<b>Park: 4", "edit": sent.message})

    assert edited == Delivered(sent.message, flaw=UNCLOSED)
    assert emulator.person(1).said == ["Park: 4"]


async def test_what_was_to_be_edited_and_is_gone_is_lost(emulator: Emulator, speaker: Speaker) -> None:
    assert await speaker.say(1, {**LINKED, "edit": 404}) == Lost()


@pytest.mark.parametrize("gone", [False, True])
async def test_what_is_said_to_a_topic_stands_there_or_where_there_is_none_any_more_in_the_chat(
    emulator: Emulator, speaker: Speaker, gone: bool
) -> None:
    group = emulator.group(-100_700, title="Panel", members=[emulator.person(1)])
    topic = group.opens_topic("News")
    if gone:
        group.closes_topic(topic)

    outcomes = [await speaker.say(group.id, payload) for payload in (topical(topic), with_file(topic))]

    assert all(isinstance(outcome, Delivered) for outcome in outcomes)
    assert [message.get("message_thread_id") for message in group.messages] == [None if gone else topic] * 2


def topical(topic: int) -> dict[str, object]:
    return {**PLAIN, "topic": topic}


def with_file(topic: int) -> dict[str, object]:
    return {"text": "A picture", "buttons": [], "file": made(QrCode("x"), ()).payload(), "topic": topic}


async def test_a_message_with_broken_marks_is_said_without_them(emulator: Emulator, speaker: Speaker) -> None:
    outcome = await speaker.say(1, {"text": "<b>Hello <i>you</b>", "buttons": []})

    [send] = emulator.ledger.sends
    assert outcome == Delivered(send.message_id, flaw=UNMATCHED)
    assert emulator.person(1).said == ["Hello you"]


NOT_TELEGRAMS = (301, 400, 401, 403, 404, 407, 413, 429)
"""What a proxy, a firewall or a gateway may answer in its own words, most often a page of HTML."""

ODDITIES = (
    "",
    "null",
    "[]",
    "true",
    '"Forbidden"',
    "{}",
    '{"error":"forbidden"}',
    '{"ok":true}',
    '{"ok":"true","result":{"message_id":7}}',
    '{"ok":true,"result":true}',
    '{"ok":true,"result":null}',
    '{"ok":true,"result":[]}',
    '{"ok":true,"result":{}}',
    '{"ok":true,"result":{"message_id":"7"}}',
    '{"ok":false}',
    '{"ok":false,"error_code":403,"description":["Forbidden"]}',
    '{"ok":false,"error_code":429,"description":"Too Many Requests","parameters":[35]}',
    '{"ok":false,"error_code":429,"description":"Too Many Requests","parameters":{"retry_after":"soon"}}',
    "[" * 9999,
)


@pytest.mark.parametrize(
    ("fault", "outcome", "arrived"),
    [
        (Fault("429", args={"retry_after": 35}), Later(timedelta(seconds=35), asked=True), 0),
        (Fault("5xx"), Unsure(), 0),
        (Fault("5xx", args={"body": "json", "status": 500}), Unsure(), 0),
        (Fault("drop_before_accept"), Unsure(), 0),
        (Fault("accept_then_drop"), Unsure(), 1),
        (Fault("accept_then_garbage"), Unsure(), 1),
        (Fault("half_body"), Unsure(), 1),
        (Fault("revoke_token"), Revoked(), 0),
        *((Fault("4xx", args={"status": status}), Unsure(), 0) for status in NOT_TELEGRAMS),
        *((Fault("4xx", args={"body": body}), Unsure(), 0) for body in ODDITIES),
        *((Fault("5xx", args={"body": body}), Unsure(), 0) for body in ODDITIES),
        *((Fault("accept_then_oddity", args={"body": body}), Unsure(), 1) for body in ODDITIES),
    ],
)
async def test_trouble_on_the_way_is_told_apart(
    emulator: Emulator, speaker: Speaker, fault: Fault, outcome: Outcome, arrived: int
) -> None:
    emulator.add_fault(fault)

    assert await speaker.say(1, PLAIN) == outcome
    assert len(emulator.ledger.sends) == arrived


@pytest.mark.parametrize("payload", [{**PLAIN, "edit": 1}, {**PLAIN, "text": ""}])
@pytest.mark.parametrize("body", ODDITIES)
async def test_edits_and_files_believe_no_odd_answer_either(
    emulator: Emulator, speaker: Speaker, payload: dict[str, object], body: str
) -> None:
    file = None if "edit" in payload else TABLE
    emulator.add_fault(Fault("5xx", args={"body": body, "status": 200}))

    assert await speaker.say(1, payload, file) == Unsure()


@pytest.mark.parametrize("status", [403, 404, 500])
async def test_what_a_proxy_says_is_not_repeated(
    emulator: Emulator, speaker: Speaker, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    emulator.add_fault(Fault("4xx", args={"status": status}))

    with pytest.raises(Unanswered) as unanswered:
        await speaker.about()

    assert "nginx" not in f"{unanswered.value.__cause__} {caplog.text}"


@pytest.mark.parametrize(
    "fault",
    [
        Fault("4xx"),
        *(Fault("accept_then_oddity", args={"body": body}) for body in ODDITIES),
    ],
)
async def test_a_bot_api_behind_a_proxy_that_answers_is_not_there(
    emulator: Emulator, speaker: Speaker, fault: Fault
) -> None:
    emulator.add_fault(fault)

    assert not await speaker.is_there()


async def test_where_nobody_listens_a_message_has_certainly_not_left(
    emulator: Emulator, speaker: Speaker
) -> None:
    await emulator.stop()
    await speaker.say(1, PLAIN)  # on the connection that was left, so it may have been sent

    assert await speaker.say(1, PLAIN) == Later(SHORT, asked=False)
    assert not await speaker.is_there()


async def test_an_answer_that_takes_too_long_leaves_it_open_whether_the_message_arrived(
    emulator: Emulator, speaker: Speaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.speaking.transport.READ", 0.05)
    emulator.add_fault(Fault("delay", method="sendMessage", args={"seconds": 0.3}))

    assert await speaker.say(1, PLAIN) == Unsure()


async def test_people_who_are_away_are_told_apart(emulator: Emulator, speaker: Speaker) -> None:
    emulator.person(2).opens()
    emulator.person(2).blocks()
    emulator.person(3).opens()
    emulator.person(3).deactivates()

    assert await speaker.say(2, PLAIN) == Gone("blocked")
    assert await speaker.say(3, PLAIN) == Gone("deleted")
    assert await speaker.say(9_999, PLAIN) == Gone("gone")


async def test_a_token_that_is_not_accepted_is_told_when_it_is_asked_who_the_bot_is(
    emulator: Emulator,
) -> None:
    speaker = Speaker("42:OTHER", emulator.root, most=1)

    with pytest.raises(TokenRevoked, match="TOGETHER_BOT_TOKEN") as raised:
        await speaker.open()

    await speaker.close()
    assert "OTHER" not in str(raised.value)


@pytest.mark.parametrize(
    "fault",
    [
        Fault("5xx"),
        Fault("429"),
        Fault("half_body"),
        Fault("drop_before_accept"),
        Fault("4xx", args={"status": 401}),
        *(Fault("accept_then_oddity", args={"body": body}) for body in ODDITIES),
    ],
)
async def test_a_bot_api_in_trouble_is_no_reason_to_give_up(emulator: Emulator, fault: Fault) -> None:
    emulator.add_fault(fault)
    speaker = Speaker("42:TEST", emulator.root, most=1)

    with pytest.raises(Unanswered):
        await speaker.open()

    await speaker.close()


async def test_how_long_telegram_wants_not_to_be_asked_again_is_told(
    emulator: Emulator, speaker: Speaker
) -> None:
    emulator.add_fault(Fault("429", "setWebhook", args={"retry_after": 35}))
    emulator.add_fault(Fault("5xx", "getWebhookInfo"))

    with pytest.raises(Unanswered) as asked:
        await speaker.set_webhook("https://together.example/hook", "a secret", ["message"])
    with pytest.raises(Unanswered) as silent:
        await speaker.about()

    assert (asked.value.asked, silent.value.asked) == (timedelta(seconds=35), timedelta())


async def test_an_address_that_telegram_does_not_take_is_told_in_its_own_words(speaker: Speaker) -> None:
    with pytest.raises(Refused, match=r"TOGETHER_WEBHOOK_URL: Bad webhook: .* ports 80, 88, 443 or 8443"):
        await speaker.set_webhook("https://together.example:444/hook", "secret", ["message"])


async def test_a_press_that_cannot_be_answered_any_more_is_let_go(
    emulator: Emulator, speaker: Speaker
) -> None:
    await speaker.answer("unknown", None)
    await speaker.answer("half \ud83d of a pair", "half \ud83d of a pair")
    await emulator.stop()
    await speaker.answer("unknown", "words")

    assert [refusal.method for refusal in emulator.ledger.refusals] == ["answerCallbackQuery"]


async def test_what_telegram_says_about_the_bot_is_told(emulator: Emulator, speaker: Speaker) -> None:
    about = await speaker.about()

    assert (about.username, about.webhook, about.waiting) == ("together_bot", "", 1)


TABLE = Attachment("answers.csv", "text/csv", "name\r\nÉlodie\r\n".encode())
PICTURE = made(QrCode("https://t.me/together_bot"), ("en",))


@pytest.mark.parametrize(("file", "kind"), [(TABLE, "document"), (PICTURE, "photo")])
async def test_a_file_arrives_as_it_was_with_its_text_beside_it(
    emulator: Emulator, speaker: Speaker, file: Attachment, kind: str
) -> None:
    outcome = await speaker.say(1, {"text": "For <b>you</b>", "buttons": [], "file": file.payload()})

    message = emulator.person(1).last
    assert message is not None
    assert (message["caption"], message["caption_entities"][0]["type"]) == ("For you", "bold")
    sent = message[kind] if kind == "document" else message[kind][-1]
    assert outcome == Delivered(message["message_id"], sent["file_id"])
    stored = emulator.world.files.by_id(sent["file_id"])
    assert stored is not None
    assert (stored.name, stored.mime_type, stored.content) == (file.name, file.mime, file.content)


async def test_where_the_bot_may_not_write_it_is_told_and_also_where_a_picture_came_first(
    emulator: Emulator, speaker: Speaker
) -> None:
    group = emulator.group(-100_700, title="Panel", members=[emulator.person(1)])
    group.forbids("photo")
    group.mutes_bot()

    outcomes = [await speaker.say(group.id, payload) for payload in (PLAIN, with_file(7))]
    group.unmutes_bot()
    after = await speaker.say(group.id, PLAIN)

    assert outcomes == [Muted(), Muted()]
    assert isinstance(after, Delivered)


@pytest.mark.parametrize(("file", "kind"), [(TABLE, "document"), (PICTURE, "photo")])
async def test_where_no_files_may_be_sent_their_words_arrive_without_them(
    emulator: Emulator, speaker: Speaker, file: Attachment, kind: str
) -> None:
    group = emulator.group(-100_700, title="Panel", members=[emulator.person(1)])
    topic = group.opens_topic("News")
    group.forbids(kind)

    outcome = await speaker.say(group.id, {"text": "12 <b>said</b>", "buttons": [], "topic": topic}, file)

    [message] = group.messages
    assert outcome == Delivered(message["message_id"])
    assert (message["text"], message["entities"][0]["type"]) == ("12 said", "bold")
    assert message["message_thread_id"] == topic


async def test_a_table_arrives_as_the_file_it_becomes(emulator: Emulator, speaker: Speaker) -> None:
    table = Table("answers", Form.XLSX, ("words",), (("a bench",),))

    outcome = await speaker.say(1, {"text": "", "buttons": [], "file": kept(table).payload()})

    assert isinstance(outcome, Delivered)
    document = (emulator.person(1).last or {})["document"]
    assert (document["file_name"], outcome.file_id) == ("answers.xlsx", document["file_id"])


async def test_a_table_that_cannot_be_written_keeps_back_no_others(
    emulator: Emulator, speaker: Speaker
) -> None:
    table = Table("answers", Form.XLSX, ("figures",), ((float("nan"),),))

    outcome = await speaker.say(1, {"text": "", "buttons": [], "file": kept(table).payload()})

    assert isinstance(outcome, Rejected)
    assert emulator.ledger.sends == []


async def test_a_picture_is_as_wide_as_it_says(emulator: Emulator, speaker: Speaker) -> None:
    await speaker.say(1, {"text": "", "buttons": [], "file": PICTURE.payload()})

    [photo] = (emulator.person(1).last or {})["photo"]
    assert photo["width"] == photo["height"] == int.from_bytes(PICTURE.content[16:20])


@pytest.mark.parametrize(
    ("fault", "outcome", "arrived"),
    [
        (Fault("429", args={"retry_after": 35}), Later(timedelta(seconds=35), asked=True), 0),
        (Fault("drop_before_accept"), Unsure(), 0),
        (Fault("accept_then_drop"), Unsure(), 1),
        (Fault("revoke_token"), Revoked(), 0),
    ],
)
async def test_trouble_on_the_way_of_a_file_is_told_apart(
    emulator: Emulator, speaker: Speaker, fault: Fault, outcome: Outcome, arrived: int
) -> None:
    emulator.add_fault(fault)

    assert await speaker.say(1, {"text": "", "buttons": [], "file": TABLE.payload()}) == outcome
    assert len(emulator.ledger.sends) == arrived


async def test_a_file_with_broken_marks_beside_it_is_sent_without_them(
    emulator: Emulator, speaker: Speaker
) -> None:
    outcome = await speaker.say(1, {"text": "<b>For <i>you</b>", "buttons": [], "file": TABLE.payload()})

    assert isinstance(outcome, Delivered)
    assert emulator.person(1).said == ["For you"]


@pytest.mark.parametrize("file", [TABLE, PICTURE])
async def test_a_file_that_telegram_has_is_sent_by_its_name_with_text_and_buttons(
    emulator: Emulator, speaker: Speaker, file: Attachment
) -> None:
    first = await speaker.say(1, PLAIN, file)
    assert isinstance(first, Delivered)
    assert first.file_id is not None

    again = await speaker.say(1, PLAIN, Known(first.file_id, file.is_picture))

    before, after = emulator.ledger.sends
    assert again == Delivered(after.message_id)
    assert (before.uploaded, after.uploaded) == (True, False)
    assert before.file_id == after.file_id == first.file_id
    assert (after.text, emulator.person(1).buttons) == ("Hello you", [("Yes", "1:0:yes"), ("No", "1:0:no")])


async def test_a_file_by_a_name_that_telegram_does_not_know_is_refused(
    emulator: Emulator, speaker: Speaker
) -> None:
    outcome = await speaker.say(1, PLAIN, Known("photo-7-1", is_picture=True))

    assert isinstance(outcome, Rejected)
    assert outcome.reason.lower().startswith("wrong remote file")


async def test_words_beside_a_picture_are_edited_and_the_picture_stays(
    emulator: Emulator, speaker: Speaker
) -> None:
    sent = await speaker.say(1, {**LINKED, "file": PICTURE.payload()})
    assert isinstance(sent, Delivered)

    edited = await speaker.say(1, {**LINKED, "text": "<b>Park</b>: 4", "edit": sent.message})
    same = await speaker.say(1, {**LINKED, "text": "<b>Park</b>: 4", "edit": sent.message})

    assert edited == same == Delivered(sent.message)
    assert emulator.person(1).said == ["Park: 4"]
    message = emulator.person(1).last or {}
    assert message["photo"][-1]["file_id"] == sent.file_id
    assert message["caption_entities"][0]["type"] == "bold"


@pytest.mark.parametrize("before", [PICTURE, TABLE, None])
async def test_another_picture_takes_the_place_of_what_a_message_shows(
    emulator: Emulator, speaker: Speaker, before: Attachment | None
) -> None:
    sent = await speaker.say(1, LINKED, before)
    assert isinstance(sent, Delivered)

    edited = await speaker.say(1, {**LINKED, "text": "<b>Park</b>: 4", "edit": sent.message}, PICTURE)

    message = emulator.person(1).last or {}
    assert edited == Delivered(sent.message, message["photo"][-1]["file_id"])
    assert edited.file_id != sent.file_id
    assert emulator.person(1).said == ["Park: 4"]
    assert message.keys().isdisjoint({"text", "document"})


async def test_a_picture_that_telegram_has_takes_its_place_by_name(
    emulator: Emulator, speaker: Speaker
) -> None:
    known = await speaker.say(1, PLAIN, PICTURE)
    sent = await speaker.say(1, LINKED, TABLE)
    assert isinstance(known, Delivered)
    assert isinstance(sent, Delivered)
    assert known.file_id is not None

    edit = {**LINKED, "text": "<b>Park: 4", "edit": sent.message}
    edited = await speaker.say(1, edit, Known(known.file_id, is_picture=True))
    same = await speaker.say(1, edit, Known(known.file_id, is_picture=True))

    message = emulator.person(1).last or {}
    assert edited == same == Delivered(sent.message, flaw=UNCLOSED)
    assert (message["photo"][-1]["file_id"], message["caption"]) == (known.file_id, "Park: 4")
    assert len(emulator.person(1).said) == 2


async def test_a_picture_that_is_to_be_exchanged_and_is_gone_is_lost(speaker: Speaker) -> None:
    assert await speaker.say(1, {**LINKED, "edit": 404}, PICTURE) == Lost()
