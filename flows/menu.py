"""The menu and the help: what can be done here."""

from flows.conversations import Next, conversation, conversations
from flows.moves import Choice, Flow, Key, Say, look, pick
from flows.people.consent import ask_what_is_new
from flows.people.person import OwnRoles
from flows.people.roles import may


@conversation("menu", command="menu")
def menu() -> Flow[Next]:
    """What a person can do here, in the order the conversations ask for."""
    mine = yield from look(OwnRoles)
    yield from ask_what_is_new()
    offered = tuple(
        each
        for each in conversations().values()
        if each.menu is not None and (each.needs is None or may(mine.held, each.needs))
    )
    return (
        yield from pick("menu.ask", tuple(Choice(each.name, Key(f"menu.{each.name}")) for each in offered))
    )


@conversation("help", command="help", menu=40, before_consent=True)
def help_me() -> Flow[Next]:
    """How to talk with the bot, and who stands behind it."""
    yield Say("help.text")
    return None
