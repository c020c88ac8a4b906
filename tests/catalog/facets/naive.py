"""Facets counted the slow and obvious way: every product is asked every question, in Python."""

from collections import Counter
from dataclasses import dataclass, field

from shopkit.catalog.models import (
    Category,
    Product,
    ProductAttributeValue,
    VariantAttributeValue,
)


@dataclass
class Shopper:
    """What somebody chose; each member is one group but ``values``."""

    categories: set = field(default_factory=set)  # keys
    values: dict = field(default_factory=dict)  # {code: values as texts}
    min_price: object = None
    max_price: object = None
    min_rating: object = None
    in_stock: object = None
    on_sale: object = None
    search: str = ""

    def query(self):
        """The same as a query of the API."""
        query = {"category": [str(key) for key in sorted(self.categories)]}
        query["attr"] = [f"{code}:{text}" for code in self.values for text in self.values[code]]
        for name in ("min_price", "max_price", "min_rating"):
            if getattr(self, name) is not None:
                query[name] = str(getattr(self, name))
        for name in ("in_stock", "on_sale"):
            if getattr(self, name) is not None:
                query[name] = "true" if getattr(self, name) else "false"
        if self.search:
            query["search"] = self.search
        return query


def visible_places():
    """Return {key of a product: keys of the visible categories it is in or below}."""
    parents = dict(Category.objects.values_list("pk", "parent_id"))
    active = dict(Category.objects.values_list("pk", "is_active"))
    found = {}
    for product, category in Product.categories.through.objects.values_list(
        "product_id", "category_id"
    ):
        path = [category]
        while parents[path[-1]] is not None:
            path.append(parents[path[-1]])
        if all(active[key] for key in path):
            found.setdefault(product, set()).update(path)
    return found


def values_of_products():
    """Return {key of a product: {(code, value)}}, of itself and its active variants."""
    found = {}
    columns = ("attribute__code", "value__value")
    own = ProductAttributeValue.objects.filter(attribute__is_filterable=True)
    for product, *pair in own.values_list("product_id", *columns):
        found.setdefault(product, set()).add(tuple(pair))
    of_variants = VariantAttributeValue.objects.filter(
        attribute__is_filterable=True, variant__is_active=True
    )
    for product, *pair in of_variants.values_list("variant__product_id", *columns):
        found.setdefault(product, set()).add(tuple(pair))
    return found


class Naive:
    """The whole catalogue in memory."""

    def __init__(self):
        self.products = list(Product.objects.filter(is_active=True, deleted_at=None))
        self.places = visible_places()
        self.values = values_of_products()

    def left(self, shopper, *, but=""):
        """Return the products that every group but one lets through."""
        return [one for one in self.products if self._passes(one, shopper, but)]

    def _passes(self, one, shopper, but):
        groups = {
            "categories": not shopper.categories
            or bool(shopper.categories & self.places.get(one.pk, set())),
            "price": (shopper.min_price is None or one.price_min >= shopper.min_price)
            and (shopper.max_price is None or one.price_min <= shopper.max_price),
            "rating": shopper.min_rating is None or one.rating_avg >= shopper.min_rating * 100,
            "in_stock": shopper.in_stock in {None, one.in_stock},
            "on_sale": shopper.on_sale in {None, one.on_sale},
            "search": all(word in one.search_key for word in shopper.search.split()),
        }
        own = self.values.get(one.pk, set())
        for code, texts in shopper.values.items():
            groups[f"attr:{code}"] = any((code, text) in own for text in texts)
        return all(passes for name, passes in groups.items() if name != but)

    def facets(self, shopper):
        """Return the counts in the shape of ``counts_of``."""
        prices = [one.price_min for one in self.left(shopper, but="price")]
        rated = [one.rating_avg for one in self.left(shopper, but="rating")]
        return {
            "total": len(self.left(shopper)),
            "categories": self._categories(shopper),
            "attributes": self._attributes(shopper),
            "price": (min(prices, default=None), max(prices, default=None)),
            "rating": {
                stars: sum(rating >= stars * 100 for rating in rated) for stars in (4, 3, 2, 1)
            },
            **{
                name: Counter(getattr(one, name) for one in self.left(shopper, but=name))
                for name in ("in_stock", "on_sale")
            },
        }

    def _categories(self, shopper):
        left = self.left(shopper, but="categories")
        counts = Counter(key for one in left for key in self.places.get(one.pk, ()))
        parents = dict(Category.objects.values_list("pk", "parent_id"))
        return {
            key: counts[key]
            for key, parent in parents.items()
            if (parent in shopper.categories or key in shopper.categories)
            or (not shopper.categories and parent is None)
            if counts[key]
        }

    def _attributes(self, shopper):
        codes = {code for own in self.values.values() for code, _text in own}
        return {
            (code, text): count
            for code in codes
            for (its, text), count in Counter(
                pair
                for one in self.left(shopper, but=f"attr:{code}")
                for pair in self.values.get(one.pk, ())
            ).items()
            if its == code
        }


def counts_of(body):
    """Return what an answer of the API says, for comparing."""
    facets = body["facets"]
    return {
        "total": body["count"],
        "categories": {one["id"]: one["count"] for one in facets["categories"] if one["count"]},
        "attributes": {
            (one["code"], value["value"]): value["count"]
            for one in facets["attributes"]
            for value in one["values"]
            if value["count"]
        },
        "price": (facets["price"]["min"], facets["price"]["max"]),
        "rating": {one["min_rating"]: one["count"] for one in facets["rating"]},
        **{
            name: Counter({True: facets[name]["true"], False: facets[name]["false"]})
            for name in ("in_stock", "on_sale")
        },
    }
