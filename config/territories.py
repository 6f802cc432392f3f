"""Territories from their TOML files: a wrong file is refused whole, and everything wrong in it is named."""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale

from config.languages import our_languages
from config.office import office_hours, office_problems
from config.panels import panel_from, wrong_settings
from config.problem import Problem, listed, nearest
from config.settings import TERRITORIES
from config.toml_file import NotToml, Place, TomlFile, found, is_text, is_whole, read_toml
from flows.people.territory import Group, Territories, Territory
from flows.small_cells import FLOOR, SMALLEST

LONGEST_LINK = 64  # characters of /start's payload, https://core.telegram.org/bots/features#deep-linking
LONGEST_SLUG = 40  # characters; a button of 64 bytes names its conversation beside the slug
LONGEST_NAME = 64  # characters; names stand on buttons
MOST_HIDDEN = 100  # people of whom a figure need not be told at the most: else there would be none

_SLUG = re.compile(rf"[a-z0-9-]{{1,{LONGEST_SLUG}}}")
_TERRITORY = (
    "slug",
    "country",
    "languages",
    "zone",
    "adult_from",
    "statements_per_question",
    "names",
    "groups",
    "panel",
    "office",
    "smallest_cell",
)
_GROUP = ("slug", "language", "names")
_PANEL = (
    "names",
    "colleges",
    "college_names",
    "gap",
    "cadence",
    "day",
    "hour",
    "languages",
    "nothing_new",
    "to",
)


