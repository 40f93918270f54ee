"""S3 for the tests: a service of our own that refuses what is not signed, signed wrongly, or too late."""
