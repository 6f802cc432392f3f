"""Updates as Telegram makes them, and what becomes of them when every part may be wrong."""

import copy
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random
from sys import get_int_max_str_digits, getrecursionlimit, set_int_max_str_digits, setrecursionlimit
from typing import Any, Final

from bot.playground.emulator import Emulator

Json = dict[str, Any]
Path = tuple[str | int, ...]

_ODD: Final[tuple[Any, ...]] = (
    None, True, False, 0, -1, 1, 0.5, -0.0, 1e308, float("nan"), float("inf"), 2**31, 2**53 + 1,
    2**63 - 1, 2**63, -(2**63) - 1, 10**40, -(10**40), "", "0", "-1", "x", "\x00", "\ud800", "null",
    "2020-01-01", "9" * 400, [], {}, [[]], [None], {"id": {}}, {"": ""}, {"id": 1},
    [1, "a", {"b": []}], {"\ud800": "\udfff"}, "🙃" * 5000,
)  # fmt: skip
_IDS: Final[tuple[Any, ...]] = (
    0,
    -1,
    1,
    42,
    2**31,
    2**52,
    2**63 - 1,
    2**63,
    -(2**63),
    2**64,
    10**40,
    -(10**13),
    "7",
    7.0,
    True,
    None,
)
_DATES: Final[tuple[Any, ...]] = (
    0, -1, -(2**31), 1, 2**31, 2**32, 253402300799, 253402300800, 1e18, 10**18, -(10**18), 10**30, 1.5,
    "x", "1", None, [], "9999-12-31T23:59:59Z", float("nan"),
)  # fmt: skip
_UNKNOWN: Final = (
    "thing_of_tomorrow", "channel_post", "inline_query", "poll", "poll_answer", "chat_member",
    "message_reaction", "chat_join_request", "business_message", "shipping_query",
    "pre_checkout_query", "removed_chat_boost", "deleted_business_messages", "purchased_paid_media",
    "", "\ud800", "__class__", "result", "ok", "update",
)  # fmt: skip
_ORIGINS: Final[tuple[Any, ...]] = (
    {"type": "user", "date": 1, "sender_user": {"id": 1, "is_bot": False, "first_name": "x"}},
    {"type": "hidden_user", "date": 1, "sender_user_name": "<b>"},
    {"type": "chat", "date": 1, "sender_chat": {"id": -1, "type": "group", "title": "x"}},
    {"type": "channel", "date": 1, "chat": {"id": -1, "type": "channel", "title": "x"}, "message_id": 1},
    {"type": "unheard_of", "date": 1}, {}, [], "x", None,
)  # fmt: skip
_SERVICE: Final[tuple[Json, ...]] = (
    {"migrate_from_chat_id": -5}, {"group_chat_created": True},
    {"delete_chat_photo": True}, {"new_chat_members": []},
    {"pinned_message": {"message_id": 0, "date": 0, "chat": {"id": 1, "type": "private"}}},
    {"sender_chat": {"id": -100, "type": "channel", "title": "x"}},
    {"via_bot": {"id": 1, "is_bot": True, "first_name": "x"}},
    {"message_auto_delete_timer_changed": {"message_auto_delete_time": 1}},
    {"web_app_data": {"data": "x", "button_text": "x"}},
    {"users_shared": {"request_id": 1, "users": []}},
    {"is_topic_message": True, "message_thread_id": 10**30},
    {"reply_markup": {"inline_keyboard": [[{"text": "x", "callback_data": "0:0:yes"}]]}},
    {"caption": "not a text"}, {"entities": [{"type": "text_mention", "offset": -5, "length": 10**9}]},
    {"quote": {"text": "x", "position": 1}},
)  # fmt: skip


def real_updates() -> list[Json]:
    """One update of every kind that people cause, without its number."""
    emulator = Emulator()
    emulator.limits = None
    person = emulator.person(7, first_name="Amélie", language_code="fr")
    said = person.opens("t_mulhouse")
    words = person.writes("Un banc au soleil, @voisine https://example.org /menu")
    person.edits(words["message_id"], "Deux bancs au soleil")
    person.writes("Une réponse", reply_to=words["message_id"])
    for kind in ("sticker", "location", "contact", "poll", "dice"):
        person.sends(kind)
    for kind in ("voice", "photo", "document", "audio", "video", "video_note"):
        person.sends(kind, caption="words beside it")
    person.forwards("Quelqu'un l'a dit")
    person.sends_album(3)
    person.presses(said["message_id"], "1:0:fr")
    person.presses(99_999, "1:0:fr")
    person.blocks()
    person.unblocks()
    group = emulator.group(-500, kind="group", members=[person])
    group.member_writes(person, "/start@together_bot")
    group.adds(emulator.person(8))
    group.loses(emulator.person(8))
    group.removes_bot()
    group.adds_bot()
    group.migrates()
    person.asks_to_join(group.id)
    waiting = [json.loads(body) for body in emulator.world.queue.batch(100)]
    return [{kind: update[kind] for kind in update if kind != "update_id"} for update in waiting]


