"""One catalogue: what is wrong in it is told with its line, and the rest is used."""

from pathlib import Path

import pytest
from babel.messages.plurals import get_plural
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.catalogue import plural_rule, read_catalogue
from config.languages import CATALOGUES, our_languages
from tests.config.catalogues import entry, header, written


def told(path: Path) -> list[str]:
    return [str(problem) for problem in read_catalogue(path).problems]


def test_a_right_catalogue_has_no_problem(tmp_path: Path):
    path = written(tmp_path, "lv", entry("a.b", "x {name}"), entry("a.c", ("{n}", "{n}", "{n}")))

    catalogue = read_catalogue(path)

    assert catalogue.problems == ()
    assert list(catalogue.entries) == ["a.b", "a.c"]
    assert catalogue.entries["a.c"].slots == {"n"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (entry("a.b", ""), "en.po:7: 'a.b' is empty, but must be filled"),
        (entry("a.b", ("x", "")), "en.po:7: 'a.b' has 1 of 2 plural forms, but must be filled"),
        (entry("a.b", ("x",)), "en.po:7: 'a.b' has 1 of 2 plural forms, but must be filled"),
        (
            entry("a.b", "x", "#, fuzzy"),
            "en.po:8: 'a.b' is marked fuzzy, but must be checked, and the mark removed",
        ),
        (
            entry("Hello you", "x"),
            "en.po:7: 'Hello you' is no key, but a key is like rsvp.coming: a-z, 0-9, _ and",
        ),
        (
            entry("a.b", "{0}"),
            "en.po:7: 'a.b' uses {0}, but only {name}, {name:date}, {name:day}, {name:time} and",
        ),
        (entry("a.b", "{a.__class__}"), "en.po:7: 'a.b' uses {a.__class__}, but only {name}"),
        (entry("a.b", "{a[b]}"), "en.po:7: 'a.b' uses {a[b]}, but only {name}"),
        (entry("a.b", "{a!r}"), "en.po:7: 'a.b' uses {a!r}, but only {name}"),
        (entry("a.b", "{a:>20}"), "en.po:7: 'a.b' uses {a:>20}, but only {name}"),
        (entry("a.b", "{a"), "en.po:7: 'a.b' has a brace too many or too few"),
        (entry("a.b", "<b>x"), "en.po:7: 'a.b' opens <b> and does not close it, but only"),
        (entry("a.b", "<b><i>x</b></i>"), "en.po:7: 'a.b' has </b> where it does not belong"),
        (entry("a.b", "<script>x</script>"), "en.po:7: 'a.b' has <script> where it does not belong"),
        (
            entry("a.b", "x") + "\n" + entry("a.b", "y"),
            "en.po:10: 'a.b' is there twice, but line 7 has it, too",
        ),
        (
            'msgid "a.b"\nmsgid_plural "a.c"\nmsgstr[0] "x"\nmsgstr[1] "y"\n',
            "en.po:7: 'a.b' has another msgid_plural, but it must be the key, too",
        ),
        ('msgid "a.b"\n', "en.po:7: 'en.po' is no PO file: missing msgstr for msgid 'a.b', but must be one"),
        ("nonsense\n", "en.po:7: 'en.po' is no PO file: Unknown or misformatted keyword, but must be one"),
    ],
)
def test_what_is_wrong_with_a_text_is_told_with_its_line(tmp_path: Path, text, said):
    path = written(tmp_path, "en", text)

    assert told(path)[0].startswith(said)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("Language: lv", "Language: lt", "lv.po:1: 'Language' is lt, but must be lv"),
        ('"Language: lv\\n"\n', "", "lv.po:1: 'Language' is missing, but must be lv"),
        ("nplurals=3", "nplurals=2", "lv.po:1: 'Plural-Forms' is nplurals=2; plural="),
        ("n%10==1", "n==1", "lv.po:1: 'Plural-Forms' is nplurals=3; plural=(n==1"),
    ],
)
def test_a_wrong_header_is_told(tmp_path: Path, old, new, said):
    text = header("lv")
    assert old in text
    (tmp_path / "lv.po").write_text(text.replace(old, new), encoding="utf-8")

    assert told(tmp_path / "lv.po")[0].startswith(said)


