"""Cookies that are no login: what browsers do with them."""
