"""What every cart store promises."""

import secrets
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from types import MappingProxyType

LARGEST_QUANTITY = 2**31 - 1
LARGEST_KEY = 2**63 - 1
LONGEST_NAME = 100


@dataclass(frozen=True)
class CartLineState:
    """Units of one variant.

    price_seen -- what one unit cost when the owner last touched the line; never charged
    """

    quantity: int
    price_seen: Decimal


Lines = Mapping[int, CartLineState]


@dataclass(frozen=True)
class CartState:
    """One owner's cart as it was at one moment.

    version -- opaque; new with every change and never coming back. "" when nothing is stored.
    lines -- by variant pk, in the order in which they were put in
    exists -- whether the store knows a cart of this owner, be it empty
    lost -- whether the owner once had a cart that is gone; such a state has no lines
    """

    version: str
    lines: Lines
    exists: bool
    lost: bool = False


NO_CART = CartState(version="", lines=MappingProxyType({}), exists=False)
LOST_CART = replace(NO_CART, lost=True)


@dataclass(frozen=True)
class Limits:
    """What a change may not go beyond.

    ceiling -- most units of the variant; 0 for none at all
    max_lines -- most lines of the cart
    """

    ceiling: int
    max_lines: int

    def __post_init__(self) -> None:
        if self.ceiling < 0 or self.max_lines < 1:
            raise ValueError("ceiling must not be negative and max_lines must be at least 1.")


@dataclass(frozen=True)
class Moved:
    """What became of one line of a merged cart: units added to the target, and units dropped."""

    added: int
    dropped: int


@dataclass(frozen=True)
class MergeResult:
    """The target as it stands afterwards, and what became of each line of the source, in order."""

    state: CartState
    moved: Mapping[int, Moved]


class LineMissing(LookupError):
    """The variant is not in the cart; nothing has changed."""


class CeilingReached(Exception):
    """The change would go above ``limits.ceiling``; nothing has changed.

    quantity_now -- units of the variant in the cart
    """

    def __init__(self, quantity_now: int) -> None:
        super().__init__(f"The cart holds {quantity_now} units; that many more are too many.")
        self.quantity_now = quantity_now


class TooManyLines(Exception):
    """The change would make more than ``limits.max_lines`` lines; nothing has changed."""


