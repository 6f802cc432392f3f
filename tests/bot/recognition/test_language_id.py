"""What a guess of a citizen's language may rest on, and what it must survive."""

from time import perf_counter, process_time

import pytest

from bot.recognition.language_id import Guess, identify

SENTENCES = {
    "fr": "Je voudrais plus d'espaces verts près de l'école",
    "nl": "Ik wil meer groen in de buurt van de school",
    "pt": "Gostava de ter mais espaços verdes perto da escola",
    "ro": "Aș vrea mai multe spații verzi lângă școală",
    "pl": "Chciałbym więcej zieleni w pobliżu szkoły",
    "tr": "Okulun yakınında daha fazla yeşil alan istiyorum",
    "el": "Θα ήθελα περισσότερο πράσινο κοντά στο σχολείο",
    "ar": "أريد مساحات خضراء أكثر قرب المدرسة",
    "ru": "Я хотел бы больше зелени рядом со школой",
    "uk": "Я хотів би більше зелені біля школи",
}


def language(text: str, candidates: str, declared: str | None = None) -> str | None:
    guess = identify(text, candidates.split(), declared)
    return None if guess is None else guess.language


@pytest.mark.parametrize("code", SENTENCES)
@pytest.mark.parametrize("shout", [str, str.upper])
def test_a_sentence_is_recognised_whatever_was_declared(code: str, shout: type[str]) -> None:
    for declared in (None, *SENTENCES):
        guess = identify(shout(SENTENCES[code]), list(SENTENCES), declared)

        assert guess is not None
        assert guess.language == code


@pytest.mark.parametrize(
    "text",
    ["", " \n", "12 + 30", "👍🏽❤️", "https://example.org/jardin", "@maria 5", "/start", "maria@example.org"],
)
def test_without_letters_there_is_nothing_to_go_by(text: str) -> None:
    assert identify(text, ["fr", "nl"], "fr") is None


def test_without_candidates_there_is_nothing_to_go_by() -> None:
    assert identify("Bonjour", []) is None


def test_letters_of_no_candidate_are_nothing_to_go_by() -> None:
    assert identify(SENTENCES["uk"], ["fr", "el"], "fr") is None


def test_links_names_numbers_and_emoji_change_nothing() -> None:
    bare = identify("meer groen", ["fr", "nl", "en"])

    assert (
        identify("@the_mayor 12 meer https://www.example.org/the-park 🌳 groen", ["fr", "nl", "en"]) == bare
    )


def test_the_declared_language_decides_what_the_word_leaves_open() -> None:
    assert language("Park", "de nl pl", "nl") == "nl"
    assert language("Park", "de nl pl", "pl") == "pl"


def test_a_word_that_several_languages_share_is_no_sure_guess() -> None:
    guess = identify("Park", ["de", "nl", "pl"])

    assert guess is not None
    assert guess.probability < 0.9


def test_declaring_a_language_makes_it_likelier() -> None:
    unknown, declared = (identify("natura", ["it", "ro"], code) for code in (None, "it"))

    assert unknown is not None
    assert declared is not None
    assert unknown.language == declared.language == "it"
    assert unknown.probability < declared.probability


def test_a_declared_language_that_is_no_candidate_is_ignored() -> None:
    assert identify("natura", ["it", "ro"], "ca") == identify("natura", ["it", "ro"])


@pytest.mark.parametrize(("candidate", "declared"), [("pt", "pt-BR"), ("pt-BR", "pt"), ("pt_PT", "pt-br")])
def test_a_region_stands_for_its_language(candidate: str, declared: str) -> None:
    with_region = identify("trabalho", [candidate, "it"], declared)
    plain = identify("trabalho", ["pt", "it"], "pt")

    assert with_region is not None
    assert plain is not None
    assert (with_region.language, with_region.probability) == (candidate, plain.probability)


def test_a_guess_is_spelled_as_the_candidate_was() -> None:
    assert language(SENTENCES["pt"], "pt_BR en") == "pt_BR"
    assert language("Jeg vil gerne have flere træer", "nb da-DK") == "da-DK"


