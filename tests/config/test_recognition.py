"""What languages are recognised by is whole: weights that mean something, words for every language."""

import pytest

from bot.recognition.letters import usual_alphabets, words_of
from config.languages import load_languages
from config.recognition import common_words, weights


def test_weights_are_what_they_say_they_are() -> None:
    chosen = weights()

    shares = chosen.declared, chosen.common, chosen.sampled, chosen.unseen, chosen.foreign
    for share in (*shares, chosen.stranger, chosen.romanised):
        assert 0 < share < 1
    assert chosen.smoothing > 0
    assert chosen.sample > 0
    assert 0 < chosen.temperature <= 1
    assert 0 <= chosen.repetition < 1


@pytest.mark.parametrize("language", load_languages())
def test_each_language_has_its_common_words_in_its_own_letters(language: str) -> None:
    words = common_words(language)

    assert len(set(words)) > 250
    for word in words:
        alphabet, _ = words_of(word)
        assert alphabet in usual_alphabets(language), word
        assert word == word.lower(), word


def test_a_language_without_a_list_has_none() -> None:
    assert common_words("tlh") == ()
