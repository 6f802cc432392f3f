"""Each effect has one applier and each look one loader; a move nobody signed in for is refused by name."""

import importlib
import pkgutil
from dataclasses import dataclass
from typing import Any

import pytest

import flows
from flows.moves import Effect, Known, Look, Passing
from storage.registry import appliers, loaders
from tests.storage.town import Town


def kinds(root: type[Any]) -> set[type[Any]]:
    """Every effect, or everything that can be looked at, of our flows."""
    modules = [
        importlib.import_module(f"flows.{module.name}") for module in pkgutil.iter_modules(flows.__path__)
    ]
    classes = {kind for module in modules for kind in vars(module).values() if isinstance(kind, type)}
    return {kind for kind in classes if issubclass(kind, root)} - {Effect, Known, Passing}


def test_every_effect_has_an_applier() -> None:
    found = kinds(Effect)

    assert len(found) > 10
    assert found == set(appliers())


def test_every_look_has_a_loader() -> None:
    found = kinds(Known)

    assert len(found) > 5
    assert found == set(loaders())


@dataclass(frozen=True)
class Juggle(Effect[None]):
    """Nobody carries this out."""


@dataclass(frozen=True)
class Weather(Known):
    """Nobody knows this."""


async def test_a_move_nobody_signed_in_for_is_refused_by_name(town: Town) -> None:
    with pytest.raises(LookupError, match="no applier for effect Juggle; add one with @applies"):
        await town.acts(1, Juggle())
    with pytest.raises(LookupError, match="no loader for Weather; add one with @loads"):
        await town.acts(1, Look(Weather))
