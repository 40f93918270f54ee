"""The mixins, one file each: what they read, what they set, and why."""
