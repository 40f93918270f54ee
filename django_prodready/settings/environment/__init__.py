"""The strict environment: what a deployment says through its variables, and all its problems at once."""
