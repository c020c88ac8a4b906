"""The contract of cart stores, for site authors' own stores too, and what its tests are made of."""

from .contract import CartStoreContract
from .parallel import ANNA, BEN, ORDER, PRICE, ROOMY, in_threads

__all__ = ["ANNA", "BEN", "ORDER", "PRICE", "ROOMY", "CartStoreContract", "in_threads"]
