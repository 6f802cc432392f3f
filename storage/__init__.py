"""What we remember: tables, appliers and loaders, queries, migrations."""
