"""`python -m bot` is the command `together`."""

from bot.commands.cli import main

main()
