"""Masking parts of a text: however many could lead to a person, there are buttons for as many as fit."""

from flows.people.roles import Holding, Role, Scope
from flows.words.reviewing import MOST_PARTS
from flows.words.statements import Question, RecordStatement, Words
from tests.flows.talking import Talking
from tests.flows.world import World


def masking(text: str) -> Talking:
    """Somebody who reviews that text, asked what of it to mask."""
    me = World()
    me.arrives()
    me.appointed(Holding(Role.TERRITORY, Scope("riverside")), "Me")
    me.given(RecordStatement(Question.WELL_BEING, Words(text, 1, "de", 0.99), ()))
    talking = Talking(me)
    talking.opens("coordinate")
    for choice in ("reviews", "new", "masked"):
        talking.presses(choice)
    return talking


def masked_parts(talking: Talking) -> list[str]:
    """The values of the buttons that take a mask back."""
    choices = talking.asked[-1].ask.choices
    return [choice.value for choice in choices if getattr(choice.label, "key", "") == "review.masked_part"]


def test_a_text_full_of_nouns_has_no_more_buttons_than_can_be_shown() -> None:
    talking = masking("wir brauchen " + " und ".join(["Bäume", "Busse"] * MOST_PARTS))

    assert len(talking.asked[-1].ask.choices) == MOST_PARTS + 1


def test_what_was_masked_by_typing_it_comes_before_what_may_be_a_name() -> None:
    talking = masking("wir brauchen " + " und ".join(["Bäume"] * MOST_PARTS) + " für die kinder")

    talking.writes("kinder")

    assert len(masked_parts(talking)) == 1
    assert len(talking.asked[-1].ask.choices) == MOST_PARTS + 1


def test_a_letter_that_stands_everywhere_can_be_masked_without_a_button_for_each() -> None:
    talking = masking("e" * 300)

    talking.writes("e")

    assert len(masked_parts(talking)) == MOST_PARTS
    assert talking.presses("enough").asked is not None
    assert len(talking.world.done[-1][0].masks) == 300
