"""Karakalpak as this site writes it."""

DATE_FORMAT = "j.n.Y"
