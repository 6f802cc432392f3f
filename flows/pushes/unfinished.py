"""Which conversations are worth a nudge while they are unfinished: what was said half would be lost."""

from typing import Final

from flows.engine import Kind
from flows.talks import Stack, Talk

TO_THE_END: Final = frozenset(("arrival", "wellbeing"))
"""Conversations that lead to one end: wherever in them somebody stopped."""

HALF_SAID: Final = frozenset((
    # what an action does, and what one can give
    "feedback.side", "feedback.score", "feedback.sentence", "feedback.sentence_again",
    "give.kind", "give.words.time", "give.words.tool", "give.words.room", "give.words.skill",
    # coming to something, with all that is asked then; not coming
    "meeting.party", "meeting.guests", "meeting.needs", "meeting.interpretation", "registration.ask",
    "meeting.leave_line", "meeting.leave_seat", "meeting.barriers", "meeting.barrier",
    "activity.give_back_which", "activity.soon",
    # how it was
    "afterwards.how", "afterwards.good", "afterwards.better",
    "helped.there", "helped.hours", "helped.words",
    # a question for a person, new words for an idea, a name by which others know somebody
    "ask.translate", "ask.words", "statement.new_words",
    "profiles.name_me", "profiles.name_other", "invitation.name",
    # what is planned for others, up to where all can see it
    "plan.zone", "plan.starts", "plan.ends", "plan.again", "plan.again_until", "plan.seats",
    "plan.new_start", "plan.copy_start", "plan.post", "plan.people", "plan.hours", "plan.post_another",
    "plan.one.draft", "pilot.ask_draft", "announce.one.draft",
    "touching.dimension", "touching.component", "draft.text", "gift.words",
    "announce.when", "announce.starts", "announce.late", "announce.way", "announce.lead", "announce.link",
))  # fmt: skip
"""Questions that stand open only in the middle of something; in a list or a menu nothing is lost."""


def worth_a_nudge(talk: Talk) -> bool:
    """Whether somebody who stopped there is asked to go on."""
    last = talk.log[-1] if talk.log else None
    is_half_said = last is not None and last.kind is Kind.ASKED and last.key in HALF_SAID
    return is_half_said or talk.flow in TO_THE_END


def unfinished(stack: Stack) -> Talk | None:
    """The conversation of a stack that is worth a nudge; None where there is none."""
    return next(filter(worth_a_nudge, reversed(stack)), None)
