"""The database: one code path, SQLite by default."""
