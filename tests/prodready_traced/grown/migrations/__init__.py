"""Three, and the one that replaces them; and one after them."""
