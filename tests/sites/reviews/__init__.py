"""The catalogue with what people think of it."""
