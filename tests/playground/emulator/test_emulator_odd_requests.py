"""However odd a request is, the emulator answers it or refuses it, and never breaks."""

from random import Random

from aiohttp import ClientSession

from bot.playground.emulator import Emulator
from bot.playground.emulator.methods import METHODS

NAMES = [
    "chat_id", "text", "caption", "question", "options", "entities", "caption_entities", "parse_mode",
    "reply_markup", "reply_parameters", "message_id", "message_ids", "message_thread_id",
    "callback_query_id", "media", "photo", "document", "file_id", "commands", "scope", "language_code",
    "user_id", "allowed_updates", "limit", "url",
    "menu_button", "name", "description", "action", "link_preview_options", "show_alert", "secret_token",
]  # fmt: skip
VALUES = [
    None, True, -1, 0, 1, 7, 1.5, 10**30, "", "x", "1", "true", "😀" * 5000, "\x00\u202e", "<b>", "*_", "{",
    "[]", "[1]", "attach://x", "https://example.org/x", "HTML", "MarkdownV2", "typing", [], [None],
    [1, "x"], [[]], {}, {"x": 1},
    [{"type": "bold", "offset": 0, "length": 1}], [{"type": "text_link", "offset": 0, "length": 1}],
    {"inline_keyboard": [[{"text": "x", "callback_data": "x"}]]}, {"inline_keyboard": [[1]]},
    {"keyboard": [["x"]]}, {"keyboard": 1}, {"remove_keyboard": True}, {"message_id": 1}, {"message_id": "1"},
    {"message_id": {}},
    [{"command": "x", "description": "x"}], [{"text": "x"}], {"type": "chat", "chat_id": []}, {"type": []},
    [{"type": "photo", "media": "https://example.org/x"}], [{"type": "document", "media": 7}],
]  # fmt: skip


async def test_odd_requests_are_answered_or_refused(emulator: Emulator, http: ClientSession) -> None:
    dice = Random(3)
    emulator.limits = None
    methods = [name for name, _ in METHODS.values() if name not in ("setWebhook", "getUpdates")]
    statuses: dict[int, int] = {}
    broken = []
    for _ in range(3000):
        emulator.person(1).opens()
        emulator.group(-7).adds_bot()
        method = dice.choice(methods)
        values = {name: dice.choice(VALUES) for name in dice.sample(NAMES, 12)}
        values["chat_id"] = dice.choice([1, 1, -7, dice.choice(VALUES)])
        values["text"] = dice.choice(["x", dice.choice(VALUES)])
        async with http.post(f"/bot42:TEST/{method}", json=values) as response:
            statuses[response.status] = statuses.get(response.status, 0) + 1
            if response.status not in (200, 400, 403):
                broken.append((method, values))

    assert broken == []
    assert min(statuses[200], statuses[400]) > 100
