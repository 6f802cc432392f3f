"""Asking a person, and answering."""
