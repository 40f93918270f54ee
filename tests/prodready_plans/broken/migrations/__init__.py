"""One that is none."""
