"""What is worth a nudge: the middle of something, and never a list, a menu or a setting."""

from config.texts import Texts
from flows.conversations import conversations
from flows.engine import Entry, Kind
from flows.pushes.unfinished import HALF_SAID, TO_THE_END, unfinished
from flows.talks import Talk


def talk(flow: str, question: str, *, id: int = 1) -> Talk:
    return Talk(id, flow, log=(Entry(Kind.ANSWER, "actions.list", "0"), Entry(Kind.ASKED, question, None)))


def test_every_question_and_conversation_that_is_worth_a_nudge_is_there():
    english = Texts.load().catalogue("en")

    assert {key for key in HALF_SAID if english.template(key, None) is None} == set()
    assert conversations().keys() >= TO_THE_END


def test_of_what_is_under_way_the_uppermost_is_nudged_that_is_unfinished():
    questions, feedback = talk("wellbeing", "wellbeing.more"), talk("actions", "feedback.score", id=2)

    assert unfinished((questions, feedback, talk("menu", "menu.ask"))) == feedback
    assert unfinished((questions, talk("actions", "actions.list"))) == questions
    assert unfinished((talk("actions", "actions.list"), talk("settings", "settings.ask"))) is None
    assert unfinished((Talk(1, "menu"),)) is None


def test_who_plans_is_nudged_in_the_middle_of_it_and_not_where_all_is_published():
    text, start = talk("pilots", "draft.text"), talk("plan_meetings", "plan.starts")
    letter, draft = talk("announcements", "draft.text"), talk("plan_meetings", "plan.one.draft")
    published, listed = talk("plan_meetings", "plan.one.planned"), talk("plan_meetings", "plan.what.meeting")

    assert [unfinished((one,)) for one in (text, start, letter, draft)] == [text, start, letter, draft]
    assert [unfinished((one,)) for one in (published, listed)] == [None, None]
