"""Settings: base holds what never differs, dev and production the rest."""
