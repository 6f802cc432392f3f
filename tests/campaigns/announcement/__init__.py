"""One announcement to many, with people who cannot be reached, faults of the Bot API, and kills."""
