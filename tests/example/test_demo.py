"""The demo's data: complete, and left alone by whoever loads it again."""

from .sites import Site

# A day in the shop: bought, counted, repriced, renamed, hidden, taken off sale for ever.
A_DAY = """
from django.contrib.auth.models import User
from shopkit.catalog.models import Category, Product, Variant
from shopkit.catalog.services.products import delete_product, update_product
from shopkit.catalog.services.tree import update_category
from shopkit.catalog.services.variants import update_variant
from shopkit.inventory.services import adjust
user = User.objects.get(username="berdaq")
user.set_password("a-password-of-his-own")
user.save()
kit = Product.objects.get(slug="shoe-care-kit")
variant = Variant.objects.get(product=kit)
adjust(variant=variant.pk, delta=-5)
update_variant(variant, changes={"price": 1000})
update_product(kit, changes={"name": "Kit", "is_active": False})
update_category(Category.objects.get(slug="shoes"), changes={"name": "Footwear"})
delete_product(Product.objects.get(slug="microfibre-screen-cloth"))
print(json.dumps("done"))
"""
FORGET = """
from django.contrib.auth.models import User
print(json.dumps(User.objects.filter(username="emily").delete()[0] > 0))
"""


def everything(shop: Site) -> str:
    """Return all rows of all tables."""
    return shop.manage("dumpdata", "--natural-foreign", "--exclude", "sessions")


def test_the_demo_has_what_its_contract_names(loading):
    assert loading.said.splitlines()[-1] == (
        "Added: categories 15, attributes 12, attribute values 74, product types 8, products 72, "
        "pictures 72, "
        "customers 5, staff 1."
    )
    assert loading.contents == {
        "roots": 3,
        "subcategories": 12,
        "tree": [],
        "products": 72,
        "on sale": 70,
        "in stock": 65,
        "pictures": [72, 72, 216],
        "attributes": 12,
        "untranslated": [],
        "variants": 192,
        "stock is as listed": True,
        "units": 1802,
        "units in the ledger": 1802,
        "staff": [True, True],
        "customers": [
            ["aygul", False],
            ["berdaq", False],
            ["dilnoza", False],
            ["timur", False],
            ["emily", False],
        ],
        "languages": ["kaa", "kaa", "uz", "ru", "en"],
        "names": "Aygúl Saparniyazova",
        "e-mails": "aygul@example.com",
    }


def test_the_books_of_a_fresh_demo_balance(migrated_shop):
    migrated_shop.manage("shopkit_demo")

    said = migrated_shop.manage("shopkit_doctor", "--fail-level", "WARNING")

    assert said.startswith("The books balance: ")
    assert ", 0 errors, 0 warnings, " in said


def test_loading_again_changes_nothing_of_what_happened_since(shop):
    shop.ask(A_DAY)
    before = everything(shop)

    said = shop.manage("shopkit_demo")

    assert said == (
        "The demo shop is complete (15 categories, 12 attributes, 74 attribute values, "
        "8 product types, 72 products, 72 pictures, 5 customers, 1 staff); nothing was changed.\n"
    )
    assert everything(shop) == before
    assert shop.manage("shopkit_doctor").startswith("The books balance: ")


def test_loading_again_adds_what_is_missing_and_nothing_else(shop):
    assert shop.ask(FORGET)

    said = shop.manage("shopkit_demo")

    assert said.splitlines() == ["Customers: 1 to add ...", "Added: customers 1."]


def test_a_conflict_adds_nothing_and_says_why(migrated_shop):
    taken = (
        "from decimal import Decimal\n"
        "from shopkit.catalog.services.products import ProductData, VariantData, create_product\n"
        "one = VariantData(price=Decimal(1), sku='AC-DOLL')\n"
        "create_product(ProductData(name='Mine', variants=[one]))\n"
        "print(json.dumps(None))"
    )
    migrated_shop.ask(taken)

    refused = migrated_shop.run("python", "manage.py", "shopkit_demo")

    assert refused.returncode == 1
    assert "Nothing was added: {'variants.0.sku': [" in refused.stderr
    names = "from shopkit.catalog.models import Category, Product\n"
    assert (
        migrated_shop.ask(f"{names}print(Product.objects.count() + Category.objects.count())") == 1
    )


def test_published_passwords_stay_out_of_a_real_site_until_they_are_asked_for(migrated_shop):
    real = {
        "DEBUG": "off",
        "SECRET_KEY": "a-key-of-its-own-0123456789-0123456789",
        "TELEGRAM_BOT_TOKEN": "1234567890:a-token-of-its-own-0123456789abcdef",
        "TELEGRAM_WEBHOOK_SECRET": "a-secret-of-its-own-0123",
    }
    users = "from django.contrib.auth.models import User\nprint(User.objects.count())"

    said = migrated_shop.manage("shopkit_demo", **real)

    assert "accounts with published passwords (admin and the customers) were left out" in said
    assert migrated_shop.ask(users, **real) == 0

    said = migrated_shop.manage("shopkit_demo", "--with-accounts", **real)

    assert said.splitlines()[-1] == "Added: customers 5, staff 1."
    assert migrated_shop.ask(users, **real) == 6


OPINIONS = """
from demo.opinions import LIKES, REVIEWS
from shopkit.catalog.models import Product
from shopkit.reviews.models import Like, Review
kazan = Product.objects.get(slug="cast-iron-kazan")
print(json.dumps({
    "reviews": Review.objects.count() == len(REVIEWS),
    "waiting": Review.objects.waiting().count(),
    "likes": Like.objects.count() == sum(map(len, LIKES.values())),
    "kazan": [kazan.rating_count, kazan.rating_avg, kazan.likes_count],
}))
"""


def test_the_demo_has_opinions_in_all_its_languages(shop):
    assert shop.ask(OPINIONS) == {
        "reviews": True,
        "waiting": 1,
        "likes": True,
        "kazan": [3, 467, 1],
    }
