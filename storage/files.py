"""Files that are there in whole or not at all, and readable by their owner alone."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replacing(file: Path) -> Iterator[Path]:
    """A new, empty file to be written, which takes the place of `file` at the end if nothing was raised."""
    new = file.with_name(f".{file.name}.new")
    _remove(new)
    os.close(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600))
    try:
        yield new
        sync(new)
        new.replace(file)
        sync(file.parent)
    finally:
        _remove(new)  # half a file of what citizens said lies nowhere


def _remove(new: Path) -> None:
    """Whatever a run that was killed has left: SQLite would take another file's journal for its own."""
    for suffix in ("", "-journal", "-wal", "-shm"):
        new.with_name(new.name + suffix).unlink(missing_ok=True)


def sync(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
