"""The settings as a whole: whether they load, are the right ones, and do what they seem to do."""
