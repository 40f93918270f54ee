"""Prove by execution, with other sessions beside it, what a migration does to a site."""