def test_a_catalogue_counts_as_babel_does_whatever_its_header_says(tmp_path: Path):
    text = header("lv").replace("n%10==1", "n==7") + entry("a.b", ("one", "some", "none"))
    (tmp_path / "lv.po").write_text(text, encoding="utf-8")

    template = read_catalogue(tmp_path / "lv.po").template("a.b", 21)

    assert template is not None
    assert template.plain == ("one",)


def test_a_text_in_plural_forms_needs_a_number(tmp_path: Path):
    catalogue = read_catalogue(written(tmp_path, "en", entry("a.b", ("one", "many"))))

    assert catalogue.template("a.b", None) is None
    assert catalogue.template("a.b", "3") is None


def test_every_language_we_have_counts_without_a_gap():
    for language in our_languages():
        rule = plural_rule(language)
        assert rule.forms == get_plural(language).num_plurals
        assert {rule.form(n) for n in range(1000)} == set(range(rule.forms))


def test_a_machines_translation_is_known_until_a_person_takes_the_mark_away(tmp_path: Path):
    path = written(
        tmp_path, "en", entry("a.b", "x", "# machine"), entry("a.c", "y", "# a note of a translator")
    )

    entries = read_catalogue(path).entries

    assert entries["a.b"].is_machine
    assert not entries["a.c"].is_machine


def test_the_comment_for_translators_can_promise_a_length(tmp_path: Path):
    long = "#. A button below the question that is asked when all is said.\n#. 30\n#. characters at most."
    path = written(tmp_path, "en", entry("a.b", "x", long), entry("a.c", "y"))

    entries = read_catalogue(path).entries

    assert entries["a.b"].at_most == 30
    assert entries["a.c"].at_most is None


def test_a_byte_order_mark_does_no_harm(tmp_path: Path):
    (tmp_path / "en.po").write_bytes(b"\xef\xbb\xbf" + (header("en") + entry("a.b", "x")).encode())

    assert told(tmp_path / "en.po") == []


PIECES = [
    "msgid ",
    "msgstr ",
    'msgstr[1] "x"',
    "msgstr[x",
    "msgctxt ",
    "#, fuzzy",
    "#~ ",
    '"',
    "\\",
    "\n",
    "{",
    "}",
]
GOOD = header("ru") + entry("a.b", "x {name} <b>y</b>", "#. A comment.") + entry("a.c", ("{n}", "{n} x", "x"))


@settings(max_examples=600, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_no_mutation_of_a_catalogue_is_a_crash(tmp_path: Path, capsys: pytest.CaptureFixture[str], data):
    text = GOOD
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(len(text), start + 20)))
        text = text[:start] + data.draw(st.sampled_from(PIECES) | st.text(max_size=5)) + text[end:]
    path = tmp_path / "ru.po"
    path.write_bytes(text.encode("utf-8", "replace"))

    catalogue = read_catalogue(path)

    for entry_left in catalogue.entries.values():
        assert len(entry_left.forms) == (3 if entry_left.is_plural else 1)
        assert all("".join(map(str, form.html)).strip() for form in entry_left.forms)
    assert {problem.file for problem in catalogue.problems} <= {"ru.po"}
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("path", sorted(CATALOGUES.glob("*.po")), ids=lambda path: path.stem)
def test_an_empty_line_stands_between_the_entries_of_our_catalogues(path: Path):
    lines = path.read_text(encoding="utf-8").splitlines()
    starts = [number for number, line in enumerate(lines) if line.startswith("msgid ")]

    for number in starts[1:]:
        while lines[number - 1].startswith("#"):
            number -= 1
        assert lines[number - 1] == "", f"{path.name}:{number + 1}"
