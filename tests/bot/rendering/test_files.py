"""Files come in their place among the messages, whole, and again after a restart; too large ones do not."""

import asyncio
import csv
import io
import json
from dataclasses import replace

import pytest
import segno
from openpyxl import load_workbook

from bot.rendering import files
from bot.rendering.files import MOST_BYTES, MOST_OF_TABLE, Attachment, TooLarge, from_payload, kept, made
from bot.rendering.render import MOST_BESIDE_FILE, Reader, beside, render
from config.texts import Texts
from flows.files import DataFile, Form, Hand, Kind, Medium, QrCode, Table
from flows.moves import Ask, Key, Say, Tag
from flows.talks import Asked, Reply
from storage.messages.outbox import Lane, Message

TEXTS = Texts.load()
READER = Reader("en", "en", "UTC")
ROWS = (("1", "=cmd()", 3, None), ("2", "ποδήλατο, вода", 4.5, "+1"))
ANSWERS = ("id", "words", "number", "other")


async def sent(table: Table) -> Attachment:
    """The file that a table is in the end: it has been in the outbox until then."""
    payload = json.loads(json.dumps(kept(table).payload()))
    return await from_payload(payload)


async def test_a_table_as_csv_holds_no_formula() -> None:
    file = await sent(Table("answers", Form.CSV, ANSWERS, ROWS))

    assert (file.name, file.mime) == ("answers.csv", "text/csv")
    read = list(csv.reader(io.StringIO(file.content.decode())))
    assert read == [list(ANSWERS), ["1", "'=cmd()", "3", ""], ["2", "ποδήλατο, вода", "4.5", "'+1"]]


async def test_a_table_as_a_workbook_holds_words_as_words_and_numbers_as_numbers() -> None:
    file = await sent(Table("answers", Form.XLSX, ANSWERS, ROWS))

    page = load_workbook(io.BytesIO(file.content))["answers"]
    assert [tuple(cell.value for cell in row) for row in page] == [ANSWERS, *ROWS]
    assert {cell.data_type for row in page for cell in row} == {"s", "n"}


async def test_a_table_has_heads_and_words_in_the_language_of_whoever_gets_it() -> None:
    rows = ((Key("question.well-being"), 3), (Tag("de"), None), ((Key("helped.there.yes"),), 4))
    table = Table(
        "answers", Form.CSV, ("id", "number"), rows, (Key("list.column.id"), Key("list.column.date"))
    )

    [page] = render(TEXTS, Reply((), (Hand("calendar.file", table, n=1),)), replace(READER, language="fr"))

    assert page.file is not None
    file = await from_payload(json.loads(json.dumps(page.payload()["file"])))
    assert list(csv.reader(io.StringIO(file.content.decode()))) == [
        [TEXTS.plain("fr", "list.column.id"), TEXTS.plain("fr", "list.column.date")],
        [TEXTS.plain("fr", "question.well-being"), "3"],
        ["allemand", ""],
        [TEXTS.plain("fr", "helped.there.yes"), "4"],
    ]


def test_in_a_turn_no_table_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise AssertionError("a turn holds the database: it is no place to write a workbook")

    monkeypatch.setattr(files, "write_xlsx", never)
    monkeypatch.setattr(files, "write_text", never)
    for form in Form:
        [page] = render(
            TEXTS, Reply((), (Hand("calendar.file", Table("a", form, ANSWERS, ROWS), n=1),)), READER
        )

        assert json.loads(json.dumps(page.payload()))["file"]["rows"] == [list(row) for row in ROWS]


async def test_while_a_large_table_is_written_others_are_answered() -> None:
    rows = tuple((str(number), "ж" * 40, number, None) for number in range(20_000))
    writing = asyncio.create_task(sent(Table("answers", Form.XLSX, ANSWERS, rows)))
    turns = 0
    while not writing.done():
        await asyncio.sleep(0.001)
        turns += 1

    assert turns > 10
    assert len((await writing).content) > 100_000


def test_a_qr_code_is_a_picture_of_the_text() -> None:
    file = made(QrCode("https://t.me/together_bot?start=m_1"), ("en",))

    assert file.is_picture
    stream = io.BytesIO()
    segno.make("https://t.me/together_bot?start=m_1", error="m").save(stream, kind="png", scale=10, border=4)
    assert file.content == stream.getvalue()


