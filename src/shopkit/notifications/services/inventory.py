"""What is told about the stock. Imported only where shopkit.inventory is installed."""

from shopkit.catalog.models import Variant
from shopkit.inventory.models import StockItem
from shopkit.notifications.recipients import active_user, of_staff, of_user

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


def tell_back(wish_id: int, variant_id: int, user: str) -> None:
    """Tell a user that what he was waiting for is there again; once for each wish."""
    found = active_user(user)
    variant = Variant.objects.on_sale().select_related("product").filter(pk=variant_id).first()
    if found is None or variant is None:
        return
    news = News(
        kind="back_in_stock",
        key=str(wish_id),
        about=f"variant:{variant_id}",
        params={"product": variant.full_name},
    )
    tell(news, [of_user(found)])
