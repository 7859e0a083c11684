"""The database: cases, answers and what happened, on SQLite or PostgreSQL."""
