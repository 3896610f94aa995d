"""Django's own backend for PostgreSQL, but for how it is told that a connection has ended."""
