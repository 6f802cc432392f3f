"""A process that has imported the bot and read its texts, and forks others on demand: in 0.3 s instead of 5.

`python -m tests.processes.launcher SOCKET` says that it is ready, and listens there; each connection orders
one process with a line of JSON and is told `{"pid": ...}` at once and `{"exit": ...}` at its end. A
connection that closes before kills its process; the end of standard input ends the launcher with them all.
"""

import gc
import importlib
import json
import os
import selectors
import signal
import socket
import sys
import traceback
from collections import Counter
from collections.abc import Callable
from typing import Any, NoReturn

from storage import faultpoints

Json = dict[str, Any]


class Launcher:
    """Forks processes, keeps their connections, tells how they ended."""

    def __init__(self, path: str) -> None:
        self._orders: dict[int, socket.socket] = {}  # by process id
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(path)
        self._listener.listen(64)
        self._ended, signalled = os.pipe()
        os.set_blocking(signalled, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(signalled)

    def serve(self) -> None:
        """Until standard input ends."""
        with selectors.DefaultSelector() as selector:
            selector.register(self._listener, selectors.EVENT_READ, lambda: self._order(selector))
            selector.register(self._ended, selectors.EVENT_READ, lambda: self._bury(selector))
            selector.register(sys.stdin, selectors.EVENT_READ, self._end)
            while True:
                for key, _ in selector.select():
                    key.data()

    def _order(self, selector: selectors.BaseSelector) -> None:
        connection, _ = self._listener.accept()
        order = json.loads(connection.makefile().readline())
        pid = os.fork()
        if pid == 0:
            self._forget_everything(connection)
            become(order)
        self._orders[pid] = connection
        _tell(connection, {"pid": pid})
        selector.register(connection, selectors.EVENT_READ, lambda: _kill(pid))

    def _forget_everything(self, connection: socket.socket) -> None:
        """What a new process must not hold: its launcher's sockets and signals."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for other in (self._listener, connection, *self._orders.values()):
            other.close()
        os.close(self._ended)

    def _bury(self, selector: selectors.BaseSelector) -> None:
        os.read(self._ended, 4096)
        while self._orders:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return
            connection = self._orders.pop(pid)
            selector.unregister(connection)
            _tell(connection, {"exit": os.waitstatus_to_exitcode(status)})
            connection.close()

    def _end(self) -> NoReturn:
        for pid in self._orders:
            _kill(pid)
        sys.exit()


def _tell(connection: socket.socket, what: Json) -> None:
    try:
        connection.sendall(json.dumps(what).encode() + b"\n")
    except OSError:
        return  # whoever ordered the process is gone


def _kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


def become(order: Json) -> NoReturn:
    """Be the command `together` from here on, in the order's folder, with its settings and no others."""
    code = 1
    try:
        os.setsid()
        os.chdir(order["folder"])
        _write_to(order["log"], sys.stderr.fileno())
        _write_to(order["out"], sys.stdout.fileno())
        for name in [name for name in os.environ if name.startswith("TOGETHER_")]:
            del os.environ[name]
        os.environ.update(order["environment"])
        sys.argv = ["together", *order["command"]]
        _listen(order["kill_at"], order["hook"])
        code = _run()
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _run() -> int:
    from bot.commands.cli import main

    try:
        main()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    return 0


def _write_to(path: str, descriptor: int) -> None:
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(file, descriptor)
    os.close(file)


def _listen(kill_at: str | None, hook: str | None) -> None:
    """Die at a named point; and do what a test's hook does there."""
    listeners: list[Callable[[str], None]] = []
    if hook is not None:
        module, _, name = hook.partition(":")
        listeners.append(getattr(importlib.import_module(module), name)())
    if kill_at is not None:
        listeners.append(_deadly(kill_at))

    def reached(point: str) -> None:
        for listener in listeners:
            listener(point)

    if listeners:
        faultpoints.listen(reached)


def _deadly(kill_at: str) -> Callable[[str], None]:
    """Kills the process when it is at "point:n" for the nth time."""
    wanted, _, nth = kill_at.partition(":")
    if wanted not in faultpoints.POINTS:
        raise ValueError(f"no fault point '{wanted}'; there are {', '.join(faultpoints.POINTS)}")
    seen: Counter[str] = Counter()

    def reached(point: str) -> None:
        seen[point] += 1
        if point == wanted and seen[point] == int(nth or 1):
            os.kill(os.getpid(), signal.SIGKILL)

    return reached


def prepare() -> None:
    """Import and read what is the same for every bot, so that nothing of it is left for the forked."""
    importlib.import_module("bot.listening.lean_types").only_read()
    for name in (
        "alembic.command", "bot.commands.cli", "bot.process", "storage.sheet", "storage.sqlite",
        "storage.postgres", "sqlalchemy.dialects.postgresql.asyncpg", "sqlalchemy.dialects.sqlite.pysqlite",
        "asyncpg", "xlsxwriter",
    ):  # fmt: skip
        importlib.import_module(name)
    importlib.import_module("flows.conversations").conversations()  # which imports every flow
    importlib.import_module("storage.registry").appliers()  # which imports every table
    importlib.import_module("sqlalchemy.orm").configure_mappers()
    settings = importlib.import_module("config.settings").load_settings({"TOGETHER_BOT_TOKEN": "1:a"}, None)
    texts = importlib.import_module("config.texts").Texts.load()
    keys = importlib.import_module("storage.context").Keyring(b"")
    context = importlib.import_module("bot.contexts").context_of(settings, texts, keys)
    for language, name in context.own_names.items():  # in every alphabet
        importlib.import_module("bot.recognition.language_id").identify(name, list(context.own_names))
        locale = importlib.import_module("config.languages").locale_of(language)
        importlib.import_module("babel.numbers").format_decimal(0, locale=locale)  # which reads CLDR's file
    importlib.import_module("tests.processes.rehearsal").rehearse()
    gc.collect()
    gc.freeze()


if __name__ == "__main__":
    prepare()
    launcher = Launcher(sys.argv[1])
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    launcher.serve()
