"""Backups: taken while the bot runs, checked, and brought back without those who were erased since."""
