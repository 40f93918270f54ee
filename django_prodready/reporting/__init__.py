"""What the audit and the migration verdicts share: finding, fingerprint, redaction, ignores, rendering."""
