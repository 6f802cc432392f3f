"""Where the peers keep answers: an ORM model and sessions, as SQLAlchemy's documentation shows them."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, Text, event
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """All tables."""


class Answer(Base):
    """What one person answered to one question."""

    __tablename__ = "answer"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(BigInteger, index=True)
    step: Mapped[str]
    value: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC).replace(tzinfo=None))


def engine_of(url: str) -> AsyncEngine:
    """An engine; with SQLite one connection, which is faster there than many that wait for one lock."""
    if not url.startswith("sqlite"):
        return create_async_engine(url)
    engine = create_async_engine(url, pool_size=1, max_overflow=0)

    @event.listens_for(engine.sync_engine, "connect")
    def set_up(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.close()

    return engine


def sessions_of(engine: AsyncEngine) -> async_sessionmaker[AsyncSession]:
    """Makes sessions; what they hold can be read after the commit."""
    return async_sessionmaker(engine, expire_on_commit=False)


async def create_tables(engine: AsyncEngine) -> None:
    """Make what is not there."""
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