class CartStore(ABC):
    """Keeps carts. A store writes the six abstract methods; the public ones check and call them.

    Its keyword arguments are the setting's OPTIONS; ``__init__`` keeps them and touches no
    network. A store is built anew for every call, so what it knows stands outside of it.

    Every change is atomic: of two at once, one comes after the other and sees its result; one that
    raises has changed nothing. A store that cannot be reached raises ``BackendError``; it never
    answers with an empty cart instead.
    """

    def read(self, owner: str) -> CartState:
        """Return the owner's cart, version and lines of one and the same moment."""
        _check_owner(owner)
        return self.fetch(owner)

    def add(
        self, owner: str, *, variant_id: int, quantity: int, price: Decimal, limits: Limits
    ) -> CartState:
        """Put ``quantity`` more units in and return the cart; ``price`` is what the owner saw.

        Raises CeilingReached, TooManyLines; ValueError for values that make no sense.
        """
        _check_owner(owner)
        _check_line(variant_id, quantity, price, fewest=1)
        return self.increase(
            owner, variant_id=variant_id, quantity=quantity, price=price, limits=limits
        )

    def set(
        self, owner: str, *, variant_id: int, quantity: int, price: Decimal, limits: Limits
    ) -> CartState:
        """Make a line that is there hold exactly ``quantity`` units and return the cart.

        0 removes the line, whatever the limits.

        Raises LineMissing, CeilingReached; ValueError for values that make no sense.
        """
        _check_owner(owner)
        _check_line(variant_id, quantity, price, fewest=0)
        return self.assign(
            owner, variant_id=variant_id, quantity=quantity, price=price, limits=limits
        )

    def clear(self, owner: str) -> None:
        """Take everything out.

        The emptied cart still exists; for an owner without a cart none is made.
        """
        _check_owner(owner)
        self.empty(owner)

    def merge(
        self, source: str, target: str, *, ceilings: Mapping[int, int], limits: Limits
    ) -> MergeResult:
        """Pour the cart of ``source`` into that of ``target`` and delete the first, in one step.

        Units of a variant in both are summed up to its ceiling; what goes beyond is dropped, and so
        is a new line beyond ``limits.max_lines``. What ``target`` held stays, even above a ceiling.
        Doing it again moves nothing and changes nothing.

        ceilings -- {variant pk: most units}, 0 for what is not sold any more; ``limits.ceiling``
            holds for a variant that is not named, such as one put in a moment ago

        Raises ValueError when both are the same owner.
        """
        _check_owner(source)
        _check_owner(target)
        if source == target:
            raise ValueError("A cart cannot be merged into itself.")
        return self.move(source, target, ceilings=ceilings, limits=limits)

    def remove_ordered(self, owner: str, quantities: Mapping[int, int], *, reference: str) -> None:
        """Take out what was ordered: these units, at most what is there, once per reference.

        A second call with the same owner and reference does nothing, also when the cart did not
        exist at the first.

        quantities -- {variant pk: units}, units above zero
        reference -- what ordered them: "order:7K3M9-QX2TD"
        """
        _check_owner(owner)
        if not 1 <= len(reference) <= LONGEST_NAME:
            raise ValueError(f"reference must be 1 to {LONGEST_NAME} characters.")
        if any(units < 1 for units in quantities.values()):
            raise ValueError("Ordered quantities must be above zero.")
        self.subtract(owner, quantities, reference=reference)

    def forget(self, *, prefix: str, untouched_for: timedelta) -> int:
        """Throw away carts that nobody changed for so long; return how many.

        prefix -- only of owners that begin so: "guest:"

        Override it where carts do not expire by themselves.
        """
        return 0

    def tidy(self) -> int:
        """Delete what is kept beside the carts and of no use any more; return how many records.

        Override it where something is.
        """
        return 0

    @abstractmethod
    def fetch(self, owner: str) -> CartState:
        """Do what ``read`` promises; the owner is already checked."""

    @abstractmethod
    def increase(
        self, owner: str, *, variant_id: int, quantity: int, price: Decimal, limits: Limits
    ) -> CartState:
        """Do what ``add`` promises; the values are already checked."""

    @abstractmethod
    def assign(
        self, owner: str, *, variant_id: int, quantity: int, price: Decimal, limits: Limits
    ) -> CartState:
        """Do what ``set`` promises; the values are already checked."""

    @abstractmethod
    def empty(self, owner: str) -> None:
        """Do what ``clear`` promises; the owner is already checked."""

    @abstractmethod
    def move(
        self, source: str, target: str, *, ceilings: Mapping[int, int], limits: Limits
    ) -> MergeResult:
        """Do what ``merge`` promises; the owners are already checked."""

    @abstractmethod
    def subtract(self, owner: str, quantities: Mapping[int, int], *, reference: str) -> None:
        """Do what ``remove_ordered`` promises; the values are already checked."""


def new_version() -> str:
    """Return a version that no cart ever had: 32 hex digits."""
    return secrets.token_hex(16)


def _check_owner(owner: str) -> None:
    if not 1 <= len(owner) <= LONGEST_NAME:
        raise ValueError(f"owner must be 1 to {LONGEST_NAME} characters.")


def _check_line(variant_id: int, quantity: int, price: Decimal, *, fewest: int) -> None:
    if not 1 <= variant_id <= LARGEST_KEY:
        raise ValueError("variant_id must be a primary key.")
    if not fewest <= quantity <= LARGEST_QUANTITY:
        raise ValueError(f"quantity must be from {fewest} to {LARGEST_QUANTITY}.")
    if not price.is_finite() or price < 0:
        raise ValueError("price must not be negative.")
