"""Territory files: what comes with the bot is right, and whatever is wrong is named by file and line."""

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.settings import TERRITORIES
from config.territories import LONGEST_LINK, LONGEST_SLUG, TerritoryError, load_territories
from flows.panels.settings import PanelSettings, Rhythm, SentTo

GOOD = """\
slug = "testville"
country = "FR"
languages = ["fr", "ar"]
zone = "Europe/Paris"
adult_from = 15
statements_per_question = 10

[names]
fr = "Testville"
ar = "تستفيل"

[[groups]]
slug = "parents"
language = "ar"

[groups.names]
fr = "Parents"

[[groups]]
slug = "young-people"
language = "fr"
names = { fr = "Jeunes" }

[panel]
colleges = ["citizens", "associations", "institutions"]
names = { fr = "Panel" }
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def refusal(folder: Path, text: str | bytes, name: str = "testville.toml") -> str:
    (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(TerritoryError) as caught:
        load_territories(folder)
    return str(caught.value)


def test_a_file_becomes_a_territory(folder):
    (folder / "testville.toml").write_text(GOOD, encoding="utf-8")

    territory = load_territories(folder)["testville"]

    assert territory.languages == ("fr", "ar")
    assert (territory.adult_from, territory.statements_per_question) == (15, 10)
    assert [group.slug for group in territory.groups] == ["parents", "young-people"]
    assert territory.group("parents").language == "ar"
    assert territory.panel.colleges == ("citizens", "associations", "institutions")


def test_what_may_be_left_out_has_the_common_value(folder):
    head, _, rest = GOOD.partition("adult_from = 15\nstatements_per_question = 10\n")
    names = rest.partition("[[groups]]")[0]
    (folder / "testville.toml").write_text(head + names, encoding="utf-8")

    territory = load_territories(folder)["testville"]

    assert (territory.adult_from, territory.statements_per_question) == (16, 12)
    assert territory.groups == ()
    assert territory.panel is None


SET_UP = """
gap = 5
cadence = "monthly"
day = "friday"
hour = 18
languages = ["ar", "fr"]
nothing_new = "line"
to = "members"
college_names = { citizens = { fr = "Habitants" } }
"""


def test_a_panel_is_told_on_mondays_at_nine_unless_its_file_says_otherwise(folder):
    file = folder / "testville.toml"
    file.write_text(GOOD, encoding="utf-8")
    usual = load_territories(folder)["testville"].panel

    file.write_text(GOOD + SET_UP, encoding="utf-8")
    panel = load_territories(folder)["testville"].panel

    assert (usual.gap, usual.college_names) == (10, {})
    assert usual.settings == PanelSettings(0, 9, Rhythm.WEEKLY, (), silence=True, to=SentTo.ROOM)
    assert (panel.gap, panel.college_names) == (5, {"citizens": {"fr": "Habitants"}})
    assert panel.settings == PanelSettings(
        4, 18, Rhythm.MONTHLY, ("ar", "fr"), silence=False, to=SentTo.MEMBERS
    )


@pytest.mark.parametrize(
    ("line", "where", "said"),
    [
        ("hour = 24", "panel.hour", "is 24, but must be a whole number from 0 to 23"),
        ("hour = true", "panel.hour", "is True, but must be a whole number from 0 to 23"),
        ("gap = 0", "panel.gap", "is 0, but must be a whole number from 1 to 33"),
        ('day = "mon"', "panel.day", "is 'mon', but must be one of monday, tuesday"),
        ("day = []", "panel.day", "is [], but must be one of monday"),
        ('cadence = "often"', "panel.cadence", "is 'often', but must be one of weekly, daily, monthly"),
        ('nothing_new = "no"', "panel.nothing_new", "is 'no', but must be one of silence, line"),
        ('to = "all"', "panel.to", "is 'all', but must be one of room, members"),
        ('languages = "fr"', "panel.languages", "is 'fr', but must be a list"),
        ("languages = []", "panel.languages", "is [], but must be a list"),
        (
            'languages = ["el"]',
            "panel.languages[1]",
            "is 'el', but must be a language of the territory: fr, ar",
        ),
        ('languages = ["fr", "fr"]', "panel.languages[2]", "is 'fr', but is there already"),
        ("college_names = 5", "panel.college_names", "is 5, but must be written as [panel.college_names]"),
        ('college_names = { x = { fr = "X" } }', "panel.college_names.x", "is no college of the panel, but"),
        (
            'college_names = { citizens = { fr = "" } }',
            "panel.college_names.citizens.fr",
            "but must be one line",
        ),
        ("hours = 5", "panel.hours", "is not a key we know, but 'hour' is"),
    ],
)
def test_what_is_wrong_about_a_panel_is_told_with_its_line(folder, line, where, said):
    message = refusal(folder, f"{GOOD}{line}\n")

    assert f"testville.toml:27: '{where}' " in message
    assert said in message


def test_the_territories_that_come_with_the_bot_are_right():
    territories = load_territories()

    assert list(territories) == ["kavala", "mulhouse", "salaspils"]
    assert {slug: territory.languages for slug, territory in territories.items()} == {
        "kavala": ("el", "en", "ar"),
        "mulhouse": ("fr", "en", "ar"),
        "salaspils": ("lv", "ru", "en"),
    }
    assert territories["mulhouse"].adult_from == 15


def test_every_name_that_comes_with_the_bot_is_there_in_every_language_of_its_territory():
    for territory in load_territories().values():
        panel = [territory.panel.names] if territory.panel else []
        for names in [territory.names, *panel, *(group.names for group in territory.groups)]:
            assert set(names) == set(territory.languages), names


def test_a_folder_without_territories_is_refused(folder):
    with pytest.raises(TerritoryError, match="one territory at least is needed"):
        load_territories(folder)


@pytest.mark.parametrize(
    ("old", "new", "line", "where", "said"),
    [
        ('slug = "testville"', 'slug = "other"', 1, "slug", "is 'other', but must be the file's name"),
        ('country = "FR"', 'country = "XX"', 2, "country", "is 'XX', but must be an ISO 3166"),
        ('country = "FR"', "country = []", 2, "country", "is [], but must be an ISO 3166"),
        ('["fr", "ar"]', '["fr", "xx"]', 3, "languages[2]", "is 'xx', but must be a language we have"),
        ('["fr", "ar"]', '["fr", "fr"]', 3, "languages[2]", "is 'fr', but is there already"),
        ('["fr", "ar"]', "[[1]]", 3, "languages[1]", "is [1], but must be a language we have"),
        ('["fr", "ar"]', "[]", 3, "languages", "is [], but must be a list"),
        ('["fr", "ar"]', '"fr"', 3, "languages", "is 'fr', but must be a list"),
        ("Europe/Paris", "Europe/Pari", 4, "zone", "is 'Europe/Pari', but must be an IANA time zone"),
        ("Europe/Paris", "../../etc/passwd", 4, "zone", "must be an IANA time zone"),
        ('zone = "Europe/Paris"', "zone = 1", 4, "zone", "is 1, but must be an IANA time zone"),
        ("adult_from = 15", "adult_from = 12", 5, "adult_from", "is 12, but must be a whole number from 13"),
        ("adult_from = 15", "adult_from = true", 5, "adult_from", "is True, but must be a whole number"),
        ("question = 10", "question = 51", 6, "statements_per_question", "is 51, but must be a whole number"),
        ("question = 10", "question = 1.0", 6, "statements_per_question", "is 1.0, but must be a whole"),
        (
            "[names]",
            "smallest_cell = 4\n[names]",
            8,
            "smallest_cell",
            "is 4, but must be a whole number from 5",
        ),
        ("[names]", "smallest_cell = 101\n[names]", 8, "smallest_cell", "is 101, but must be a whole number"),
        ("adult_from", "adult_form", 5, "adult_form", "is not a key we know, but 'adult_from' is"),
        ('[names]\nfr = "Testville"', "[names]", 8, "names.fr", "is missing, but the default language needs"),
        ('fr = "Testville"', 'fr = " "', 9, "names.fr", "is ' ', but must be one line of 1 to 64"),
        ('fr = "Testville"', 'fr = "a\\nb"', 9, "names.fr", "but must be one line of 1 to 64"),
        ('fr = "Testville"', f'fr = "{"x" * 65}"', 9, "names.fr", "but must be one line of 1 to 64"),
        ('ar = "تستفيل"', 'arr = "x"', 10, "names.arr", "is no language we have, but may be one of fr, ar"),
        ('slug = "parents"', 'slug = "Parents"', 13, "groups[1].slug", "is 'Parents', but must be made of"),
        (
            'language = "ar"',
            'language = "el"',
            14,
            "groups[1].language",
            "is 'el', but must be a language of",
        ),
        ('fr = "Parents"', 'fr = ""', 17, "groups[1].names.fr", "is '', but must be one line"),
        ('"young-people"', '"parents"', 20, "groups[2].slug", "is 'parents', but another group has it"),
        ('language = "fr"\n', "", 19, "groups[2].language", "is missing, but is needed"),
        ('{ fr = "Jeunes" }', "{}", 22, "groups[2].names", "is {}, but must be names by language"),
        ('"citizens", ', "", 25, "panel.colleges", "but must be three colleges such as"),
        ('"citizens", ', '"associations", ', 25, "panel.colleges", "but must be three colleges such as"),
        ("colleges =", "college =", 25, "panel.college", "is not a key we know, but 'colleges' is"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(folder, old, new, line, where, said):
    assert GOOD.count(old) >= 1

    message = refusal(folder, GOOD.replace(old, new, 1))

    assert f"testville.toml:{line}: '{where}' " in message
    assert said in message


def test_everything_wrong_in_every_file_is_told_at_once(folder):
    (folder / "other.toml").write_text(GOOD, encoding="utf-8")

    message = refusal(folder, GOOD.replace("Europe/Paris", "Mars").replace("= 15", "= 5"))

    assert message.startswith("3 territory entries are wrong: other.toml:1: 'slug' ")
    assert "testville.toml:4: 'zone' " in message
    assert "testville.toml:5: 'adult_from' " in message


def test_a_link_that_telegram_would_cut_is_refused(tmp_path):
    town = "t" * 30
    room = LONGEST_LINK - len(f"t_{town}_")
    text = GOOD.replace('"testville"', f'"{town}"')
    (tmp_path / f"{town}.toml").write_text(text.replace('"parents"', f'"{"p" * room}"'), encoding="utf-8")
    assert len(load_territories(tmp_path)[town].groups) == 2

    (tmp_path / f"{town}.toml").write_text(
        text.replace('"parents"', f'"{"p" * (room + 1)}"'), encoding="utf-8"
    )

    with pytest.raises(TerritoryError, match="may have 64 characters, not 65"):
        load_territories(tmp_path)


def test_a_slug_that_fits_on_no_button_is_refused(folder):
    (folder / "testville.toml").write_text(
        GOOD.replace('"parents"', f'"{"p" * LONGEST_SLUG}"'), encoding="utf-8"
    )
    assert len(load_territories(folder)["testville"].groups) == 2

    message = refusal(folder, GOOD.replace('"parents"', f'"{"p" * (LONGEST_SLUG + 1)}"'))

    assert "must be made of at most 40 of a-z, 0-9 and -" in message


@pytest.mark.parametrize(
    ("content", "line", "said"),
    [
        (GOOD.replace("= 15", "= = 15"), 5, "is not TOML"),
        (GOOD + '\nslug = "twice"', 28, None),
        (GOOD.replace("[panel]", "[names]"), None, "is not TOML"),
        (GOOD.encode("latin-1", "replace") + b"\n# \xe9", 28, "is not UTF-8"),
        ("a = " + "[" * 5000, None, "is nested too deeply"),
        (b"#" * (1024 * 1024 + 1), None, "at most 1048576 are read"),
    ],
)
def test_an_unreadable_file_is_refused_as_a_whole(folder, content, line, said):
    message = refusal(folder, content)

    assert message.startswith("1 territory entry is wrong: testville.toml")
    assert said is None or said in message
    assert line is None or f"testville.toml:{line}: " in message


def test_a_byte_order_mark_does_no_harm(folder):
    (folder / "testville.toml").write_bytes(b"\xef\xbb\xbf" + GOOD.encode())

    assert list(load_territories(folder)) == ["testville"]


def test_a_hundred_megabytes_are_not_even_read(folder):
    with (folder / "testville.toml").open("wb") as file:
        file.truncate(100 * 1024 * 1024)

    with pytest.raises(TerritoryError, match="at most 1048576 are read"):
        load_territories(folder)


PIECES = [
    "=",
    "[",
    "]",
    '"',
    "'",
    "\n",
    "{",
    "}",
    "#",
    ".",
    ",",
    "[[groups]]",
    '"""',
    "\0",
    "\u202e",
    "\udcff",
]


