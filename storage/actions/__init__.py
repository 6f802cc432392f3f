"""Pilot actions, the feedback to them, and what people can give."""
