"""Searching: what a search looks in, what people ask, and who finds it (backends)."""
