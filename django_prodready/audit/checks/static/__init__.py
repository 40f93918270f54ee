"""Checks of static files: their names, and how long browsers keep them."""
