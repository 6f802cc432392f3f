"""The same walk as a bot of aiogram 3: a router, states with filters, its webhook handler, SQLAlchemy's ORM.

Written as aiogram's documentation has it; states in memory, answers committed before the reply.
"""

import os
from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import BaseMiddleware, Bot, Dispatcher, F, Router
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import CommandStart
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.fsm.storage.memory import MemoryStorage
from aiogram.types import (
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Message,
    TelegramObject,
)
from aiogram.webhook.aiohttp_server import SimpleRequestHandler, setup_application
from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

from tests.bench.bots.answers import Answer, create_tables, engine_of, sessions_of
from tests.bench.walk import WALK

router = Router()


class Walk(StatesGroup):
    """What is asked."""

    language = State()
    consent = State()
    first_idea = State()
    second_idea = State()
    third_idea = State()
    rating = State()
    confirm = State()


class Sessions(BaseMiddleware):
    """Gives each handler a session."""

    def __init__(self, sessions: async_sessionmaker[AsyncSession]) -> None:
        self.sessions = sessions

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        async with self.sessions() as session:
            data["session"] = session
            return await handler(event, data)


def keyboard(number: int) -> InlineKeyboardMarkup:
    """The buttons below the question of a turn."""
    choices = WALK[number].reply.choices
    return InlineKeyboardMarkup(
        inline_keyboard=[[InlineKeyboardButton(text=choice, callback_data=choice)] for choice in choices]
    )


async def keep(session: AsyncSession, user_id: int, step: str, value: str) -> None:
    """Keep one answer."""
    session.add(Answer(user_id=user_id, step=step, value=value))
    await session.commit()


@router.message(CommandStart())
async def start(message: Message, state: FSMContext, session: AsyncSession) -> None:
    """Somebody arrives."""
    await keep(session, message.chat.id, "start", "/start")
    await state.set_state(Walk.language)
    await message.answer(WALK[0].reply.text, reply_markup=keyboard(0))


@router.callback_query(Walk.language, F.data.in_(WALK[0].reply.choices))
async def language(query: CallbackQuery, state: FSMContext, session: AsyncSession) -> None:
    """They chose a language."""
    await keep(session, query.from_user.id, "language", query.data or "")
    await state.update_data(language=query.data)
    await state.set_state(Walk.consent)
    await query.answer()
    assert query.message is not None
    await query.message.answer(WALK[1].reply.text, reply_markup=keyboard(1))


@router.callback_query(Walk.consent, F.data == "yes")
async def consent(query: CallbackQuery, state: FSMContext, session: AsyncSession) -> None:
    """They agreed."""
    await keep(session, query.from_user.id, "consent", query.data or "")
    await state.set_state(Walk.first_idea)
    await query.answer()
    assert query.message is not None
    await query.message.answer(WALK[2].reply.text)


@router.message(Walk.first_idea, F.text)
async def first_idea(message: Message, state: FSMContext, session: AsyncSession) -> None:
    """Their first idea."""
    await keep(session, message.chat.id, "text", message.text or "")
    await state.set_state(Walk.second_idea)
    await message.answer(WALK[3].reply.text)


@router.message(Walk.second_idea, F.text)
async def second_idea(message: Message, state: FSMContext, session: AsyncSession) -> None:
    """Their second idea."""
    await keep(session, message.chat.id, "text", message.text or "")
    await state.set_state(Walk.third_idea)
    await message.answer(WALK[4].reply.text)


@router.message(Walk.third_idea, F.text)
async def third_idea(message: Message, state: FSMContext, session: AsyncSession) -> None:
    """Their third idea."""
    await keep(session, message.chat.id, "text", message.text or "")
    await state.set_state(Walk.rating)
    await message.answer(WALK[5].reply.text, reply_markup=keyboard(5))


@router.callback_query(Walk.rating, F.data.in_(WALK[5].reply.choices))
async def rating(query: CallbackQuery, state: FSMContext, session: AsyncSession) -> None:
    """They rated life here."""
    await keep(session, query.from_user.id, "rating", query.data or "")
    await state.set_state(Walk.confirm)
    await query.answer()
    assert query.message is not None
    await query.message.answer(WALK[6].reply.text, reply_markup=keyboard(6))


@router.callback_query(Walk.confirm, F.data == "confirm")
async def confirm(query: CallbackQuery, state: FSMContext, session: AsyncSession) -> None:
    """They may be written to."""
    await keep(session, query.from_user.id, "confirm", query.data or "")
    await state.clear()
    await query.answer()
    assert query.message is not None
    await query.message.answer(WALK[7].reply.text)


async def on_startup(bot: Bot, engine: AsyncEngine) -> None:
    """Make the tables; tell Telegram where to call."""
    await create_tables(engine)
    await bot.set_webhook(os.environ["WEBHOOK_URL"], secret_token=os.environ["WEBHOOK_SECRET"])


async def on_shutdown(engine: AsyncEngine) -> None:
    """Close the database."""
    await engine.dispose()


def main() -> None:
    """Run until SIGTERM."""
    engine = engine_of(os.environ["DATABASE_URL"])
    session = AiohttpSession(api=TelegramAPIServer.from_base(os.environ["API_URL"]))
    bot = Bot(os.environ["BOT_TOKEN"], session=session)
    dispatcher = Dispatcher(storage=MemoryStorage(), engine=engine)
    dispatcher.update.middleware(Sessions(sessions_of(engine)))
    dispatcher.include_router(router)
    dispatcher.startup.register(on_startup)
    dispatcher.shutdown.register(on_shutdown)
    app = web.Application()
    handler = SimpleRequestHandler(dispatcher, bot, secret_token=os.environ["WEBHOOK_SECRET"])
    handler.register(app, path=os.environ["WEBHOOK_PATH"])
    setup_application(app, dispatcher, bot=bot)
    web.run_app(app, host="127.0.0.1", port=int(os.environ["WEBHOOK_PORT"]), print=None)


if __name__ == "__main__":
    main()
