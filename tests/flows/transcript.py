"""Transcripts: a conversation as plain text. `python -m tests.flows.transcript` writes what is said today.

A person's lines are carried out, all others are printed:

    given: arrived in riverside/youth       who the person is; a stranger, if nothing is given
    given: Ada arrived in riverside/elders  the same of somebody else
    given: now 2026-03-02 09:00             in UTC; each act takes ten seconds
    given: ...                              and whatever else is found in tests/flows/givens
    you:   words   [choice]   [choice] under <key>   /command payload   (voice)   (blocks)   (unblocks)
           (photo photo:A1)   (place 47.75 7.34)
           (floods)                        too much at once: this was not taken in
           words (in fr 0.97 or it)        what they seem to be in, with what else they may be in
    edit:  2 new words                      of the second of their own messages
    forge: talk=9 step=0 [choice]           a button that was never shown
    later: 13h                              or 2d, or 15min
    tick:                                   what is due by now is said, to everybody
    Ada:   words   [choice]   /command      what somebody else does; as `you:` for everything else
    you:   ~room:0:panel                    a button in the group chat, by what it carries

    bot:   key argument=... [choice] [choice]
    to Ada: key argument=... [choice]       the same, said to somebody else
    do:    Effect(...) -> what came of it   never with words in it
    notice: key                             a short word on the pressed button
    chat:  key argument=... [choice]        what the pressed message in the group chat says from now on
    end                                     nothing is open any more
"""

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import timedelta
from enum import Enum
from pathlib import Path
from typing import Any, Final

from flows.announcements.letter import Letter
from flows.events import Pressed, Thing
from flows.files import CalendarFile, DataFile, Hand, Medium, QrCode, Table
from flows.moves import Arg, Effect, In, Key, Lines, Link, Live, Look, Say, Tag
from flows.panels.rooms import Answered
from flows.people.roles import Scope, Spot
from flows.talks import BACK, Asked, Reply
from flows.words.statements import Words
from tests.flows.givens import give
from tests.flows.talking import Talking
from tests.flows.ticking import tick
from tests.flows.village import Village
from tests.flows.world import World

FOLDER: Final = Path(__file__).parent / "transcripts"

RARE: Final = ("heard", "proposed")
"""Fields that are told only where they hold something."""

