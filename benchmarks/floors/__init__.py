"""The floors: the least that a server of the same kind could do for the same answers."""
