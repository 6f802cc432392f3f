"""How the bot receives: getMe, getUpdates and the webhook's settings."""

import re
from typing import Any

from bot.playground.emulator.errors import bad_request, conflict
from bot.playground.emulator.methods.call import Call, Described, RawJson
from bot.playground.emulator.world import Webhook

Json = dict[str, Any]


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
    if world.webhook.url:
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
    args, world = call.args, call.world
    url = args.text("url")
    if not url:
        return delete_webhook(call)
    if not re.match(r"https?://\S+$", url):
        raise bad_request("bad webhook: invalid webhook URL specified")
    secret = args.text("secret_token")
    if len(secret) > 256:
        raise bad_request("secret token is too long")
    if not re.fullmatch(r"[A-Za-z0-9_-]*", secret):
        raise bad_request("secret token contains unallowed characters")
    _allow(call)
    if args.flag("drop_pending_updates"):
        world.queue.drop_all()
    already = world.webhook.url == url
    connections = min(max(args.integer("max_connections", 40), 1), 100)
    world.webhook = Webhook(url, secret, connections, args.text("ip_address"))
    world.polling.interrupt(conflict("terminated by setWebhook request"))
    return Described(True, "Webhook is already set" if already else "Webhook was set")


def delete_webhook(call: Call) -> Described:
    world = call.world
    if call.args.flag("drop_pending_updates"):
        world.queue.drop_all()
    was_set = bool(world.webhook.url)
    world.webhook = Webhook()
    return Described(True, "Webhook was deleted" if was_set else "Webhook is already deleted")


def get_webhook_info(call: Call) -> Json:
    world = call.world
    world.queue.expire()
    webhook = world.webhook
    info: Json = {
        "url": webhook.url,
        "has_custom_certificate": False,
        "pending_update_count": world.queue.pending,
    }
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


METHODS = {
    "getMe": get_me,
    "getUpdates": get_updates,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
    "logOut": leave_server,
    "close": leave_server,
}
