"""A bot that looks at its clock and for what is due many times a second: virtual days pass in seconds."""

from collections.abc import Callable


def hurry() -> Callable[[str], None]:
    """A hook for `Bot`."""
    from bot import clock
    from bot.chores import chores
    from bot.speaking import courier

    shorter = {
        clock: {"EVERY": 0.02},
        chores: {"PUSHES": 0.05, "SWEEP": 20.0, "NUDGES": 20.0, "WATCH": 20.0},
        courier: {"IDLE": 0.05},
    }
    for module, names in shorter.items():
        vars(module).update(names)
    return lambda _point: None
