"""What could lead to a person is found in their words, in any script, and masked without a trace."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.words.masks import MASK, Span, Trace, masked, occurrences, span_of, traces


def found(text: str) -> list[tuple[str, Trace]]:
    """What is found, as it stands in the text."""
    return [(text[one.span.start : one.span.end], one.trace) for one in traces(text)]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "Call 06 12 34 56 78 or me@example.org",
            [("06 12 34 56 78", "number"), ("me@example.org", "email")],
        ),
        ("See https://example.org/me?x=1 please", [("https://example.org/me?x=1", "link")]),
        ("It is on garden.lv, ask @gardener_1", [("garden.lv", "link"), ("@gardener_1", "handle")]),
        ("Zvaniet +371 2612-3456 vakarā", [("+371 2612-3456", "number")]),
        ("We talked with Marie Dupont about it", [("Marie Dupont", "name")]),
        ("Hier hat Jānis geholfen. Danke!", [("Jānis", "name")]),
        ("Мы были у Анны вчера", [("Анны", "name")]),
        ("Ρωτήστε τον Γιώργο", [("Γιώργο", "name")]),
    ],
)
def test_what_leads_to_a_person_is_found(text: str, parts: list[tuple[str, str]]) -> None:
    assert found(text) == parts


@pytest.mark.parametrize(
    "text",
    [
        "A park. Trees! More benches? Light",
        "It was like that from 2010 - 2014",
        "On 12.05.2024 there was a feast",
        "More than 300 homes",
        "A WARM HOME for all",
        "حديقة قرب البيت",
        "«Home» (School): Bread",
    ],
)
def test_the_beginning_of_a_sentence_and_years_lead_to_nobody(text: str) -> None:
    assert found(text) == []


@given(st.text(max_size=200))
def test_what_is_found_lies_in_the_text_and_never_overlaps(text: str) -> None:
    spans = [one.span for one in traces(text)]

    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert all(before.end <= after.start for before, after in pairwise(spans))


@given(st.text(max_size=200))
def test_nothing_of_a_masked_part_stays_and_all_else_does(text: str) -> None:
    spans = [one.span for one in traces(text)]
    kept = [
        text[a:b]
        for a, b in zip([0, *(s.end for s in spans)], [*(s.start for s in spans), None], strict=True)
    ]

    assert masked(text, spans) == MASK.join(kept)


def test_words_are_found_however_they_are_written_and_nowhere_else() -> None:
    assert occurrences("Karl and KARL", "karl ") == (Span(0, 4), Span(9, 13))
    assert occurrences("a (b) c", "(B)") == (Span(2, 5),)
    assert occurrences("Karl", "  ") == ()


def test_a_span_is_read_from_a_button() -> None:
    assert span_of(str(Span(4, 16))) == Span(4, 16)
    with pytest.raises(ValueError, match="invalid literal"):
        span_of("+4-16-2")
