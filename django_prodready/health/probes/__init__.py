"""The built-in probes, one module each: PROBES names them by dotted path, and nothing imports this room."""
