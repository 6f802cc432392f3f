"""What people can give, for those who plan something: finding it, and asking whoever gives."""

from collections.abc import Mapping
from typing import Final

from flows.actions.gifts import Asked, AskGiver, Cause, Causes, CauseTitles, Gift, Gifts, GiftWords
from flows.choices import TO_LIST
from flows.conversations import Next, conversation
from flows.coordinate import DESK, place_of, somewhere
from flows.events import Wrote
from flows.moves import Arg, Ask, Choice, Flow, Key, Reading, Refused, Say, glance, look, pick
from flows.paging import Leaf, Listing, one_of_many
from flows.people.roles import EVERYWHERE, Permission, Spot
from flows.people.team import Reach, own_name
from flows.words.rewording import shortened

LONGEST: Final = 500  # characters of what is written to a giver

ASK: Final = Choice("ask", Key("gift.ask"))


@conversation("gifts", desk=65, needs=Permission.PLAN)
def gifts() -> Flow[Next]:
    """A person who coordinates sees what people can give, without names, and asks for it.

    where -> the list -> one of them -> what for -> in which words -> the list again
    """
    reach = yield from look(Reach, Permission.PLAN)
    spot = yield from somewhere("gifts.where", [one for one in reach.spots if one.where != EVERYWHERE])
    leaf = Leaf()
    while (picked := (yield from which(spot, leaf))) is not None:
        yield from one_gift(spot, picked.id)
    return DESK


def which(spot: Spot, leaf: Leaf) -> Flow[Gift | None]:
    """One of the gifts, in the words of whoever gives; None for none of them."""

    def list_now() -> Flow[Listing[Gift]]:
        there = yield from look(Gifts, spot.where)
        words = yield from glance(GiftWords, spot.where)

        def line(number: int, one: Gift) -> Key:
            text = shortened(words.texts.get(str(one.id), "")) if words else ""
            args: Mapping[str, Arg] = {
                "number": number,
                "kind": Key(f"give.kind.{one.giving}"),
                "words": text,
            }
            return Key("gifts.wanted" if one.is_wanted else "gifts.line", args)

        return Listing(there.gifts, line)

    about = place_of(spot)
    nothing = Say("gifts.none", about=about)
    return (yield from one_of_many("gifts.list", list_now, nothing, leaf=leaf, about=about))


def one_gift(spot: Spot, id: int) -> Flow[None]:
    """What somebody can give, and what they wrote back to the person who asked; to ask for it."""
    now = yield from look(Gifts, spot.where)
    gift = next((one for one in now.gifts if one.id == id), None)
    if gift is None:
        yield Say("gift.gone")
        return
    words = yield from glance(GiftWords, spot.where)
    text = words.texts.get(str(gift.id), "") if words else ""
    kind = Key(f"give.kind.{gift.giving}")
    if gift.agreed:
        reply = words.replies.get(str(gift.id), "") if words else ""
        yield Say("gift.agreed", reply=reply)
    elif gift.asked:
        yield Say("gift.asked_before" if gift.agreed is None else "gift.refused")
    if (yield from pick("gift.one", (ASK, TO_LIST), back=False, kind=kind, words=text)) == ASK.value:
        yield from ask(spot, gift)


def ask(spot: Spot, gift: Gift) -> Flow[None]:
    """Ask for it: what for, and in which words."""
    cause = yield from which_cause(spot)
    if cause is None:
        return
    name = yield from own_name()

    def read(words: Wrote) -> Reading:
        if len(words.text) > LONGEST:
            return Refused(Say("gift.too_long", n=len(words.text), most=LONGEST))
        return AskGiver(spot.where, gift.id, cause, words.text)

    asked: Asked = yield Ask("gift.words", {"name": name}, (TO_LIST,), reads=read, does=AskGiver)
    if asked != TO_LIST.value:
        yield Say(f"gift.{asked}")


def which_cause(spot: Spot) -> Flow[Cause | None]:
    """What it is asked for; None: there is nothing to ask for, which is said, or the person went back."""

    def list_now() -> Flow[Listing[Cause]]:
        there = yield from look(Causes, spot.where)
        called = yield from glance(CauseTitles, spot.where)

        def line(number: int, one: Cause) -> Key:
            title = called.titles[number - 1] if called else {}
            return Key("gift.cause", {"number": number, "title": title})

        return Listing(there.causes, line)

    return (yield from one_of_many("gift.which_cause", list_now, Say("gift.no_cause")))
