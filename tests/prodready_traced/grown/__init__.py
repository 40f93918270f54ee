"""An app whose first migrations are squashed."""
