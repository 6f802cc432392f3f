"""The room `bot/`, part by part, in memory."""
