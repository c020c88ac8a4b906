"""Which texts were there before, in little memory."""

from array import array

SLOTS = 1024  # at first; a power of two, as after each growth


class Seen:
    """Remembers texts by their 64-bit hashes, sixteen to thirty-two bytes each.

    A set of the texts would take ten times as much, and a file may have a million of them. Two
    texts of one hash are as good as never met, and the hashes differ from process to process.
    """

    def __init__(self) -> None:
        self._slots = array("q", bytes(8 * SLOTS))
        self._count = 0

    def add(self, text: str) -> bool:
        """Remember ``text``; say whether it had not been there."""
        if 2 * self._count >= len(self._slots):
            self._grow()
        is_new = self._put(hash(text) or 1)
        self._count += is_new
        return is_new

    def _put(self, number: int) -> bool:
        last = len(self._slots) - 1
        at = number & last
        while there := self._slots[at]:
            if there == number:
                return False
            at = (at + 1) & last
        self._slots[at] = number
        return True

    def _grow(self) -> None:
        old = self._slots
        self._slots = array("q", bytes(16 * len(old)))
        for number in old:
            if number:
                self._put(number)
