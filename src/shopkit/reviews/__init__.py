"""What customers think of products: reviews with or without a rating, and likes."""
