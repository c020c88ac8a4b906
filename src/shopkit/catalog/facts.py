"""Facts of the catalogue."""

from shopkit.core.facts import Fact

image_added = Fact("catalog.image_added")  # image_id: its sizes are to be made
# Carries run_id, and position: rows dealt with so far. Each delivery does a piece of the import.
import_due = Fact("catalog.import_due")
