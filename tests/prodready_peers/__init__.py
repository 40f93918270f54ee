"""Small real servers that probes talk to over loopback: some answer well, some never, some byte by byte.

``certificates`` holds an authority, and a key with two certificates of that authority for ``localhost`` and
127.0.0.1: one that is valid until 2125, one that expired in 2026. They guard nothing. The authority's key
was thrown away.
"""
