"""Whether mail leaves the machine."""
