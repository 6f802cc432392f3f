"""Themes: who follows which."""

from typing import Final

from sqlalchemy import bindparam, delete, select
from sqlmodel import Field, SQLModel, col

from flows.people.themes import FollowThemes, ThemeNames, Themes
from storage.registry import applies, loads
from storage.tables import big_number, table
from storage.unit import Unit


class ThemeFollower(SQLModel, table=True):
    """A person who follows a theme."""

    __tablename__ = "theme_follower"

    citizen_id: int = big_number(primary_key=True, foreign_key="citizen.id")
    theme: str = Field(primary_key=True, index=True)  # code, see config/themes


_MINE: Final = select(col(ThemeFollower.theme)).where(col(ThemeFollower.citizen_id) == bindparam("citizen"))
_LEAVE: Final = delete(table(ThemeFollower)).where(col(ThemeFollower.citizen_id) == bindparam("citizen"))


def followed(unit: Unit) -> frozenset[str]:
    """The codes of the themes that the person follows."""
    return frozenset(row.theme for row in unit.rows(_MINE, {"citizen": unit.person.citizen}))


@loads(Themes)
def themes(unit: Unit) -> Themes:
    """All themes, and which the person follows."""
    mine, names = followed(unit), unit.context.themes
    return Themes(names, tuple(code for code in names if code in mine))


@loads(ThemeNames)
def theme_names(unit: Unit) -> ThemeNames:
    """All that there are."""
    return ThemeNames(unit.context.themes)


@applies(FollowThemes)
def follow(unit: Unit, effect: FollowThemes) -> None:
    """Keep those that there are."""
    unit.change(_LEAVE, {"citizen": unit.person.citizen})
    for code in effect.codes:
        if code in unit.context.themes:
            unit.add(ThemeFollower, citizen_id=unit.person.citizen, theme=code)
