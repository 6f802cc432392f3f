"""Meetings and activities, for those who plan them."""
