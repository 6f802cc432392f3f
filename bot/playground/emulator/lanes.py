"""The server's delivery queues: an update is ordered against those of its lane, not against others."""

from typing import Any

Json = dict[str, Any]
Lane = tuple[str, int | str]  # a space of its own, and the chat, person or poll in it

_CHAT = ("chat", "id")
_PERSON = ("from", "id")
_LANES: dict[str, tuple[str, tuple[str, ...]]] = {  # type -> space, and where the payload tells the id
    "message": ("chat", _CHAT),
    "edited_message": ("chat", _CHAT),
    "channel_post": ("chat", _CHAT),
    "edited_channel_post": ("chat", _CHAT),
    "my_chat_member": ("standing", _CHAT),
    "chat_member": ("member", _PERSON),
    "chat_join_request": ("member", _PERSON),
    "callback_query": ("press", _PERSON),
    "inline_query": ("inline", _PERSON),
    "chosen_inline_result": ("chosen", _PERSON),
    "shipping_query": ("shipping", _PERSON),
    "pre_checkout_query": ("checkout", _PERSON),
    "poll": ("poll", ("id",)),
    "poll_answer": ("poll", ("poll_id",)),
}


def lane_of(kind: str, payload: Any) -> Lane | None:
    """The lane of an update of type `kind`; None: it travels alone."""
    if kind not in _LANES:
        return None
    space, path = _LANES[kind]
    found = payload
    for name in path:
        found = found.get(name) if isinstance(found, dict) else None
    return (space, found) if isinstance(found, int | str) else None
