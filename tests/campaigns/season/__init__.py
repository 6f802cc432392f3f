"""A season of meetings and activities, lived through in minutes; every push is held against an oracle."""
