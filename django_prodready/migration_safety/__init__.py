"""Will this release's migrations take the site down: a verdict on every migration, traced or inferred."""
