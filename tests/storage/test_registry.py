"""A move that nobody signed in for is refused by name."""

from dataclasses import dataclass

import pytest

from flows.moves import Effect, Known, Look
from tests.storage.town import Town


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
