"""Where uploads are stored: who can read them, and whether one takes the place of another."""
