"""What languages are recognised by, besides langdetect's tables: weights, and words of each language."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "recognition.toml"
COMMON = Path(__file__).parent / "common_words.toml"
SAMPLE = Path(__file__).parent / "sample_words.toml"


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each kind of evidence counts; what they are and how they were chosen stands in the file."""

    version: str
    declared: float
    common: float
    sampled: float
    sample: float
    smoothing: float
    unseen: float
    foreign: float
    temperature: float
    repetition: float
    stranger: float
    stranger_bonus: float
    romanised: float


@cache
def weights() -> Weights:
    """The weights of today; raises OSError, TypeError or ValueError, for they are part of the program."""
    return Weights(**tomllib.loads(FILE.read_text(encoding="utf-8")))


def common_words(language: str) -> tuple[str, ...]:
    """Words that are common in a language (a bare code), most frequent first; () where we have no list."""
    return tuple(_common().get(language, "").split())


@cache
def _common() -> dict[str, str]:
    return tomllib.loads(COMMON.read_text(encoding="utf-8"))


def sample_words(language: str) -> Mapping[str, int]:
    """How often each word is in a sample of texts in a language (a bare code); {} where we have none."""
    by_count = _sample().get(language, {})
    return {word: int(count) for count, words in by_count.items() for word in words.split()}


@cache
def _sample() -> dict[str, dict[str, str]]:
    return tomllib.loads(SAMPLE.read_text(encoding="utf-8"))
