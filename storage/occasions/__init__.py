"""Meetings and activities: who comes, who helps, and how it was."""
