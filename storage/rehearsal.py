"""What would be, were something carried out: it is carried out, looked at, and undone."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from storage.unit import Book, Unit


@contextmanager
def rehearsal(unit: Unit) -> Iterator[Unit]:
    """A unit that sees what `unit` has changed so far, and whose own changes are undone at the end."""
    book, person, origin = Book(unit.connection), unit.person.copy(), replace(unit.origin)
    with unit.part() as undo:
        yield Unit(unit.connection, book, unit.context, person, origin, unit.at, unit.now, quotes=unit.quotes)
        undo()
