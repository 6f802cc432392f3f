"""What one can be at an occasion, and how many of each: asked of whoever plans it."""

from collections import deque
from enum import StrEnum
from functools import partial
from typing import Final

from flows.choices import TO_LIST
from flows.events import Wrote
from flows.moves import Arg, Ask, Choice, Flow, Key, Names, Refused, Say, choose, do, glance, look, pick
from flows.occasions.occasions import One, Sheets
from flows.occasions.sheet import Tongue, in_hours, post_name
from flows.planning.drafting import SKIP, Draft, PlaceLanguages, texts_in
from flows.planning.planning import (
    MOST_SEATS,
    AddPost,
    CountHours,
    CountSeats,
    DropPost,
    NamePost,
    Planned,
    Progress,
    Target,
)
from flows.times.typed_hours import MOST, read_hours

ANY: Final = Choice("any", Key("plan.seats_any"))
WHOLE: Final = Choice("whole", Key("plan.hours_whole"))
ADD: Final = Choice("add", Key("plan.post_add"))
DONE: Final = Choice("done", Key("plan.posts_done"))

LONGEST_NAME: Final = 60  # characters


class Another(StrEnum):
    """Whether there is more to do."""

    YES = "yes"
    NO = "no"


class PostWish(StrEnum):
    """What can be changed about a post."""

    NAME = "name"
    SEATS = "seats"
    HOURS = "hours"
    DROP = "drop"


def ask_seats(key: str, target: Target, post: int) -> Flow[None]:
    """How many seats there are; not fewer than people have.

    key   of a question without arguments
    post  its number
    """

    def read(words: Wrote) -> int | Refused:
        try:
            seats = int(words.text.strip())
        except ValueError:
            return Refused(Say("number.not_a_number", low=1, high=MOST_SEATS))
        if 1 <= seats <= MOST_SEATS:
            return seats
        return Refused(Say("number.out_of_bounds", low=1, high=MOST_SEATS))

    while True:
        answer: str | int = yield Ask(key, {}, (ANY,), reads=read, numbered=False)
        seats = None if answer == ANY.value else int(answer)
        counted = yield from do(target.change(CountSeats, post, seats))
        if counted.came is not Planned.TAKEN:
            return
        yield Say("plan.seats_taken", n=counted.taken)


def ask_hours(target: Target, post: int) -> Flow[None]:
    """How long one is busy with it."""

    def read(words: Wrote) -> int | Refused:
        return read_hours(words.text) or Refused(Say("helped.hours_wrong", most=in_hours(MOST)))

    answer: str | int = yield Ask("plan.hours", {}, (WHOLE,), reads=read, numbered=False)
    minutes = None if answer == WHOLE.value else int(answer)
    yield from do(target.change(CountHours, post, minutes))


def add_posts(target: Target) -> Flow[None]:
    """One thing to do after the other."""
    while True:
        yield from add_post(target)
        if (yield from choose("plan.post_another", Another)) is Another.NO:
            return


def add_post(target: Target) -> Flow[None]:
    """One thing to do: its name in each language, how many people, how long."""
    languages = yield from look(PlaceLanguages, target.where)
    left = deque(languages.own_names.items())
    post = None
    while post is None:
        code, own_name = left.popleft()
        post = yield from _new_post(target, code, own_name, ways=(SKIP,) if left else ())
    if not post:
        yield Say("plan.post_too_many")
        return
    yield from texts_in(PlaceLanguages(dict(left)), naming(target, post, needed=False))
    yield from ask_seats("plan.people", target, post)
    yield from ask_hours(target, post)


def _new_post(target: Target, code: str, own_name: str, ways: tuple[Choice, ...]) -> Flow[int | None]:
    """Its number, once it has a name in that language; 0: there are too many; None: it has none in it."""

    def read(words: Wrote) -> AddPost | Refused:
        name = " ".join(words.text.split())
        if len(name) > LONGEST_NAME:
            return Refused(Say("draft.too_long", n=len(name), most=LONGEST_NAME))
        return target.change(AddPost, code, name)

    args: dict[str, Arg] = {"language": own_name}
    answer: int | str = yield Ask("plan.post", args, ways, reads=read, does=AddPost, numbered=False)
    return None if answer == SKIP.value else int(answer)


def naming(target: Target, post: int, *, needed: bool) -> Draft:
    """How the name of a post is asked for in each language; needed where it could have none in any."""

    def write(language: str, name: str) -> NamePost:
        return target.change(NamePost, post, language, name)

    return Draft(Key("plan.post_name"), NamePost, write, LONGEST_NAME, one_line=True, needed=needed)


def _names_of(target: Target, post: int) -> Flow[Names]:
    """What a post is called now."""
    known = yield from glance(Sheets, (target.occasion,), after=target.after)
    sheet = known.by_id.get(str(target.occasion)) if known else None
    return sheet.posts.get(str(post), {}) if sheet else {}


def change_posts(target: Target, tongue: Tongue) -> Flow[None]:
    """All that there is to do, one after the other, until nothing is to be changed any more."""
    while True:
        occasion = (yield from look(One, target.occasion, after=target.after)).occasion
        if occasion is None:
            return
        known = yield from glance(Sheets, (occasion.id,), after=target.after)
        words = known.by_id.get(str(occasion.id)) if known else None
        posts = (Choice(str(post.number), post_name(post, words, tongue)) for post in occasion.posts)
        picked = yield from pick("plan.posts", (*posts, ADD, DONE), back=False)
        if picked == DONE.value:
            return
        if picked == ADD.value:
            yield from add_post(target)
        else:
            yield from change_post(target, int(picked))


def _wish_choice(wish: PostWish) -> Choice:
    return Choice(wish, Key(f"plan.post_wish.{wish}"))


def change_post(target: Target, post: int) -> Flow[None]:
    """One thing to do."""
    wish = yield from pick("plan.post_one", (*map(_wish_choice, PostWish), TO_LIST), back=False)
    if wish == TO_LIST.value:
        return
    match PostWish(wish):
        case PostWish.NAME:
            languages = yield from look(PlaceLanguages, target.where)
            progress = yield from look(Progress, target.where, target.occasion, after=target.after)
            have, names = progress.posts.get(str(post), ()), partial(_names_of, target, post)
            yield from texts_in(languages, naming(target, post, needed=True), have=have, words=names)
        case PostWish.SEATS:
            yield from ask_seats("plan.people", target, post)
        case PostWish.HOURS:
            yield from ask_hours(target, post)
        case PostWish.DROP:
            came = yield from do(target.change(DropPost, post))
            yield Say(f"plan.post_dropped.{came}")
