"""Who carries out which effect, and who answers which look."""

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Any, TypeVar

import storage
from flows.moves import Effect, Known, Look, Proposable
from storage.people.permissions import require
from storage.rehearsal import rehearsal
from storage.unit import Unit

E = TypeVar("E", bound=Effect[Any])
K = TypeVar("K", bound=Known)

_appliers: dict[type[Effect[Any]], Callable[[Unit, Any], Any]] = {}
_loaders: dict[type[Known], Callable[..., Known]] = {}
_keepers: list[Callable[[Unit, Any], Any]] = []  # of proposals: one


def applies(effect: type[E]) -> Callable[[Callable[[Unit, E], Any]], Callable[[Unit, E], Any]]:
    """Mark the one function that carries out `effect` and returns its result."""

    def sign_in(applier: Callable[[Unit, E], Any]) -> Callable[[Unit, E], Any]:
        _appliers[effect] = applier
        return applier

    return sign_in


def loads(known: type[K]) -> Callable[[Callable[..., K]], Callable[..., K]]:
    """Mark the one function that answers a look at `known`; it is given what the look is about."""

    def sign_in(loader: Callable[..., K]) -> Callable[..., K]:
        _loaders[known] = loader
        return loader

    return sign_in


def proposes(keeper: Callable[[Unit, Proposable[Any]], Any]) -> Callable[[Unit, Proposable[Any]], Any]:
    """Mark the one function that keeps a change which is only proposed, and returns what would come of it."""
    _keepers[:] = [keeper]
    return keeper


def carry_out(unit: Unit, move: Look | Effect[Any]) -> Any:
    """Answer a look or carry out an effect, in the transaction of `unit`.

    Raises LookupError for a move nobody has signed in for, and NotAllowed, before anything is changed, where
    it needs a permission that the person does not have by the roles they have in this transaction.
    """
    if move.needs is not None:
        require(unit, move.needs, move.scope())
    if isinstance(move, Look) and move.after is not None:
        with rehearsal(unit) as then:
            carry_out(then, move.after)
            return carry_out(then, replace(move, after=None))
    if isinstance(move, Look):
        loader = loaders().get(move.what)
        if loader is None:
            raise LookupError(f"no loader for {move.what.__name__}; add one with @loads")
        return loader(unit, *move.about)
    applier = appliers().get(type(move))
    if applier is None:
        raise LookupError(f"no applier for effect {type(move).__name__}; add one with @applies")
    if isinstance(move, Proposable) and move.proposed:
        (applier,) = _keepers
    return applier(unit, move)


def appliers() -> Mapping[type[Effect[Any]], Callable[[Unit, Any], Any]]:
    """Every applier of the package, by effect."""
    _import_all()
    return _appliers


def loaders() -> Mapping[type[Known], Callable[..., Known]]:
    """Every loader of the package, by what is looked at."""
    _import_all()
    return _loaders


@cache
def _import_all() -> None:
    for name in modules():
        importlib.import_module(name)


def modules() -> Iterator[str]:
    """The modules of every subject, by name: their tables, appliers and loaders."""
    for subject in pkgutil.iter_modules(storage.__path__, "storage."):
        if subject.ispkg and subject.name != "storage.backup":
            path = importlib.import_module(subject.name).__path__
            yield from (module.name for module in pkgutil.iter_modules(path, f"{subject.name}."))
