"""Hostile input as a command: `python -m tests.campaigns.hostile --full` sends all there is, in minutes."""

import argparse
import os
import sys
from pathlib import Path

import pytest


def main() -> None:
    """Run the tests of this folder, which print seed and figures; exits as they do."""
    parser = argparse.ArgumentParser(prog="python -m tests.campaigns.hostile", description=__doc__)
    parser.add_argument("--full", action="store_true", help="the whole size instead of that in `make test`")
    parser.add_argument("--seed", help="any word; another one makes another campaign")
    given = parser.parse_args()
    if given.full:
        os.environ["CAMPAIGN_FULL"] = "1"
    if given.seed:
        os.environ["CAMPAIGN_SEED"] = given.seed
    sys.exit(pytest.main([str(Path(__file__).parent), "-q"]))


if __name__ == "__main__":
    main()
