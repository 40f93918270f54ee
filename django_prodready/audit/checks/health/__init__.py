"""Health endpoints: what they say, whom they tell it, and what they need in order to say it."""
