"""An app whose migrations are of many forms; MIGRATION_MODULES says which."""
