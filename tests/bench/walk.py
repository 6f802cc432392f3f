"""The eight turns that every contestant leads a citizen through; all say and ask the same."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Question:
    """What a citizen is asked, and the buttons below it."""

    text: str  # begins with the number of its turn: how the reply to another turn would be noticed
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Turn:
    """What a citizen does, and what they are asked then."""

    step: str  # under this name it is counted in the database
    does: str | None  # the choice they press; None: they write an idea
    reply: Question


WALK: Final = (
    Turn("start", "/start", Question("(1/8) Welcome! Which language do you speak?", ("en", "fr"))),
    Turn("language", "fr", Question("(2/8) May what you say be kept, without your name?", ("yes", "no"))),
    Turn("consent", "yes", Question("(3/8) What does well-being mean to you? One idea, please.")),
    Turn("text", None, Question("(4/8) Thank you, it is kept. What else?")),
    Turn("text", None, Question("(5/8) Thank you, it is kept. And one more?")),
    Turn("text", None, Question("(6/8) How well do you live here, from 1 to 5?", ("1", "2", "3", "4", "5"))),
    Turn("rating", "4", Question("(7/8) May we write to you again?", ("confirm", "never"))),
    Turn("confirm", "confirm", Question("(8/8) Thank you for taking part. See you soon!")),
)
STEPS: Final = tuple(dict.fromkeys(turn.step for turn in WALK))
PRESSES: Final = frozenset(n for n, turn in enumerate(WALK) if turn.does and turn.does != "/start")
"""The turns in which a button is pressed, which has to be answered, too."""

IDEAS: Final = (
    "A bench in the sun beside the river, for everybody",
    "Des voisins qui se disent bonjour le matin",
    "That the children can walk to school alone",
    "Un marché le samedi, avec les gens du village",
    "Enough time for my parents and for myself",
    "Savoir que quelqu'un vient quand je suis malade",
    "A doctor who listens, not too far away",
)
