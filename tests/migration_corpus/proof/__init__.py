"""Prove by execution, on a PostgreSQL of its own and with sessions beside it, what a migration does to a site."""
