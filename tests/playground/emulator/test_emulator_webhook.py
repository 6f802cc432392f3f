"""setWebhook, deleteWebhook and getWebhookInfo: what is taken, what is refused, what is told."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from aiohttp import ClientSession

from bot.playground.emulator import Emulator

Call = Callable[..., Awaitable[dict[str, Any]]]

HOOK = "http://127.0.0.1:1/hook"  # nobody listens there


async def test_a_webhook_shuts_polling_off(emulator: Emulator, call: Call) -> None:
    waiting = asyncio.ensure_future(call("getUpdates", timeout=30))
    await asyncio.sleep(0.05)

    await call("setWebhook", url=HOOK)
    interrupted = await asyncio.wait_for(waiting, 1)
    refused = await call("getUpdates")

    assert interrupted["description"] == "Conflict: terminated by setWebhook request"
    assert refused["error_code"] == 409
    assert refused["description"] == (
        "Conflict: can't use getUpdates method while webhook is active; "
        "use deleteWebhook to delete the webhook first"
    )


async def test_without_a_webhook_polling_works_again(emulator: Emulator, call: Call) -> None:
    await call("setWebhook", url=HOOK)
    emulator.person(1001).writes("Hello")
    await call("deleteWebhook")

    assert len((await call("getUpdates"))["result"]) == 1


@pytest.mark.parametrize("method", ["setWebhook", "deleteWebhook"])
async def test_what_waits_is_dropped_if_asked(emulator: Emulator, call: Call, method: str) -> None:
    emulator.person(1001).writes("Unread")

    await call(method, url=HOOK, drop_pending_updates=True)

    assert emulator.pending == 0
    assert [record.expired for record in emulator.ledger.updates.values()] == [True]


async def test_every_change_is_told(emulator: Emulator, call: Call) -> None:
    told = []
    changes: list[tuple[str, dict[str, Any]]] = [
        ("deleteWebhook", {}),
        ("setWebhook", {"url": HOOK}),
        ("setWebhook", {"url": HOOK}),
        ("setWebhook", {"url": HOOK, "max_connections": 2}),
        ("setWebhook", {"url": HOOK, "max_connections": 2, "secret_token": "s"}),
        ("setWebhook", {"url": ""}),
        ("deleteWebhook", {}),
    ]
    for method, values in changes:
        told.append((await call(method, **values))["description"])
        emulator.clock.advance(1)

    assert told == [
        "Webhook is already deleted",
        "Webhook was set",
        "Webhook is already set",
        "Webhook was set",
        "Webhook was set",
        "Webhook was deleted",
        "Webhook is already deleted",
    ]


async def test_two_changes_in_a_second_are_too_many(
    emulator: Emulator, call: Call, http: ClientSession
) -> None:
    await call("setWebhook", url=HOOK)

    same = await call("setWebhook", url=HOOK)
    async with http.post("/bot42:TEST/setWebhook", data={"url": HOOK, "secret_token": "s"}) as response:
        hasty = await response.json()
    deleted = await call("deleteWebhook")
    again = await call("setWebhook", url=HOOK)
    emulator.clock.advance(1)
    later = await call("setWebhook", url=HOOK)

    assert hasty == {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 1",
        "parameters": {"retry_after": 1},
    }
    assert response.headers["Retry-After"] == "1"
    assert [answer["ok"] for answer in (same, deleted, again, later)] == [True, True, False, True]


@pytest.mark.parametrize(
    ("secret", "reason"),
    [
        ("x" * 257, "secret token is too long"),
        ("spaces are not", "secret token contains unallowed characters"),
        ("ümlaut", "secret token contains unallowed characters"),
    ],
)
async def test_a_bad_secret_is_refused(call: Call, secret: str, reason: str) -> None:
    refused = await call("setWebhook", url=HOOK, secret_token=secret)

    assert refused["description"] == f"Bad Request: {reason}"


async def test_a_secret_of_256_allowed_characters_is_taken(call: Call) -> None:
    assert (await call("setWebhook", url=HOOK, secret_token=f"Az09_-{'x' * 250}"))["ok"]


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("hook", "invalid webhook URL specified"),
        ("ftp://127.0.0.1/", "invalid webhook URL specified"),
        ("https:///hook", "invalid webhook URL specified"),
        ("http://127.0.0.1:99999/", "invalid webhook URL specified"),
        ("http://[::1/", "invalid webhook URL specified"),
        ("http://127.0.0.1/with space", "invalid webhook URL specified"),
        ("http://example.org/", "bad webhook: An HTTPS URL must be provided for webhook"),
        (
            "https://example.org:8080/",
            "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443",
        ),
    ],
)
async def test_a_bad_address_is_refused(call: Call, url: str, reason: str) -> None:
    refused = await call("setWebhook", url=url)

    assert refused["description"] == f"Bad Request: {reason}"
    assert (await call("getWebhookInfo"))["result"]["url"] == ""


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1/", "https://localhost:1/", "http://[::1]:1/", "https://example.org:8443/"]
)
async def test_on_this_machine_every_port_and_http_will_do(call: Call, url: str) -> None:
    assert (await call("setWebhook", url=url))["ok"]
    assert (await call("getWebhookInfo"))["result"]["url"] == url


@pytest.mark.parametrize(("asked", "kept"), [(None, 40), (1, 1), (100, 100), (0, 1), (101, 100)])
async def test_connections_are_kept_between_1_and_100(call: Call, asked: int | None, kept: int) -> None:
    await call("setWebhook", url=HOOK, **({} if asked is None else {"max_connections": asked}))

    assert (await call("getWebhookInfo"))["result"]["max_connections"] == kept


async def test_the_webhook_tells_about_itself(emulator: Emulator, call: Call) -> None:
    await call("setWebhook", url=HOOK, allowed_updates=["message"], max_connections=7, ip_address="127.0.0.1")

    assert (await call("getWebhookInfo"))["result"] == {
        "url": HOOK,
        "has_custom_certificate": False,
        "pending_update_count": 0,
        "max_connections": 7,
        "ip_address": "127.0.0.1",
        "allowed_updates": ["message"],
    }


async def test_without_a_webhook_only_the_waiting_are_told(emulator: Emulator, call: Call) -> None:
    emulator.person(1001).writes("Hello")

    assert (await call("getWebhookInfo"))["result"] == {
        "url": "",
        "has_custom_certificate": False,
        "pending_update_count": 1,
    }


async def test_allowed_updates_are_taken_even_if_nothing_else_changes(emulator: Emulator, call: Call) -> None:
    await call("setWebhook", url=HOOK)
    same = await call("setWebhook", url=HOOK, allowed_updates=["callback_query"])
    emulator.person(1001).writes("Not wanted")

    assert same["description"] == "Webhook is already set"
    assert emulator.pending == 0


async def test_a_revoked_token_takes_the_webhook_with_it(emulator: Emulator, call: Call) -> None:
    await call("setWebhook", url=HOOK)

    emulator.revoke_token()
    emulator.restore_token("42:TEST")

    assert (await call("getWebhookInfo"))["result"]["url"] == ""
