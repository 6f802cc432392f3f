"""How alike short texts are: by the runs of three characters they share, rare runs counting more.

That knows nothing of meaning, so what comes of it is never more than a suggestion.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log, sqrt
from typing import Final
from unicodedata import normalize

RUN: Final = 3
ALIKE: Final = 0.3
"""From this cosine on two texts count as alike: below it they share little but short words."""

Weights = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Where those texts were put that are most like another one."""

    code: str
    alike: int  # how many of them


def suggested(text: str, known: Sequence[tuple[str, str]]) -> Suggestion | None:
    """The code of most of the texts that are like `text`, the nearer counting more; None where none is.

    known  code and text of each, in the same language as `text`
    """
    counted = [(code, _runs(words)) for code, words in known]
    rarity = _rarity([runs for _, runs in counted])
    mine = _weights(_runs(text), rarity)
    near: dict[str, float] = defaultdict(float)
    alike: Counter[str] = Counter()
    for code, runs in counted:
        likeness = cosine(mine, _weights(runs, rarity))
        if likeness >= ALIKE:
            near[code] += likeness
            alike[code] += 1
    if not near:
        return None
    code = max(sorted(near), key=near.__getitem__)
    return Suggestion(code, alike[code])


def cosine(one: Weights, other: Weights) -> float:
    """From 0, nothing in common, to 1, the same."""
    shared = sum(weight * other[run] for run, weight in one.items() if run in other)
    return shared / (_length(one) * _length(other)) if shared else 0.0


def _length(weights: Weights) -> float:
    return sqrt(sum(weight * weight for weight in weights.values()))


def _runs(text: str) -> Counter[str]:
    words = f" {' '.join(normalize('NFKC', text).casefold().split())} "
    return Counter(words[start : start + RUN] for start in range(len(words) - RUN + 1))


def _rarity(texts: Sequence[Counter[str]]) -> Weights:
    """What each run weighs: the more, the fewer texts it stands in."""
    found = Counter(run for text in texts for run in text)
    return {run: log(1 + len(texts) / count) for run, count in found.items()}


def _weights(runs: Counter[str], rarity: Weights) -> Weights:
    """A run in none of the known texts weighs as the rarest does: it makes a text unlike them."""
    rarest = max(rarity.values(), default=1.0)
    return {run: count * rarity.get(run, rarest) for run, count in runs.items()}
