"""A territory as conversations see it: languages, zone, groups and panel; read from a file by `config/`."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from flows.panels.settings import PanelSettings
from flows.small_cells import SMALLEST
from flows.times.office_hours import OfficeHours


@dataclass(frozen=True, slots=True)
class Group:
    """A homogeneous group: 7 to 12 people of one profile, with a language of its own (SPIRAL)."""

    slug: str
    names: Mapping[str, str]  # by language; never empty
    language: str


@dataclass(frozen=True, slots=True)
class Panel:
    """The local panel of a territory, in its three colleges."""

    names: Mapping[str, str]  # by language
    colleges: tuple[str, ...]  # three slugs
    college_names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # by slug, by language
    gap: int = 10  # percentage points away from a third, from which on a college counts as out of balance
    settings: PanelSettings = field(default_factory=PanelSettings)  # until others are chosen at the desk


@dataclass(frozen=True, slots=True)
class Territory:
    """A place whose citizens take part."""

    slug: str
    names: Mapping[str, str]  # by language; never empty
    country: str  # ISO 3166-1 alpha-2
    languages: tuple[str, ...]  # BCP 47; the first is the default
    zone: str  # IANA name
    adult_from: int  # years: the age from which a person decides alone
    statements_per_question: int  # equal voice: nobody has more, per question
    groups: tuple[Group, ...]
    panel: Panel | None
    office: OfficeHours = field(default_factory=OfficeHours)  # when somebody is likely to answer
    smallest_cell: int = SMALLEST  # people of whom a figure is told, at the least

    def group(self, slug: str) -> Group | None:
        """The group of that slug, or None."""
        return next((group for group in self.groups if group.slug == slug), None)


class Territories(Mapping[str, Territory]):
    """All territories of one installation, by slug, in the order of their files."""

    def __init__(self, territories: tuple[Territory, ...]) -> None:
        self._by_slug = {territory.slug: territory for territory in territories}

    def __getitem__(self, slug: str) -> Territory:
        return self._by_slug[slug]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_slug)

    def __len__(self) -> int:
        return len(self._by_slug)

    def smallest_cell(self, slug: str | None) -> int:
        """People of whom a figure is told, at the least; None: of the network, as in the strictest."""
        here = self._by_slug.get(slug or "")
        return here.smallest_cell if here else max(each.smallest_cell for each in self.values())


def name_in(names: Mapping[str, str], language: str) -> str:
    """A name in that language; where it is missing, the first one in Latin letters, or just the first one.

    Most people can read those out, whatever they read in: Kavala rather than Καβάλα.
    """
    own = names.get(language) or names.get(language.partition("-")[0])
    return own or next(filter(_is_latin, names.values()), next(iter(names.values())))


def _is_latin(name: str) -> bool:
    """Whether all its letters are Latin ones, accents or not."""
    return all(unicodedata.name(each, "").startswith("LATIN") for each in name if each.isalpha())


def best(names: Mapping[str, str], languages: Iterable[str]) -> str:
    """Which of those languages, the best one first, something is there in; any, if in none of them.

    names  not empty
    """
    wanted = (each for language in languages for each in (language, language.partition("-")[0]))
    return next((language for language in wanted if language in names), next(iter(names)))
