"""Tests of shopkit.pricing."""
