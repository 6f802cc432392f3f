"""What the person has said about pilot actions, and what they can give: shown to them, changed, withdrawn."""

from flows.actions.actions import ComponentNames
from flows.actions.feedback import Given, OwnFeedback, OwnOpinions, WithdrawFeedback, give_feedback
from flows.actions.gifts import OwnGifts, OwnGiftWords, TakeBack
from flows.choices import TO_OWN_LIST
from flows.moves import Arg, Choice, Flow, Key, Lines, Names, Say, do, glance, look, pick
from flows.words.course import Contribution, OwnStandings, how_it_came, line_of
from flows.words.rewording import CHANGE, WITHDRAW, shortened


def own_feedback() -> Flow[None]:
    """One's feedback to pilot actions, listed, until the person goes back."""
    while True:
        mine = yield from look(OwnFeedback)
        if not mine.given:
            return
        known = yield from glance(OwnOpinions)
        standings = yield from glance(OwnStandings)
        lines: list[Key] = []
        for number, one in enumerate(mine.given, start=1):
            args: dict[str, Arg] = {"number": number, "title": _title(known, one), "n": one.wave}
            lines.append(Key("mydata.feedback_line", args))
            lines += line_of(standings, Contribution.FEEDBACK, one.id).texts
        numbers = (Choice(str(one.id), str(number)) for number, one in enumerate(mine.given, start=1))
        choices = (*numbers, TO_OWN_LIST)
        picked = yield from pick(
            "mydata.which_feedback", choices, columns=5, back=False, lines=Lines(tuple(lines))
        )
        if picked == TO_OWN_LIST.value:
            return
        yield from one_feedback(next(one for one in mine.given if str(one.id) == picked))


def one_feedback(one: Given) -> Flow[None]:
    """One's feedback to one action in one wave, to change while the wave is open, or to withdraw."""
    yield from how_it_came(Contribution.FEEDBACK, one.id)
    known = yield from glance(OwnOpinions)
    names = yield from glance(ComponentNames)
    called = names.names if names else {}
    id = str(one.id)
    ratings = known.ratings.get(id, ()) if known else ()
    scores = []
    for rating in ratings:
        component: Arg = called.get(rating.component) or rating.component
        scores.append(Key("mydata.score", {"component": component, "value": rating.value}))
    side = Key(f"feedback.side.{known.sides[id]}") if known and id in known.sides else ""
    words = known.sentences.get(id, "") if known else ""
    ways = (*((CHANGE,) if one.is_open else ()), WITHDRAW, TO_OWN_LIST)
    picked = yield from pick(
        "mydata.feedback_in_full",
        ways,
        back=False,
        title=_title(known, one),
        side=side,
        scores=Lines(tuple(scores)),
        words=words,
    )
    if picked == CHANGE.value:
        yield from give_feedback(one.action)
    elif picked == WITHDRAW.value:
        yield from do(WithdrawFeedback(one.id))
        yield Say("mydata.feedback_withdrawn")


def _title(known: OwnOpinions | None, one: Given) -> Names:
    return known.titles.get(str(one.id), {}) if known else {}


def own_gifts() -> Flow[None]:
    """What one can give, listed, to take it back."""
    while True:
        mine = yield from look(OwnGifts)
        if not mine.gifts:
            return
        words = yield from glance(OwnGiftWords)
        standings = yield from glance(OwnStandings)
        lines = []
        for number, (id, giving) in enumerate(mine.gifts.items(), start=1):
            text = shortened(words.texts.get(id, "")) if words else ""
            kind = Key(f"give.kind.{giving}")
            lines.append(Key("gifts.line", {"number": number, "kind": kind, "words": text}))
            lines += line_of(standings, Contribution.GIFT, id).texts
        numbers = (Choice(id, str(number)) for number, id in enumerate(mine.gifts, start=1))
        choices = (*numbers, TO_OWN_LIST)
        picked = yield from pick(
            "mydata.which_gift", choices, columns=5, back=False, lines=Lines(tuple(lines))
        )
        if picked == TO_OWN_LIST.value:
            return
        yield from one_gift(picked, Key(f"give.kind.{mine.gifts[picked]}"))


def one_gift(id: str, kind: Key) -> Flow[None]:
    """One thing the person can give, in full."""
    yield from how_it_came(Contribution.GIFT, int(id))
    words = yield from glance(OwnGiftWords)
    text = words.texts.get(id, "") if words else ""
    if (
        yield from pick("gift.one", (WITHDRAW, TO_OWN_LIST), back=False, kind=kind, words=text)
    ) == WITHDRAW.value:
        yield from do(TakeBack(int(id)))
        yield Say("give.taken_back")
