"""Which language a text is in: letters, models of languages, and the verdict."""
