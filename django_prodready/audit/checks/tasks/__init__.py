"""Checks of TASKS, Django's own background tasks."""
