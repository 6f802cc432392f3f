"""Languages that were put to people, so that nobody is asked twice; and what they say of their statements."""

from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, select, update
from sqlmodel import Field, SQLModel, col

from flows.people.tongues import Offer, OfferLanguage, TellLanguage
from storage.registry import applies
from storage.tables import Statement, big_number, moment, table
from storage.unit import Unit
from storage.words.statements import TOLD, author


class LanguageOffer(SQLModel, table=True):
    """A language that a person was asked about, or had when they were asked: it is not offered any more."""

    citizen_id: int = big_number(primary_key=True, foreign_key="citizen.id")
    language: str = Field(primary_key=True)  # BCP 47
    at: datetime = moment()


_MADE: Final = select(col(LanguageOffer.language)).where(
    col(LanguageOffer.citizen_id) == bindparam("citizen"), col(LanguageOffer.language) == bindparam("offered")
)


@applies(OfferLanguage)
def offer_language(unit: Unit, effect: OfferLanguage) -> Offer:
    """Remember both languages; who was asked about this one before is not asked again."""
    citizen = unit.person.citizen
    if unit.rows(_MADE, {"citizen": citizen, "offered": effect.language}):
        return Offer.MADE_BEFORE
    for language in (effect.language, effect.instead_of):
        unit.add_once(LanguageOffer, citizen_id=citizen, language=language, at=unit.at)
    return Offer.NEW


@applies(TellLanguage)
def tell_language(unit: Unit, effect: TellLanguage) -> None:
    """Keep what the author says; nobody knows it better."""
    unit.change(
        update(table(Statement))
        .where(
            col(Statement.id) == effect.statement,
            col(Statement.author) == author(unit),
            col(Statement.withdrawn_at).is_(None),
        )
        .values(language=effect.language, language_probability=1.0, language_how=TOLD)
    )
