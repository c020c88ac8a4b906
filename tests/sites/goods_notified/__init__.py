"""Goods with notifications, and nobody of the people tower."""
