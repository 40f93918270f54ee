"""Two that are both the last."""
