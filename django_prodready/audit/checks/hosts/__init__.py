"""ALLOWED_HOSTS: which Host headers the site answers, and which it must."""
