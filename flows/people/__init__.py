"""A person: arriving, languages, consent, roles, what is kept about them, and leaving."""
