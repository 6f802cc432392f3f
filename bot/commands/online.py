"""Questions to Telegram that an operator asks from the command line."""

from bot.refusal import Refused
from bot.speaking.speaker import About, Speaker, Unanswered
from config.settings import Settings


async def ask(settings: Settings) -> About:
    """What Telegram says about the bot. Raises Refused, which says what to look at."""
    speaker = Speaker(settings.bot_token.get_secret_value(), settings.api_url, most=1)
    try:
        await speaker.open()
        return await speaker.about()
    except Unanswered as error:
        raise Refused(
            f"{settings.api_url} does not answer ({error}); look at TOGETHER_API_URL and the network"
        ) from error
    finally:
        await speaker.close()


def told(about: About) -> list[str]:
    """The same for an operator, one line each."""
    privacy = (
        "off, the bot reads all that is written in groups; switch it on at @BotFather"
        if about.reads_groups
        else "on, as it should be"
    )
    error = about.webhook_error or "none"
    if about.webhook_error_at is not None:
        error += f" (at {about.webhook_error_at:%Y-%m-%d %H:%M:%S} UTC)"
    return [
        f"token: accepted, the bot is @{about.username}",
        f"webhook: {about.webhook or 'none, so updates are polled'}",
        f"last webhook error: {error}",
        f"waiting updates: {about.waiting}",
        f"privacy mode: {privacy}",
    ]
