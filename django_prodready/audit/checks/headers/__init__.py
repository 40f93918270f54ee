"""Response headers: what browsers are told to refuse."""
