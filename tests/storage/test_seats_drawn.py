"""What holds of seats whatever people answer, and whatever happens to a meeting: orders drawn at random."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from flows.moves import Look
from flows.occasions.occasions import (
    Answered,
    AnswerOccasion,
    One,
    Own,
    Says,
    Standing,
    TakeOffer,
    WithdrawAnswer,
)
from flows.people.person import Forget
from storage.occasions import seats
from storage.occasions.planned import Answer, Occasion
from storage.tables import table
from tests.flows.village import BEGINNING, Village
from tests.flows.world import World
from tests.storage.plans import call_meeting, seats_of

PEOPLE: Final = 5
SEATS: Final = 2

YES = st.tuples(st.integers(0, PEOPLE - 1), st.just(Says.YES), st.integers(1, 3))
ANSWERS = st.tuples(st.integers(0, PEOPLE - 1), st.sampled_from(Says), st.integers(1, 3))
ACTS = st.lists(
    st.one_of(
        YES,
        YES,
        YES,
        ANSWERS,
        st.tuples(st.integers(0, PEOPLE - 1), st.sampled_from(("takes", "withdraws", "is erased"))),
        st.tuples(st.just("hours"), st.integers(1, 30)),
        st.tuples(st.just("more seats"), st.integers(1, 2)),
    ),
    min_size=8,
    max_size=30,
)


@dataclass
class Hall:
    """A meeting with a few seats, and people who all want to come."""

    village: Village = field(default_factory=Village)
    people: list[World] = field(default_factory=list)
    seats: int = SEATS
    begins: datetime = BEGINNING + timedelta(days=10)

    def __post_init__(self) -> None:
        self.people = [World(self.village) for _ in range(PEOPLE)]
        for each in self.people:
            each.arrives()
        with self.village.transaction() as connection:
            call_meeting(connection, 1, now=self.village.now, seats=SEATS, begins=timedelta(days=10))

    def own(self, who: int) -> Own | None:
        """What somebody has."""
        (known,) = self.people[who].given(Look(One, (1,)))
        found: Own | None = known.occasion.own if known.occasion else None
        return found

    def rows(self) -> list[Any]:
        """All answers."""
        with self.village.transaction() as connection:
            return list(connection.execute(select(table(Answer)).order_by(table(Answer).c.place)).all())

    def does(self, act: tuple[Any, ...]) -> None:
        """Carry out what was drawn."""
        match act:
            case ("hours", hours):
                self.village.now += timedelta(hours=hours)
                self.with_storage(lambda connection: seats.lapse(connection, self.context, self.village.now))
            case ("more seats", more):
                self.seats += more
                self.with_storage(self.add_seats)
            case (who, "takes"):
                self.people[who].given(TakeOffer(1))
            case (who, "withdraws"):
                self.people[who].given(WithdrawAnswer(1))
            case (who, "is erased"):
                self.people[who].given(Forget())
                self.people[who] = World(self.village)
                self.people[who].arrives()
            case (who, says, party):
                self.answers(who, says, party)

    def answers(self, who: int, says: Says, party: int) -> None:
        """Somebody answers, and is told the truth."""
        before = self.own(who)
        (told,) = self.people[who].given(AnswerOccasion(1, says, party=party))
        now = self.own(who)
        if says is Says.DONE:  # no meeting is
            assert now == before
        elif told is Answered.FULL:
            assert now == before
            has_seats = before is not None and before.standing in (Standing.SEATED, Standing.OFFERED)
            assert has_seats or party > self.seats
        elif told in (Answered.SEATED, Answered.WAITING):
            assert now is not None
            assert (says, now.says, now.standing, now.party) == (Says.YES, Says.YES, told.value, party)
        elif told is not Answered.OVER:
            assert now is not None
            assert (now.says, now.standing) == (says, Standing.NONE)

    @property
    def context(self) -> Any:
        """What storage is given."""
        return self.village.context

    def add_seats(self, connection: Any) -> None:
        """Whoever planned the meeting has found chairs."""
        seats_of(connection, 1, self.seats)
        (occasion,) = connection.execute(select(table(Occasion))).all()
        seats.promote(connection, self.context, occasion, self.village.now)

    def with_storage(self, work: Callable[[Any], object]) -> None:
        """Do what no citizen does."""
        with self.village.transaction() as connection:
            work(connection)


@settings(max_examples=100)
@given(ACTS)
def test_no_seat_is_sold_twice_or_left_empty_while_somebody_fits_and_the_line_is_kept(
    acts: list[tuple[Any, ...]],
) -> None:
    hall = Hall()
    for act in acts:
        line = [row for row in hall.rows() if row.standing == "waiting"]
        hall.does(act)
        rows = hall.rows()

        taken = sum(row.party for row in rows if row.standing in ("seated", "offered"))
        assert taken <= hall.seats
        waiting = [row for row in rows if row.standing == "waiting"]
        begun = hall.village.now >= hall.begins
        assert begun or not [row for row in waiting if row.party <= hall.seats - taken]
        assert len({row.place for row in waiting}) == len(waiting)
        assert all((row.place is None) == (row.standing != "waiting") for row in rows)
        assert all((row.offered_until is None) == (row.standing != "offered") for row in rows)
        passed_over = {row.citizen_id: row for row in line if row in waiting}
        served = [row for row in line if standing_of(row.citizen_id, rows) in ("seated", "offered")]
        for late in served:
            for early in passed_over.values():
                assert early.place > late.place or early.party > late.party


def standing_of(citizen: int, rows: list[Any]) -> str | None:
    return next((row.standing for row in rows if row.citizen_id == citizen), None)
