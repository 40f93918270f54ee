"""The lending desk's schema, step by step."""
