"""What goes out to Telegram: how fast, in which order, and what became of each message."""
