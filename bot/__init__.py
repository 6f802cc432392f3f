"""The Telegram edge and the process: the only room with network I/O."""