@settings(max_examples=1000, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_no_mutation_of_a_file_does_anything_but_load_or_be_refused_with_a_place(folder, data):
    text = GOOD
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(len(text), start + 30)))
        text = text[:start] + data.draw(st.sampled_from(PIECES) | st.text(max_size=6)) + text[end:]
    content = text.encode("utf-8", "surrogateescape" if "\udcff" in text else "replace")
    (folder / "testville.toml").write_bytes(content)

    try:
        territories = load_territories(folder)
    except TerritoryError as error:
        lines = content.count(b"\n") + 1
        for problem in error.problems:
            assert problem.file == "testville.toml"
            assert problem.line is None or 1 <= problem.line <= lines, problem
    else:
        assert list(territories) == ["testville"]


@pytest.mark.parametrize("path", sorted(TERRITORIES.glob("*.toml")), ids=lambda path: path.stem)
def test_each_line_of_a_file_matters(folder, path):
    """Without any one of its lines a file is refused, or is another territory, or the line was a comment."""
    lines = path.read_text(encoding="utf-8").splitlines()
    whole = load_territories(path.parent)[path.stem]
    for number, line in enumerate(lines):
        text = "\n".join(lines[:number] + lines[number + 1 :])
        (folder / path.name).write_text(text, encoding="utf-8")
        try:
            territory = load_territories(folder)[path.stem]
        except TerritoryError:
            continue
        idle = not line or line.startswith("#") or re.match(r"statements_per_question = 12", line)
        assert idle or territory != whole, line
