"""Search by what every database can do: a LIKE per word."""

from typing import Any

from .base import Rows, SearchBackend
from .questions import Question
from .relevance import Relevance, has_words


class DatabaseSearch(SearchBackend):
    """Every word must occur, anywhere in a word of the product; works on SQLite and PostgreSQL.

    On PostgreSQL an index of trigrams finds the rows, where the extension pg_trgm is installed.
    Errors in typing are not forgiven.
    """

    def narrow(self, rows: Rows, question: Question) -> Rows:
        """Return the products that have every word."""
        return rows.filter(has_words(question))

    def relevance(self, question: Question) -> Any:
        """Return how well the names answer."""
        return Relevance(question)
