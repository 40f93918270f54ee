"""Whether browsers reach the site by HTTPS alone, and whether Django can tell."""
