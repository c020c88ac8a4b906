"""A site with only some of the apps."""
