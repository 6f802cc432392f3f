"""The bot as real processes, against the emulator."""
