"""What somebody who is typing may mean: a few products and categories, in two statements."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from shopkit.catalog.models import Category, Product
from shopkit.catalog.search.base import ranked, search_backend
from shopkit.catalog.search.questions import read_question
from shopkit.catalog.search.relevance import Relevance, has_words

MOST = 10
MOST_CATEGORIES = 3


class Suggestions(NamedTuple):
    """At most ten of both together, each list best first.

    products -- as ``Product.objects.cards()`` gives them
    categories -- with pk, slug, name and translations
    """

    products: Sequence[Any]
    categories: Sequence[Any]


def suggest(text: str) -> Suggestions:
    """Return what ``text``, its last word perhaps unfinished, may mean.

    Products come from the configured search backend; categories, of which there are few, always
    from the database.
    """
    question = read_question(text)
    if not question.words:
        return Suggestions((), ())
    categories = (
        Category.objects.visible()
        .filter(has_words(question))
        .annotate(relevance=Relevance(question))
        .order_by("-relevance", "level", "tree_id", "lft")
        .values_list("pk", "slug", "name", "translations", named=True)[:MOST_CATEGORIES]
    )
    shown = list(categories)
    backend = search_backend()
    rows = backend.narrow(Product.objects.on_sale().cards(), question)
    best = ranked(rows, backend.relevance(question))[: MOST - len(shown)]
    return Suggestions(list(best), shown)
