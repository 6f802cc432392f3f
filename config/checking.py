"""What `together check` verifies without a network; problems are returned as data, nothing is printed."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from babel import Locale, UnknownLocaleError

from config.cadences import FOLDER as CADENCES
from config.cadences import CadenceError, load_cadences
from config.components import SPIRAL, ComponentError, load_components
from config.impact import FOLDER as IMPACT
from config.impact import MEETINGS, ScaleError, load_scale
from config.languages import CATALOGUES, Language, Languages, load_languages, parents, usual_script
from config.occasion_kinds import FOLDER as OCCASIONS
from config.occasion_kinds import OccasionKindError, load_occasion_kinds
from config.parity import catalogue_problems
from config.problem import Problem
from config.reasons import FOLDER as REVIEWS
from config.reasons import ReasonError, load_reasons
from config.settings import TERRITORIES, SettingsError, load_settings
from config.territories import TerritoryError, load_territories
from config.texts import Texts
from config.themes import FOLDER as THEMES
from config.themes import ThemeError, load_themes
from config.usage import read_code, sentences, uses

ROOT = Path(__file__).parent.parent
CODE = (ROOT / "flows", ROOT / "bot")


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
    spiral: Path = SPIRAL,
    cadences: Path = CADENCES,
    impact: Path = IMPACT,
    meetings: Path = MEETINGS,
    occasions: Path = OCCASIONS,
    reviews: Path = REVIEWS,
    themes: Path = THEMES,
    code: Sequence[Path] = CODE,
) -> list[Problem]:
    """Everything wrong with territories, languages, versioned data and texts, by file and line."""
    languages = load_languages()
    read = read_code(code)
    problems = [
        *_territory_problems(territories),
        *_version_problems(spiral, load_components),
        *_version_problems(cadences, load_cadences),
        *_version_problems(impact, load_scale),
        *_version_problems(meetings, load_scale),
        *_version_problems(occasions, load_occasion_kinds),
        *_version_problems(reviews, load_reasons),
        *_version_problems(themes, load_themes),
        *_language_problems(languages),
        *catalogue_problems(Texts.load(catalogues), languages, uses(read)),
        *sentences(read),
    ]
    return sorted(set(problems), key=lambda problem: (problem.file, problem.line or 0, problem.where))


def _territory_problems(folder: Path) -> Sequence[Problem]:
    try:
        load_territories(folder)
    except TerritoryError as error:
        return error.problems
    return ()


def _version_problems(folder: Path, load: Callable[[str, Path], object]) -> Iterator[Problem]:
    """What is wrong in any version of some data, those that are no longer the current one included."""
    for path in sorted(folder.glob("*.toml")):
        try:
            load(path.stem, folder)
        except (
            ComponentError,
            CadenceError,
            ScaleError,
            OccasionKindError,
            ReasonError,
            ThemeError,
        ) as error:
            yield from error.problems


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
