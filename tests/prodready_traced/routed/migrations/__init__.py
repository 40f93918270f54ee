"""Two migrations."""
