"""Who may import whom, who may know the time, and that importing a module does nothing else."""

import ast
import subprocess
import sys
from typing import Final

import pytest

from tests.architecture.sources import (
    PROJECT,
    ROOMS,
    calls,
    importers,
    imports,
    is_in,
    modules,
    run_at_import,
)

MAY_IMPORT: Final = {
    "flows": {"flows"},
    "storage": {"storage", "flows"},
    "config": {"config", "flows"},
    "bot": {"bot", "storage", "config", "flows"},
}

LAYERS: Final = (
    ("http", "recognition", "rendering", "drawing"),
    ("turns", "speaking"),
    ("listening", "serving"),
    ("chores",),
    ("playground",),
    ("commands",),
)
"""The folders of `bot/`, from below: each may import what stands below it, and nothing beside or above it."""

HOMES: Final = {
    "aiogram": {"bot/listening/updates.py", "bot/listening/lean_types.py"},
    "telegram": {"bot/speaking/speaker.py", "bot/speaking/transport.py"},
    "apscheduler": {"bot/ticker.py"},
    "matplotlib": {"bot/drawing/sheet.py"},
    "langdetect": {"bot/recognition/letters.py"},
    "icalendar": {"bot/rendering/ics.py", "bot/commands/ics_file.py", "bot/rendering/vtimezone.py"},
}
"""The only files that may know a library; its types leak nowhere else."""

EDGES: Final = {"bot/clock.py", "bot/ticker.py", "bot/playground/emulator/clock.py"}
"""Where the time comes in. Everywhere else it is an argument."""

CLOCKS: Final = {
    "datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.time_ns",
    "time.gmtime", "time.localtime",
}  # fmt: skip

IMPURE: Final = {
    "asyncio", "http", "io", "logging", "multiprocessing", "os", "pathlib", "random", "secrets", "shutil",
    "socket", "sqlite3", "subprocess", "tempfile", "threading", "time", "urllib", "uuid", "zoneinfo",
}  # fmt: skip

"""`zoneinfo` reads the rules of time zones, a table that is the same for everybody: one file may ask it."""

NETWORK: Final = ("aiohttp", "http.client", "http.server", "socket", "ssl", "urllib.request")

OUTWARD: Final = {
    "open", "print", "input", "asyncio.run", "subprocess.run", "subprocess.Popen", "sqlite3.connect",
    "create_engine", "create_async_engine", "urlopen",
}  # fmt: skip
OUTWARD_METHODS: Final = {
    "read_text", "read_bytes", "write_text", "write_bytes", "connect", "mkdir", "create_all",
}  # fmt: skip


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_what_it_may(room: str) -> None:
    wrong = [
        f"{file} imports {name}"
        for file, module in modules(room).items()
        for name in imports(module)
        if name.partition(".")[0] in ROOMS and name.partition(".")[0] not in MAY_IMPORT[room]
    ]

    assert modules(room)
    assert wrong == []


def test_no_folder_of_the_edge_imports_one_beside_or_above_it() -> None:
    layers = {folder: layer for layer, folders in enumerate(LAYERS) for folder in folders}
    within = {file: file.split("/")[1] for file in modules("bot") if file.count("/") > 1}
    wrong = [
        f"{file} imports {name}"
        for file, folder in within.items()
        for name in imports(modules("bot")[file])
        for other, layer in layers.items()
        if is_in(name, f"bot.{other}") and other != folder and layer >= layers[folder]
    ]

    assert set(within.values()) == set(layers)
    assert wrong == []


def test_flows_use_nothing_but_the_standard_library() -> None:
    foreign = [
        f"{file} imports {name}"
        for file, module in modules("flows").items()
        for name in imports(module)
        if name.partition(".")[0] not in {*sys.stdlib_module_names, "flows"}
    ]

    assert foreign == []


def test_flows_have_no_clock_no_chance_and_no_way_out() -> None:
    impure = [
        f"{file} imports {name}"
        for file, module in modules("flows").items()
        for name in imports(module)
        if name.partition(".")[0] in IMPURE and (name, file) != ("zoneinfo", "flows/times/local_time.py")
    ]
    called = [
        f"{file}:{line} {name}()"
        for file, module in modules("flows").items()
        for line, name in calls(module)
        if name in {"open", "print", "input", "eval", "exec"}
    ]

    assert impure + called == []


@pytest.mark.parametrize("library", HOMES)
def test_a_library_of_one_job_is_known_in_its_own_files_only(library: str) -> None:
    assert importers(library) == HOMES[library]


def test_only_the_process_that_draws_ever_loads_what_drawing_needs() -> None:
    assert importers("bot.drawing.sheet") == {"bot/drawing/digest.py"}
    assert importers("bot.drawing.digest") == {"bot/drawing/__main__.py"}


def test_only_the_edge_speaks_to_the_network() -> None:
    assert {file for file in importers(*NETWORK) if not file.startswith("bot/")} == set()


def test_the_playground_is_imported_by_its_command_alone() -> None:
    outside = {file for file in importers("bot.playground") if not file.startswith("bot/playground/")}

    assert outside == {"bot/commands/cli.py"}


def test_the_command_imports_the_playground_only_when_it_is_asked_for() -> None:
    at_import = ast.Module(list(run_at_import(modules("bot")["bot/commands/cli.py"])), [])

    assert [name for name in imports(at_import) if is_in(name, "bot.playground")] == []


def test_no_import_is_relative() -> None:
    relative = [
        f"{file} imports {name}"
        for file, module in modules().items()
        for name in imports(module)
        if name.startswith(".")
    ]

    assert relative == []


def test_the_time_comes_in_at_the_edges_only() -> None:
    tellers = {
        f"{file}:{line} {name}()"
        for file, module in modules().items()
        for line, name in calls(module)
        if file not in EDGES and (name in CLOCKS or name.removeprefix("datetime.") in CLOCKS)
    }

    assert tellers == set()


def test_importing_a_module_opens_prints_and_connects_nothing() -> None:
    outward = [
        f"{file}:{line} {name}()"
        for file, module in modules().items()
        for statement in run_at_import(module)
        for line, name in calls(statement)
        if name in OUTWARD or name.rpartition(".")[2] in OUTWARD_METHODS
    ]

    assert outward == []


WATCH: Final = """
import importlib, pathlib, pkgutil, sys

project = sys.argv[1]
seen = []

def watch(event, args):
    if event in ("socket.connect", "socket.bind", "sqlite3.connect", "subprocess.Popen", "os.system"):
        seen.append(f"{event} {args}")
    elif event == "open" and isinstance(args[0], str):
        path, mode, flags = args
        writes = flags & 3 or (mode and set(mode) & set("wax+"))
        ours = path.startswith(project) and not path.endswith((".py", ".pyc")) and ".venv" not in path
        if writes or ours:
            seen.append(f"open {path} {mode}")

sys.addaudithook(watch)
for room in sys.argv[2:]:
    package = importlib.import_module(room)
    for module in pkgutil.walk_packages(package.__path__, f"{room}."):
        if ".migrations" not in module.name:
            importlib.import_module(module.name)
print(*seen, sep="\\n", end="")
"""


def test_importing_all_that_is_not_the_edge_leaves_no_trace_in_the_world() -> None:
    command = [sys.executable, "-B", "-c", WATCH, str(PROJECT), "flows", "config", "storage"]

    run = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True)

    assert run.stdout == ""
