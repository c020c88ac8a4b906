"""Files in and out: products and categories, row by row, good rows kept and bad ones named."""
