"""The folder of uploads on disk."""
