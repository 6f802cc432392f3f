"""What `together check` verifies without a network; problems are returned as data, nothing is printed."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from babel import Locale, UnknownLocaleError

from config.cadences import FOLDER as CADENCES
from config.cadences import load_cadences
from config.codes import REVIEWS, THEMES, load_codes
from config.components import SPIRAL, load_components
from config.impact import FOLDER as IMPACT
from config.impact import MEETINGS, load_scale
from config.languages import CATALOGUES, Language, Languages, load_languages, parents, usual_script
from config.occasion_kinds import FOLDER as OCCASIONS
from config.occasion_kinds import load_occasion_kinds
from config.parity import catalogue_problems
from config.problem import Problem
from config.settings import TERRITORIES, SettingsError, load_settings
from config.territories import TerritoryError, load_territories
from config.texts import Texts
from config.usage import Use, read_code, sentences, uses
from config.versioned import DataError, key

ROOT = Path(__file__).parent.parent
CODE = (ROOT / "flows", ROOT / "bot")
DATA: Final = ROOT / "config"


def check(environ: Mapping[str, str] | None = None, env_file: Path | str | None = ".env") -> list[Problem]:
    """Everything wrong with this installation: its settings, its territories and what the bot comes with."""
    try:
        settings = load_settings(environ, env_file)
    except SettingsError as error:
        return [*error.problems, *check_content()]
    return check_content(settings.territories)


def check_content(
    territories: Path = TERRITORIES,
    *,
    catalogues: Path = CATALOGUES,
    data: Path = DATA,
    code: Sequence[Path] = CODE,
) -> list[Problem]:
    """Everything wrong with territories, languages, versioned data and texts, by file and line.

    data  holds a folder for each sort of versioned data
    """
    languages = load_languages()
    read = read_code(code)
    found = [*_data(data)]
    used = [*uses(read), *(each for each in found if isinstance(each, Use))]
    problems = [
        *_territory_problems(territories),
        *(each for each in found if isinstance(each, Problem)),
        *_language_problems(languages),
        *catalogue_problems(Texts.load(catalogues), languages, used),
        *sentences(read),
    ]
    return sorted(set(problems), key=lambda problem: (problem.file, problem.line or 0, problem.where))


def _territory_problems(folder: Path) -> Sequence[Problem]:
    try:
        load_territories(folder)
    except TerritoryError as error:
        return error.problems
    return ()


def _data(folder: Path) -> Iterator[Problem | Use]:
    """What is wrong in any version of any data, and the texts that name what the right ones list."""
    for name, codes in _CODES.items():
        for path in sorted((folder / name).glob("*.toml")):
            try:
                texts = [key(path.parent, path.stem, code) for code in codes(path.stem, path.parent)]
            except DataError as error:
                yield from error.problems
            else:
                yield from (Use(path.name, 1, text, is_certain=True, is_label=True) for text in texts)


def _nameless(version: str, folder: Path) -> Iterable[object]:
    """Cadences are for us: nobody sees what they are called."""
    load_cadences(version, folder)
    return ()


_CODES: Final[Mapping[str, Callable[[str, Path], Iterable[object]]]] = {
    SPIRAL.name: lambda version, folder: load_components(version, folder).names,
    CADENCES.name: _nameless,
    IMPACT.name: lambda version, folder: load_scale(version, folder).steps,
    MEETINGS.name: lambda version, folder: load_scale(version, folder).steps,
    OCCASIONS.name: load_occasion_kinds,
    REVIEWS.name: load_codes,
    THEMES.name: load_codes,
}
"""By the folder of some data: the codes that a version lists and that have names."""


def _language_problems(languages: Languages) -> Iterator[Problem]:
    for language in languages.values():
        for found, expected in _wrong(language):
            yield Problem("languages.toml", None, language.tag, found, expected)


def _wrong(language: Language) -> Iterator[tuple[str, str]]:
    if parents(language.tag)[:1] != (language.tag,):
        yield "is no tag in proper case", "must be like pt-BR"
    try:
        locale = Locale.parse(language.locale)
    except (UnknownLocaleError, ValueError):
        yield f"has the locale {language.locale}", "CLDR has none of that name"
        return
    if locale.text_direction != language.direction:
        yield f"is written {language.direction}", f"CLDR says {locale.text_direction}"
    usual = usual_script(language.tag)
    if "-" not in language.tag and language.script != usual:
        yield f"has the script {language.script}", f"CLDR says {usual}"
