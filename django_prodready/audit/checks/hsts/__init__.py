"""Whether browsers are told to use HTTPS from the first byte on."""
