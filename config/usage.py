"""Which catalogue texts the code uses, found by reading its source: nothing is imported or run.

A key is read where it stands: in `Say("rsvp.coming", ...)`, in an f-string whose holes are known enums, as
the options of `choose("rsvp.coming", Coming)`. Where code decides at run time, the hole becomes a `*`.
"""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, product
from pathlib import Path

from config.catalogue import KEY
from config.problem import Problem, shown

_PATTERN = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_*-]+)+")
_SENTENCE = re.compile(r"\w\s+\w")
_MOVES = ("Say", "Hand", "Board", "Letter", "Ask", "Key")


@dataclass(frozen=True, slots=True)
class Use:
    """One place in the code that uses a text, or several of one pattern."""

    file: str
    line: int
    pattern: str  # a key, with "*" for a segment that code decides
    is_certain: bool  # stands where only a key can stand, so there must be a text
    is_label: bool = False  # shown on a button
    args: frozenset[str] | None = None  # names of the arguments; None: not known here

    @property
    def is_exact(self) -> bool:
        return "*" not in self.pattern


def covered(uses: Iterable[Use], keys: Iterable[str]) -> set[str]:
    """Those of the keys that any of the uses may mean."""
    patterns = {use.pattern for use in uses}
    open_ones = [re.escape(pattern).replace(r"\*", "[^.]+") for pattern in patterns if "*" in pattern]
    meant = re.compile("|".join(open_ones))
    return {key for key in keys if key in patterns or meant.fullmatch(key)}


@dataclass(frozen=True, slots=True)
class Helper:
    """A function whose first parameter is a key, such as `choose`."""

    parameters: frozenset[str]  # what is not an argument of the text
    suffixes: frozenset[str]  # texts it uses besides: "done" for `<key>.done`
    adds: frozenset[str]  # arguments it adds: "low"
    takes_args: bool  # has **args


@dataclass(slots=True)
class Code:
    """What is known of all files together."""

    modules: Mapping[str, Sequence[ast.AST]]  # all nodes of each
    enums: dict[str, set[tuple[str, ...]]] = field(default_factory=dict)  # options by class name
    fields: dict[str, set[str]] = field(default_factory=dict)  # plain annotations by name of a class's field
    helpers: dict[str, Helper] = field(default_factory=dict)

    def options(self, name: str) -> tuple[str, ...]:
        """The values of the enum of that name; () where it is none, or one of several."""
        found = self.enums.get(name, set())
        return next(iter(found)) if len(found) == 1 else ()


def read_code(folders: Sequence[Path]) -> Code:
    """Read all modules below the folders. Raises SyntaxError for what Python cannot read."""
    modules = {
        path.relative_to(folder.parent).as_posix(): [*ast.walk(ast.parse(path.read_text(encoding="utf-8")))]
        for folder in folders
        for path in sorted(folder.rglob("*.py"))
    }
    code = Code(modules)
    for node in chain.from_iterable(modules.values()):
        if isinstance(node, ast.ClassDef):
            _learn_class(code, node)
        elif isinstance(node, ast.FunctionDef) and node.args.args and node.args.args[0].arg == "key":
            code.helpers[node.name] = _helper(node)
    return code


def _learn_class(code: Code, node: ast.ClassDef) -> None:
    if any(isinstance(base, ast.Name) and base.id == "StrEnum" for base in node.bases):
        values = (line.value for line in node.body if isinstance(line, ast.Assign))
        options = tuple(str(value.value) for value in values if isinstance(value, ast.Constant))
        code.enums.setdefault(node.name, set()).add(options)
    for line in node.body:
        if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name):
            code.fields.setdefault(line.target.id, set()).add(_plain(line.annotation))


