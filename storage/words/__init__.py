"""What citizens said, kept; what it is about and what became of it."""