def test_regions_of_one_language_count_once_and_as_the_declared_one() -> None:
    assert identify("natura", ["pt", "it", "pt-BR"], "pt-BR") == identify("natura", ["it", "pt-BR"], "pt-BR")
    assert language(SENTENCES["pt"], "pt it pt-BR", "it") == "pt"


def test_the_next_likeliest_language_is_told() -> None:
    guess = identify("natura", ["fr", "it", "ro"], "it")

    assert guess is not None
    assert (guess.language, guess.second) == ("it", "ro")


def test_words_that_everybody_uses_tell_languages_apart_that_are_spelled_alike() -> None:
    assert language("jeg vil ikke", "sv da", "sv") == "da"
    assert language("jag vill inte", "sv da", "da") == "sv"
    assert language("я не знаю що це", "ru uk", "ru") == "uk"
    assert language("muito obrigado", "es pt", "es") == "pt"


def test_a_candidate_named_twice_counts_once() -> None:
    assert identify("natura", ["ro", "it", "ro"], "it") == identify("natura", ["ro", "it"], "it")


def test_the_only_candidate_is_certain() -> None:
    assert identify("natura", ["it"], "it") == Guess("it", 1.0)


@pytest.mark.parametrize("declared", ["pt", None, "kea"])
def test_a_language_without_a_table_is_told_from_its_neighbour(declared: str | None) -> None:
    assert language("Nu kre un kau pa mininus brinka djuntu ku ses fijus", "pt kea", declared) == "kea"
    assert language("Gosto do trabalho, o meu filho está na escola", "pt kea", declared) == "pt"


def test_alphabets_decide_between_languages() -> None:
    assert language("парк", "sr-Latn bg en") == "bg"
    assert language("parku", "sr-Latn bg ar") == "sr-Latn"
    assert language("Здраво", "ro sr hu") == "sr"
    assert language("公園が欲しいです", "zh ja") == "ja"
    assert language("我想要一个公园", "zh ja") == "zh"


def test_a_brand_does_not_make_a_greek_sentence_english() -> None:
    assert language("Γράψτε μας στο Facebook και στο Instagram", "el en", "en") == "el"


def test_greek_in_latin_letters_is_not_mistaken_for_english() -> None:
    assert language("kalimera ti kaneis simera", "el en", "el") == "el"
    assert language("good morning, how are you today", "el en", "el") == "en"


def test_ukrainian_with_a_latin_i_is_not_mistaken_for_russian() -> None:
    assert language("Вiн менi не повiрив", "uk ru") == "uk"


HOSTILE = {
    "one letter": "a" * 32_768,
    "many words": "é " * 16_384,
    "zalgo": "a\u0301\u0489\u0300" * 8_192,
    "NUL": "\0" * 32_768,
    "lone surrogates": "\ud800" * 32_768,
    "surrogates in a word": "jar\ud800din \udfff",
    "a ligature of eighteen letters": "\ufdfa" * 32_768,
    "emoji": "😀" * 32_768,
    "at signs": "@" * 32_768,
    "every letter": "".join(map(chr, range(0x3400, 0x3400 + 32_768))),
    "right to left marks": "\u202e\u2066" * 16_384,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_any_text_gets_an_answer_at_once(text: str) -> None:
    candidates = ["fr", "en", "nl", "de", "ar", "tr", "zh"]
    identify(text, candidates)
    started = perf_counter()

    guess = identify(text, candidates, "fr")

    assert perf_counter() - started < 0.1
    assert guess is None or (guess.language in candidates and 0 < guess.probability <= 1)


@pytest.mark.parametrize("code", ["", "-", "xx", "x-klingon", "../en", "fr-" * 99, "\ud800", "zh-Qaaa"])
def test_a_strange_code_is_a_language_like_any_other(code: str) -> None:
    assert language(SENTENCES["fr"], "fr nl", code) == "fr"
    guess = identify(SENTENCES["fr"], ["fr", code], code)
    assert guess is not None


def test_a_short_sentence_costs_less_than_the_turn_it_is_part_of() -> None:
    def cost() -> float:
        started = process_time()
        for _ in range(100):
            identify(SENTENCES["fr"], ["fr", "nl", "en", "de", "tr"], "fr")
        return (process_time() - started) / 100

    cost()
    assert min(cost() for _ in range(5)) < 300e-6
