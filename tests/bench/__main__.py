"""python -m tests.bench: all contestants in all scenarios, in turns, and a table of medians."""

import argparse
import asyncio
import os
import sys
import tempfile
from pathlib import Path

from tests.bench import machine
from tests.bench.contestants import ALL
from tests.bench.databases import SqliteFiles
from tests.bench.run import Length, Scenario, run


async def main() -> int:
    parser = argparse.ArgumentParser(prog="bench")
    parser.add_argument("--only", default=",".join(ALL))
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--profile", type=Path)
    arguments = parser.parse_args()
    _, other = machine.cores()
    length = Length(2, 4) if arguments.quick else Length(3, 6)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        databases = SqliteFiles(Path(folder))
        for _ in range(arguments.runs):
            for scenario in (Scenario("saturation"), Scenario("fixed"))[: 1 if arguments.profile else 2]:
                for name in arguments.only.split(","):
                    here = Path(folder) / "run"
                    os.sched_setaffinity(0, {other})
                    f = await run(ALL[name], scenario, length, databases, here, arguments.profile)
                    sys.stdout.write(f"{scenario} {name}: {f}\n")
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
