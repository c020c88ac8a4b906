"""Search by PostgreSQL's full text, with errors in typing forgiven.

What is asked is first looked for as it is. Only what finds no product at all is asked again, in
the same statement, with one error in each word forgiven, or inside of words:

    key @@ CASE WHEN (something answers) THEN the words ELSE the words and their neighbours END
    OR key LIKE CASE WHEN (something answers) THEN NULL ELSE '%word%' END

Each part reads a GIN index; which query it reads it with is known when the statement begins.
"""

from collections.abc import Sequence
from functools import lru_cache
from string import ascii_lowercase
from typing import Any

from django.db import connections, router
from django.db.models import BooleanField, F, Func

from shopkit.catalog.models import Product

from .base import Rows, SearchBackend
from .questions import Question, Word
from .relevance import COLUMN, Relevance

# A short word that is complete, or a number, is meant as it is: "m" is a size, "15" is not "1500".
LEAST_BEGINNING = 3
# Less makes no trigram, and every product would be read.
LEAST_INSIDE = 3
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
        return rows.filter(_Answers(question, inside=self.inside))

    def relevance(self, question: Question) -> Any:
        """Return how well the names answer; what is like it only answers least."""
        return Relevance(question)


class _Answers(Func):
    """The condition, written out as ``Relevance`` is."""

    output_field = BooleanField()
    # As the index has it, and with the query in a subquery of its own: the planner takes the index
    # then, whatever it thinks of the words.
    vector = "to_tsvector('simple'::regconfig, {column})"
    answered = (
        "EXISTS(SELECT 1 FROM {table} answer WHERE answer.is_active AND {answers} @@ "
        "(SELECT %s::tsquery))"
    )

    def __init__(self, question: Question, *, inside: bool) -> None:
        super().__init__(F(COLUMN))
        self.question, self.inside = question, inside

    def as_sql(self, compiler: Any, connection: Any, *_: Any, **__: Any) -> Any:
        """Return the condition and what is asked."""
        column, _ = compiler.compile(self.get_source_expressions()[0])
        answered = self.answered.format(
            table=connection.ops.quote_name(Product._meta.db_table),
            answers=self.vector.format(column=f"answer.{COLUMN}"),
        )
        exact = " & ".join(f"({one})" for one in _exact(self.question))
        sql = (
            f"{self.vector.format(column=column)} @@ "
            f"CASE WHEN {answered} THEN %s::tsquery ELSE %s::tsquery END"
        )
        params = (exact, exact, _forgiving(self.question))
        first, *rest = sorted((one.written for one in self.question.words), key=len, reverse=True)
        if not self.inside or len(first) < LEAST_INSIDE:
            return f"({sql})", params
        # Of several words only one needs to be told: beside a NULL, nothing is true. The others
        # stand in subqueries so that the planner, seeing two letters, does not shun the index.
        inside = f"{column} LIKE CASE WHEN {answered} THEN NULL ELSE %s END"
        inside += f" AND {column} LIKE (SELECT %s::text)" * len(rest)
        return f"({sql} OR {inside})", (*params, exact, *(f"%{one}%" for one in (first, *rest)))


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
    mended += [()] * (len(exact) - len(mended))
    return " & ".join(
        f"({' | '.join([term, *near])})" for term, near in zip(exact, mended, strict=True)
    )


@lru_cache(maxsize=500)
def _one_error_away(word: str) -> Sequence[str]:
    """Return terms for the word with a letter more, less or another, or two changed over.

    Its first letter is right, which it nearly always is; numbers and signs are never guessed.

    word -- as it is heard, which stands in every key
    """
    if len(word) not in MENDED_LENGTHS or not set(word) <= set(ascii_lowercase):
        return ()
    near: set[str] = set()
    for at in range(1, len(word) + 1):
        head, tail = word[:at], word[at:]
        near |= {head + letter + tail for letter in ascii_lowercase}
        near |= {head + letter + tail[1:] for letter in ascii_lowercase if tail}
        near.add(head + tail[1:])
        near.add(head + tail[1:2] + tail[:1] + tail[2:])
    is_whole = len(word) < LEAST_MENDED_BEGINNING
    return sorted(_term(one, is_whole=is_whole) for one in near - {word})
