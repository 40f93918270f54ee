"""An app that asks a server when it starts, and one that cannot start."""
