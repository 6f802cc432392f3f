"""Meetings and activities, planned."""
