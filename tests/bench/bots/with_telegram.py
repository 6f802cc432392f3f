"""The same walk as a bot of python-telegram-bot: a conversation handler, a web server of its own, SQLAlchemy.

Written as its documentation has it, the web server as in its example "customwebhookbot"; conversations in
memory, answers committed before the reply.
"""

import asyncio
import hmac
import os
import signal
from typing import Any, Final

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    ConversationHandler,
    MessageHandler,
    filters,
)

from tests.bench.bots.answers import Answer, create_tables, engine_of, sessions_of
from tests.bench.walk import WALK

LANGUAGE, CONSENT, FIRST_IDEA, SECOND_IDEA, THIRD_IDEA, RATING, CONFIRM = range(7)
SECRET: Final = "X-Telegram-Bot-Api-Secret-Token"

Context = ContextTypes.DEFAULT_TYPE


def keyboard(number: int) -> InlineKeyboardMarkup:
    """The buttons below the question of a turn."""
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(choice, callback_data=choice)] for choice in WALK[number].reply.choices]
    )


async def keep(update: Update, context: Context, step: str, value: str | None) -> None:
    """Keep one answer."""
    assert update.effective_user is not None
    sessions: async_sessionmaker[AsyncSession] = context.bot_data["sessions"]
    async with sessions() as session:
        session.add(Answer(user_id=update.effective_user.id, step=step, value=value or ""))
        await session.commit()


async def start(update: Update, context: Context) -> int:
    """Somebody arrives."""
    assert update.message is not None
    await keep(update, context, "start", update.message.text)
    await update.message.reply_text(WALK[0].reply.text, reply_markup=keyboard(0))
    return LANGUAGE


async def language(update: Update, context: Context) -> int:
    """They chose a language."""
    query = update.callback_query
    assert query is not None
    assert context.user_data is not None
    await keep(update, context, "language", query.data)
    context.user_data["language"] = query.data
    await query.answer()
    assert update.effective_message is not None
    await update.effective_message.reply_text(WALK[1].reply.text, reply_markup=keyboard(1))
    return CONSENT


async def consent(update: Update, context: Context) -> int:
    """They agreed."""
    query = update.callback_query
    assert query is not None
    await keep(update, context, "consent", query.data)
    await query.answer()
    assert update.effective_message is not None
    await update.effective_message.reply_text(WALK[2].reply.text)
    return FIRST_IDEA


async def first_idea(update: Update, context: Context) -> int:
    """Their first idea."""
    assert update.message is not None
    await keep(update, context, "text", update.message.text)
    await update.message.reply_text(WALK[3].reply.text)
    return SECOND_IDEA


async def second_idea(update: Update, context: Context) -> int:
    """Their second idea."""
    assert update.message is not None
    await keep(update, context, "text", update.message.text)
    await update.message.reply_text(WALK[4].reply.text)
    return THIRD_IDEA


async def third_idea(update: Update, context: Context) -> int:
    """Their third idea."""
    assert update.message is not None
    await keep(update, context, "text", update.message.text)
    await update.message.reply_text(WALK[5].reply.text, reply_markup=keyboard(5))
    return RATING


async def rating(update: Update, context: Context) -> int:
    """They rated life here."""
    query = update.callback_query
    assert query is not None
    await keep(update, context, "rating", query.data)
    await query.answer()
    assert update.effective_message is not None
    await update.effective_message.reply_text(WALK[6].reply.text, reply_markup=keyboard(6))
    return CONFIRM


async def confirm(update: Update, context: Context) -> int:
    """They may be written to."""
    query = update.callback_query
    assert query is not None
    await keep(update, context, "confirm", query.data)
    await query.answer()
    assert update.effective_message is not None
    await update.effective_message.reply_text(WALK[7].reply.text)
    return ConversationHandler.END


async def cancel(update: Update, _context: Context) -> int:
    """They have had enough."""
    assert update.message is not None
    await update.message.reply_text("Bye!")
    return ConversationHandler.END


def conversation() -> ConversationHandler[Any]:
    """All turns."""
    words = filters.TEXT & ~filters.COMMAND
    return ConversationHandler(
        entry_points=[CommandHandler("start", start)],
        states={
            LANGUAGE: [CallbackQueryHandler(language, pattern="^(en|fr)$")],
            CONSENT: [CallbackQueryHandler(consent, pattern="^yes$")],
            FIRST_IDEA: [MessageHandler(words, first_idea)],
            SECOND_IDEA: [MessageHandler(words, second_idea)],
            THIRD_IDEA: [MessageHandler(words, third_idea)],
            RATING: [CallbackQueryHandler(rating, pattern="^[1-5]$")],
            CONFIRM: [CallbackQueryHandler(confirm, pattern="^confirm$")],
        },
        fallbacks=[CommandHandler("cancel", cancel)],
    )


async def serve(application: Application[Any, Any, Any, Any, Any, Any]) -> web.AppRunner:
    """Listen for Telegram's calls."""

    async def called(request: web.Request) -> web.Response:
        if not hmac.compare_digest(request.headers.get(SECRET, ""), os.environ["WEBHOOK_SECRET"]):
            return web.Response(status=403)
        await application.update_queue.put(Update.de_json(await request.json(), application.bot))
        return web.Response()

    app = web.Application()
    app.router.add_post(os.environ["WEBHOOK_PATH"], called)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", int(os.environ["WEBHOOK_PORT"])).start()
    return runner


async def main() -> None:
    """Run until SIGTERM."""
    engine = engine_of(os.environ["DATABASE_URL"])
    await create_tables(engine)
    application = (
        ApplicationBuilder()
        .token(os.environ["BOT_TOKEN"])
        .base_url(f"{os.environ['API_URL']}/bot")
        .updater(None)
        .build()
    )
    application.bot_data["sessions"] = sessions_of(engine)
    application.add_handler(conversation())
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    async with application:
        await application.bot.set_webhook(
            os.environ["WEBHOOK_URL"],
            secret_token=os.environ["WEBHOOK_SECRET"],
            allowed_updates=Update.ALL_TYPES,
        )
        await application.start()
        runner = await serve(application)
        await stop.wait()
        await runner.cleanup()
        await application.stop()
    await engine.dispose()


if __name__ == "__main__":
    asyncio.run(main())
