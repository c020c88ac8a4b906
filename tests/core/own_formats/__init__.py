"""Formats of a site."""
