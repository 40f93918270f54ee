"""Judges migrations without a server: operations become effects on tables, and rules judge the effects."""
