"""The people one meets in the playground, each with the link they enter by."""

from dataclasses import dataclass
from typing import Literal

Role = Literal["citizen", "coordinator"]


@dataclass(frozen=True, slots=True)
class Persona:
    """Somebody with a phone."""

    id: int  # Telegram user id
    first_name: str
    last_name: str
    language_code: str  # of their phone, an IETF tag
    place: str
    zone: str  # IANA, for the times on their phone
    payload: str  # what follows ?start= in the link they enter by; "" for none
    role: Role = "citizen"


COORDINATOR = Persona(1006, "Claire", "Meyer", "fr", "Mulhouse", "Europe/Paris", "t_mulhouse", "coordinator")

CAST = (
    Persona(1001, "Amélie", "Schmitt", "fr", "Mulhouse", "Europe/Paris", "t_mulhouse"),
    Persona(1002, "Samir", "Haddad", "ar", "Mulhouse", "Europe/Paris", "t_mulhouse"),
    Persona(1003, "Eleni", "Papadaki", "el", "Καβάλα", "Europe/Athens", "t_kavala"),
    Persona(1004, "Līga", "Ozola", "lv", "Salaspils", "Europe/Riga", "t_salaspils"),
    Persona(1005, "Emma", "Walker", "en", "Mulhouse", "Europe/Paris", "t_mulhouse"),
    COORDINATOR,
)


@dataclass(frozen=True, slots=True)
class Circle:
    """A group chat with the bot in it."""

    id: int  # Telegram's, negative
    title: str
    language_code: str  # of the page around it
    zone: str  # IANA
    members: tuple[int, ...]  # people of the cast


CIRCLE = Circle(-1_001_000_001, "Quartier de la Doller", "fr", "Europe/Paris", (1001, 1002, 1005, 1006))
"""Who lives in Mulhouse, in one chat."""

NEIGHBOURS = range(1100, 2000)
"""Ids of people in the sample data who talk with the bot and have no phone on the page."""
