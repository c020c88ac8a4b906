"""Money received and owed for orders."""
