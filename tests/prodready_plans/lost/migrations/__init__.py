"""One that needs what is not there."""