class Mutator:
    """Draws mutated updates of some senders; what they have to say is drawn from `texts`."""

    def __init__(
        self,
        random: Random,
        texts: list[str],
        *,
        senders: list[int],
        others: list[int],
        messages: list[int],
        readable: bool = False,
    ) -> None:
        """
        senders   ids that updates come from
        others    ids of people who send nothing here, to be named in wrong places
        messages  of theirs, to be edited by somebody else
        readable  none too deep to be read, nor with numbers too long: a webhook refuses such calls as a
                  whole, which tests/campaigns/hostile/calls.py is about
        """
        self._random = random
        self._depths = (3, 20, 40) if readable else (3, 60, 64, 250, 500, 900, 1000, 3000)
        self._digits = 4000 if readable else 6000
        self._senders = senders
        self._others = others
        self._texts = texts
        real = real_updates()
        self._real = real + [update for update in real if "edited_message" in update] * 3
        self._edited = messages
        self._messages = 1_000_000

    def update(self) -> Json:
        """One update, mutated once or several times; now and then one that is whole."""
        random = self._random
        update = self._addressed(copy.deepcopy(random.choice(self._real)))
        for _ in range(random.choice((0, 1, 1, 1, 1, 2, 3, 6))):
            update = random.choice(_MUTATIONS)(self, update)
        return update

    def _addressed(self, update: Json) -> Json:
        """From one of the senders, in their chat, with new words; an edit names a message of others."""
        sender = self._random.choice(self._senders)
        for kind, body in update.items():
            for holder in (body, body.get("message", {})):
                if "message_id" in holder:
                    self._messages += self._random.choice((0, 1, 1, 1))
                    holder["message_id"] = self._messages
                if holder.get("chat", {}).get("type") == "private":
                    holder["chat"]["id"] = sender
            if kind == "edited_message":
                body["message_id"] = self._random.choice(self._edited)
            if body["from"]["id"] == 7:
                body["from"]["id"] = sender
            if "text" in body and not body["text"].startswith("/") and self._random.random() < 0.7:
                body["text"] = self._random.choice(self._texts)
        return update

    # ---- mutations

    def drops(self, update: Json) -> Json:
        """Something is missing."""
        place = self._somewhere(update)
        if place:
            _holder(update, place).pop(place[-1])
        return update

    def replaces(self, update: Json) -> Json:
        """Something is of another kind, huge, negative or nothing at all."""
        place = self._somewhere(update)
        if place:
            _holder(update, place)[place[-1]] = copy.deepcopy(self._random.choice(_ODD))
        return update

    def adds(self, update: Json) -> Json:
        """There is more than Telegram documents."""
        body = self._body(update)
        body[self._random.choice(("x", "", "__dict__", "id", "bot", "\ud83d", "class", "self"))] = (
            copy.deepcopy(self._random.choice(_ODD))
        )
        return update

    def mixes_up_ids(self, update: Json) -> Json:
        """Somebody else's id, or no id at all, where one belongs."""
        body = self._body(update)
        holder = self._random.choice([body, *(value for value in body.values() if isinstance(value, dict))])
        ids = [name for name in holder if name == "id" or name.endswith("_id")]
        mine = holder is body.get("from")  # a message from another is theirs: only strangers are named here
        wrong = self._random.choice(_IDS if mine else (*_IDS, *self._others))
        holder[self._random.choice(ids or ["id"])] = wrong
        return update

    def mixes_up_dates(self, update: Json) -> Json:
        """Long ago, in the year 9999, or never."""
        body = self._body(update)
        body[self._random.choice(("date", "edit_date", "date"))] = self._random.choice(_DATES)
        return update

    def loses_people(self, update: Json) -> Json:
        """Nobody sent it, or nowhere."""
        body = self._body(update)
        body.pop(self._random.choice(("from", "chat", "message", "message_id")), None)
        return update

    def changes_chat(self, update: Json) -> Json:
        """The chat is of another kind."""
        chat = self._body(update).get("chat")
        if isinstance(chat, dict):
            chat["type"] = self._random.choice(("group", "supergroup", "channel", "sender", "", None, 5))
        return update

    def nests(self, update: Json) -> Json:
        """Boxes in boxes."""
        value: Any = self._random.choice(self._texts)[:50]
        depth = self._random.choice(self._depths)
        for _ in range(depth):
            value = [value] if self._random.random() < 0.5 else {"reply_to_message": value}
        place = self._somewhere(update)
        if place and self._random.random() < 0.7:
            _holder(update, place)[place[-1]] = value
        else:
            update[next(iter(update), "message")] = value
        return update

    def swells(self, update: Json) -> Json:
        """Up to half a megabyte."""
        body = self._body(update)
        size = self._random.choice((5_000, 40_000, 200_000, 510_000))
        body[self._random.choice(("text", "caption", "data", "x"))] = self._random.choice(
            (
                "a" * size,
                "<" * size,
                "\x00" * (size // 7),
                [0] * (size // 3),
                "😀" * (size // 13),
                10 ** min(size, self._digits),
            )
        )
        return update

    def renames(self, update: Json) -> Json:
        """Another type of update, known or not."""
        known = ("message", "edited_message", "callback_query", "my_chat_member")
        kind = self._random.choice((*known, *known, *_UNKNOWN))
        return {kind: next(iter(update.values()), None)}

    def doubles(self, update: Json) -> Json:
        """Two updates in one."""
        return {**update, **self._addressed(copy.deepcopy(self._random.choice(self._real)))}

    def empties(self, update: Json) -> Json:
        """A type and nothing of it, or less."""
        kind = next(iter(update), "message")
        return self._random.choice(({}, {kind: copy.deepcopy(self._random.choice(_ODD))}))

    def serves(self, update: Json) -> Json:
        """Fields of service messages and the like, where they do not belong."""
        body = self._body(update)
        if self._random.random() < 0.7:
            body.update(copy.deepcopy(self._random.choice(_SERVICE)))
        else:
            new = (-5, 10**30, self._random.randrange(10**9), self._random.choice(self._others))
            body["migrate_to_chat_id"] = self._random.choice(new)
            chat = body.get("chat")
            if isinstance(chat, dict) and self._random.random() < 0.5:
                chat["id"] = self._random.choice(self._others)
        return update

    def forwards(self, update: Json) -> Json:
        """Somebody else said it."""
        self._body(update)["forward_origin"] = copy.deepcopy(self._random.choice(_ORIGINS))
        return update

    def gathers(self, update: Json) -> Json:
        """It belongs to an album."""
        self._body(update)["media_group_id"] = self._random.choice(
            ("1", "", "\ud800", "x" * 5000, 7, None, [])
        )
        return update

    # ---- where

    def _body(self, update: Json) -> Json:
        """What stands under the type; made if nothing fitting does."""
        kind = next(iter(update), "message")
        if not isinstance(update.get(kind), dict):
            update[kind] = {}
        body: Json = update[kind]
        return body

    def _somewhere(self, update: Json) -> Path | None:
        places = list(_places(update, (), 12))
        return self._random.choice(places) if places else None


_MUTATIONS: Final[tuple[Callable[[Mutator, Json], Json], ...]] = (
    *[Mutator.drops] * 4, *[Mutator.replaces] * 6, Mutator.adds, *[Mutator.mixes_up_ids] * 3,
    *[Mutator.mixes_up_dates] * 2, Mutator.loses_people, Mutator.changes_chat, Mutator.nests,
    Mutator.swells, Mutator.renames, Mutator.doubles, Mutator.empties, Mutator.serves,
    Mutator.forwards, Mutator.gathers,
)  # fmt: skip


def _places(value: Any, place: Path, deep: int) -> Iterator[Path]:
    items: Any = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    if deep:
        for key, item in list(items)[:50]:
            yield (*place, key)
            yield from _places(item, (*place, key), deep - 1)


def _holder(update: Json, place: Path) -> Any:
    holder: Any = update
    for key in place[:-1]:
        holder = holder[key]
    return holder


@contextmanager
def no_limits() -> Iterator[None]:
    """Let Python write JSON as deep and numbers as long as an attacker would."""
    depth, digits = getrecursionlimit(), get_int_max_str_digits()
    setrecursionlimit(20_000)
    set_int_max_str_digits(0)
    try:
        yield
    finally:
        setrecursionlimit(depth)
        set_int_max_str_digits(digits)