def test_what_a_data_file_says_to_people_is_in_the_language_of_whoever_gets_it() -> None:
    needs = [Key("meeting.needs.access")]
    words = {"question": Key("question.well-being"), "language": Tag("de"), "needs": needs}
    hand = Hand("mydata.file", DataFile("all", {"question": "well-being", "in_words": words}))

    [page] = render(TEXTS, Reply((), (hand,)), replace(READER, language="fr"))

    assert isinstance(page.file, Attachment)
    assert json.loads(page.file.content) == {
        "question": "well-being",
        "in_words": {
            "question": TEXTS.plain("fr", "question.well-being"),
            "language": "allemand",
            "needs": [TEXTS.plain("fr", "meeting.needs.access")],
        },
    }


async def test_a_file_survives_the_outbox() -> None:
    file = made(QrCode("https://t.me/together_bot"), ("en",))

    assert await from_payload(file.payload()) == file


@pytest.mark.parametrize(
    "huge",
    [
        Table("answers", Form.CSV, ("words",), (("x" * MOST_OF_TABLE,),)),
        DataFile("all", {"words": "x" * MOST_BYTES}),
    ],
)
def test_a_file_that_would_burden_the_database_is_refused_in_words(huge: Table | DataFile) -> None:
    with pytest.raises(TooLarge):
        kept(huge) if isinstance(huge, Table) else made(huge, ("en",))
    [page] = render(TEXTS, Reply((), (Hand("calendar.file", huge, n=1),)), READER)
    assert page.file is None
    assert page.text == TEXTS.html("en", "file.too_large")


def test_a_file_stands_where_the_conversation_put_it() -> None:
    hand = Hand("calendar.file", QrCode("x"), n=1)
    said = (Say("reception.cancelled"), hand, Say("reception.cancelled"))
    asked = Asked(Ask("wellbeing.first"), talk=1, step=0, can_go_back=False)

    before, file, after = render(TEXTS, Reply((), said, asked), READER)

    assert before.text == TEXTS.html("en", "reception.cancelled")
    assert before.file is None
    assert file.file is not None
    assert file.text == TEXTS.html("en", "calendar.file", {"n": 1})
    assert after.text.startswith(before.text)
    assert after.file is None


def test_a_text_too_long_to_stand_beside_a_file_comes_after_it() -> None:
    hand = Hand("mydata.statement_in_full", QrCode("x"), words="ж" * (MOST_BESIDE_FILE + 1), language="")

    file, words = render(TEXTS, Reply((), (hand,)), READER)

    assert (file.text, file.file is not None) == ("", True)
    assert words.text.count("ж") == MOST_BESIDE_FILE + 1


PICTURE = Medium(7, Kind.PHOTO, "Bikes: 4 <of> 9")


def test_a_medium_is_handed_over_by_its_number() -> None:
    [page] = render(TEXTS, Reply((), (Hand("calendar.file", PICTURE, n=1),)), READER)

    assert page.payload()["media"] == {"id": 7, "kind": "photo"}
    assert page.text == TEXTS.html("en", "calendar.file", {"n": 1})


def test_beside_a_picture_whose_text_is_too_long_stands_what_it_shows() -> None:
    hand = Hand("mydata.statement_in_full", PICTURE, words="ж" * (MOST_BESIDE_FILE + 1), language="")

    picture, words = render(TEXTS, Reply((), (hand,)), READER)

    assert picture.text == "Bikes: 4 &lt;of&gt; 9"
    assert words.file is None


def message(text: str) -> Message:
    """A message in a topic, with a button and a link."""
    payload = {"text": text, "buttons": [[["Yes", "1:0:yes"]]], "links": [["More", "https://x"]], "topic": 3}
    return Message("a:1", 101, 1, payload, Lane.ANNOUNCEMENT, must=False)


def test_a_short_text_stands_beside_a_medium_with_its_buttons() -> None:
    whole = message(f"<b>{'ж' * MOST_BESIDE_FILE}</b>")

    [one] = beside(whole, PICTURE)

    assert one == replace(whole, payload={**whole.payload, "media": {"id": 7, "kind": "photo"}})


def test_a_long_text_follows_its_medium_under_a_key_of_its_own() -> None:
    whole = message("ж" * (MOST_BESIDE_FILE + 1))

    picture, words = beside(whole, PICTURE)

    media = {"id": 7, "kind": "photo"}
    shown = {"text": "Bikes: 4 &lt;of&gt; 9", "buttons": [], "media": media, "topic": 3}
    assert picture == replace(whole, payload=shown)
    assert words == replace(whole, key="a:1:text")
