"""One update, one transaction: whose it is, what becomes of it, and what is said then."""
