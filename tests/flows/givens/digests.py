"""What panels were told, and who has heard it."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, insert, select, update

from flows.codec import encode
from flows.pushes.pushed import Notice, Topic
from flows.times.periods import read_period
from flows.words.reviews import Verdict
from storage.digests import digests, schedule
from storage.digests.digested import Digest
from storage.messages import media
from storage.pushes.notices import notify
from storage.tables import Statement, table
from storage.types import write
from tests.flows import told
from tests.flows.givens import given
from tests.flows.talking import Talking

READY: Final = {"all": told.FULL, "few": told.FEW}


@given("digest")
def digest(who: Talking, words: str) -> None:
    """`digest of 2026-W09`, of Riverside; `digest of 2026-W09 to members`, who are told of it.

    `digest of all`, `digest of few`: those of tests/flows/told.py.
    """
    key, _, to_members = words.removeprefix("of ").partition(" to ")
    village = who.world.village
    context, now = village.context, village.now
    with village.transaction() as connection:
        if key in READY:
            keep(connection, READY[key], now)
            return
        draft = digests.collect(connection, context.territories["riverside"], read_period(key), now)
        digests.keep(connection, draft, now)
        if to_members:
            members = schedule.members(connection, "riverside")
            id = digests.id_of("riverside", key)
            notify(connection, context, members, Notice.DIGEST, id, now, topic=Topic.DIGEST)


def keep(connection: Connection, what: told.Digest, now: datetime) -> None:
    """A digest as it is kept, with a picture; it quotes whatever was said and may be quoted."""
    quotes = tuple(connection.execute(select(table(Statement).c.id)).scalars())
    what = replace(what, heard=replace(what.heard, quotes=quotes))
    since, until = read_period(what.period).bounds("Europe/Riga")
    row = {"id": digests.id_of(what.territory, what.period), "territory": what.territory}
    row |= {"period": what.period, "since": since, "until": until, "made_at": now}
    connection.execute(insert(table(Digest)), {**row, "data": write(encode(what))})
    medium = media.keep(connection, b"drawn", "digest.png", "image/png", "What is drawn", now)
    digests.keep_picture(connection, row["id"], "en", medium)


@given("fit")
def fit(who: Talking, _words: str) -> None:
    """`fit to be quoted`: somebody has looked at what was said so far."""
    with who.world.village.transaction() as connection:
        connection.execute(update(table(Statement)).values(reviewed=Verdict.FIT))
