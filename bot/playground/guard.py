"""Who may talk to the playground: this machine's programs and its own page, no other site's page."""

from collections.abc import Awaitable, Callable
from ipaddress import ip_address
from urllib.parse import urlsplit

from aiohttp import web

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@web.middleware
async def guard(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Refuse names that are not this machine's (DNS rebinding) and requests that other sites make."""
    if not is_loopback(request.host):
        return web.json_response({"error": "the playground answers to loopback names only"}, status=403)
    if _is_foreign(request):
        return web.json_response({"error": "the playground takes no requests from other sites"}, status=403)
    return await handler(request)


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """An `on_response_prepare` signal: event streams get their headers too."""
    response.headers.update(HEADERS)


def is_loopback(host: str) -> bool:
    """Whether a Host header ("localhost:8484", "[::1]:8484") names this machine."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
        return name == "localhost" or ip_address(name).is_loopback
    except ValueError:
        return False


def _is_foreign(request: web.Request) -> bool:
    """Whether a browser says that another site sends this; a link that leads to the page itself is fine."""
    origin = request.headers.get("Origin")
    if origin is not None and origin != f"{request.scheme}://{request.host}":
        return True
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    return site in ("cross-site", "same-site") and request.path != "/"
