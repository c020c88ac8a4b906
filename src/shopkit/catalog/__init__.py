"""What is sold: a category tree, products, their variants and their attributes."""
