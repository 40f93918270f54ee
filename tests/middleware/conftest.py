"""Probes for the middleware to tell of."""

from surface_probes.fixtures import probes

__all__ = ["probes"]
