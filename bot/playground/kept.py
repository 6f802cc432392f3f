"""The demo's folder: what is kept in it, and that only one demo uses it."""

import contextlib
import fcntl
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


class CannotStart(Exception):
    """The demo cannot start; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Data:
    """Where everything of the demo lies."""

    folder: Path  # absolute

    @property
    def database(self) -> Path:
        return self.folder / "together.db"

    @property
    def chats(self) -> Path:
        return self.folder / "telegram.json"

    @property
    def untouched(self) -> Path:
        """The chats as they are before anybody has written; written at each start."""
        return self.folder / "untouched.json"

    @property
    def secret_key(self) -> Path:
        return self.folder / "secret_key"

    @property
    def invitation(self) -> Path:
        """What follows ?start= in the link by which the coordinator takes their role."""
        return self.folder / "invitation"

    @property
    def log(self) -> Path:
        return self.folder / "bot.log"

    def key(self) -> str:
        """The secret key, made once and readable by its owner alone."""
        self.secret_key.touch(mode=0o600)
        if not self.secret_key.read_bytes():
            self.secret_key.write_text(secrets.token_urlsafe(32), encoding="ascii")
        return self.secret_key.read_text(encoding="ascii").strip()

    def delete(self) -> None:
        """Remove what the demo and the bot have written, and nothing else that may lie in the folder."""
        ours = (self.chats, self.secret_key, self.invitation, self.log)
        for file in (*self.folder.glob(f"{self.database.name}*"), *ours):
            file.unlink(missing_ok=True)


@contextlib.contextmanager
def owned(folder: Path) -> Iterator[None]:
    """Make the folder and hold it, so that no second demo writes into it. Raises CannotStart."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / "demo.lock").open("w")
    except OSError as error:
        raise CannotStart(
            f"Cannot write to {folder.resolve()} ({error.strerror}); name another folder with --data."
        ) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise CannotStart(
                f"Another demo already uses {folder.resolve()}; end it, or name another folder with --data."
            ) from error
        yield