def _helper(node: ast.FunctionDef) -> Helper:
    parameters = {arg.arg for arg in (*node.args.args, *node.args.kwonlyargs)}
    suffixes = set()
    adds = set()
    for inner in ast.walk(node):
        if isinstance(inner, ast.JoinedStr) and len(inner.values) == 2:
            hole, rest = inner.values
            if isinstance(hole, ast.FormattedValue) and _plain(hole.value) == "key":
                suffixes.add(str(getattr(rest, "value", "")).removeprefix("."))
        if isinstance(inner, ast.Call) and _name(inner) == "Ask" and len(inner.args) > 1:
            adds |= _dict_keys(inner.args[1]) or set()
    return Helper(frozenset(parameters), frozenset(suffixes), frozenset(adds), node.args.kwarg is not None)


def uses(code: Code) -> list[Use]:
    """Every use of a text, the certain ones and what merely looks like a key."""
    return [use for file, nodes in code.modules.items() for use in _Reader(code, file, nodes).uses()]


def sentences(code: Code) -> list[Problem]:
    """Words in the code where a key belongs."""
    return [found for file, nodes in code.modules.items() for found in _Reader(code, file, nodes).sentences()]


class _Reader:
    """Reads one module."""

    def __init__(self, code: Code, file: str, nodes: Sequence[ast.AST]) -> None:
        self.code = code
        self.file = file
        self.nodes = nodes

    @cached_property
    def kinds(self) -> Mapping[str, set[str]]:
        return _kinds(self.nodes)

    @cached_property
    def labels(self) -> set[int]:
        return {
            id(node.args[1])
            for node in self.nodes
            if isinstance(node, ast.Call) and _name(node) == "Choice" and len(node.args) > 1
        }

    def uses(self) -> Iterator[Use]:
        for node in self.nodes:
            if isinstance(node, ast.Call):
                yield from self.call(node)
            elif isinstance(node, ast.Constant | ast.JoinedStr):
                for pattern in self.patterns(node):
                    yield Use(self.file, node.lineno, pattern, is_certain=False)

    def call(self, node: ast.Call) -> Iterator[Use]:
        name = _name(node)
        if name == "conversation" and node.args:
            yield from self.conversation(node)
        elif name in ("html", "plain") and len(node.args) > 1:
            for pattern in self.patterns(node.args[1]):
                yield Use(self.file, node.lineno, pattern, is_certain=True)
        elif node.args and (name in _MOVES or name in self.code.helpers):
            helper = self.code.helpers.get(name)
            for pattern in self.patterns(node.args[0]):
                args = _args(node, name, helper)
                yield Use(self.file, node.lineno, pattern, True, id(node) in self.labels, args)
                yield from self.options(node, pattern, helper)

    def options(self, node: ast.Call, pattern: str, helper: Helper | None) -> Iterator[Use]:
        """The texts of the answers to a question: `<key>.<option>` for each of an enum, and `<key>.done`."""
        if helper is None:
            return
        names = [arg.id for arg in node.args[1:] if isinstance(arg, ast.Name)]
        options = [option for name in names for option in self.code.options(name)]
        for suffix in (*options, *helper.suffixes):
            yield Use(self.file, node.lineno, f"{pattern}.{suffix}", True, is_label=True, args=frozenset())

    def conversation(self, node: ast.Call) -> Iterator[Use]:
        """A conversation's name in the menu, and its command's description."""
        commands = [keyword.value for keyword in node.keywords if keyword.arg == "command"]
        for prefix, value in [("menu", node.args[0]), *(("command", command) for command in commands)]:
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                key = prefix + "." + value.value
                yield Use(self.file, node.lineno, key, True, prefix == "menu", frozenset())

    def patterns(self, node: ast.expr) -> list[str]:
        """The keys an expression can be; none where it is no key or nothing is known."""
        match node:
            case ast.Constant(value=str(text)):
                return [text] if KEY.fullmatch(text) else []
            case ast.IfExp():
                return [*self.patterns(node.body), *self.patterns(node.orelse)]
            case ast.JoinedStr():
                texts = ("".join(parts) for parts in product(*map(self.pieces, node.values)))
                return [text for text in texts if _PATTERN.fullmatch(text)]
        return []

    def pieces(self, node: ast.expr) -> Sequence[str]:
        """What one part of an f-string can be."""
        if isinstance(node, ast.FormattedValue):
            return self.code.options(self.kind(node.value)) or "*"
        return [str(getattr(node, "value", ""))]

    def kind(self, node: ast.expr) -> str:
        """The name of the class of an expression, where all that have its name agree; else ""."""
        match node:
            case ast.Name(id=name):
                found = self.kinds.get(name, set())
            case ast.Attribute(attr=name):
                found = self.code.fields.get(name, set())
            case _:
                return ""
        return next(iter(found)) if len(found) == 1 else ""

    def sentences(self) -> Iterator[Problem]:
        for node in self.nodes:
            name = _name(node) if isinstance(node, ast.Call) else ""
            if not isinstance(node, ast.Call) or not node.args:
                continue
            if name in _MOVES or name in self.code.helpers:
                yield from self.no_key(node.args[0])
                yield from self.wordy([*node.args[1:], *(keyword.value for keyword in node.keywords)])
            elif name == "Choice" and len(node.args) > 1:
                label = node.args[1]
                if isinstance(label, ast.Constant) and re.search(r"[^\W\d]", str(label.value)):
                    yield self.outside(label)

    def no_key(self, node: ast.expr) -> Iterator[Problem]:
        if isinstance(node, ast.Constant) and not KEY.fullmatch(str(node.value)):
            yield self.outside(node)

    def wordy(self, args: Iterable[ast.expr]) -> Iterator[Problem]:
        for arg in args:
            for node in ast.walk(arg):
                if isinstance(node, ast.Constant) and _SENTENCE.search(str(node.value)):
                    yield self.outside(node)

    def outside(self, node: ast.Constant) -> Problem:
        text = shown(node.value).strip("'\"")
        return Problem(
            self.file, node.lineno, text, "is said by the code", "must be a text of the catalogues"
        )


