"""Hostile input: texts, malformed updates, forged buttons and links against a running bot."""
