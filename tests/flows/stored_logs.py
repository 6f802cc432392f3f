"""Logs as a release keeps them. `python -m tests.flows.stored_logs 0.1` stores what today's flows keep.

Run it at each release: people are in the middle of conversations when the next one is installed. Of every
question of every conversation the longest log that any transcript leads to is kept.
"""

import json
import sys
from itertools import chain
from pathlib import Path
from typing import Final, NamedTuple

from flows.codec import decode, encode
from flows.talks import Talk
from tests.flows.transcript import Stage, cases

FOLDER: Final = Path(__file__).parent / "logs"


class Kept(NamedTuple):
    """A conversation in the middle of which somebody was, and the question they saw."""

    release: str
    talk: Talk
    asked: str
    choices: tuple[str, ...]


def kept() -> list[Kept]:
    """All stored logs of all releases."""
    return [
        Kept(path.stem, decode(Talk, each["talk"]), each["asked"], tuple(each["choices"]))
        for path in sorted(FOLDER.glob("*.json"))
        for each in json.loads(path.read_text(encoding="utf-8"))
    ]


def store(release: str) -> None:
    """Write the logs of today's flows under the name of a release."""
    longest: dict[tuple[str, str], Kept] = {}
    for path in cases():
        stage = Stage()
        stage.replay(path.read_text(encoding="utf-8"))
        shown = [zip(who.talks, who.asked, strict=True) for who in stage.everybody]
        for talk, asked in chain.from_iterable(shown):
            place = (talk.flow, asked.ask.key)
            if place not in longest or len(talk.log) > len(longest[place].talk.log):
                choices = tuple(choice.value for choice in asked.ask.choices)
                longest[place] = Kept(release, talk, asked.ask.key, choices)
    records = [
        {"asked": each.asked, "choices": each.choices, "talk": encode(each.talk)}
        for _, each in sorted(longest.items())
    ]
    lines = ",\n".join(json.dumps(record, ensure_ascii=False) for record in records)
    (FOLDER / f"{release}.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")


if __name__ == "__main__":
    store(sys.argv[1])
