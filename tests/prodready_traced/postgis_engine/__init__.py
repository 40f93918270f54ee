"""An engine as PostGIS' is, without the libraries that it needs."""
