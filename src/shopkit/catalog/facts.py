"""Facts of the catalogue."""

from shopkit.core.facts import Fact

# Carries run_id, and position: rows dealt with so far. Each delivery does a piece of the import.
import_due = Fact("catalog.import_due")
