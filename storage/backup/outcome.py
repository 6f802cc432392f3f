"""What came of a restore."""

from dataclasses import dataclass
from typing import Final

from storage.backup.contents import Contents

WRONG_KEY: Final = (
    "the backup was made with another secret key than the present one: people could not be told apart, and "
    "erased ones not be found. Put the key back that belongs to the backup; nothing was changed"
)


@dataclass(frozen=True, slots=True)
class Restored:
    """A backup that is now the database."""

    contents: Contents  # of the backup as it was
    erased_again: int  # people
    kept: str | None  # where the database lies that was there before; None: there was none
    trouble: str | None  # why erasures of that database are not known; None: they are
