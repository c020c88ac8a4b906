"""Use cases of the catalogue, by subject: products, variants, attributes, tree, cached columns."""
