"""Everything the bot says, looked at in every language: as a person would read it, on a small phone."""
