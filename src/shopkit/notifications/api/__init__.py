"""HTTP doorway of notifications."""
