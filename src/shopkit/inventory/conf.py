"""Settings of the stock."""

from dataclasses import dataclass

from shopkit.core.conf import Section


@dataclass(frozen=True, kw_only=True)
class InventorySettings:
    """``SHOPKIT["INVENTORY"]``: the stock.

    LOW_STOCK -- ``stock_low`` is announced when the available units of a variant fall to this
        number or below it; None for never
    """

    LOW_STOCK: int | None = 5

    def __post_init__(self) -> None:
        if self.LOW_STOCK is not None and self.LOW_STOCK < 0:
            raise ValueError("LOW_STOCK must not be negative; None switches it off.")


inventory_settings = Section("INVENTORY", InventorySettings)
