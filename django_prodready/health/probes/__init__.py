"""The built-in probes, one module each. They are named in PROBES by dotted path; nothing imports this room."""
