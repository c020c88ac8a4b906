"""Search by PostgreSQL's full text, with errors in typing forgiven.

What is asked is first looked for as it is. Only what finds no product at all is asked again, in
the same statement, with one error in each word forgiven, or inside of words:

    key @@ CASE WHEN (something answers) THEN the words ELSE the words and their neighbours END
    OR key LIKE CASE WHEN (something answers) THEN NULL ELSE '%word%' END

Each part reads a GIN index; which query it reads it with is known when the statement begins.
"""

from string import ascii_lowercase
from typing import Any

from django.db import connections, router
from django.db.models import BooleanField, Case, Exists, F, Func, Q, TextField, Value, When

from shopkit.catalog.models import Product

from .base import Rows, SearchBackend
from .questions import Question, Word
from .relevance import COLUMN, Like, relevance_of

# A short word that is complete, or a number, is meant as it is: "m" is a size, "15" is not "1500".
LEAST_BEGINNING = 3
# What errors are forgiven in. Every letter of a word makes some fifty neighbours.
MENDED_LENGTHS = range(4, 16)
MOST_MENDED = 3
# A longer word may go on after its error, "telefno" as "telefonlar"; a shorter one begins too much.
LEAST_MENDED_BEGINNING = 5


class PostgresSearch(SearchBackend):
    """Every word must occur in the product, as a word or as the beginning of one.

    inside -- look inside of words where nothing begins so: "oylak" finds "koylak", as everywhere
        with the database backend. Switch it off where the extension pg_trgm cannot be had.
    """

    def __init__(self, *, inside: bool = True) -> None:
        vendor = connections[router.db_for_read(Product)].vendor
        if vendor != "postgresql":
            raise ValueError(
                f"it needs PostgreSQL, and the catalogue is in {vendor}. "
                "Use shopkit.catalog.search.database.DatabaseSearch."
            )
        self.inside = inside

    def narrow(self, rows: Rows, question: Question) -> Rows:
        """Return the products that have every word, or else words like these."""
        exact = " & ".join(f"({one})" for one in _exact(question))
        # As a subquery, so that the planner takes the index whatever it thinks of the words.
        asked = Func(Value(exact), template="(SELECT %(expressions)s::tsquery)")
        answered = Exists(Product.objects.on_sale().filter(_matches(asked)).order_by())
        found = Q(_matches(_when(answered, _query(exact), _query(_forgiving(question)))))
        if self.inside:
            # Of several words only one needs to be told: what answers NULL answers no more.
            first, *rest = sorted({one.written for one in question.words}, key=len, reverse=True)
            told = _like(_when(answered, Value(None), Value(f"%{first}%")))
            found |= Q(told, *(Q(Like(f"%{word}%")) for word in rest))
        return rows.filter(found)

    def relevance(self, question: Question) -> Any:
        """Return how well the names answer; what is like it only answers least."""
        return relevance_of(question)


def _exact(question: Question) -> list[str]:
    """Return what each word may stand for; the last one may be being typed still."""
    *earlier, last = question.words
    terms = [
        _either(one, is_whole=len(one.written) < LEAST_BEGINNING or one.written.isdigit())
        for one in earlier
    ]
    return [*terms, _either(last, is_whole=False)]


def _either(word: Word, *, is_whole: bool) -> str:
    terms = [_term(word.written, is_whole=is_whole)]
    if word.differs:
        terms.append(_term(word.heard, is_whole=is_whole or len(word.heard) < LEAST_BEGINNING))
    return " | ".join(terms)


def _term(word: str, *, is_whole: bool) -> str:
    return f"'{word}'" if is_whole else f"'{word}':*"


def _forgiving(question: Question) -> str:
    exact = _exact(question)
    mended = [_one_error_away(one.heard) for one in question.words[:MOST_MENDED]]
    mended += [[]] * (len(exact) - len(mended))
    return " & ".join(
        f"({' | '.join([term, *near])})" for term, near in zip(exact, mended, strict=True)
    )


def _one_error_away(word: str) -> list[str]:
    """Return terms for the word with a letter more, less or another, or two changed over.

    Its first letter is right, which it nearly always is; numbers and signs are never guessed.

    word -- as it is heard, which stands in every key
    """
    if len(word) not in MENDED_LENGTHS or not set(word) <= set(ascii_lowercase):
        return []
    near: set[str] = set()
    for at in range(1, len(word) + 1):
        head, tail = word[:at], word[at:]
        near |= {head + letter + tail for letter in ascii_lowercase}
        near |= {head + letter + tail[1:] for letter in ascii_lowercase if tail}
        near.add(head + tail[1:])
        near.add(head + tail[1:2] + tail[:1] + tail[2:])
    is_whole = len(word) < LEAST_MENDED_BEGINNING
    return sorted(_term(one, is_whole=is_whole) for one in near - {word})


def _vector() -> Func:
    """Return the words of a row, written exactly as the index says it."""
    return Func(F(COLUMN), template="to_tsvector('simple'::regconfig, %(expressions)s)")


def _query(text: str) -> Func:
    return Func(Value(text), template="%(expressions)s::tsquery", output_field=TextField())


def _matches(query: Any) -> Func:
    return Func(
        _vector(),
        query,
        template="%(expressions)s",
        arg_joiner=" @@ ",
        output_field=BooleanField(),
    )


def _like(pattern: Any) -> Func:
    return Func(
        F(COLUMN),
        pattern,
        template="%(expressions)s",
        arg_joiner=" LIKE ",
        output_field=BooleanField(),
    )


def _when(condition: Any, then: Any, otherwise: Any) -> Case:
    return Case(When(condition, then=then), default=otherwise, output_field=TextField())
