"""Polls, as both sides can send them."""

from typing import Any

Json = dict[str, Any]


def poll(poll_id: str, question: str, options: list[str], **settings: Any) -> Json:
    """A Poll object nobody has voted in; `settings` override what it says of itself."""
    return {
        "id": poll_id,
        "question": question,
        "options": [
            {"persistent_id": str(number), "text": text, "voter_count": 0}
            for number, text in enumerate(options)
        ],
        "total_voter_count": 0,
        "is_closed": False,
        "is_anonymous": True,
        "type": "regular",
        "allows_multiple_answers": False,
        "allows_revoting": False,
        "members_only": False,
        **settings,
    }
