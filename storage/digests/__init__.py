"""Digests: made once for each period, and kept."""