def _kinds(nodes: Iterable[ast.AST]) -> dict[str, set[str]]:
    """What the names of a module are: by annotation, or because they run through an enum."""
    kinds: dict[str, set[str]] = {}
    for node in nodes:
        match node:
            case ast.arg(arg=name, annotation=ast.expr() as annotation):
                kinds.setdefault(name, set()).add(_plain(annotation))
            case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation):
                kinds.setdefault(name, set()).add(_plain(annotation))
            case ast.For(target=target, iter=source) | ast.comprehension(target=target, iter=source):
                if isinstance(source, ast.Call) and _name(source) == "enumerate" and source.args:
                    source = source.args[0]
                    target = target.elts[1] if isinstance(target, ast.Tuple) else target
                if isinstance(target, ast.Name):
                    kinds.setdefault(target.id, set()).add(_plain(source))
    return kinds


def _args(node: ast.Call, name: str, helper: Helper | None) -> frozenset[str] | None:
    """The names of the arguments a call gives its text; None where they cannot be known."""
    if name in ("Ask", "Key"):
        if len(node.args) > 1:
            given = _dict_keys(node.args[1])
            return None if given is None else frozenset(given)
        return None if any(keyword.arg in ("args", None) for keyword in node.keywords) else frozenset()
    names = {keyword.arg for keyword in node.keywords if keyword.arg is not None}
    if len(names) < len(node.keywords) or (helper is not None and not helper.takes_args):
        return None
    return frozenset(names - helper.parameters | helper.adds if helper else names)


def _dict_keys(node: ast.expr) -> set[str] | None:
    if not isinstance(node, ast.Dict):
        return None
    return {str(key.value) for key in node.keys if isinstance(key, ast.Constant)}


def _plain(node: ast.expr) -> str:
    """A name that stands alone, as an enum's does; "" for anything else."""
    return node.id if isinstance(node, ast.Name) else ""


def _name(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
