"""What `together check` finds: in the code, between the catalogues, and in what comes with the bot."""

from pathlib import Path
from textwrap import dedent

import pytest

from config.checking import check, check_content
from config.languages import our_languages
from config.texts import Texts
from config.usage import covered, read_code, sentences, uses
from tests.config.catalogues import Forms, entry, written

ENUM = """
    from enum import StrEnum

    class Coming(StrEnum):
        YES = "yes"
        NO = "no"
"""


@pytest.fixture
def code(tmp_path: Path) -> Path:
    """A folder of flows with one module of moves, as a place to write code to."""
    (tmp_path / "flows").mkdir()
    moves = """
        def choose(key, options, *, columns=1, **args):
            yield Ask(key, args, labelled(key, options), columns=columns)

        def choose_many(key, options, **args):
            yield Ask(key, args, (Choice("done", Key(f"{key}.done")),))

        def number(key, *, between, **args):
            yield Ask(key, {**args, "low": 1, "high": 2})
    """
    (tmp_path / "flows" / "moves.py").write_text(dedent(moves), encoding="utf-8")
    return tmp_path / "flows"


def used(code: Path, source: str) -> dict[str, tuple[bool, frozenset[str] | None]]:
    """The certain uses in a piece of code: pattern -> is it a label, and its arguments."""
    (code / "rsvp.py").write_text(dedent(ENUM) + dedent(source), encoding="utf-8")
    found = uses(read_code([code]))
    return {
        use.pattern: (use.is_label, use.args)
        for use in found
        if use.is_certain and use.file.endswith("rsvp.py")
    }


def in_code(code: Path, source: str) -> list[str]:
    (code / "rsvp.py").write_text(dedent(source), encoding="utf-8")
    return [str(problem) for problem in sentences(read_code([code]))]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('Say("rsvp.taken", title=t)', {"rsvp.taken": (False, {"title"})}),
        ('Say("rsvp.taken", **args)', {"rsvp.taken": (False, None)}),
        ('Say("rsvp.a" if x else "rsvp.b")', {"rsvp.a": (False, set()), "rsvp.b": (False, set())}),
        ('Say(f"rsvp.{seat}", n=1)', {"rsvp.*": (False, {"n"})}),
        ('Key("rsvp.in", {"a": 1})', {"rsvp.in": (False, {"a"})}),
        ('Ask("rsvp.ask", {"a": 1}, ())', {"rsvp.ask": (False, {"a"})}),
        ('Ask("rsvp.ask", args)', {"rsvp.ask": (False, None)}),
        ('Choice("x", Key("rsvp.x"))', {"rsvp.x": (True, set())}),
        ('number("rsvp.party", between=(1, 2), title=t)', {"rsvp.party": (False, {"title", "low", "high"})}),
        ('texts.plain(language, "bot.description")', {"bot.description": (False, None)}),
        (
            'choose("rsvp.coming", Coming, columns=2, title=t)',
            {
                "rsvp.coming": (False, {"title"}),
                "rsvp.coming.yes": (True, set()),
                "rsvp.coming.no": (True, set()),
            },
        ),
        (
            'choose_many("rsvp.why", Coming)',
            {
                "rsvp.why": (False, set()),
                "rsvp.why.yes": (True, set()),
                "rsvp.why.no": (True, set()),
                "rsvp.why.done": (True, set()),
            },
        ),
        (
            'for each in Coming:\n    Say(f"rsvp.{each}.thanks")',
            {"rsvp.yes.thanks": (False, set()), "rsvp.no.thanks": (False, set())},
        ),
        (
            'def f(answer: Coming):\n    Say(f"rsvp.{answer}")',
            {"rsvp.yes": (False, set()), "rsvp.no": (False, set())},
        ),
        (
            'class Seat:\n    answer: Coming\nSay(f"rsvp.{seat.answer}")',
            {"rsvp.yes": (False, set()), "rsvp.no": (False, set())},
        ),
        (
            '@conversation("rsvp", command="meetings")\ndef f(): ...',
            {"menu.rsvp": (True, set()), "command.meetings": (False, set())},
        ),
    ],
)
def test_a_use_is_found_where_it_stands(code, source, expected):
    assert used(code, source) == expected


def test_a_key_kept_in_a_variable_counts_as_used_but_proves_nothing(code):
    (code / "rsvp.py").write_text('key = f"rsvp.ask.{x}"\nother = "rsvp.more"\n', encoding="utf-8")

    found = [use for use in uses(read_code([code])) if use.file == "flows/rsvp.py"]

    assert {(use.pattern, use.is_certain) for use in found} == {("rsvp.ask.*", False), ("rsvp.more", False)}
    assert covered(found[:1], ["rsvp.ask.first", "rsvp.ask.first.second"]) == {"rsvp.ask.first"}


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ('Say("Hello you")', "flows/rsvp.py:1: 'Hello you' is said by the code, but must be a text of the"),
        ('Say("hello")', "is said by the code"),
        ('Say("rsvp.taken", title="see you soon")', "'see you soon' is said by the code"),
        ('Ask("rsvp.ask", {"a": "see you soon"})', "'see you soon' is said by the code"),
        ('choose("Are you coming?", Coming)', "is said by the code"),
        ('Choice("yes", "Yes")', "'Yes' is said by the code"),
        ('Say("rsvp.taken", title=f"see you {name}, all")', "is said by the code"),
    ],
)
def test_a_sentence_in_the_code_is_told(code, source, said):
    assert any(said in problem for problem in in_code(code, source))


