"""Apps with models for the tests of storages: what their file fields name uploads by."""
