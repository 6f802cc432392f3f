"""The tests mirror the four rooms: bot, flows, storage and config."""