@pytest.mark.parametrize(
    "source",
    [
        'Say("rsvp.taken", title=title)',
        'Choice("1", "1")',
        "Say(key, n=1)",
        'log("Hello you")',
        'Key("a.b", {"c": d})',
    ],
)
def test_keys_and_data_are_no_sentences(code, source):
    assert in_code(code, source) == []


class Installation:
    """A whole installation in a folder: catalogues of all languages that agree, and code that uses them."""

    def __init__(self, folder: Path, code: Path) -> None:
        self.code = code
        self.catalogues = folder / "catalogues"
        self.catalogues.mkdir()
        self.says('Say("rsvp.taken", title=t)')
        for language in our_languages():
            self.writes(language, {"rsvp.taken": f"<b>{{title}}</b> {language}"})

    def says(self, source: str) -> None:
        (self.code / "rsvp.py").write_text(dedent(ENUM) + dedent(source), encoding="utf-8")

    def writes(self, language: str, table: dict[str, Forms], comment: str = "") -> None:
        written(self.catalogues, language, *(entry(key, forms, comment) for key, forms in table.items()))

    def everywhere(self, table: dict[str, str], comment: str = "") -> None:
        for language in our_languages():
            self.writes(language, dict(table), comment)

    def problems(self) -> list[str]:
        (self.code / "moves.py").unlink(missing_ok=True)
        nothing = self.catalogues / "data"
        found = check_content(catalogues=self.catalogues, data=nothing, code=[self.code])
        return [str(problem) for problem in found]


@pytest.fixture
def installation(tmp_path: Path, code: Path) -> Installation:
    return Installation(tmp_path, code)


def test_where_all_agrees_nothing_is_told(installation):
    assert installation.problems() == []


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"rsvp.taken": "<b>{titel}</b>"}, "fr.po:7: 'rsvp.taken' uses {titel}, but en.po uses {title}"),
        ({"rsvp.taken": "<b>x</b>"}, "fr.po:7: 'rsvp.taken' uses no argument, but en.po uses {title}"),
        ({"rsvp.taken": "{title}"}, "fr.po:7: 'rsvp.taken' has the tags none, but en.po has <b>"),
        ({"rsvp.taken": "<i>{title}</i>"}, "fr.po:7: 'rsvp.taken' has the tags <i>, but en.po has <b>"),
        (
            {"rsvp.taken": ("<b>{title}</b>",) * 2},
            "fr.po:7: 'rsvp.taken' has plural forms, but en.po has one form",
        ),
        ({}, "fr.po: 'rsvp.taken' is missing, but en.po has it"),
        ({"rsvp.taken": ""}, "fr.po:7: 'rsvp.taken' is empty, but must be filled"),
        (
            {"rsvp.taken": "<b>{title}</b>", "rsvp.old": "x"},
            "fr.po:10: 'rsvp.old' is there, but en.po has no such text",
        ),
    ],
)
def test_a_translation_that_differs_is_told_once_with_its_line(installation, table, said):
    installation.writes("fr", table)

    assert installation.problems() == [said]


def test_a_command_that_would_lose_its_slash_from_right_to_left_is_told(installation):
    installation.writes("ar", {"rsvp.taken": "<b>{title}</b> \u2066/help\u2069"})
    assert installation.problems() == []

    installation.writes("ar", {"rsvp.taken": "<b>{title}</b> /help"})

    assert installation.problems() == [
        "ar.po:7: 'rsvp.taken' has /help without marks, "
        "but right-to-left texts have U+2066 before and U+2069 after it"
    ]


def test_each_key_deleted_in_each_language_is_missed(installation):
    for language in our_languages():
        whole = (installation.catalogues / f"{language}.po").read_text(encoding="utf-8")
        installation.writes(language, {})
        problems = installation.problems()
        assert any("'rsvp.taken' " in problem for problem in problems), language
        (installation.catalogues / f"{language}.po").write_text(whole, encoding="utf-8")


def test_a_catalogue_without_a_language_is_told_and_a_language_without_a_catalogue_is_still_to_come(
    installation,
):
    (installation.catalogues / "lv.po").rename(installation.catalogues / "tlh.po")

    problems = installation.problems()

    assert "tlh.po: 'tlh' is no language we have, but languages.toml names all" in problems
    assert not any("lv" in problem.partition(":")[0] for problem in problems)


