"""How well a row answers a question: one rule, in SQL that every database understands.

The whole question being the name counts most, the name's beginning with it next; then each word
counts, most as a whole word of a name, less as the beginning of one, least inside one. What is
found elsewhere, in a SKU or in a value, counts nothing: it is found, after the names.

The statements are written out here, because the ORM takes longer to put so many small conditions
together than the database to answer them. Our words have no characters that mean something in a
pattern.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import F, Func, IntegerField, Q

from .keys import BAR
from .questions import Question, Word, heard_part

EXACT, BEGINS = 100, 50
WHOLE, BEGINNING, INSIDE = 5, 3, 1
COLUMN = "search_key"


def has_words(question: Question) -> Q:
    """Return the condition that a row has every word, anywhere in its key."""
    return Q(*(_has_word(one) for one in question.words))


def _has_word(word: Word) -> Q:
    found = Q(**{f"{COLUMN}__contains": word.written})
    if word.differs:
        found |= Q(**{f"{COLUMN}__contains": heard_part(word.heard)})
    return found


class Relevance(Func):
    """How well a row answers, as a whole number: the higher the better, 0 the least."""

    output_field = IntegerField()

    def __init__(self, question: Question) -> None:
        super().__init__(F(COLUMN))
        self.question = question

    def as_sql(
        self, compiler: Any, connection: Any, **_context: Any
    ) -> tuple[str, tuple[str, ...]]:
        """Return a sum of CASEs and its patterns."""
        column, _ = compiler.compile(self.get_source_expressions()[0])
        cases, patterns = [], []
        for steps in _steps(self.question):
            whens = []
            for number, own in steps:
                either = " OR ".join([f"{column} LIKE %s"] * len(own))
                whens.append(f"WHEN {either} THEN {number}")
                patterns += own
            cases.append(f"CASE {' '.join(whens)} ELSE 0 END")
        return f"({' + '.join(cases)})", tuple(patterns)


def _steps(question: Question) -> Iterable[Sequence[tuple[int, list[str]]]]:
    """Yield, for the whole question and for each word, numbers with patterns, the highest first."""
    yield (
        (EXACT, [f"%{BAR} {one} {BAR}%" for one in question.phrases]),
        (BEGINS, [f"%{BAR} {one}%" for one in question.phrases]),
    )
    for word in question.words:
        forms = dict.fromkeys((word.written, word.heard))
        yield (
            (WHOLE, [f"%{BAR}% {one} %" for one in forms]),
            (BEGINNING, [f"%{BAR}% {one}%" for one in forms]),
            (INSIDE, [f"%{BAR}%{word.written}%"]),
        )
