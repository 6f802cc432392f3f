"""What we remember, tried on both databases: SQLite in a file, and a real PostgreSQL."""
