"""Who is where: getChat, getChatMember, join requests, leaving."""

from typing import Any

from bot.playground.emulator.chats import PRIVATE, Chat
from bot.playground.emulator.errors import bad_request
from bot.playground.emulator.members import member
from bot.playground.emulator.methods.call import Call

Json = dict[str, Any]

_GIFTS = (
    "unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels",
)  # fmt: skip


def get_chat(call: Call) -> Json:
    chat = call.chat()
    return {
        **call.world.chat_json(chat),
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(_GIFTS, False),
    }


def get_chat_member(call: Call) -> Json:
    chat = call.chat()
    call.refuse_unreachable(chat)
    user_id = call.args.integer("user_id")
    user = call.world.bot if user_id == call.world.bot["id"] else call.world.users.get(user_id)
    if user is None:
        raise bad_request("PARTICIPANT_ID_INVALID")
    members = (
        dict.fromkeys((chat.id, call.world.bot["id"]), "member") if chat.type == PRIVATE else chat.members
    )
    return member(user, members.get(user_id, "left"))


def get_chat_administrators(call: Call) -> list[Json]:
    chat = call.chat()
    if chat.type == PRIVATE:
        raise bad_request("there are no administrators in the private chat")
    call.refuse_unreachable(chat)
    users = {**call.world.users, call.world.bot["id"]: call.world.bot}
    leading = ("creator", "administrator")
    return [member(users[user_id], status) for user_id, status in chat.members.items() if status in leading]


def get_chat_member_count(call: Call) -> int:
    chat = call.chat()
    if chat.type == PRIVATE:
        return 2
    call.refuse_unreachable(chat)
    return sum(status not in ("left", "kicked") for status in chat.members.values())


def leave_chat(call: Call) -> bool:
    chat = call.chat()
    if chat.type == PRIVATE:
        raise bad_request("chat not found")
    call.refuse_unreachable(chat)
    chat.standing = "left"
    chat.members[call.world.bot["id"]] = "left"
    call.world.watchers.tell("state", chat.id, standing="left")
    return True


def approve_chat_join_request(call: Call) -> bool:
    chat, user_id = _close_join_request(call)
    chat.members[user_id] = "member"
    return True


def decline_chat_join_request(call: Call) -> bool:
    _close_join_request(call)
    return True


def _close_join_request(call: Call) -> tuple[Chat, int]:
    """Answered either way, the request no longer lets the bot write to who asked."""
    chat = call.chat()
    call.refuse_unreachable(chat)
    user_id = call.args.integer("user_id")
    if user_id not in chat.join_requests:
        raise bad_request("HIDE_REQUESTER_MISSING")
    del chat.join_requests[user_id]
    call.world.chats[user_id].writable_until = 0.0
    return chat, user_id


METHODS = {
    "getChat": get_chat,
    "getChatMember": get_chat_member,
    "getChatAdministrators": get_chat_administrators,
    "getChatMemberCount": get_chat_member_count,
    "leaveChat": leave_chat,
    "approveChatJoinRequest": approve_chat_join_request,
    "declineChatJoinRequest": decline_chat_join_request,
}
