"""Facts of the catalogue."""

from shopkit.core.facts import Fact

image_added = Fact("catalog.image_added")  # image_id: its sizes are to be made
