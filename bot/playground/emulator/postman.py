"""The way to the webhook: what setWebhook has set, and the HTTP client that brings the updates there."""

import itertools
import os
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from random import Random

import aiohttp
from yarl import URL

from bot.playground.emulator.clock import VirtualClock
from bot.playground.emulator.delivery import Answer, Delivery, Pace
from bot.playground.emulator.updates import Queued, UpdateQueue

DEFAULT_CONNECTIONS = 40
MOST_CONNECTIONS = 100

CarryOut = Callable[[bytes, str], Awaitable[None]]


@dataclass(slots=True)
class Webhook:
    """What setWebhook has set, and the last trouble since then; no url: long polling."""

    url: str = ""
    secret_token: str = ""
    max_connections: int = DEFAULT_CONNECTIONS
    ip_address: str = ""
    last_error_date: int = field(default=0, compare=False)  # virtual unix seconds; 0: no trouble yet
    last_error_message: str = field(default="", compare=False)


class Postman:
    """Brings updates to the webhook, as long as there is one and the emulator listens."""

    def __init__(self, queue: UpdateQueue, clock: VirtualClock, random: Random) -> None:
        self.webhook = Webhook()
        self.pace = Pace()
        self._queue = queue
        self._clock = clock
        self._random = random
        self._session: aiohttp.ClientSession | None = None
        self._carry_out: CarryOut | None = None
        self._delivery: Delivery | None = None
        self._spread: list[URL] = []
        self._addresses: Iterator[URL] = iter(())
        queue.listeners.append(self._take)
        clock.moved.append(self._clock_moved)

    def start(self, carry_out: CarryOut) -> None:
        """Begin to deliver; `carry_out` does what the body of an answer asks for, given its content type."""
        self._carry_out = carry_out
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=MOST_CONNECTIONS),
            cookie_jar=aiohttp.DummyCookieJar(),
            skip_auto_headers=("User-Agent",),
        )
        self.point(self.webhook)

    async def stop(self) -> None:
        """Break off and close every connection; the webhook stays set. Raises what went wrong inside."""
        session, delivery = self._session, self._delivery
        self._session = self._delivery = None
        if delivery is not None:
            delivery.close()
            await delivery.ended()
        if session is not None:
            await session.close()

    def point(self, webhook: Webhook) -> None:
        """From now on deliver to this webhook, from the oldest update on; without a url to none."""
        self.webhook = webhook
        if self._delivery is not None:
            self._delivery.close()
            self._delivery = None
        self._turn()
        if webhook.url and self._session is not None:
            self._delivery = Delivery(
                self._queue,
                self._clock,
                self._random,
                self.pace,
                post=self._post,
                removed=lambda: self.point(Webhook()),
                connections=webhook.max_connections,
            )

    def spread(self, urls: Sequence[str]) -> None:
        """Let each request go to the next of these listeners instead of the webhook's url; none: to that."""
        self._spread = [URL(url) for url in urls]
        self._turn()

    def _turn(self) -> None:
        self._addresses = itertools.cycle(self._spread or [URL(self.webhook.url)])

    def _take(self, item: Queued) -> None:
        if self._delivery is not None:
            self._delivery.take(item)

    def _clock_moved(self) -> None:
        if self._delivery is not None:
            self._queue.expire()
            self._delivery.pass_over_expired()

    async def _post(self, body: bytes) -> Answer:
        assert self._session is not None
        webhook = self.webhook
        headers = {"Content-Type": "application/json"}
        if webhook.secret_token:
            headers["X-Telegram-Bot-Api-Secret-Token"] = webhook.secret_token
        try:
            async with self._session.post(
                next(self._addresses),
                data=body,
                headers=headers,
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(total=self.pace.timeout),
            ) as response:
                content = await response.read()
        except (aiohttp.ClientError, OSError) as error:
            answer = Answer(_reason(error))
        else:
            answer = _judged(response)
            if content and not answer.trouble and self._carry_out is not None:
                await self._carry_out(content, response.headers.get("Content-Type", ""))
        if answer.trouble:
            webhook.last_error_date = int(self._clock.now())
            webhook.last_error_message = answer.trouble
        return answer


def _judged(response: aiohttp.ClientResponse) -> Answer:
    if 200 <= response.status <= 299:
        return Answer(status=response.status)
    asked = response.headers.get("Retry-After", "")
    return Answer(
        f"Wrong response from the webhook: {response.status} {response.reason}",
        response.status,
        int(asked) if asked.isdecimal() else 0,
    )


def _reason(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "Read timeout expired"
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return "Failed to resolve host: Name or service not known"
    if isinstance(error, aiohttp.ClientSSLError):
        return "SSL error"
    if isinstance(error, OSError) and error.errno:
        return os.strerror(error.errno)
    if isinstance(error, aiohttp.ClientResponseError):
        return "Wrong response from the webhook"
    return "Connection closed"
