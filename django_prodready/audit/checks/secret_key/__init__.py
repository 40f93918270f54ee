"""Whether what Django signs with is secret, and stays the same."""
