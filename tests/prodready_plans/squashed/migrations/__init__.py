"""Two in a row, and what takes their place."""
