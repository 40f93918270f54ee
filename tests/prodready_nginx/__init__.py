"""A real nginx with its realip module, asked over a network where each request has its own source.

Two namespaces of the kernel, tied by one cable: nginx listens in one; the other has every address that a peer
may have, Cloudflare's among them, and no way to anybody else.
"""
