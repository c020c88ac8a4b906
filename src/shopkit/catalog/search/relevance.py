"""How well a row answers a question: one rule, in SQL that every database understands.

The whole question being the name counts most, the name's beginning with it next; then each word
counts, most as a whole word of a name, less as the beginning of one, least inside one. What is
found elsewhere, in a SKU or in a value, counts nothing: it is found, after the names.

The statements are written out here, because the ORM takes longer to put so many small conditions
together than the database to answer them. Our words have no characters that mean something in a
pattern.
"""

from collections.abc import Sequence
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

    def as_sql(self, compiler: Any, connection: Any, *_: Any, **__: Any) -> Any:
        """Return a sum of CASEs and its patterns."""
        column, _ = compiler.compile(self.get_source_expressions()[0])
        phrases = self.question.phrases
        begins = [f"%{BAR} {one}%" for one in phrases]
        exact = [f"%{BAR} {one} {BAR}%" for one in phrases]
        # Most rows do not begin so, and need not be looked at again.
        of_phrase = f"CASE WHEN {_either(column, exact)} THEN {EXACT} ELSE {BEGINS} END"
        cases = [f"CASE WHEN {_either(column, begins)} THEN {of_phrase} ELSE 0 END"]
        patterns = [*begins, *exact]
        for word in self.question.words:
            whens = []
            for number, own in _steps(word):
                whens.append(f"WHEN {_either(column, own)} THEN {number}")
                patterns += own
            cases.append(f"CASE {' '.join(whens)} ELSE 0 END")
        return f"({' + '.join(cases)})", tuple(patterns)


def _steps(word: Word) -> Sequence[tuple[int, list[str]]]:
    """Return what a word can count with the patterns for it, the highest first."""
    forms = dict.fromkeys((word.written, word.heard))
    return (
        (WHOLE, [f"%{BAR}% {one} %" for one in forms]),
        (BEGINNING, [f"%{BAR}% {one}%" for one in forms]),
        (INSIDE, [f"%{BAR}%{word.written}%"]),
    )


def _either(column: str, patterns: Sequence[str]) -> str:
    return " OR ".join([f"{column} LIKE %s"] * len(patterns))
