"""Where carts are kept: one abstract class, a database and a memory store."""
