"""What people ask, read once: the words of a search as they are written and as they are heard."""

from dataclasses import dataclass
from functools import cached_property

from shopkit.core.text import as_heard

from .keys import words_of

MOST_WORDS = 10
LONGEST_WORD = 50
# A shorter word is heard in too many others; it must be a whole one.
LEAST_HEARD = 3


@dataclass(frozen=True)
class Word:
    """One word of a question.

    written -- folded
    heard -- the same as it is heard
    """

    written: str
    heard: str

    @property
    def differs(self) -> bool:
        """Whether it is heard otherwise than it is written."""
        return self.written != self.heard


@dataclass(frozen=True)
class Question:
    """What somebody looks for. Without a word it is no search.

    text -- as it was typed, for a search engine with rules of its own
    words -- the first ten of them, none twice
    """

    text: str
    words: tuple[Word, ...]

    @cached_property
    def phrases(self) -> tuple[str, ...]:
        """The whole question as it is written, and as it is heard where that differs."""
        written = " ".join(one.written for one in self.words)
        return tuple(dict.fromkeys((written, " ".join(one.heard for one in self.words))))

    def is_met_by(self, key: str) -> bool:
        """Say whether a search key has every word; what the database says, for rows in memory."""
        return all(
            one.written in key or (one.differs and heard_part(one.heard) in key)
            for one in self.words
        )


def heard_part(heard: str) -> str:
    """Return the part of a search key that tells that a word as it is heard is there."""
    return f" {heard}" if len(heard) >= LEAST_HEARD else f" {heard} "


def read_question(text: str) -> Question:
    """Return the question that ``text`` asks."""
    words = dict.fromkeys(word[:LONGEST_WORD] for word in words_of(text).split()[:MOST_WORDS])
    return Question(text, tuple(Word(word, as_heard(word)) for word in words))
