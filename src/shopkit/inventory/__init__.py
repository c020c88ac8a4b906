"""How much of each variant there is, and who holds it."""
