"""The HTTP doorway of this app."""
