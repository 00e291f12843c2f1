"""One history of the schema for SQLite and PostgreSQL; ships inside the package."""
