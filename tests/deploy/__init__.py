"""How the shop is put on servers: files that are read by others, and programs that are run."""
