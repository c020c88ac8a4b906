"""Karakalpak."""
