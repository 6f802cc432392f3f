"""ChatMember objects: what somebody is in a chat."""

from typing import Any

Json = dict[str, Any]

_RIGHTS = (
    "can_manage_chat", "can_delete_messages", "can_manage_video_chats", "can_restrict_members",
    "can_promote_members", "can_change_info", "can_invite_users", "can_post_stories", "can_edit_stories",
    "can_delete_stories", "can_send_welcome_messages", "can_pin_messages", "can_manage_topics",
)  # fmt: skip


def member(user: Json, status: str) -> Json:
    """A ChatMember for "creator", "administrator", "member", "left" or "kicked"."""
    shown: Json = {"user": user, "status": status}
    match status:
        case "creator":
            shown["is_anonymous"] = False
        case "administrator":
            shown |= {"can_be_edited": False, "is_anonymous": False, **dict.fromkeys(_RIGHTS, True)}
        case "kicked":
            shown["until_date"] = 0
    return shown