def test_a_text_nobody_wrote_is_told_where_it_is_used(installation):
    installation.says('Say("rsvp.taken", title=t)\nSay("rsvp.gone")\nSay(f"other.{x}")')

    assert installation.problems() == [
        "flows/rsvp.py:8: 'rsvp.gone' has no text, but en.po must have it",
        "flows/rsvp.py:9: 'other.*' fits no text, but en.po must have some",
    ]


def test_an_argument_that_the_text_wants_and_the_code_does_not_give_is_told(installation):
    installation.says('Say("rsvp.taken", titel=t)')

    assert installation.problems() == [
        "flows/rsvp.py:7: 'rsvp.taken' is given {titel}, but en.po uses {title}"
    ]


def test_a_text_that_nobody_uses_is_told(installation):
    installation.says('Say("rsvp.given", title=t)')
    installation.everywhere({"rsvp.taken": "x", "rsvp.given": "x"})

    assert installation.problems() == ["en.po:7: 'rsvp.taken' is used nowhere, but every text must be"]


@pytest.mark.parametrize(
    ("source", "key", "most"),
    [
        ('Say("rsvp.long")', "rsvp.long", 4096),
        ('Say("notice.long")', "notice.long", 200),
        ('Choice("x", Key("rsvp.long"))', "rsvp.long", 64),
        ('Key("button.long")', "button.long", 64),
        ('Key("choice.long")', "choice.long", 64),
        ('texts.plain(x, "command.long")', "command.long", 256),
        ('texts.plain(x, "bot.description")', "bot.description", 512),
        ('texts.plain(x, "bot.short_description")', "bot.short_description", 120),
    ],
)
def test_what_telegram_would_refuse_as_too_long_is_told(installation, source, key, most):
    installation.says(source)
    installation.everywhere({key: "ё" * most})
    assert installation.problems() == []
    installation.everywhere({key: "ё" * (most + 1)})

    problems = installation.problems()

    assert len(problems) == len(our_languages())
    assert all(f"'{key}' can have {most + 1} characters, but " in problem for problem in problems)


def test_room_is_kept_for_arguments(installation):
    installation.says('Say("rsvp.long", title=t)')
    installation.everywhere({"rsvp.long": "x" * 4000 + "{title}"})

    assert "'rsvp.long' can have 4100 characters, but a message may have 4096" in installation.problems()[0]


def test_what_the_comment_promises_holds_for_every_language(installation):
    installation.says('Choice("x", Key("rsvp.short"))')
    installation.everywhere({"rsvp.short": "x" * 30}, "#. A button. 30 characters at most.")
    assert installation.problems() == []
    installation.writes("el", {"rsvp.short": "x" * 31})

    assert installation.problems() == [
        "el.po:7: 'rsvp.short' can have 31 characters, but a button may have 30",
    ]


def test_tags_where_nobody_sees_them_are_told(installation):
    installation.says('Say("notice.bold")')
    installation.everywhere({"notice.bold": "<b>x</b>"})

    assert "'notice.bold' has tags, but a notice on a button is shown without" in installation.problems()[0]


def test_what_comes_with_the_bot_loads_and_no_text_is_left_out():
    assert Texts.load().problems == ()


def test_all_that_comes_with_the_bot_is_right():
    assert [str(problem) for problem in check_content()] == []


@pytest.mark.parametrize(
    "data", ["spiral", "cadences", "impact", "meetings", "occasions", "reviews", "themes"]
)
def test_what_is_wrong_in_any_version_of_any_data_is_told(installation, tmp_path: Path, data: str):
    (tmp_path / data).mkdir()
    (tmp_path / data / "7.toml").write_text('version = "8"', encoding="utf-8")

    problems = check_content(catalogues=installation.catalogues, data=tmp_path, code=[installation.code])

    assert "7.toml:1: 'version' is '8', but must be the file's name" in map(str, problems)


def test_what_data_lists_must_have_a_name_in_the_catalogues(installation, tmp_path: Path):
    installation.everywhere({"rsvp.taken": "<b>{title}</b>", "themes.2.water": "Water"})
    (tmp_path / "themes").mkdir()
    (tmp_path / "themes" / "2.toml").write_text('version = "2"\ncodes = ["water", "air"]', encoding="utf-8")

    problems = check_content(catalogues=installation.catalogues, data=tmp_path, code=[installation.code])

    assert "2.toml:1: 'themes.2.air' has no text, but en.po must have it" in map(str, problems)
    assert not any("themes.2.water" in str(problem) for problem in problems)


def test_wrong_settings_and_wrong_content_are_told_together(tmp_path: Path):
    (tmp_path / "x.toml").write_text("slug = 1", encoding="utf-8")

    problems = check({"TOGETHER_BOT_TOKEN": "1:a", "TOGETHER_TERRITORIES": str(tmp_path)}, None)

    assert "x.toml:1: 'slug' is 1, but must be the file's name, in at most 40 of a-z, 0-9 and -" in map(
        str, problems
    )


def test_the_settings_are_told_before_the_rest():
    first = check({}, None)[0]

    assert str(first) == "TOGETHER_BOT_TOKEN is missing (get one from @BotFather)"
