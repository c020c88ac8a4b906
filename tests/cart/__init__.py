"""Tests of shopkit.cart."""
