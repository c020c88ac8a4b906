"""Carts become orders that hold their stock, move through states and can be cancelled once."""
