"""Labelled texts, and what the bot knows of the person who might have written them."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final

DATA: Final = Path(__file__).parent / "data"
FILES: Final = ("tatoeba", "sentences", "word-pairs", "single-words")
TUNED: Final = 100
"""So many lines of each language and file were used for tuning; whatever is reported is of the rest."""

WRONG: Final = 0.15
"""How often somebody writes in another language than the one they declared."""

LEAST, MOST = 3, 7
"""Candidates."""

# Languages that meet in one place: its own, those of migrants and neighbours, those of visitors.
PLACES: Final = (
    "fr ar tr de",
    "fr nl de en",
    "fr nl ar en tr it",
    "ro hu sr de",
    "it de en",
    "it en sq ar ro",
    "pt en es",
    "pt kea en fr",
    "el en sq ar fa ur tr",
    "lv ru en",
    "sv en so ar tr",
    "pl uk en ru",
    "ar fr zgh en",
    "en pl ro ur",
    "sq en it",
    "da en de ar",
    "nl en tr ar pl",
    "lt pl ru en",
    "sl hr it en",
    "et ru en",
    "es pt en ca",
    "ru en tr",
    "en fr pt es",
    "uk ru ro en",
)


@dataclass(frozen=True, slots=True)
class Case:
    """A text, and what is known of its author."""

    text: str
    language: str  # that it is in
    declared: str
    candidates: tuple[str, ...]  # declared, the territory's, then others

    @property
    def words(self) -> int:
        return len(self.text.split())


def texts(name: str, *, tuned: bool) -> Iterator[tuple[str, str]]:
    """(language, text): of each language the lines that were used for tuning, or those that were not."""
    seen: Counter[str] = Counter()
    for line in (DATA / f"{name}.tsv").read_text(encoding="utf-8").splitlines():
        language, text = line.split("\t")
        if (seen[language] < TUNED) == tuned:
            yield language, text
        seen[language] += 1


def cases(name: str, seed: int, *, tuned: bool = False) -> list[Case]:
    """Each text of a file written by somebody in a place where its language is spoken.

    They declared that language, or, by chance, another one. Candidates are what they declared, the languages
    of the place, and by chance others up to a number between 3 and 7.
    """
    random = Random(f"{name} {seed}")
    known = sorted({language for language, _ in texts(name, tuned=True)})
    drawn = []
    for language, text in texts(name, tuned=tuned):
        place = random.choice([each.split() for each in PLACES if language in each.split()])
        others = [each for each in known if each != language]
        declared = random.choice(others) if random.random() < WRONG else language
        most = random.randint(LEAST, MOST)
        random.shuffle(others)
        candidates = list(dict.fromkeys([declared, *place]))
        if len(candidates) > MOST:
            candidates.remove(next(each for each in reversed(place) if each not in (declared, language)))
        candidates += [each for each in others if each not in candidates][: max(0, most - len(candidates))]
        drawn.append(Case(text, language, declared, tuple(candidates)))
    return drawn
