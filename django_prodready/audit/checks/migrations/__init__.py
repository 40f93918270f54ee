"""Checks on migrations: whether they are whole, applied, safe to apply, and applied once."""
