"""What proxies say of a request, and who is believed when saying it."""
