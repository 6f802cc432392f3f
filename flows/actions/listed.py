"""The pilot actions of a place in a list, for those who coordinate."""

from flows.actions.pilots import Pilot, Pilots, PilotWords
from flows.actions.sheet import title
from flows.moves import Flow, Key, glance, look
from flows.paging import Listing
from flows.people.roles import Scope
from flows.planning.drafting import OwnTongue


def all_pilots(where: Scope) -> Flow[Listing[Pilot]]:
    """All of them now, drafts too."""
    there = yield from look(Pilots, where)
    own = yield from look(OwnTongue)
    words = yield from glance(PilotWords, where)

    def line(number: int, one: Pilot) -> Key:
        called = title(words.sheet(one.action.id) if words else {}, own.tongue)
        is_draft = not one.is_published and not one.is_withdrawn
        status = "pilots.draft" if is_draft else f"action.progress.{one.action.progress}"
        return Key("actions.line", {"number": number, "title": called, "status": Key(status)})

    return Listing(there.pilots, line)


def published_pilots(where: Scope) -> Flow[Listing[Pilot]]:
    """Those that people see."""
    there = yield from all_pilots(where)
    return Listing(tuple(one for one in there.things if one.is_published), there.line)
