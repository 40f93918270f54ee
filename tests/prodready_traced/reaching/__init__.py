"""The app with the migration."""
