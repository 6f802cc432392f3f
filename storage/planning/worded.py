"""What the codes in a list for those who coordinate mean, for whoever gets it as a file in the chat."""

from flows.files import Cell
from flows.moves import Names
from flows.people.territory import name_in
from flows.planning.file_words import WORDS
from storage.context import Context
from storage.sheet import Line


def worded(context: Context, language: str, line: Line) -> tuple[Cell, ...]:
    """The cells of a line in its order, with words for codes.

    language  of names, of which each place and kind has its own
    """
    return tuple(_cell(context, language, column, line) for column in line)


def _cell(context: Context, language: str, column: str, line: Line) -> Cell:
    value: Cell = line[column]
    if not isinstance(value, str) or not value:
        return value
    if column in WORDS:
        return WORDS[column](value)
    if column == "components":
        called = context.components.names
        return tuple(name_in(called[code], language) if code in called else code for code in value.split())
    names = _names(context, column, value, line)
    return name_in(names, language) if names else value


def _names(context: Context, column: str, code: str, line: Line) -> Names:
    match column:
        case "territory":
            return context.territories[code].names if code in context.territories else {}
        case "group":
            place = context.territories.get(line["territory"] or "")
            group = place.group(code) if place else None
            return group.names if group else {}
        case "theme":
            return context.themes.get(code, {})
        case "component":
            return context.components.names.get(code, {})
        case "kind":
            kind = context.occasion_kinds.get(code)
            return kind.names if kind else {}
    return {}
