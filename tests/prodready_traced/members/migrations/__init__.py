"""Two, between which one of another app comes."""
