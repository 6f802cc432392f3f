"""Pilot actions: planned, taken part in, given to, and what they did for people."""
