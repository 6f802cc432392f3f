"""Transcripts: a conversation as plain text. `python -m tests.flows.transcript` writes what is said today.

A person's lines are carried out, all others are printed:

    given: arrived in riverside/youth       who the person is; a stranger, if nothing is given
    given: statement well-being: words      what they said before
    given: language fr
    given: role territory in riverside      network; facilitator in riverside/youth; panel in riverside
    given: Ada has panel in riverside       somebody else's role
    given: no role                          all of the person's roles were withdrawn
    given: invitation secret to panel in riverside      with its token
    given: invitation secret is used
    you:   words   [choice]   [choice] under <key>   /command payload   (voice)   (blocks)   (unblocks)
           (floods)                        too much at once: this was not taken in
    edit:  2 new words                      of the second of their own messages
    forge: talk=9 step=0 [choice]           a button that was never shown
    later: 13h

    bot:   key argument=... [choice] [choice]
    do:    Effect(...) -> what came of it   never with words in it
    notice: key                             a short word on the pressed button
    end                                     nothing is open any more
"""

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import timedelta
from enum import Enum
from pathlib import Path
from typing import Any, Final

from flows.events import Pressed, Thing
from flows.moves import Arg, Effect, Key, Lines, Link, Look
from flows.person import Purpose
from flows.reception import BACK, Asked, Reply
from flows.roles import Holding, Role, Scope, Spot
from flows.statements import Question, Words
from tests.flows.places import TERRITORIES
from tests.flows.talking import Talking
from tests.flows.world import Held, Invited, Statement, World

FOLDER: Final = Path(__file__).parent / "transcripts"

_PRESS: Final = re.compile(r"\[([^\]]*)\](?: under (\S+))?")
_FORGED: Final = re.compile(r"talk=(-?\d+) step=(-?\d+) \[([^\]]*)\]")
_PRINTED: Final = ("bot:", "do:", "notice:", "end")


def cases() -> tuple[Path, ...]:
    """Every transcript, by conversation and case."""
    return tuple(sorted(FOLDER.glob("*/*.txt")))


def replay(script: str) -> str:
    """The transcript that a person's lines in `script` lead to today."""
    return Stage().replay(script)


@dataclass(slots=True)
class Telling(World):
    """A world that tells each effect as it is carried out."""

    lines: list[str] | None = None

    def carry_out(self, move: Look | Effect[Any]) -> Any:
        known = World.carry_out(self, move)
        if isinstance(move, Effect) and self.lines is not None:
            self.lines.append(f"do:    {written(move)} -> {'done' if known is None else written(known)}")
        return known


class Stage:
    """Where one transcript is played."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.world = Telling(lines=self.lines)
        self.talking = Talking(self.world)

    def replay(self, script: str) -> str:
        for line in script.splitlines():
            if not line.startswith(_PRINTED):
                self.lines.append(line)
                if line and not line.startswith("#"):
                    self.play(line)
        return "\n".join(self.lines) + "\n"

    def play(self, line: str) -> None:
        kind, _, rest = line.partition(":")
        words = rest.strip().replace("\\n", "\n")
        match kind:
            case "given":
                self.given(words)
            case "later":
                self.talking.falls_silent(timedelta(hours=int(words.removesuffix("h"))))
            case "you":
                self.print(self.you(words))
            case "edit":
                message, _, text = words.partition(" ")
                self.print(self.talking.edits(int(message), text))
            case "forge":
                talk, step, choice = _found(_FORGED, words)
                self.print(self.talking.meets(Pressed(self.talking.now, int(talk), int(step), choice)))
            case _:
                raise ValueError(f"no transcript has a line like '{line}'")

    def given(self, words: str) -> None:
        person = self.world.person
        match words.split(" ", 2):
            case ["role", *rest]:
                self.appoint(" ".join(rest), "Me")
            case [name, "has", rest]:
                self.appoint(rest, name, is_mine=False)
            case ["no", "role"]:
                self.world.roles = [one for one in self.world.roles if not one.is_mine]
            case ["invitation", token, "is used"]:
                for one in self.world.invitations:
                    one.used |= one.token == token
            case ["invitation", token, rest]:
                invited = Invited(self.world.new_id(), token, holding(rest.removeprefix("to ")))
                self.world.invitations.append(invited)
            case ["arrived", "in", place]:
                slug, _, group = place.partition("/")
                person.territory, person.group = TERRITORIES[slug].slug, group or None
                person.adult, person.consents = True, set(Purpose)
                person.language_chosen = True
            case ["language", code]:
                person.language, person.language_chosen = code, True
            case ["statement", question, text]:
                self.talking.messages += 1
                self.world.statements.append(
                    Statement(
                        self.world.new_id(),
                        Question(question.removesuffix(":")),
                        self.talking.messages,
                        text,
                        person.territory or "",
                        person.group,
                    )
                )
            case _:
                raise ValueError(f"nothing is known of 'given: {words}'")

    def appoint(self, words: str, name: str, *, is_mine: bool = True) -> None:
        self.world.roles.append(Held(self.world.new_id(), holding(words), name, is_mine))

    def you(self, words: str) -> Reply:
        talking = self.talking
        if words == "(blocks)":
            return talking.blocks()
        if words == "(unblocks)":
            return talking.unblocks()
        if words == "(floods)":
            return talking.floods()
        if words.startswith("(") and words.endswith(")"):
            return talking.shares(Thing(words[1:-1]))
        if words.startswith("["):
            choice, under = _found(_PRESS, words)
            return talking.presses(choice, under)
        if words.startswith("/"):
            command, _, payload = words[1:].partition(" ")
            return talking.opens(command, payload)
        return talking.writes(words)

    def print(self, reply: Reply) -> None:
        for said in reply.said:
            self.lines.append(f"bot:   {self.spoken(said.key, said.args)}")
        if reply.asked:
            self.lines.append(f"bot:   {self.question(reply.asked)}")
        if reply.notice:
            self.lines.append(f"notice: {self.spoken(reply.notice.key, reply.notice.args)}")
        if not reply.stack:
            self.lines.append("end")

    def question(self, asked: Asked) -> str:
        values = [choice.value for choice in asked.ask.choices] + [BACK] * asked.can_go_back
        return " ".join([self.spoken(asked.ask.key, asked.ask.args), *(f"[{value}]" for value in values)])

    def spoken(self, key: str, args: Mapping[str, Arg]) -> str:
        return " ".join([key, *(f"{name}={self.argument(value)}" for name, value in args.items())])

    def argument(self, value: Arg) -> str:
        if isinstance(value, Key):
            return self.spoken(value.key, value.args)
        if isinstance(value, Lines):
            return f"({'; '.join(self.spoken(line.key, line.args) for line in value.texts)})"
        if isinstance(value, Link):
            return value.address
        return repr(self.world.label(value)) if isinstance(value, str | dict) else str(value)


def holding(words: str) -> Holding:
    """A role such as `network` or `facilitator in riverside/youth`."""
    role, _, place = words.partition(" in ")
    territory, _, group = place.partition("/")
    return Holding(Role(role), Scope(territory or None, group or None))


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
        named = (f"{field.name}={written(getattr(value, field.name))}" for field in fields(value))
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
