"""Filling the shop from ``content``: what is missing is added, what is there is left alone."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar

from django.contrib.auth import get_user_model
from django.db import transaction

from shopkit.accounts.services import change_profile, register
from shopkit.accounts.services.addresses import add_address
from shopkit.accounts.services.contacts import bind_contact
from shopkit.catalog.models import Attribute, AttributeValue, Category, Product, ProductType
from shopkit.catalog.services.attributes import create_attribute, create_value
from shopkit.catalog.services.images import ImageData, add_image
from shopkit.catalog.services.products import ProductData, VariantData, create_product
from shopkit.catalog.services.tree import create_category, tree_lock
from shopkit.catalog.services.types import Member, create_product_type
from shopkit.reviews.models import Review
from shopkit.reviews.services import like, recount

from .content import (
    ATTRIBUTES,
    CATEGORIES,
    CUSTOMERS,
    PRODUCT_TYPES,
    PRODUCTS,
    DemoAttribute,
    DemoCategory,
    DemoCustomer,
    DemoProduct,
    DemoProductType,
    DemoVariant,
)
from .opinions import LIKES, REVIEWS
from .pictures import draw
from .words import translations_of

STAFF = DemoCustomer(
    username="admin",
    password="demo-admin-1234",
    first_name="Demo",
    last_name="Admin",
    email="admin@example.com",
    phone="",
    city="",
    street="",
    language="en",
)

Thing = TypeVar("Thing")
# Called with a name and the things of this name that are to be made; passes them on one by one.
Watch = Callable[[str, Sequence[Any]], Iterable[Any]]


@dataclass(frozen=True)
class Loaded:
    """How many things of a kind the demo has, and how many of them have just been added."""

    kind: str
    total: int
    added: int


class Value(NamedTuple):
    """One value of an attribute, and its place among the others."""

    attribute: str
    value: str
    colour: str
    position: int


def load_shop(*, with_accounts: bool = True, watch: Watch) -> list[Loaded]:
    """Add what the demo shop lacks, all of it or nothing; what exists is not even compared.

    So running it again is safe at any time: no stock, price or password goes back to what it was.

    with_accounts -- whether to make the accounts, whose passwords everybody can read
    """
    # Two loaders at once take turns, and the second finds nothing to do.
    with tree_lock():
        loaded = [
            _add("categories", _by("slug", CATEGORIES), _categories(), _add_category, watch),
            _add("attributes", _by("code", ATTRIBUTES), _attributes(), _add_attribute, watch),
            _add("attribute values", _all_values(), _values(), _add_value, watch),
            _add("product types", _by("code", PRODUCT_TYPES), _types(), _add_type, watch),
            _add("products", _by("slug", PRODUCTS), _products(), _add_product, watch),
            _add("pictures", _by("slug", PRODUCTS), _without_need(), _add_picture, watch),
        ]
        if with_accounts:
            loaded += [
                _add("customers", _by("username", CUSTOMERS), _users(), _add_customer, watch),
                _add("staff", _by("username", [STAFF]), _users(), _add_staff, watch),
            ]
    return loaded


def _add(
    kind: str,
    wanted: Mapping[Any, Thing],
    existing: Collection[Any],
    add: Callable[[Thing], Any],
    watch: Watch,
) -> Loaded:
    missing = [thing for key, thing in wanted.items() if key not in existing]
    for thing in watch(kind, missing):
        add(thing)
    return Loaded(kind, total=len(wanted), added=len(missing))


def _by(name: str, things: Iterable[Thing]) -> dict[str, Thing]:
    return {getattr(thing, name): thing for thing in things}


# What there is, each in one statement.


def _categories() -> set[str]:
    return set(Category.objects.values_list("slug", flat=True))


def _attributes() -> set[str]:
    return set(Attribute.objects.values_list("code", flat=True))


def _values() -> set[tuple[str, str]]:
    return set(AttributeValue.objects.values_list("attribute__code", "value"))


def _types() -> set[str]:
    return set(ProductType.objects.values_list("code", flat=True))


def _products() -> set[str]:
    wanted = [product.slug for product in PRODUCTS]
    return set(Product.objects.filter(slug__in=wanted).values_list("slug", flat=True))


def _without_need() -> set[str]:
    """Return the products that have a picture, or are off sale for ever."""
    wanted = Product.objects.filter(slug__in=[product.slug for product in PRODUCTS])
    needless = wanted.exclude(primary_image=None, deleted_at=None)
    return set(needless.values_list("slug", flat=True))


def _users() -> set[str]:
    wanted = [customer.username for customer in (STAFF, *CUSTOMERS)]
    users = get_user_model().objects.filter(username__in=wanted)
    return set(users.values_list("username", flat=True))


# How one of them is made.


def _add_category(category: DemoCategory) -> None:
    create_category(
        name=category.name,
        slug=category.slug,
        parent=Category.objects.get(slug=category.parent) if category.parent else None,
        position=category.position,
        translations=_named(category.translations),
    )


def _add_attribute(attribute: DemoAttribute) -> None:
    create_attribute(
        code=attribute.code,
        name=attribute.name,
        type=attribute.type,
        unit=attribute.unit,
        is_variant=attribute.is_variant,
        is_filterable=attribute.is_filterable,
        position=ATTRIBUTES.index(attribute),
        translations=_named(attribute.translations),
    )


def _all_values() -> dict[tuple[str, str], Value]:
    """Return the values that are chosen from, by attribute code and text."""
    return {
        (attribute.code, value): Value(attribute.code, value, colour, position)
        for attribute in ATTRIBUTES
        for position, (value, colour) in enumerate(attribute.values)
    }


def _add_value(wanted: Value) -> None:
    create_value(
        Attribute.objects.get(code=wanted.attribute),
        value=wanted.value,
        colour=wanted.colour,
        position=wanted.position,
        translations=translations_of(wanted.value),
    )


def _add_type(kind: DemoProductType) -> None:
    required = [Member(code, is_required=True) for code in kind.required]
    create_product_type(
        code=kind.code,
        name=kind.name,
        attributes=[*required, *map(Member, kind.attributes)],
        translations=_named(kind.translations),
    )


def _add_product(product: DemoProduct) -> None:
    slugs = [product.category, *product.categories]
    keys = dict(Category.objects.filter(slug__in=slugs).values_list("slug", "pk"))
    create_product(
        ProductData(
            name=product.name,
            slug=product.slug,
            description=product.description,
            categories=[keys[slug] for slug in slugs],
            type=product.type or None,
            attributes=product.attributes,
            is_active=product.is_active,
            translations=product.translations,
            variants=[_variant(one, at) for at, one in enumerate(product.variants)],
        )
    )


def _add_picture(product: DemoProduct) -> None:
    names = {language: texts["name"] for language, texts in product.translations.items()}
    data = ImageData(
        alt=product.name,
        translations={language: {"alt": name} for language, name in names.items()},
    )
    add_image(Product.objects.get(slug=product.slug), file=draw(product), data=data)


def _variant(variant: DemoVariant, position: int) -> VariantData:
    given = asdict(variant)
    for name in ("price", "sale_price"):
        given[name] = None if given[name] is None else Decimal(given[name])
    return VariantData(**given, position=position)


def _add_customer(customer: DemoCustomer) -> Any:
    user = register(
        username=customer.username,
        password=customer.password,
        first_name=customer.first_name,
        last_name=customer.last_name,
        email=customer.email,
    )
    change_profile(user, language=customer.language)
    with transaction.atomic():
        for proven in filter(None, (customer.phone, customer.email)):
            bind_contact(user, proven)
    if customer.city:
        add_address(user, label="Home", city=customer.city, street=customer.street)
    _add_opinions(user)
    return user


def _add_opinions(user: Any) -> None:
    """Once, with the account: what somebody took back later does not come again."""
    own = [one for one in REVIEWS if one.username == user.username]
    slugs = {one.product for one in own} | {*LIKES.get(user.username, ())}
    products = {one.slug: one for one in Product.objects.on_sale().filter(slug__in=slugs)}
    for one in own:
        if one.product in products:
            # Not by the service: nobody of the demo has ordered anything yet.
            Review.objects.create(
                user=user,
                product=products[one.product],
                rating=one.rating,
                title=one.title,
                text=one.text,
                verified=one.rating is not None,
                status=Review.Status.PENDING if one.waits else Review.Status.PUBLISHED,
            )
    for slug in LIKES.get(user.username, ()):
        if slug in products:
            like(products[slug].pk, user=user)
    recount([one.pk for one in products.values()])


def _add_staff(member: DemoCustomer) -> None:
    user = _add_customer(member)
    user.is_staff = user.is_superuser = True
    user.save(update_fields=["is_staff", "is_superuser"])


def _named(translations: dict[str, str]) -> dict[str, dict[str, str]]:
    return {language: {"name": name} for language, name in translations.items()}
