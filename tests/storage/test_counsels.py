"""What members of a panel say to ideas: one opinion each, which they can change, seen by who decides."""

from typing import Final

import pytest

from flows.actions.actions import Progress
from flows.actions.findings import Cell
from flows.actions.pilots import CloseWave, OpenWave, SetProgress
from flows.digests.digest import Counsel, Digest
from flows.digests.reading import (
    ActionCounsels,
    Advise,
    Advised,
    DigestFile,
    Ideas,
    ShownDigest,
    TakeDigest,
    Waiting,
)
from flows.files import Form, Table
from flows.moves import Key
from flows.panels.settings import Rhythm
from flows.people.person import Forget
from flows.people.roles import NotAllowed, Role, Scope
from flows.times.periods import period_of
from storage.actions.piloted import Finding
from storage.digests.digested import Advice
from storage.tables import Audit
from tests.storage.actions.test_actions import RIVERSIDE, plans
from tests.storage.actions.test_feedback import all_say
from tests.storage.digests.test_digests import MANY, MONDAY, WEEK, told
from tests.storage.heard import hears
from tests.storage.town import Town

ADA, BEN, CLEO, DORA = 4_000_000_001, 4_000_000_002, 4_000_000_003, 4_000_000_004
MONTBELL: Final = Scope("montbell")


@pytest.fixture
async def garden(town: Town) -> int:
    """An idea that Ada has published; Ben and Cleo sit on the panel, Dora does not."""
    for telegram in (ADA, BEN, CLEO, DORA):
        await town.arrives(telegram, group=None)
    await town.appoints(ADA, Role.TERRITORY, RIVERSIDE)
    for telegram in (BEN, CLEO):
        await town.appoints(telegram, Role.PANEL, RIVERSIDE)
    return await plans(town)


async def advises(town: Town, telegram: int, id: int, counsel: Counsel = Counsel.TAKE_UP) -> Advised:
    """What comes of what a person says."""
    (advised,) = await town.acts(telegram, Advise(RIVERSIDE, id, counsel))
    assert isinstance(advised, Advised)
    return advised


async def counted(town: Town, id: int, where: Scope = RIVERSIDE) -> dict[Counsel, int]:
    """What who coordinates sees of it."""
    heard: ActionCounsels = await town.look(ADA, ActionCounsels, where, id)
    return dict(heard.counsels)


async def test_each_member_has_one_opinion_and_can_change_it(town: Town, garden: int) -> None:
    await advises(town, BEN, garden)
    await advises(town, CLEO, garden, Counsel.TALK)

    assert await advises(town, CLEO, garden, Counsel.LATER) is Advised.NOTED
    assert await counted(town, garden) == {Counsel.TAKE_UP: 1, Counsel.LATER: 1}


async def test_who_only_coordinates_has_no_voice_on_the_panel(town: Town, garden: int) -> None:
    assert await advises(town, ADA, garden) is Advised.NO_MEMBER
    assert await town.rows(Advice) == []


async def test_whoever_has_no_role_is_refused(town: Town, garden: int) -> None:
    with pytest.raises(NotAllowed):
        await advises(town, DORA, garden)


async def test_a_member_of_one_panel_says_nothing_about_the_ideas_of_another_place(
    town: Town, garden: int
) -> None:
    await town.appoints(BEN, Role.PANEL, MONTBELL)

    assert await town.acts(BEN, Advise(MONTBELL, garden, Counsel.LATER)) == [Advised.DECIDED]
    assert await town.rows(Advice) == []


async def test_what_is_decided_needs_no_opinion_any_more(town: Town, garden: int) -> None:
    await advises(town, BEN, garden)
    await town.acts(ADA, SetProgress(RIVERSIDE, garden, Progress.DECIDED))

    assert await advises(town, BEN, garden, Counsel.LATER) is Advised.DECIDED
    assert await counted(town, garden) == {Counsel.TAKE_UP: 1}


async def test_an_opinion_goes_with_its_author(town: Town, garden: int) -> None:
    await advises(town, BEN, garden)
    await town.acts(BEN, Forget())

    assert await counted(town, garden) == {}


async def test_a_digest_shows_its_ideas_with_what_members_say_now(town: Town, garden: int) -> None:
    digest = await told(town)
    await advises(town, BEN, garden, Counsel.TALK)

    seen: Ideas = await town.look(BEN, Ideas, RIVERSIDE, WEEK.key)

    assert [idea.action for idea in digest.ideas] == [garden]
    assert seen.counsels == {f"{garden}": {Counsel.TALK: 1}}


@pytest.mark.parametrize(("telegram", "member"), [(ADA, False), (BEN, True)])
async def test_who_may_read_digests_is_offered_the_opinions_of_members_alone(
    town: Town, garden: int, telegram: int, member: bool
) -> None:
    await told(town)

    assert await town.look(telegram, Waiting, RIVERSIDE, WEEK.key) == Waiting(True, (garden,), member)


async def test_the_figures_are_had_as_a_table_without_what_is_hidden_and_that_is_recorded(
    town: Town, garden: int
) -> None:
    await hears(town, MANY, at=MONDAY, about="A03")
    await hears(town, range(1, 13), at=MONDAY, about="C01")
    await hears(town, range(1, 4), at=MONDAY, about="B02")
    await told(town)

    await town.acts(BEN, TakeDigest(RIVERSIDE))
    found: DigestFile = await town.look(BEN, DigestFile, RIVERSIDE, WEEK.key, Form.XLSX)

    assert isinstance(found.file, Table)
    dimensions = {row[3]: row[5] for row in found.file.rows if row[2] == Key("list.part.dimension")}
    assert (dimensions["A"], dimensions["B"]) == (20, None)
    assert [(row.what, row.about) for row in await town.rows(Audit)][-1] == ("exported", "digest")


async def test_what_people_say_of_an_action_is_told_when_its_round_is_closed(town: Town, garden: int) -> None:
    for value in (-1, 2):
        await town.acts(ADA, OpenWave(RIVERSIDE, garden))
        await all_say(town, garden, range(10, 22), value)
        await town.acts(ADA, CloseWave(RIVERSIDE, garden))
    town.later(days=7)

    digest = await of_this_week(town)

    [action] = digest.actions
    assert (action.id, action.is_new, action.scale) == (garden, True, "1")
    [impact] = action.impacts
    assert (impact.component, impact.people, impact.mean) == ("B05", 12, 2.0)
    assert (impact.before, impact.after, impact.again) == (-1.0, 2.0, 12)
    assert {row.cell for row in await town.rows(Finding)} >= {Cell.BEFORE, Cell.AFTER}


async def of_this_week(town: Town) -> Digest:
    """The digest of the week in which all that was done."""
    return await told(town, period_of(Rhythm.WEEKLY, WEEK.end))


async def test_a_digest_that_is_not_there_is_told_as_such(town: Town, garden: int) -> None:
    seen: ShownDigest = await town.look(BEN, ShownDigest, RIVERSIDE, WEEK.key)

    assert seen.digest is None
    assert await town.look(BEN, Waiting, RIVERSIDE, WEEK.key) == Waiting(False)
