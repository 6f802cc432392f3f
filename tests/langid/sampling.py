"""Counts the words of the lines for tuning: `python -m tests.langid.sampling` writes them down."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from textwrap import fill
from typing import Final

from bot.recognition.letters import usual_alphabets, words_of
from config.recognition import SAMPLE
from tests.langid.cases import FILES, texts

FOLDS: Final = 5

_HEAD: Final = """\
# Each word of the lines for tuning of tests/langid/data, 100 of each language and file: written by
# `python -m tests.langid.sampling`, spelled as langdetect spells, without apostrophes. The lines are of
# tatoeba.org (CC BY 2.0 FR) and the Leipzig Corpora Collection (CC BY): see tests/langid/data/README.md.
"""


def counted(without: int | None = None) -> Mapping[str, Mapping[str, int]]:
    """How often each word is there, by language; `without` leaves out a fold: each fifth line from it on."""
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for name in FILES:
        lines: Counter[str] = Counter()
        for language, text in texts(name, tuned=True):
            alphabet, words = words_of(text)
            if alphabet in usual_alphabets(language) and lines[language] % FOLDS != without:
                counts[language].update(words)
            lines[language] += 1
    return counts


def main() -> None:
    """Write the file anew."""
    written = (_written(language, counts) for language, counts in sorted(counted().items()))
    SAMPLE.write_text(_HEAD + "".join(written), encoding="utf-8")


def _written(language: str, counts: Mapping[str, int]) -> str:
    """The words of one language by how often they are there."""
    by_count: defaultdict[int, list[str]] = defaultdict(list)
    for word, count in sorted(counts.items()):
        by_count[count].append(word)
    lines = [f"\n[{language}]"]
    for count, words in sorted(by_count.items(), reverse=True):
        wrapped = fill(" ".join(words), 118, break_long_words=False, break_on_hyphens=False)
        lines.append(f'{count} = """\n{wrapped}\n"""' if "\n" in wrapped else f'{count} = "{wrapped}"')
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
