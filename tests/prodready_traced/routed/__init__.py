"""An app of which each database has a part."""
