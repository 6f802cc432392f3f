"""Which of a few candidate languages a citizen's words are in."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from bot.recognition.language_models import Model, grams_of, model, profile
from bot.recognition.letters import bare, script, usual_alphabets, words_of
from config.recognition import weights


@dataclass(frozen=True, slots=True)
class Guess:
    """The likeliest of the candidate languages."""

    language: str  # as the caller spelled it among the candidates
    probability: float  # 0..1; of the guesses made with 0.9, nine in ten are right
    second: str | None = None  # the next likeliest; None: there was no other


def identify(text: str, candidates: Sequence[str], declared: str | None = None) -> Guess | None:
    """The candidate in which `text` is written, or None if there is nothing to go by.

    text        anything a citizen may send; links, names (@somebody), numbers and emoji do not count
    candidates  BCP 47 codes: languages of the territory, declared, used before; earlier ones win ties.
                Of several that differ in their region alone, the declared one counts, or else the first
    declared    favoured in proportion to how often people write the language they declare; a declared
                region stands for its language (pt-BR for pt); ignored if it is no candidate

    None means that there are no letters, or that no candidate is written with such letters.
    The same question always has the same answer. A short sentence takes about 0.1 ms, any text a few ms; the
    first question about a language loads its table (2-7 ms; all of an alphabet for one without, 0.1 s).
    """
    alphabet, words = words_of(text)
    prior = _prior(_distinct(candidates, declared), declared, alphabet)
    if not words or not prior:
        return None
    evidence = _evidence(words, [model(code, alphabet) for code in prior])
    scores = {
        code: math.log(share) + said for (code, share), said in zip(prior.items(), evidence, strict=True)
    }
    best, *others = sorted(scores, key=scores.__getitem__, reverse=True)
    whole = sum(math.exp(score - scores[best]) for score in scores.values())
    return Guess(best, 1 / whole, others[0] if others else None)


def _evidence(words: Sequence[str], models: Sequence[Model]) -> list[float]:
    """What the words say for each model: a logarithm, of which only differences have a meaning."""
    foreign = weights().foreign
    evidence = [0.0] * len(models)
    for word in words:
        grams = grams_of(word)
        likely = [each.likelihood(word, grams) for each in models]
        most = max(likely)
        shares = [math.exp(one - most) for one in likely]
        anybodys = foreign * sum(shares) / len(shares)  # a name, or a word of another language, says nothing
        for place, share in enumerate(shares):
            evidence[place] += math.log((1 - foreign) * share + anybodys)
    worth = weights().temperature / (1 + weights().repetition * (len(words) - 1))
    return [worth * said for said in evidence]


def _distinct(candidates: Sequence[str], declared: str | None) -> list[str]:
    """The candidates without those that only differ in their region from another one."""
    wanted = [code for code in candidates if code == declared]
    kept: dict[tuple[str, str], str] = {}
    for code in (*wanted, *candidates):
        kept.setdefault((bare(code), script(code)), code)
    return [code for code in dict.fromkeys(candidates) if code in kept.values()]


def _prior(candidates: Sequence[str], declared: str | None, alphabet: str) -> dict[str, float]:
    """How likely each candidate is before reading, leaving out those not written with the alphabet."""
    favourite = _match(declared, candidates)
    others = len(candidates) - (favourite is not None)
    prior = {}
    for code in candidates:
        if code == favourite:
            share = weights().declared if others else 1.0
        else:
            share = (1.0 if favourite is None else 1 - weights().declared) / others
        if alphabet in usual_alphabets(code):
            prior[code] = share if profile(code, alphabet) else share * weights().stranger
        elif alphabet == "LATIN":
            prior[code] = share * weights().romanised
    return prior


def _match(declared: str | None, candidates: Sequence[str]) -> str | None:
    """The candidate that is the declared language, whatever its region."""
    if declared is None or declared in candidates:
        return declared
    return next((code for code in candidates if bare(code) == bare(declared)), None)
