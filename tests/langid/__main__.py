"""`make langid`: how well languages are recognised, on texts that nobody tuned for, and by others."""

import sys
from time import perf_counter

from tests.langid.cases import FILES, Case, cases
from tests.langid.measure import LENGTHS, Tally, accuracy, recognised, tally
from tests.langid.peers import peers

SEEDS = range(1, 11)
NAMES = {"tatoeba": "conversational sentences", "sentences": "newspaper sentences"}
OURS = "{:<26}{:>8}{:>11}{:>9}{:>10}{:>13}{:>8}\n"


def main() -> None:
    """Print both tables."""
    started = perf_counter()
    drawn = {name: [case for seed in SEEDS for case in cases(name, seed)] for name in FILES}
    everything = [case for each in drawn.values() for case in each]
    for case in everything:
        recognised(case)  # tables are loaded before anything is timed
    rows = {NAMES.get(name, name.replace("-", " ")): each for name, each in drawn.items()}
    rows |= {
        f"{name}, any file": [case for case in everything if low <= case.words <= high]
        for name, low, high in LENGTHS
    }
    ours(rows)
    others({NAMES.get(name, name.replace("-", " ")): cases(name, SEEDS[0]) for name in FILES})
    sys.stdout.write(
        f"\n{len(everything)} cases, seeds {SEEDS[0]}-{SEEDS[-1]}; 3 to 7 candidates; another language"
        f" than the declared one in 15 %; {perf_counter() - started:.0f} s\n"
        "right: of what was not asked about. asked: three words or more, less sure than 0.9.\n"
        "unaided: as if nobody were ever asked. +: told the candidates.\n"
    )


def ours(rows: dict[str, list[Case]]) -> None:
    """What the bot makes of them, with the range over seeds."""
    write = sys.stdout.write
    write(OURS.format("Together", "cases", "right", "asked", "unaided", "wrong", "us/text"))
    for name, row in rows.items():
        result = tally(row)
        _, cost = accuracy(lambda case: (guess := recognised(case)) and guess.language, row)
        wrong = result.cases - result.asked - result.silently_right
        write(OURS.format(name, result.cases, *shares(result), wrong, f"{cost:.0f}"))


def shares(result: Tally) -> tuple[str, str, str]:
    return f"{result.silent:.2%}", f"{result.share_asked:.2%}", f"{result.unaided:.2%}"


def others(rows: dict[str, list[Case]]) -> None:
    """What others make of those of the first seed; timed once they have loaded what they need."""
    write = sys.stdout.write
    line = "{:<26}" + "{:>18}" * len(peers()) + "\n"
    write("\n" + line.format("right, us/text", *peers()))
    for name, row in rows.items():
        found = []
        for peer in peers().values():
            accuracy(peer, row)
            found.append(accuracy(peer, row))
        write(line.format(name, *(f"{right:.1%} {cost:8.0f}" for right, cost in found)))


if __name__ == "__main__":
    main()
