"""Cross-site request forgery: whether forms are protected, and whether they work behind the proxy."""
