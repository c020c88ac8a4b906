"""Fiscal receipts by Click: what its Merchant API wants to know of the goods.

Source: docs.click.uz, "Fiscalization". All money is whole tiyin.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit

from shopkit.core.money import to_minor
from shopkit.payments.backends.base import Line

from .shop_api import CURRENCY

LONGEST_NAME = 63
#: What the tax office's link says about the receipt that it shows.
PARTS = {"terminal_id": "t", "receipt_id": "r", "date": "c", "fiscal_sign": "s"}


@dataclass(frozen=True, kw_only=True)
class Seller:
    """Who sells, and the fiscal codes of a delivery that is paid for.

    tin -- TIN (9 digits) or PINFL (14) of the shop
    delivery_title -- what the receipt calls it
    """

    tin: str
    delivery_title: str = "Yetkazib berish"
    delivery_ikpu: str = ""
    delivery_package_code: str = ""
    delivery_vat_percent: int | None = None

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[0-9]{9}|[0-9]{14}", self.tin):
            raise ValueError("tin must have 9 digits, or be a PINFL of 14.")

    def items_of(
        self, lines: Sequence[Line], *, shipping: Decimal, discount: Decimal, amount: Decimal
    ) -> list[dict[str, Any]]:
        """Return the items of a receipt; all prices include VAT.

        discount -- of the whole order; it is spread over the lines by their share
        amount -- what was paid

        Raises ValueError when a line has no IKPU, package code or VAT, and when the lines do not
        make up the amount.
        """
        bought = [*lines, self._delivery_for(shipping)] if shipping else list(lines)
        if not all(one.ikpu and one.package_code and one.vat_percent is not None for one in bought):
            raise ValueError("A line has no IKPU, package code or VAT.")
        prices = [to_minor(line.unit_price * line.quantity, CURRENCY) for line in bought]
        off = to_minor(discount, CURRENCY)
        if not lines or sum(prices) - off != to_minor(amount, CURRENCY):
            raise ValueError("The lines do not make up the amount.")
        shares = _shares(off, prices)
        info = {"CommissionInfo": {"TIN" if len(self.tin) == 9 else "PINFL": self.tin}}
        return [
            _item(line, price=price, discount=share) | info
            for line, price, share in zip(bought, prices, shares, strict=True)
        ]

    def _delivery_for(self, price: Decimal) -> Line:
        return Line(
            title=self.delivery_title,
            quantity=1,
            unit_price=price,
            ikpu=self.delivery_ikpu,
            package_code=self.delivery_package_code,
            vat_percent=self.delivery_vat_percent,
        )


def receipt_at(url: str) -> dict[str, str]:
    """Return what is known of the receipt from its link: https://ofd.soliq.uz/epi?t=…&r=…"""
    query = parse_qs(urlsplit(url).query)
    known = {name: query[part][0] for name, part in PARTS.items() if part in query}
    return {"kind": "payment", "qr_code_url": url, **known}


def _item(line: Line, *, price: int, discount: int) -> dict[str, Any]:
    percent = line.vat_percent or 0
    return {
        "Name": line.title[:LONGEST_NAME],
        "SPIC": line.ikpu,
        "PackageCode": line.package_code,
        "GoodPrice": to_minor(line.unit_price, CURRENCY),
        "Price": price,
        "Amount": line.quantity,
        "VAT": _vat_in(price - discount, percent),
        "VATPercent": percent,
        "Discount": discount,
    }


def _vat_in(amount: int, percent: int) -> int:
    """Return the VAT that an amount includes, halves rounded up."""
    parts = 100 + percent
    return (2 * amount * percent + parts) // (2 * parts)


def _shares(discount: int, prices: Sequence[int]) -> list[int]:
    """Split ``discount`` in proportion to ``prices``; the shares are whole and sum to it."""
    total, given, seen, shares = sum(prices), 0, 0, []
    for price in prices:
        seen += price
        upto = discount * seen // total if total else 0
        shares.append(upto - given)
        given = upto
    return shares
