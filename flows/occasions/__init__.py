"""Meetings and activities, for those who come and help."""
