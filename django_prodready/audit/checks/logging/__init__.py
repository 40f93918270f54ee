"""Whether somebody can read what the site logs."""
