"""What is told about the stock. Imported only where shopkit.inventory is installed."""

from shopkit.inventory.models import StockItem
from shopkit.notifications.recipients import of_staff

from .tell import News, tell


def tell_low(variant_id: int, crossing: str) -> None:
    """Tell the staff that a variant is running out, with what is left of it by now."""
    rows = StockItem.objects.select_related("variant__product")
    item = rows.filter(variant_id=variant_id).first()
    if item is None:
        return
    params = {
        "product": item.variant.full_name,
        "sku": item.variant.sku,
        "available": str(item.available),
    }
    about = f"variant:{variant_id}"
    tell(News(kind="staff_stock_low", key=crossing, about=about, params=params), of_staff())