_PRESS: Final = re.compile(r"\[([^\]]*)\](?: under (\S+))?")
_FORGED: Final = re.compile(r"talk=(-?\d+) step=(-?\d+) \[([^\]]*)\]")
_IN: Final = re.compile(r"(.+) \(in ([\w-]+) ([\d.]+)(?: or ([\w-]+))?\)")
_LATER: Final = re.compile(r"(\d+)(min|h|d)")
_PRINTED: Final = ("bot:", "to ", "do:", "notice:", "chat:", "end")
_UNITS: Final = {"min": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
_TOKEN: Final = re.compile(r"(\?start=[a-z]_)[\w-]{22}\b")
"""What a link holds that was made by chance."""


def cases() -> tuple[Path, ...]:
    """Every transcript, by conversation and case."""
    return tuple(sorted(FOLDER.glob("*/*.txt")))


def replay(script: str) -> str:
    """The transcript that a person's lines in `script` lead to today."""
    return Stage().replay(script)


@dataclass(eq=False)
class Telling(World):
    """A world that tells each effect as it is carried out."""

    lines: list[str] = field(default_factory=list)

    def carry_out(self, move: Look | Effect[Any]) -> Any:
        known = World.carry_out(self, move)
        if isinstance(move, Effect):
            self.lines.append(f"do:    {written(move)} -> {'done' if known is None else written(known)}")
        return known


class Stage:
    """Where one transcript is played."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.village = Village()
        self.talking = Talking(Telling(self.village, lines=self.lines))
        self.others: dict[str, Talking] = {}
        self.replies: list[Reply] = []

    @property
    def everybody(self) -> tuple[Talking, ...]:
        """The person whose transcript it is, then the others."""
        return self.talking, *self.others.values()

    def replay(self, script: str) -> str:
        for line in script.splitlines():
            if not line.startswith(_PRINTED):
                self.lines.append(line)
                if line and not line.startswith("#"):
                    self.play(line)
        return _TOKEN.sub(r"\1token", "\n".join(self.lines) + "\n")

    def play(self, line: str) -> None:
        kind, _, rest = line.partition(":")
        words, me = rest.strip().replace("\\n", "\n"), self.talking
        match kind:
            case "given":
                name, _, what = words.partition(" ")
                give(*((self.other(name), what) if name[0].isupper() else (me, words)))
            case "later":
                number, unit = _found(_LATER, words)
                me.falls_silent(int(number) * _UNITS[unit])
            case "tick":
                for who, reply in tick(self.everybody):
                    self.print(who, reply)
            case "you":
                self.act(me, words)
            case "edit":
                message, _, text = words.partition(" ")
                self.print(me, me.edits(int(message), text))
            case "forge":
                talk, step, choice = _found(_FORGED, words)
                self.print(me, me.meets(Pressed(me.now, int(talk), int(step), choice)))
            case name if name in self.others:
                self.act(self.others[name], words)
            case _:
                raise ValueError(f"no transcript has a line like '{line}'")

    def act(self, who: Talking, words: str) -> None:
        if words.startswith("~"):
            self.print_in_chat(who, who.presses_in_chat(words))
        else:
            self.print(who, acts(who, words))

    def print_in_chat(self, who: Talking, answered: Answered) -> None:
        if board := answered.board:
            buttons = (f"[{button.choice.value}]" for button in board.buttons)
            self.lines.append(" ".join(["chat:  " + spoken(who, board.key, board.args), *buttons]))
        if answered.notice:
            self.lines.append(f"notice: {spoken(who, answered.notice.key, answered.notice.args)}")

    def other(self, name: str) -> Talking:
        """Somebody else, who is there from the first time that anything is given of them."""
        if name not in self.others:
            self.others[name] = Talking(Telling(self.village, lines=self.lines), name=name)
        return self.others[name]

    def print(self, who: Talking, reply: Reply) -> None:
        self.replies.append(reply)
        for said in reply.said:
            self.lines.append(f"{self.to(who)} {spoken(who, said.key, said.args)}{handed(said)}")
        if reply.asked:
            self.lines.append(f"{self.to(who)} {question(who, reply.asked)}")
        if reply.notice:
            self.lines.append(f"notice: {spoken(who, reply.notice.key, reply.notice.args)}")
        if not reply.stack:
            self.lines.append("end")

    def to(self, who: Talking) -> str:
        """What a line to that person begins with."""
        return "bot:  " if who is self.talking else f"to {who.name}:"


def acts(who: Talking, words: str) -> Reply:
    """Do what stands in a line of a person."""
    if words == "(blocks)":
        return who.blocks()
    if words == "(unblocks)":
        return who.unblocks()
    if words == "(floods)":
        return who.floods()
    if words.startswith("(") and words.endswith(")"):
        thing, *what = words[1:-1].split()
        if thing == Thing.PLACE and what:
            latitude, longitude = map(float, what)
            return who.shares(Thing.PLACE, place=(latitude, longitude))
        return who.shares(Thing(thing), what[0] if what else None)
    if words.startswith("["):
        choice, under = _found(_PRESS, words)
        return who.presses(choice, under)
    if words.startswith("/"):
        command, _, payload = words[1:].partition(" ")
        return who.opens(command, payload)
    if written_in := _IN.fullmatch(words):
        text, language, probability, second = written_in.groups()
        return who.writes(text, language, float(probability), second)
    return who.writes(words)


def question(who: Talking, asked: Asked) -> str:
    values = [choice.value for choice in asked.ask.choices] + [BACK] * asked.can_go_back
    return " ".join([spoken(who, asked.ask.key, asked.ask.args), *(f"[{value}]" for value in values)])


def spoken(who: Talking, key: str, args: Mapping[str, Arg]) -> str:
    return " ".join([key, *(f"{name}={argument(who, value)}" for name, value in args.items())])


def handed(said: Say) -> str:
    """The file that stands beside what is said, or the buttons of an announcement, if there are any."""
    match said:
        case Letter(doors=doors, links=links, medium=medium, called=called):
            parts = ([f"for {called}"] if called else []) + ([medium.kind.value] if medium else [])
            parts += [f"{label.key} {payload}" for label, payload in doors]
            parts += [f"{label} {address}" for label, address in links]
            return "".join(f" <{each}>" for each in parts)
        case Hand(file=CalendarFile(entries=entries)):
            return f" <calendar of {' '.join(str(entry.id) for entry in entries)}>"
        case Hand(file=QrCode(text=text)):
            return f" <picture of {text}>"
        case Hand(file=DataFile(name=name, content=content)):
            return f" <{name}.json about {' '.join(each['table'] for each in content['kept'])}>"
        case Hand(file=Table(name=name, form=form, columns=columns, rows=rows)):
            return f" <{name}.{form} with {len(columns)} columns and {len(rows)} rows>"
        case Hand(file=Medium(kind=kind, alt=alt)):
            return f" <{kind}{f' of {alt}' if alt else ''}>"
    return ""


def argument(who: Talking, value: Arg) -> str:
    if isinstance(value, Key):
        return spoken(who, value.key, value.args)
    if isinstance(value, Lines):
        return f"({'; '.join(spoken(who, line.key, line.args) for line in value.texts)})"
    if isinstance(value, In):
        return argument(who, value.texts)
    if isinstance(value, Link):
        return value.address
    if isinstance(value, Live):
        return repr(value.words)
    if isinstance(value, Tag):
        return f"language {value.code}"
    if isinstance(value, tuple):
        return f"({', '.join(argument(who, each) for each in value)}{',' * (len(value) == 1)})"
    return repr(who.world.label(value)) if isinstance(value, str | dict) else str(value)


def written(value: Any) -> str:
    """An effect or a result on one line; of words only which message they came in."""
    if isinstance(value, Words):
        return f"words of {value.message}"
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, Spot):
        return written(value.where)
    if isinstance(value, Scope):
        return "/".join(filter(None, (value.territory, value.group))) or "everywhere"
    if isinstance(value, tuple):
        return f"({' '.join(map(written, value))})"
    if is_dataclass(value):
        told = (each for each in fields(value) if each.name not in RARE or getattr(value, each.name))
        named = (f"{each.name}={written(getattr(value, each.name))}" for each in told)
        return f"{type(value).__name__}({', '.join(named)})"
    return "none" if value is None else str(value)


def _found(pattern: re.Pattern[str], words: str) -> tuple[Any, ...]:
    found = pattern.fullmatch(words)
    if found is None:
        raise ValueError(f"'{words}' does not read like {pattern.pattern}")
    return found.groups()


def write_all() -> None:
    """Write every transcript as it goes today, and say which have changed; look at the difference then."""
    for path in cases():
        script = path.read_text(encoding="utf-8")
        today = replay(script)
        if today != script:
            path.write_text(today, encoding="utf-8")
            sys.stdout.write(f"{path.relative_to(FOLDER)}\n")


if __name__ == "__main__":
    write_all()
