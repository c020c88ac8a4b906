"""Whole site configurations."""
