"""A mail server for the tests that takes messages, and nobody's without a password."""
