"""Three in a row."""
