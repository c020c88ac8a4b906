"""Whatever is saved, deleted or linked in the catalogue makes what is remembered of it old.

And what follows from a picture that comes or goes.
"""

from typing import Any

from django.db.models.signals import m2m_changed, post_delete, post_save
from django.dispatch import receiver

from .facts import image_added, import_due
from .freshness import PRODUCTS, catalog_changed, subjects_of
from .imports.uploads import continue_upload
from .models import (
    Attribute,
    AttributeValue,
    Category,
    Image,
    Listing,
    Product,
    ProductAttributeValue,
    ProductType,
    RelatedProduct,
    Variant,
    VariantAttributeValue,
)
from .services.images import forget_files
from .services.sizes import make_sizes

SHOWN = (
    Attribute,
    AttributeValue,
    Category,
    Image,
    Listing,
    Product,
    ProductAttributeValue,
    ProductType,
    RelatedProduct,
    Variant,
    VariantAttributeValue,
)


def note_row(sender: Any, using: str, **_: Any) -> None:
    """Note that a row was saved or deleted."""
    catalog_changed(subjects_of(sender), using=using)


for _model in SHOWN:
    post_save.connect(note_row, sender=_model, dispatch_uid="shopkit.catalog.note_saved")
    post_delete.connect(note_row, sender=_model, dispatch_uid="shopkit.catalog.note_deleted")


@receiver(m2m_changed, sender=Product.categories.through)
def note_links(using: str, action: str, **_: Any) -> None:
    """Note that a product's categories were changed."""
    if action.startswith("post_"):
        catalog_changed({PRODUCTS}, using=using)


@image_added.subscribe
def make_sizes_of(image_id: int) -> None:
    """Make the smaller sizes of a new picture."""
    make_sizes(image_id)


@receiver(post_delete, sender=Image)
def forget_files_of(instance: Image, using: str, **_: Any) -> None:
    """Let the files go with their row, whoever deletes it by whatever way."""
    forget_files(instance, using=using)


@import_due.subscribe
def continue_import(run_id: int, position: int) -> None:
    """Do the next piece of an import."""
    continue_upload(run_id)
