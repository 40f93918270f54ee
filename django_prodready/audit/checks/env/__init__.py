"""Whether the environment gives what the settings ask for, and nobody else reads it."""
