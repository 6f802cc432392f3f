"""The emulator by itself, over HTTP."""
