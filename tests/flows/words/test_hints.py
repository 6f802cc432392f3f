"""Hints are gentle: they see what is plain, leave ordinary words and numbers alone, and never stall."""

from time import perf_counter

import pytest

from flows.words.hints import Hint, hints
from tests.flows.places import CONJUNCTIONS

TWO_IDEAS = [
    "a job that I like and a garden near my home",
    "un travail qui me plaît et un jardin près de chez moi",
    "darbs kas man tiešām patīk un dārzs pie manas mājas",
    "عمل أحبه في مدينتي الجميلة وحديقة قريبة من البيت",
    "μια δουλειά που αγαπώ και ένας κήπος κοντά μου",
    "работа которую я люблю и сад рядом с домом",
    "I WANT A GOOD JOB AND A GARDEN NEAR HOME",
    "Clean air. Quiet streets.",
    "هواء نقي؟ شوارع هادئة",
    "clean air; quiet streets",
    "هواء نقي؛ شوارع هادئة",
    "- clean air\n- quiet streets",
    "1. clean air",
    "2) quiet streets",
    "• quiet streets",
    "clean air\nquiet streets",
]

ONE_IDEA = [
    "bread and butter",
    "et pourquoi pas un banc",
    "maize un sviests",
    "خبز وزبدة",
    "ψωμί και βούτυρο",
    "хлеб и масло",
    "A garden near my home.",
    "Quiet streets!  ",
    "e.g. a bench",
    "5 km of paths",
    "-5 degrees in the flat is too cold",
    "a 3.5 m wide path",
    "?",
    "",
]

PHONE_NUMBERS = [
    "+371 26 123 456",
    "26123456",
    "06 12 34 56 78",
    "06.12.34.56.78",
    "+33 (0)6 12 34 56 78",
    "(030) 901820-12",
    "call 210-123-4567 please",
    "tel:+302101234567",
    "٠٦١٢٣٤٥٦٧٨",
    "06\N{NO-BREAK SPACE}12\N{NO-BREAK SPACE}34\N{NO-BREAK SPACE}56\N{NO-BREAK SPACE}78",
]

NO_PHONE_NUMBERS = [
    "in 2026",
    "2024-2025",
    "2024\N{EN DASH}2025",
    "2024/2025",
    "12.05.2024",
    "12/05/2024",
    "2024-05-12",
    "on 12.05.2024 at 18:30",
    "from 12.05.2024 to 15.05.2024",
    "1 200 000",
    "1.200.000 €",
    "12,500,000 people",
    "bus 12, 14, 16, 18, 20",
    "https://example.org/12345678",
    "statement-12345678",
    "LV12345678901",
    "postcode 75011",
]


HOSTILE = [
    "1",
    "1 ",
    "1-",
    "(1)",
    "1 . ",
    "+",
    "a",
    "ab.",
    "ab. ",
    ". ",
    "\n",
    " ",
    "- ",
    "12.05.",
    "و",
    "and ",
]


@pytest.mark.parametrize("text", TWO_IDEAS)
def test_two_ideas_are_seen(text: str) -> None:
    assert Hint.TWO_IDEAS in hints(text, CONJUNCTIONS)


@pytest.mark.parametrize("text", ONE_IDEA)
def test_one_idea_is_left_alone(text: str) -> None:
    assert Hint.TWO_IDEAS not in hints(text, CONJUNCTIONS)


@pytest.mark.parametrize("text", PHONE_NUMBERS)
def test_a_phone_number_is_seen(text: str) -> None:
    assert Hint.PHONE_NUMBER in hints(text, CONJUNCTIONS)


@pytest.mark.parametrize("text", NO_PHONE_NUMBERS)
def test_a_date_a_price_or_another_number_is_left_alone(text: str) -> None:
    assert Hint.PHONE_NUMBER not in hints(text, CONJUNCTIONS)


def test_without_conjunctions_only_the_shape_of_the_text_tells_two_ideas() -> None:
    assert hints("a job that I like and a garden near my home", ()) == ()


@pytest.mark.parametrize("piece", HOSTILE, ids=repr)
def test_a_hostile_text_takes_no_longer_than_a_long_one(piece: str) -> None:
    text = "x" + piece * (20_000 // len(piece))
    began = perf_counter()

    hints(text, CONJUNCTIONS)

    assert perf_counter() - began < 0.5
