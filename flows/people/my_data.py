"""What is kept about a person, shown to them, with what they said to change or withdraw."""

from typing import Final

from flows.actions.actions import OwnActions
from flows.actions.feedback import OwnFeedback
from flows.actions.gifts import OwnGifts
from flows.actions.own_given import own_feedback, own_gifts
from flows.choices import TO_OWN_LIST
from flows.conversations import Next, conversation
from flows.coordinate import title_of
from flows.moves import Arg, Choice, Flow, Key, Lines, Say, Tag, glance, look, pick
from flows.occasions.my_meetings import KeptAnswers, my_meetings
from flows.people.consent import reconsider
from flows.people.own_data import hand_over_everything
from flows.people.person import Myself, OwnLanguage, Place
from flows.people.team import OwnTitles
from flows.people.tongues import correct
from flows.words.course import Contribution, OwnStandings, how_it_came, line_of
from flows.words.rewording import CHANGE, LANGUAGE, WITHDRAW, change, shortened, withdraw
from flows.words.statements import OwnStatements, OwnWords, Question, Voice

FEEDBACK: Final = Choice("feedback", Key("mydata.feedback"))
GIFTS: Final = Choice("gifts", Key("mydata.gifts"))
MEETINGS: Final = Choice("meetings", Key("mydata.meetings_button"))
FILE: Final = Choice("file", Key("mydata.as_file"))
AGREEMENTS: Final = Choice("agreements", Key("mydata.agreements"))
CLOSE: Final = Choice("close", Key("mydata.close"))


@conversation("mydata", command="mydata", menu=20)
def my_data() -> Flow[Next]:
    """A citizen sees what is kept about them, and changes or withdraws statements and agreements.

    about me -> which question -> which statement -> change or withdraw -> the list again
    """
    place = yield from about_me()
    while True:
        picked = yield from what_to_see()
        if picked == CLOSE.value:
            return None
        if picked == AGREEMENTS.value:
            yield from reconsider(place.names)
        elif picked == FILE.value:
            yield from hand_over_everything()
        elif picked == FEEDBACK.value:
            yield from own_feedback()
        elif picked == GIFTS.value:
            yield from own_gifts()
        elif picked == MEETINGS.value:
            yield from my_meetings()
        else:
            yield from one_question(Question(picked))


def what_to_see() -> Flow[str]:
    """One of the questions the person has answered, something else they gave, or nothing more."""
    mine = yield from look(OwnStatements)
    given = yield from look(OwnFeedback)
    gifts = yield from look(OwnGifts)
    meetings = yield from look(KeptAnswers)
    others = ((FEEDBACK, given.given), (GIFTS, gifts.gifts), (MEETINGS, meetings.occasions))
    more = (*(choice for choice, there in others if there), AGREEMENTS, FILE, CLOSE)
    answered = tuple(question for question in Question if question in mine.questions.values())
    if not answered:
        yield Say("mydata.no_statements")
        return (yield from pick("mydata.what_now", more))
    questions = (Choice(question, Key(f"question.{question}")) for question in answered)
    return (yield from pick("mydata.which_question", (*questions, *more)))


def about_me() -> Flow[Place]:
    """The few things kept beside the statements; returns where the person takes part."""
    me = yield from look(Myself)
    place = yield from look(Place, me.territory or "")
    group: Arg = place.groups.get(me.group, {}) if me.group else Key("mydata.no_group")
    read = yield from glance(OwnLanguage)
    name = read.name if read else ""
    yield Say("mydata.about_me", language=name, territory=place.names, group=group)
    for purpose in me.consents:
        yield Say(f"mydata.consent.{purpose}")
    roles = yield from glance(OwnTitles)
    for one in roles.titles if roles else ():
        yield Say("mydata.role", title=title_of(one.role, one.spot, one.college), name=one.name)
    followed = yield from glance(OwnActions)
    for title in followed.titles if followed else ():
        yield Say("mydata.follows", title=title)
    return place


def one_question(question: Question) -> Flow[None]:
    """One's own statements to one question, listed, until the person goes back."""
    while True:
        mine = yield from look(OwnStatements)
        ids = tuple(id for id, asked in mine.questions.items() if asked is question)
        if not ids:
            return
        words = yield from glance(OwnWords)
        standings = yield from glance(OwnStandings)
        listed = Lines(
            tuple(
                each
                for number, id in enumerate(ids, start=1)
                for each in (
                    line(number, id, words),
                    *line_of(standings, Contribution.STATEMENT, id).texts,
                )
            )
        )
        choices = (*(Choice(id, str(number)) for number, id in enumerate(ids, start=1)), TO_OWN_LIST)
        about = Key(f"question.{question}")
        picked = yield from pick(
            "mydata.which_statement", choices, columns=5, back=False, about=about, statements=listed
        )
        if picked == TO_OWN_LIST.value:
            return
        yield from one_statement(int(picked), question)


def line(number: int, id: str, words: OwnWords | None) -> Key:
    """One statement as a line of the list."""
    text = words.texts.get(id, "") if words else ""
    return Key("mydata.statement", {"number": number, "words": shortened(text)})


def one_statement(statement: int, question: Question) -> Flow[None]:
    """One statement in full, with how it came where it stands, to change, correct or withdraw."""
    yield from how_it_came(Contribution.STATEMENT, statement)
    words = yield from glance(OwnWords)
    text = words.texts.get(str(statement), "") if words else ""
    language = Tag(words.languages.get(str(statement), "") if words else "")
    ways = (CHANGE, LANGUAGE, WITHDRAW, TO_OWN_LIST)
    answer = yield from pick("mydata.statement_in_full", ways, back=False, words=text, language=language)
    if answer == CHANGE.value:
        voice = yield from look(Voice, question)
        yield from change(statement, voice)
    elif answer == LANGUAGE.value:
        yield from correct(statement)
    elif answer == WITHDRAW.value:
        yield from withdraw(statement)
