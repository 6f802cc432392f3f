"""Other recognisers, each as its documentation uses it and, where it can be told them, with the candidates.

They are installed by `make langid` from requirements.lock here; the bot needs none of them but langdetect.
"""

from functools import cache
from typing import Any

from langdetect import DetectorFactory, LangDetectException, detect
from lingua import IsoCode639_1, Language, LanguageDetectorBuilder
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from tests.langid.cases import Case
from tests.langid.measure import Recogniser

DetectorFactory.seed = 0  # without it, it answers otherwise from run to run


def peers() -> dict[str, Recogniser]:
    """By name, in the order of the table."""
    return {
        "langdetect": langdetect,
        "py3langid": py3langid,
        "py3langid+": py3langid_of_candidates,
        "lingua+": lingua_of_candidates,
        "declared": declared,
    }


def langdetect(case: Case) -> str | None:
    """The stock `langdetect.detect`."""
    try:
        return str(detect(case.text))
    except LangDetectException:
        return None


def py3langid(case: Case) -> str | None:
    """py3langid with all its languages."""
    return str(_py3langid().classify(case.text)[0])


def py3langid_of_candidates(case: Case) -> str | None:
    """The candidate that py3langid ranks first."""
    return next((str(code) for code, _ in _py3langid().rank(case.text) if code in case.candidates), None)


@cache
def _py3langid() -> Any:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def lingua_of_candidates(case: Case) -> str | None:
    """lingua with the candidates that it knows, as its documentation advises."""
    known = {language for code in case.candidates if (language := _lingua_language(code))}
    if len(known) < 2:
        return next((str(each.iso_code_639_1.name).lower() for each in known), None)
    found = _lingua(frozenset(known)).detect_language_of(case.text)
    return str(found.iso_code_639_1.name).lower() if found else None


@cache
def _lingua(languages: frozenset[Language]) -> Any:
    return LanguageDetectorBuilder.from_languages(*languages).build()


@cache
def _lingua_language(code: str) -> Any:
    try:
        return Language.from_iso_code_639_1(IsoCode639_1.from_str(code))
    except ValueError:
        return None


def declared(case: Case) -> str | None:
    """Always the language that was declared."""
    return case.declared
