"""What every search backend does: it narrows products, and says how well each of them answers.

The rows stay a queryset all the way, so filters, facets, orderings and both kinds of pages work on
what was found, in one statement.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

from django.db.models import BigIntegerField, Case, ExpressionWrapper, F, QuerySet, Value, When

from shopkit.catalog.conf import catalog_settings
from shopkit.core.backends import load_backend

from .questions import Question

# Popularity stands below relevance in one number, which keyset paging can continue from.
LEVEL = 2**31
# Keys stand in the statement, each with its place.
MOST_KEYS = 1_000

Rows = QuerySet[Any, Any]


class SearchBackend(ABC):
    """Finds products by words.

    A backend is built anew for each question that is asked, so it may keep what it found between
    ``narrow`` and ``relevance``. ``__init__`` takes the setting's OPTIONS and touches no network
    and no database, because the system check builds it; it raises ValueError for what cannot work.
    """

    @abstractmethod
    def narrow(self, rows: Rows, question: Question) -> Rows:
        """Return those of ``rows`` that answer ``question``, in no particular order.

        rows -- products; may be filtered already, is filtered further by the caller
        question -- has at least one word
        """

    @abstractmethod
    def relevance(self, question: Question) -> Any:
        """Return how well a product answers, as an expression over its row.

        A whole number from 0 to 2**31 - 1, the higher the better. It is asked of rows that
        ``narrow`` has found for the same question.
        """


class EngineSearch(SearchBackend):
    """Base of backends for search engines, which answer with keys of products.

    An engine knows nothing of this site's filters: they are applied to the keys that it names, so
    it should name more than a page.
    """

    _found: tuple[Question, Sequence[int]] | None = None

    @abstractmethod
    def find(self, question: Question) -> Sequence[int]:
        """Return the keys of products that answer ``question``, best first, at most a thousand.

        Raises BackendError when the engine does not answer: the call is answered 503 then.
        """

    def narrow(self, rows: Rows, question: Question) -> Rows:
        """Return the products that the engine names."""
        return rows.filter(pk__in=self._keys(question))

    def relevance(self, question: Question) -> Any:
        """Return the engine's own order."""
        keys = self._keys(question)
        places = [When(pk=key, then=Value(len(keys) - at)) for at, key in enumerate(keys)]
        return Case(*places, default=Value(0), output_field=BigIntegerField())

    def _keys(self, question: Question) -> Sequence[int]:
        if self._found is None or self._found[0] != question:
            self._found = question, list(dict.fromkeys(self.find(question)))[:MOST_KEYS]
        return self._found[1]


def search_backend() -> SearchBackend:
    """Return a new instance of the configured backend.

    Raises ImproperlyConfigured when it cannot be built.
    """
    # ABCs are what mypy calls abstract types; the loader only builds subclasses.
    return load_backend(catalog_settings().SEARCH, base=SearchBackend)


def ranked(rows: Rows, relevance: Any) -> Rows:
    """Return ``rows`` with ``relevance``, best first; of equals the more popular, then the newer.

    rows -- products
    relevance -- what a backend's ``relevance`` returned
    """
    both = ExpressionWrapper(
        ExpressionWrapper(relevance, BigIntegerField()) * Value(LEVEL, BigIntegerField())
        + F("popularity"),
        BigIntegerField(),
    )
    found: Rows = rows.by_relevance(both)  # type: ignore[attr-defined]  # of ProductQuerySet
    return found
