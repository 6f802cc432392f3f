"""Each statement is compiled once for all databases of a kind, not anew for those of each test.

That saves a quarter of the time of tests with databases: each test has one of its own, and SQLAlchemy keeps
what it has compiled for as long as a database is open.
"""

from typing import Any, Final

from sqlalchemy import Connection, Dialect, Engine, event
from sqlalchemy.dialects.sqlite import Insert

Key = tuple[Any, ...]
"""The dialect of one open database, and what tells statements apart."""


class _Compiled(dict[Key, Any]):
    """What was compiled; dialects of one name compile alike."""

    def get(self, key: Key, default: Any = None) -> Any:
        return super().get((key[0].name, *key[1:]), default)

    def __setitem__(self, key: Key, compiled: Any) -> None:
        super().__setitem__((key[0].name, *key[1:]), compiled)


_COMPILED: Final = _Compiled()


def compile_once() -> None:
    """From now on, in this process."""

    @event.listens_for(Engine, "engine_connect")
    def _share(connection: Connection) -> None:
        connection.execution_options(compiled_cache=_COMPILED)


def compile_for(dialect: Dialect) -> None:
    """Compile for another kind of database what was compiled so far, save what is written for one kind."""
    for key, compiled in list(_COMPILED.items()):
        if not isinstance(compiled.statement, Insert):
            _, _, columns, _, many = key
            _COMPILED[dialect, *key[1:]] = compiled.statement.compile(
                dialect=dialect, cache_key=compiled.cache_key, column_keys=list(columns), for_executemany=many
            )
