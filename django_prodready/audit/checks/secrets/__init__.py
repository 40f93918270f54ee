"""Whether secrets stand in the repository."""
