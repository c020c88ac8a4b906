"""Tests of shopkit; the folders mirror src/shopkit."""
