"""Checks of the caches: who shares them, and who should."""
