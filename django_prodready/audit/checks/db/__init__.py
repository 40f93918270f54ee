"""Checks of database connections."""
