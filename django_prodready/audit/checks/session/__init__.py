"""Whether the session cookie, which is a login, stays where it belongs."""
