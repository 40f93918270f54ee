"""Whether every middleware can be imported, and stands where it works."""
