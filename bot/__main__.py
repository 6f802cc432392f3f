"""`python -m bot` is the command `together`."""

from bot.cli import main

main()
