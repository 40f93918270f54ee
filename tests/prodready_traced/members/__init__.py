"""An app with the model of users."""
