"""Buttons that were never shown, and links that nobody gave out."""

from random import Random
from typing import Final

from tests.campaigns.hostile.corpus import FIXED

CHOICES: Final = (
    "yes", "no", "erase", "keep", "back", "next", "ready", "change", "withdraw", "leave", "agreements",
    "close", "fr", "kavala", "parents", "-", "wellbeing", "forget", "0", "1", "", "YES", "yes ",
    "ye\u0455", "admin", "\ud800", "yes:yes", "{n}", "'--",
)  # fmt: skip
_NOWHERE_OFFERED: Final = (
    "erase",
    "admin",
    "YES",
    "yes ",
    "ye\u0455",
    "0",
    "",
    "x" * 40,
    "{n}",
    "99",
    "next\x00",
)
TERRITORIES: Final = ("mulhouse", "kavala", "salaspils")
GROUPS: Final = (
    "parents",
    "newcomers",
    "pupils",
    "seniors-ru",
    "arabic-speakers",
    "rsa",
    "panel",
    "coordinators",
)
_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"
_IN_LINKS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"

_FIXED_BUTTONS: Final = (
    "", " ", ":", "::", ":::", "0:0:", "0:0:yes", "-1:0:yes", "0:-1:yes", "-1:-1:", "1:1:1:1",
    "1e3:0:yes", "0x1:0:yes", "1.0:0:yes", "+1:0:yes", "1_0:0:yes", " 1 : 0 :yes", "\u0661:\u0661:yes",
    "١:١:yes", "ａ:０:yes", "z" * 62 + "::", "x" * 64, "é" * 32, "😀" * 16,
    "9" * 30 + ":" + "9" * 30 + ":y", "null", "None:None:None", "0:0:\x00", "\x00:\x00:\x00",
    "\ud800:0:yes", "0\n:0:yes", "0:0:yes\n", "true", "{}", "[]", "2gosa7pa2gv:0:erase",
    "1y2p0ij32e8e7:0:yes", "1y2p0ij32e8e8:0:yes", "'; DROP TABLE citizen; --", "x" * 5000,
)  # fmt: skip

_FIXED_LINKS: Final = (
    "t_", "t__", "t_mulhouse_", "t__parents", "T_MULHOUSE", "t_Mulhouse", "t-mulhouse",
    "t_mulhouse_parents_parents", "t_../kavala", "t_..", "../../etc/passwd", "t_mulhouse/../kavala",
    "t_mulhouse%00", "t_mulhouse\x00", "t_mulhouse t_kavala", "t_mulhouse\nt_kavala", "t_мюлуз",
    "t_ｍｕｌｈｏｕｓｅ", "t_mulhouse\u200b", "t_mulhou\u0455e", "t_None", "t_null", "t_-", "i_", "m_", "i_0",
    "m_0", "m_1", "m_-1", "i_" + "A" * 22, "i_" + "A" * 62, "m_9223372036854775808", "m_1_yes",
    "i_admin", "admin", "coordinate", "panel_mulhouse", "c_mulhouse", "x" * 64, "x" * 65, "x" * 4000,
    "{n}", "%s", "<b>", "t_<b>", "=1+1", "0:0:yes", "wellbeing", "forget", "erase", "__class__", "_",
    "-",
)  # fmt: skip


def presses(random: Random, count: int, *, own: str, old: list[str], others: list[str]) -> list[str]:
    """Forged button data for one person; none of it is a button that the person has before them.

    own     data of such a button, to be changed
    old     of buttons answered before
    others  of buttons of other people
    """
    forged: list[str] = []
    while len(forged) < count:
        forged.append(random.choice(_PRESSES)(random, own, old, others))
    return forged


def links(random: Random, count: int, ids: list[int]) -> list[str]:
    """Forged payloads of /start; `ids` are of real people."""
    found = list(_FIXED_LINKS)
    while len(found) < count:
        found.append(
            random.choice(
                (
                    "".join(random.choices(_IN_LINKS, k=random.randint(1, 64))),
                    f"t_{random.choice(TERRITORIES)}_{random.choice(GROUPS)}",
                    f"t_{random.choice(GROUPS)}_{random.choice(TERRITORIES)}",
                    f"{random.choice('imct')}_{random.choice(ids)}",
                    f"i_{''.join(random.choices(_IN_LINKS, k=22))}",
                    f"m_{random.getrandbits(random.choice((8, 32, 63)))}",
                    f"t_{random.choice(TERRITORIES)}_{random.choice(ids)}",
                    random.choice(FIXED)[:200],
                )
            )
        )
    random.shuffle(found)
    return found[:count]


def _known(random: Random, own: str, old: list[str], others: list[str]) -> str:
    return random.choice(_FIXED_BUTTONS)


def _drawn(random: Random, own: str, old: list[str], others: list[str]) -> str:
    """The right form, and nothing behind it."""
    talk = "".join(random.choices(_DIGITS, k=random.choice((1, 5, 12, 13, 14))))
    return f"{talk}:{random.choice(_DIGITS)}:{random.choice(CHOICES)}"


def _never_offered(random: Random, own: str, old: list[str], others: list[str]) -> str:
    """The right conversation and step, with a choice that the question does not have."""
    place = own.rpartition(":")[0]
    return f"{place}:{random.choice(_NOWHERE_OFFERED)}"


def _other_step(random: Random, own: str, old: list[str], others: list[str]) -> str:
    """The right conversation, another step."""
    talk, step, choice = own.split(":")
    other = random.choice((-1, int(step, 36) + 1, int(step, 36) - 1, int(step, 36) + 36, 10**20))
    return f"{talk}:{other}:{choice}"


def _other_talk(random: Random, own: str, old: list[str], others: list[str]) -> str:
    """A conversation that is near in number, or spelt in another way."""
    talk, step, choice = own.split(":")
    place = random.randrange(len(talk))
    digit = random.choice(_DIGITS.replace(talk[place], ""))
    changed = random.choice(
        (
            talk[:place] + digit + talk[place + 1 :],
            talk[:-1],
            f"{talk}0",
            f"0{talk}",
            f"-{talk}",
            f" {talk}",
            talk.upper() + ("" if talk.upper() != talk else "0"),
            f"{talk}\x00",
        )
    )
    return f"{changed}:{step}:{choice}"


def _spoilt(random: Random, own: str, old: list[str], others: list[str]) -> str:
    """One's own button with something before, after or within it."""
    spoil = random.choice(("\x00", " ", "\n", "\u200b", "\u202e", ":", "0", "\ud800", "\u0301", "é"))
    place = random.choice((0, len(own), own.index(":"), own.rindex(":") + 1))
    return own[:place] + spoil + own[place:]


def _of_others(random: Random, own: str, old: list[str], others: list[str]) -> str:
    """A button that another person has before them."""
    return random.choice(others)


def _mixed_with_others(random: Random, own: str, old: list[str], others: list[str]) -> str:
    """One's own conversation at another's step, or the reverse."""
    mine, theirs = own.split(":"), random.choice(others).split(":")
    return random.choice((f"{theirs[0]}:{mine[1]}:{mine[2]}", f"{theirs[0]}:{theirs[1]}:{mine[2]}"))


def _answered(random: Random, own: str, old: list[str], others: list[str]) -> str:
    """A button from further up in the chat."""
    return random.choice(old)


_PRESSES: Final = (
    _known, _known, _drawn, _never_offered, _never_offered, _other_step, _other_talk, _other_talk,
    _spoilt, _spoilt, _of_others, _mixed_with_others, _answered,
)  # fmt: skip
