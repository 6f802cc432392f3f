"""How the bot receives: getMe, getUpdates and the webhook's settings."""

import ipaddress
import re
from typing import Any
from urllib.parse import urlsplit

from bot.playground.emulator.errors import bad_request, conflict, too_many_requests
from bot.playground.emulator.methods.call import Call, Described, RawJson
from bot.playground.emulator.postman import DEFAULT_CONNECTIONS, MOST_CONNECTIONS, Webhook

Json = dict[str, Any]

PORTS = (80, 88, 443, 8443)


def get_me(call: Call) -> Json:
    return {
        **call.world.bot,
        "can_join_groups": True,
        "can_read_all_group_messages": call.world.reads_all_in_groups,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
        "has_topics_enabled": False,
    }


async def get_updates(call: Call) -> RawJson:
    world = call.world
    if world.postman.webhook.url:
        raise conflict(
            "can't use getUpdates method while webhook is active; "
            "use deleteWebhook to delete the webhook first"
        )
    _allow(call)
    args = call.args
    found = await world.polling.get(
        offset=args.integer("offset"),
        limit=args.integer("limit", 100),
        seconds=args.integer("timeout"),
        rival=call.rival,
    )
    return RawJson(b"[" + b",".join(found) + b"]")


def set_webhook(call: Call) -> Described:
    """Point the webhook; setting what is set already changes nothing, so it may be repeated at once."""
    args, world = call.args, call.world
    url = args.text("url")
    if not url:
        return delete_webhook(call)
    secret = args.text("secret_token")
    if len(secret) > 256:
        raise bad_request("secret token is too long")
    if not re.fullmatch(r"[A-Za-z0-9_-]*", secret):
        raise bad_request("secret token contains unallowed characters")
    _check_address(url)
    connections = min(max(args.integer("max_connections", DEFAULT_CONNECTIONS), 1), MOST_CONNECTIONS)
    webhook = Webhook(url, secret, connections, args.text("ip_address"))
    drop = args.flag("drop_pending_updates")
    if webhook == world.postman.webhook and not drop:
        _allow(call)
        return Described(True, "Webhook is already set")
    now = world.clock.now()
    if 0 <= now - world.webhook_set_at < 1:
        raise too_many_requests(1)
    world.webhook_set_at = now
    _allow(call)
    world.polling.interrupt(conflict("terminated by setWebhook request"))
    if drop:
        world.queue.drop_all()
    world.postman.point(webhook)
    return Described(True, "Webhook was set")


def delete_webhook(call: Call) -> Described:
    world = call.world
    was_set = bool(world.postman.webhook.url)
    world.postman.point(Webhook())
    if call.args.flag("drop_pending_updates"):
        world.queue.drop_all()
    return Described(True, "Webhook was deleted" if was_set else "Webhook is already deleted")


def get_webhook_info(call: Call) -> Json:
    world = call.world
    world.queue.expire()
    webhook = world.postman.webhook
    info: Json = {
        "url": webhook.url,
        "has_custom_certificate": False,
        "pending_update_count": world.queue.pending,
    }
    if webhook.last_error_date:
        info["last_error_date"] = webhook.last_error_date
        info["last_error_message"] = webhook.last_error_message
    if webhook.url:
        info["max_connections"] = webhook.max_connections
        if webhook.ip_address:
            info["ip_address"] = webhook.ip_address
    if world.queue.allowed is not None:
        info["allowed_updates"] = sorted(world.queue.allowed)
    return info


def leave_server(call: Call) -> bool:
    """logOut and close: agreed to, without consequence here."""
    return True


def _allow(call: Call) -> None:
    kinds = call.args.structure("allowed_updates", "can't parse allowed updates JSON object")
    if kinds is None:
        return
    if not isinstance(kinds, list):
        raise bad_request("expected an Array of String as allowed updates")
    call.world.queue.allow(str(kind) for kind in kinds)


def _check_address(url: str) -> None:
    """Refuse what the server refuses; on this machine every port will do, and http too."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port = "", None
    if not host or parts.scheme not in ("http", "https") or re.search(r"\s", url):
        raise bad_request("invalid webhook URL specified")
    if _is_this_machine(host):
        return
    if parts.scheme == "http":
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if port not in (None, *PORTS):
        raise bad_request("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


METHODS = {
    "getMe": get_me,
    "getUpdates": get_updates,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
    "logOut": leave_server,
    "close": leave_server,
}
