"""What messages look like on the wire: buttons and files as Telegram wants them, what it says was sent."""

from collections.abc import Mapping
from typing import Any

from bot.rendering.files import Attachment, Known
from bot.speaking.transport import NotTelegrams


def keyboard(buttons: Any, links: Any = ()) -> dict[str, Any]:
    """Rows of (label, data), and below them links, (label, address), as Telegram's InlineKeyboardMarkup."""
    rows = [[{"text": label, "callback_data": data} for label, data in row] for row in buttons]
    rows += [[{"text": label, "url": address}] for label, address in links]
    return {"inline_keyboard": rows}


def kind_of(file: Attachment | Known) -> tuple[str, dict[str, Any]]:
    """As what a file is sent, and what is told with it: Telegram is not to guess what it is."""
    return ("photo", {}) if file.is_picture else ("document", {"disable_content_type_detection": True})


def number_of(sent: Any) -> int:
    """The number of a message as it was sent. Raises NotTelegrams for what is no message."""
    number = sent.get("message_id") if isinstance(sent, dict) else None
    if not isinstance(number, int):
        raise NotTelegrams("no message was answered")
    return number


def name_of(sent: Mapping[str, Any], kind: str) -> str | None:
    """What Telegram calls the file in a message; of a picture, the largest of its sizes."""
    file = sent.get(kind)
    if isinstance(file, list):
        file = file[-1] if file else None
    name = file.get("file_id") if isinstance(file, dict) else None
    return name if isinstance(name, str) else None
