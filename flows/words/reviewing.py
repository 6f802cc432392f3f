"""Reviewing statements one by one: fit to be shown, shown with masks, or held back with a reason."""

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Final

from flows.choices import CLOSE, TO_LIST
from flows.conversations import Next, conversation
from flows.coordinate import DESK, anew, place_in, place_of, somewhere
from flows.events import Wrote
from flows.moves import Ask, Choice, Flow, Key, Names, Reading, Refused, Say, do, glance, look, pick
from flows.occasions.sheet import said
from flows.people.roles import EVERYWHERE, Permission, Scope
from flows.people.team import Reach
from flows.planning.drafting import OwnTongue
from flows.words.masks import CERTAIN, Span, masked, occurrences, span_of
from flows.words.reviews import (
    NextReview,
    Pile,
    ReasonCodes,
    Reasons,
    Review,
    Reviewed,
    ReviewsLeft,
    ReviewWords,
    ToReview,
    Verdict,
)
from flows.words.rounds import ROUND, SKIP, STOP

REVIEWS: Final = "reviews"

TYPED: Final = "+"
"""Begins a span that was typed: pressing one again takes the mask back, typing it again does not."""

MOST_PARTS: Final = 50
"""Parts of a text with a button each: Telegram refuses too many, and in German every noun may be a name."""

FIT: Final = Choice(Verdict.FIT, Key("review.fit"))
MASK: Final = Choice(Verdict.MASKED, Key("review.mask"))
HOLD: Final = Choice(Verdict.HELD, Key("review.hold"))
ENOUGH: Final = Choice("enough", Key("review.masks_done"))


@conversation(REVIEWS, desk=66, needs=Permission.REVIEW)
def reviews(territory: str | None = None, group: str | None = None) -> Flow[Next]:
    """A person who coordinates looks at what citizens said before others see it.

    where -> what is new, or what is held back -> one after the other -> how much is left there

    territory, group  where they are at work already, if they are
    """
    reach = yield from look(Reach, Permission.REVIEW)
    spots = [one for one in reach.spots if one.where != EVERYWHERE]
    spot = yield from somewhere("review.where", spots, place_in(territory, group))
    left = yield from look(ReviewsLeft, spot.where)
    there = ((Pile.NEW, left.new), (Pile.HELD, left.held))
    piles = tuple(Choice(pile, Key(f"review.pile.{pile}", {"count": n})) for pile, n in there if n)
    others = (TO_LIST, CLOSE) if len(spots) > 1 else (CLOSE,)
    picked = yield from pick("review.ask", (*piles, *others), back=False, about=place_of(spot))
    if picked == CLOSE.value:
        return DESK
    if picked == TO_LIST.value:
        return REVIEWS
    yield from one_by_one(spot.where, Pile(picked))
    return anew(REVIEWS, spot)


def one_by_one(where: Scope, pile: Pile) -> Flow[None]:
    """Statements of a pile, until it is empty or the person stops."""
    last = 0
    for _ in range(ROUND):
        found = yield from look(NextReview, where, pile, last)
        if found.statement is None:
            yield Say("review.no_more")
            return
        last = found.statement.id
        if not (yield from one_review(where, found.statement)):
            return


def one_review(where: Scope, one: ToReview) -> Flow[bool]:
    """One statement; returns whether to go on with the next."""
    own = yield from look(OwnTongue)
    words = yield from glance(ReviewWords, where, one.id)
    picked = yield from pick(
        "review.one",
        (FIT, MASK, HOLD, SKIP, STOP),
        columns=2,
        back=False,
        words=said({one.language: words.text if words else ""}, own.tongue),
        about=Key(f"question.{one.question}"),
        consent=Key("review.quotable" if one.may_be_quoted else "review.not_quotable"),
        traces=Key("review.traces", {"n": len(one.traces)}) if one.traces else Key("review.no_traces"),
    )
    if picked in (SKIP.value, STOP.value):
        return picked == SKIP.value
    match Verdict(picked):
        case Verdict.FIT:
            review = Review(where, one.id, one.wording, Verdict.FIT)
        case Verdict.MASKED:
            spans = yield from what_to_mask(where, one)
            review = Review(where, one.id, one.wording, Verdict.MASKED if spans else Verdict.FIT, spans)
        case Verdict.HELD:
            reason = yield from why_held()
            review = Review(where, one.id, one.wording, Verdict.HELD, reason=reason)
    reviewed = yield from do(review)
    yield Say(f"review.done.{review.verdict}" if reviewed is Reviewed.DONE else f"review.{reviewed}")
    return True


def what_to_mask(where: Scope, one: ToReview) -> Flow[tuple[Span, ...]]:
    """The parts of a statement that are masked: those proposed, toggled one by one, and any words typed.

    Numbers and addresses are proposed as masked, names are not; what it then looks like is shown each time.
    """
    spans = {found.span for found in one.traces if found.trace in CERTAIN}
    offered = [found.span for found in one.traces]
    while True:
        words = yield from glance(ReviewWords, where, one.id)
        text = words.text if words else ""
        shown = _on_buttons(offered, spans)
        choices = tuple(Choice(str(span), _toggle(text, span, span in spans)) for span in shown)
        picked: str = yield Ask(
            "review.masks",
            {"words": masked(text, spans)},
            (*choices, ENOUGH),
            reads=_reading(text),
            numbered=False,
        )
        if picked == ENOUGH.value:
            return tuple(sorted(spans))
        for written in picked.split():
            span = span_of(written.removeprefix(TYPED))
            offered += [span] if span not in offered else []
            spans = _without(spans, span) | ({span} if span not in spans or written != str(span) else set())


def _on_buttons(offered: Sequence[Span], spans: Collection[Span]) -> list[Span]:
    """Those that have a button: all, or the masked ones first; where others stand can be typed."""
    first = sorted(offered, key=lambda span: span not in spans)[:MOST_PARTS]
    return [span for span in offered if span in first]


def _toggle(text: str, span: Span, is_masked: bool) -> Key:
    args = {"words": text[span.start : span.end]}
    return Key("review.masked_part", args) if is_masked else Key("review.open_part", args)


def _without(spans: Iterable[Span], one: Span) -> set[Span]:
    """Those spans without that one and all that overlap it."""
    return {each for each in spans if each.end <= one.start or one.end <= each.start}


def _reading(text: str) -> Callable[[Wrote], Reading]:
    """How typed words are read: as the places where they stand in the statement, which no log may hold."""

    def read(typed: Wrote) -> Reading:
        found = occurrences(text, typed.text)
        return " ".join(f"{TYPED}{span}" for span in found) if found else Refused(Say("review.not_there"))

    return read


def why_held() -> Flow[str]:
    """One of the reasons, by its code."""
    codes = yield from look(ReasonCodes)
    names = yield from glance(Reasons)
    called = names.names if names else {}
    choices = tuple(Choice(code, _name(called.get(code), code)) for code in codes.codes)
    return (yield from pick("review.why", choices))


def _name(names: Names | None, code: str) -> Names | str:
    return names or code
