"""Faults that make components hang rather than fail, a site that meets them, and what probers see then."""