class TerritoryError(ValueError):
    """The territories cannot be used; the message names everything wrong, by file and line."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(listed(problems, "territory entry", "territory entries"))
        self.problems = problems


def load_territories(folder: Path = TERRITORIES) -> Territories:
    """All territories of a folder of `<slug>.toml` files, in the order of their names.

    Raises TerritoryError if anything is wrong in any of them, or if there is none.
    """
    territories: list[Territory] = []
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.toml")):
        try:
            file = read_toml(path)
        except NotToml as error:
            problems.append(error.problem)
            continue
        wrong = list(_wrong(file))
        problems += wrong
        if not wrong:
            territories.append(_territory(file.table))
    if not territories and not problems:
        problems.append(
            Problem(str(folder), None, "*.toml", "is not there", "one territory at least is needed")
        )
    if problems:
        raise TerritoryError(tuple(problems))
    return Territories(tuple(territories))


def _territory(table: Mapping[str, Any]) -> Territory:
    panel = table.get("panel")
    return Territory(
        slug=table["slug"],
        names=table["names"],
        country=table["country"],
        languages=tuple(table["languages"]),
        zone=table["zone"],
        adult_from=table.get("adult_from", 16),
        statements_per_question=table.get("statements_per_question", 12),
        groups=tuple(
            Group(group["slug"], group["names"], group["language"]) for group in table.get("groups", ())
        ),
        panel=panel_from(panel) if panel else None,
        office=office_hours(table.get("office", {})),
        smallest_cell=table.get("smallest_cell", SMALLEST),
    )


def _wrong(file: TomlFile) -> Iterator[Problem]:
    """Everything wrong in one file."""
    table = file.table
    yield from _keys(file, (), table, _TERRITORY, needed=("slug", "country", "languages", "zone", "names"))
    slug = table.get("slug")
    if "slug" in table and (not _is_slug(slug) or f"{slug}.toml" != file.name):
        yield file.problem(
            ("slug",), found(slug), f"must be the file's name, in at most {LONGEST_SLUG} of a-z, 0-9 and -"
        )
    country = table.get("country", "FR")
    if not isinstance(country, str) or country not in _countries():
        yield file.problem(("country",), found(country), "must be an ISO 3166 country such as FR")
    if "zone" in table and not _is_zone(table["zone"]):
        yield file.problem(("zone",), found(table["zone"]), "must be an IANA time zone such as Europe/Paris")
    if not is_whole(table.get("adult_from", 16), 13, 18):
        yield file.problem(
            ("adult_from",), found(table["adult_from"]), "must be a whole number from 13 to 18"
        )
    limit = table.get("statements_per_question", 12)
    if not is_whole(limit, 1, 50):
        yield file.problem(("statements_per_question",), found(limit), "must be a whole number from 1 to 50")
    smallest = table.get("smallest_cell", SMALLEST)
    if not is_whole(smallest, FLOOR, MOST_HIDDEN):
        expected = f"must be a whole number from {FLOOR} to {MOST_HIDDEN}: figures of fewer are never shown"
        yield file.problem(("smallest_cell",), found(smallest), expected)
    yield from _languages(file)
    languages = _usable_languages(table)
    yield from _names(file, ("names",), table.get("names"), languages)
    yield from _groups(file, languages)
    yield from _panel(file, languages)
    yield from office_problems(file)


def _languages(file: TomlFile) -> Iterator[Problem]:
    given = file.table.get("languages")
    if not isinstance(given, list) or not given:
        if given is not None:
            yield file.problem(("languages",), found(given), 'must be a list such as ["fr", "ar"]')
        return
    for number, tag in enumerate(given):
        if not _is_language(tag):
            near = nearest(str(tag), our_languages()) or ", ".join(our_languages())
            yield file.problem(("languages", number), found(tag), f"must be a language we have: {near}")
        elif tag in given[:number]:
            yield file.problem(("languages", number), found(tag), "is there already")


def _usable_languages(table: Mapping[str, Any]) -> tuple[str, ...]:
    given = table.get("languages")
    return tuple(tag for tag in given if _is_language(tag)) if isinstance(given, list) else ()


def _names(file: TomlFile, place: Place, names: object, languages: tuple[str, ...]) -> Iterator[Problem]:
    """What is wrong with names by language; a missing table is told elsewhere."""
    if names is None:
        return
    if not isinstance(names, dict) or not names:
        yield file.problem(place, found(names), 'must be names by language, such as fr = "..."')
        return
    for tag, name in names.items():
        if tag not in our_languages():
            yield file.problem((*place, tag), "is no language we have", f"may be one of {_either(languages)}")
        if not is_text(name, LONGEST_NAME):
            yield file.problem(
                (*place, tag), found(name), f"must be one line of 1 to {LONGEST_NAME} characters"
            )
    if languages and languages[0] not in names:
        yield file.problem((*place, languages[0]), "is missing", "the default language needs a name")


def _groups(file: TomlFile, languages: tuple[str, ...]) -> Iterator[Problem]:
    groups = file.table.get("groups", [])
    if not isinstance(groups, list):
        yield file.problem(("groups",), found(groups), "must be written as [[groups]]")
        return
    slugs: set[str] = set()
    for number, group in enumerate(groups):
        place = ("groups", number)
        if not isinstance(group, dict):
            yield file.problem(place, found(group), "must be written as [[groups]]")
            continue
        yield from _keys(file, place, group, _GROUP, needed=_GROUP)
        yield from _group_slug(file, (*place, "slug"), group.get("slug"), slugs)
        language = group.get("language")
        if "language" in group and languages and language not in languages:
            expected = f"must be a language of the territory: {_either(languages)}"
            yield file.problem((*place, "language"), found(language), expected)
        yield from _names(file, (*place, "names"), group.get("names"), languages)


def _group_slug(file: TomlFile, place: Place, slug: object, taken: set[str]) -> Iterator[Problem]:
    if slug is None:
        return
    link = f"t_{file.table.get('slug')}_{slug}"
    if not isinstance(slug, str) or not _is_slug(slug):
        yield file.problem(place, found(slug), f"must be made of at most {LONGEST_SLUG} of a-z, 0-9 and -")
    elif slug in taken:
        yield file.problem(place, found(slug), "another group has it already")
    elif len(link) > LONGEST_LINK:
        expected = f"the link {link} may have {LONGEST_LINK} characters, not {len(link)}"
        yield file.problem(place, found(slug), expected)
    else:
        taken.add(slug)


def _panel(file: TomlFile, languages: tuple[str, ...]) -> Iterator[Problem]:
    panel = file.table.get("panel")
    if panel is None:
        return
    if not isinstance(panel, dict):
        yield file.problem(("panel",), found(panel), "must be written as [panel]")
        return
    yield from _keys(file, ("panel",), panel, _PANEL, needed=("names", "colleges"))
    yield from _names(file, ("panel", "names"), panel.get("names"), languages)
    yield from wrong_settings(file, panel, languages)
    yield from _college_names(file, panel, languages)
    colleges = panel.get("colleges")
    if colleges is None:
        return
    slugs = [college for college in colleges if _is_slug(college)] if isinstance(colleges, list) else []
    if len(slugs) != 3 or len(set(slugs)) != 3 or slugs != colleges:
        expected = 'must be three colleges such as ["citizens", "associations", "institutions"]'
        yield file.problem(("panel", "colleges"), found(colleges), expected)


def _college_names(
    file: TomlFile, panel: Mapping[str, object], languages: tuple[str, ...]
) -> Iterator[Problem]:
    place, names = ("panel", "college_names"), panel.get("college_names", {})
    if not isinstance(names, dict):
        yield file.problem(place, found(names), "must be written as [panel.college_names]")
        return
    colleges = panel.get("colleges")
    known = colleges if isinstance(colleges, list) else []
    for slug, by_language in names.items():
        if slug not in known:
            yield file.problem((*place, slug), "is no college of the panel", _either(map(str, known)))
        yield from _names(file, (*place, slug), by_language, languages)


def _keys(
    file: TomlFile, place: Place, table: Mapping[str, Any], known: Iterable[str], needed: Iterable[str]
) -> Iterator[Problem]:
    """Keys nobody knows, and keys that are missing."""
    for key in table:
        if key not in known:
            near = nearest(key, known)
            expected = f"'{near}' is" if near else f"these are: {', '.join(known)}"
            yield file.problem((*place, key), "is not a key we know", expected)
    for key in needed:
        if key not in table:
            yield file.problem((*place, key), "is missing", "is needed")


def _is_slug(value: object) -> bool:
    return isinstance(value, str) and bool(_SLUG.fullmatch(value))


def _is_language(value: object) -> bool:
    return isinstance(value, str) and value in our_languages()


def _is_zone(value: object) -> bool:
    try:
        return isinstance(value, str) and bool(ZoneInfo(value))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False


def _countries() -> frozenset[str]:
    return frozenset(code for code in map(str, Locale("en").territories) if re.fullmatch("[A-Z]{2}", code))


def _either(languages: Iterable[str]) -> str:
    return ", ".join(languages) or ", ".join(our_languages())
