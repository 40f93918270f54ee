"""No class is here."""
