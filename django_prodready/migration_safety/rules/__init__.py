"""The rules, one file each: what a migration may do to the running site, and the words for it."""
