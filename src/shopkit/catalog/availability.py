"""How the catalogue asks how many units there are, without knowing who counts them."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from shopkit.core.backends import load_backend

from .conf import catalog_settings


class Availability(ABC):
    """Knows the stock of variants. ``None`` units means: without limit.

    counts -- whether there is a stock to give numbers to
    staff_permission -- what staff must hold to set it by a file: "app.codename"
    """

    counts = True
    staff_permission = "shopkit_catalog.change_variant"

    @abstractmethod
    def available(self, variants: Collection[int]) -> Mapping[int, int | None]:
        """Return units that can still be promised, for every asked variant; one query at most."""

    def expression(self) -> Any:
        """Return the units of a variant's row as an expression, to be read along with the row.

        None where they cannot be had so; who wants them asks ``available`` then.
        """
        return None

    @abstractmethod
    def receive(self, stock: Mapping[int, int], *, actor: Any = None) -> None:
        """Give new variants their first stock: {variant pk: units}.

        Call it inside a transaction.
        """

    @abstractmethod
    def set_stock(
        self,
        stock: Mapping[int, int],
        *,
        reference: str,
        expected: Mapping[int, int] | None = None,
    ) -> None:
        """Set the units on the shelf of existing variants: {variant pk: units}.

        Call it inside a transaction.

        reference -- where the numbers come from, for the ledger: "import of stock.csv"
        expected -- {variant pk: units} that there must still be; given only where a file says so

        Raises a Refusal, with "variant_id" among its details, when that is not so or cannot be.
        """

    def on_hand(self, variants: Collection[int]) -> Mapping[int, int]:
        """Return the units on the shelf, promised or not, for every asked variant.

        Whoever promises nothing beforehand has no more to say than ``available``.
        """
        return {pk: units or 0 for pk, units in self.available(variants).items()}


class UnlimitedAvailability(Availability):
    """Everything is always there; for shops that do not count."""

    counts = False

    def available(self, variants: Collection[int]) -> Mapping[int, int | None]:
        """Return None for every variant."""
        return dict.fromkeys(variants)

    def receive(self, stock: Mapping[int, int], *, actor: Any = None) -> None:
        """Refuse a number that nobody would remember."""
        if any(stock.values()):
            raise _uncounted()

    def set_stock(
        self,
        stock: Mapping[int, int],
        *,
        reference: str,
        expected: Mapping[int, int] | None = None,
    ) -> None:
        """Refuse any number: nobody would remember it."""
        if stock:
            raise _uncounted()


def _uncounted() -> ValidationError:
    message = _("This shop does not count its stock.")
    return ValidationError({"stock": ValidationError(message, code="no_stock")})


def availability() -> Availability:
    """Return the configured provider."""
    # ABCs are what mypy calls abstract types; the loader only builds subclasses.
    return load_backend({"BACKEND": catalog_settings().AVAILABILITY}, base=Availability)
