"""Every call of the API with made-up input, good and bad; see ``__main__``."""
