"""Media are kept once, by what they are; unused they go, and their bytes go once Telegram has them."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.files import Kind, Medium
from storage.messages import media
from storage.messages.media import BYTES, DAY, MOST_BYTES, UNUSED, Bytes
from storage.messages.uploaded import Media
from tests.storage.town import BOT, NOON, Town

PICTURE = b"\x89PNG not much of a picture"
MOMENT = timedelta(microseconds=1)


async def keep(town: Town, content: bytes = PICTURE, mime: str = "image/png", alt: str = "Two bars") -> int:
    """Keep a picture; its id."""
    id: int = await town.do(media.keep, content, "week.png", mime, alt, town.now)
    return id


async def upload(town: Town, id: int, name: str = "AgAC", now: datetime | None = None) -> None:
    await town.do(media.note, BOT, {id: name}, {id}, now or town.now)


async def test_the_same_picture_is_kept_once_and_another_beside_it(town: Town) -> None:
    first = await keep(town)

    assert await keep(town) == first
    assert len({first, await keep(town, alt="Three bars"), await keep(town, b"other")}) == 3
    assert len(await town.rows(Media)) == 3


@pytest.mark.parametrize(
    ("mime", "kind"),
    [
        ("image/png", Kind.PHOTO),
        ("image/jpeg", Kind.PHOTO),
        ("image/gif", Kind.DOCUMENT),
        ("application/pdf", Kind.DOCUMENT),
    ],
)
async def test_only_what_telegram_shows_as_a_picture_is_one(town: Town, mime: str, kind: Kind) -> None:
    id = await keep(town, mime=mime)

    assert await town.do(media.find, id) == Medium(id, kind, "Two bars")


@pytest.mark.parametrize("content", [b"", b"x" * (MOST_BYTES + 1)])
async def test_what_cannot_be_uploaded_is_not_kept(town: Town, content: bytes) -> None:
    with pytest.raises(ValueError, match="a medium has 1 to"):
        await keep(town, content)


async def test_a_medium_that_was_uploaded_has_a_name_for_that_bot_alone(town: Town) -> None:
    id = await keep(town)
    before = await town.do(media.file_id, id, BOT)

    await upload(town, id)

    assert before is None
    assert await town.do(media.file_id, id, BOT) == "AgAC"
    assert await town.do(media.file_id, id, BOT + 1) is None
    assert await town.do(media.content, id) == Bytes("week.png", "image/png", PICTURE)


async def test_what_somebody_sent_is_kept_by_its_name_without_bytes(town: Town) -> None:
    id = await town.do(media.receive, BOT, "document:BQAC", "A map", town.now)

    assert await town.do(media.receive, BOT, "document:BQAC", "A map", town.now) == id
    assert await town.do(media.find, id) == Medium(id, Kind.DOCUMENT, "A map")
    assert await town.do(media.file_id, id, BOT) == "BQAC"
    assert await town.do(media.content, id) is None


async def test_what_no_event_brings_is_not_kept(town: Town) -> None:
    with pytest.raises(ValueError, match="voice"):
        await town.do(media.receive, BOT, "voice:AwAC", "", town.now)


async def test_the_bytes_of_what_telegram_has_go_a_week_after_it_was_used_last(town: Town) -> None:
    id, waiting = await keep(town), await keep(town, b"not uploaded yet")
    await upload(town, id)

    await town.do(media.sweep, NOON + BYTES)
    there = await town.do(media.content, id)
    await town.do(media.sweep, NOON + BYTES + MOMENT)

    assert there is not None
    assert await town.do(media.content, id) is None
    assert await town.do(media.file_id, id, BOT) == "AgAC"
    assert await town.do(media.content, waiting) is not None


async def test_bytes_that_have_gone_come_back_with_the_same_picture(town: Town) -> None:
    id = await keep(town)
    await upload(town, id)
    await town.do(media.sweep, NOON + BYTES + MOMENT)

    assert await keep(town) == id
    assert await town.do(media.content, id) is not None
    assert await town.do(media.file_id, id, BOT) == "AgAC"


async def test_a_medium_goes_a_month_after_it_was_used_last(town: Town) -> None:
    id = await keep(town)
    used = NOON + DAY + MOMENT
    await town.do(media.note, BOT, {}, {id}, used)

    await town.do(media.sweep, used + UNUSED)
    there = await town.do(media.find, id)
    await town.do(media.sweep, used + UNUSED + MOMENT)

    assert there is not None
    assert await town.do(media.find, id) is None


async def test_a_medium_that_is_sent_to_thousands_is_written_once_a_day(town: Town) -> None:
    id = await keep(town)

    for hours in range(0, 25, 6):
        await town.do(media.note, BOT, {}, {id}, NOON + timedelta(hours=hours))

    assert (await town.row(Media)).used_at == NOON


@given(
    st.lists(
        st.tuples(st.binary(max_size=4), *[st.text(max_size=3)] * 3), min_size=2, max_size=6, unique=True
    )
)
def test_different_media_have_different_ids(several: list[tuple[bytes, str, str, str]]) -> None:
    assert len({media._id(*one) for one in several}) == len(several)
