"""The project's own list of ignored findings."""
