"""Our own sources, read and never run: which modules there are, what they import and what they call."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

PROJECT: Final = Path(__file__).parents[2]
ROOMS: Final = ("bot", "flows", "storage", "config")


@cache
def modules(*rooms: str) -> dict[str, ast.Module]:
    """Every module of the rooms by its path in the project; of all rooms, if none is named."""
    return {
        path.relative_to(PROJECT).as_posix(): _parsed(path)
        for room in rooms or ROOMS
        for path in sorted((PROJECT / room).rglob("*.py"))
    }


@cache
def _parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imports(module: ast.Module) -> tuple[str, ...]:
    """The full names of all modules that a module imports, wherever in it."""
    names: list[str] = []
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            names += (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            names.append(f"{'.' * node.level}{node.module or ''}")
    return tuple(names)


def importers(*packages: str) -> set[str]:
    """The files that import one of the packages, or something in it."""
    return {
        file
        for file, module in modules().items()
        if any(is_in(name, package) for name in imports(module) for package in packages)
    }


def is_in(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


def calls(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and name of all that is called, such as `datetime.now`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield node.lineno, ast.unparse(node.func)


def run_at_import(module: ast.Module) -> Iterator[ast.stmt]:
    """The statements that run when a module is imported, those in the bodies of its classes included."""
    for node in module.body:
        if isinstance(node, ast.ClassDef):
            yield from run_at_import(ast.Module(node.body, []))
        elif not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not is_main(node):
            yield node


def is_main(node: ast.stmt) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test) == "__name__ == '__main__'"
