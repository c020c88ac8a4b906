"""How well a row answers a question: one rule, in SQL that every database understands.

The whole question being the name counts most, the name's beginning with it next; then each word
counts, most as a whole word of a name, less as the beginning of one, least inside one. What is
found elsewhere, in a SKU or in a value, counts nothing: it is found, after the names.
"""

from collections.abc import Iterable
from functools import reduce
from operator import add, or_
from typing import Any

from django.db.models import BooleanField, Case, F, Func, IntegerField, Q, Value, When

from .keys import BAR
from .questions import Question, Word, heard_part

EXACT, BEGINS = 100, 50
WHOLE, BEGINNING, INSIDE = 5, 3, 1
COLUMN = "search_key"


class Like(Func):
    """``search_key LIKE pattern``; our words have no characters that mean something in it."""

    template = "%(expressions)s"
    arg_joiner = " LIKE "

    def __init__(self, pattern: str) -> None:
        super().__init__(F(COLUMN), Value(pattern), output_field=BooleanField())


def has_words(question: Question) -> Q:
    """Return the condition that a row has every word, anywhere in its key."""
    return Q(*(_has_word(one) for one in question.words))


def _has_word(word: Word) -> Q:
    found = Q(**{f"{COLUMN}__contains": word.written})
    if word.differs:
        found |= Q(**{f"{COLUMN}__contains": heard_part(word.heard)})
    return found


def relevance_of(question: Question) -> Any:
    """Return how well a row answers, as a whole number: the higher the better, 0 the least."""
    phrases = question.phrases
    whole = Case(
        When(_any(f"%{BAR} {one} {BAR}%" for one in phrases), then=Value(EXACT)),
        When(_any(f"%{BAR} {one}%" for one in phrases), then=Value(BEGINS)),
        default=Value(0),
        output_field=IntegerField(),
    )
    return reduce(add, (whole, *map(_word_relevance, question.words)))


def _word_relevance(word: Word) -> Any:
    forms = (word.written, word.heard) if word.differs else (word.written,)
    return Case(
        When(_any(f"%{BAR}% {one} %" for one in forms), then=Value(WHOLE)),
        When(_any(f"%{BAR}% {one}%" for one in forms), then=Value(BEGINNING)),
        When(Like(f"%{BAR}%{word.written}%"), then=Value(INSIDE)),
        default=Value(0),
        output_field=IntegerField(),
    )


def _any(patterns: Iterable[str]) -> Q:
    return reduce(or_, (Q(Like(one)) for one in patterns))
