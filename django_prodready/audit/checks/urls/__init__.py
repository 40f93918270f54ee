"""URLs that a site in production needs."""
