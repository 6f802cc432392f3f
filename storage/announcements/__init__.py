"""Announcements: whom they are for, and what became of each."""
