"""Whom a request is from: pure functions over networks and WSGI headers. Nothing here knows Django."""
