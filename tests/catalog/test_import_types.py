"""The column ``type`` of our own CSV: types go out and in, and are kept to."""

import csv
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shopkit.catalog.exports import product_rows
from shopkit.catalog.imports.products import import_products
from shopkit.catalog.imports.report import Listener
from shopkit.catalog.models import Product, ProductType
from shopkit.catalog.services.attributes import create_attribute, create_value
from shopkit.catalog.services.bulk import create_products
from shopkit.catalog.services.products import ProductData, VariantData, create_product
from shopkit.catalog.services.types import Member, create_product_type

from .test_import_own_products import empty

pytestmark = pytest.mark.django_db
HEADER = "slug,name,type,sku,price,attribute:fabric,variant:size\n"


@pytest.fixture(autouse=True)
def types():
    """A shirt is of a fabric and comes in sizes; a mug is of a material."""
    create_attribute(code="fabric", name="Fabric", type="text")
    create_attribute(code="material", name="Material", type="text")
    size = create_attribute(code="size", name="Size", type="choice", is_variant=True)
    for value in ("S", "M"):
        create_value(size, value=value)
    members = [Member("fabric"), Member("size", is_required=True)]
    create_product_type(code="shirt", name="Shirt", attributes=members)
    create_product_type(code="mug", name="Mug", attributes=[Member("material")])


def make(slug: str = "tee", kind: str | None = "shirt", **fields) -> Product:
    given = {"attributes": {"fabric": "Cotton"}, **fields}
    variants = [VariantData(price=Decimal(1), sku=slug.upper(), attributes={"size": "S"})]
    return create_product(ProductData(name=slug, slug=slug, type=kind, variants=variants, **given))


def exported() -> str:
    out = StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows(product_rows())
    return out.getvalue()


def run(folder: Path, text: str) -> tuple[str, dict[int, str]]:
    path = folder / "products.csv"
    path.write_bytes(text.encode())
    listener = Listener()
    report = import_products(path, listener=listener)
    numbers = f"{report.created} {report.updated} {report.unchanged} {report.failed}"
    return numbers, {one.line: one.text for one in listener.messages if one.is_error}


def kinds() -> dict[str, str | None]:
    return dict(Product.objects.values_list("slug", "type__code"))


def test_types_go_into_an_empty_shop_that_has_them(tmp_path):
    make()
    make("bare", None)
    first = exported()
    attributes = [Member("fabric"), Member("size", is_required=True)]
    empty()
    ProductType.objects.all().delete()
    for code, kind, is_variant in [("fabric", "text", False), ("size", "choice", True)]:
        create_attribute(code=code, name=code.title(), type=kind, is_variant=is_variant)
    create_attribute(code="material", name="Material", type="text")
    create_product_type(code="shirt", name="Shirt", attributes=attributes)

    assert run(tmp_path, first) == ("2 0 0 0", {})

    assert kinds() == {"tee": "shirt", "bare": None}
    assert run(tmp_path, first) == ("0 0 2 0", {})


def test_an_unknown_type_fails_its_product_and_says_what_to_do(tmp_path):
    rows = "tee,Tee,shirts,T,1,Cotton,S\nmug,Mug,mug,M,1,,\n"

    numbers, errors = run(tmp_path, HEADER + rows)

    assert numbers == "1 0 0 1"
    assert errors == {
        2: "type: there is no product type “shirts”. Make it first, or leave the cell empty."
    }
    assert kinds() == {"mug": "mug"}


@pytest.mark.parametrize(
    ("rows", "line", "reason"),
    [
        ("tee,Tee,shirt,T1,1,,S\ntee,,,T2,1,,\n", 3, "attributes.size: Products of this type need"),
        ("mug,Mug,mug,M1,1,Cotton,\n", 2, "attributes.fabric: Products of this type do not have"),
        ("mug,Mug,mug,M1,1,,\nmug,,,M2,1,,S\n", 3, "attributes.size: Products of this type do not"),
    ],
)
def test_new_products_keep_to_their_type(tmp_path, rows, line, reason):
    numbers, errors = run(tmp_path, f"{HEADER}{rows}fine,Fine,shirt,F,1,,M\n")

    assert numbers == "1 0 0 1"
    assert list(errors) == [line]
    assert reason in errors[line]
    assert kinds() == {"fine": "shirt"}


def test_many_at_once_keep_to_their_types_as_one_does():
    variants = [VariantData(price=Decimal(1))]
    data = ProductData(name="Tee", slug="tee", type="shirt", variants=variants)

    def refused(*items: ProductData) -> dict[str, str]:
        with pytest.raises(ValidationError) as error:
            create_products(items)
        return {name: wrong[0].code for name, wrong in error.value.error_dict.items()}

    assert refused(data) == {"products.0.variants.0.attributes.size": "required"}
    other = ProductData(name="X", slug="x", type="no", variants=variants)
    assert refused(data, other) == {"products.1.type": "does_not_exist"}
    assert not Product.objects.exists()


def test_without_the_column_the_type_stays_and_an_empty_cell_takes_it_away(tmp_path):
    make()

    assert run(tmp_path, "slug,sku,price\ntee,TEE,2\n") == ("0 1 0 0", {})
    assert kinds() == {"tee": "shirt"}

    assert run(tmp_path, "slug,sku,price,type\ntee,TEE,2,\n") == ("0 1 0 0", {})
    assert kinds() == {"tee": None}


def test_a_product_gets_another_type_and_its_values_in_one_file(tmp_path):
    make()
    header = "slug,sku,price,type,attribute:fabric,attribute:material,variant:size\n"

    assert run(tmp_path, f"{header}tee,TEE,1,mug,,Clay,\n") == ("0 1 0 0", {})
    assert kinds() == {"tee": "mug"}
    assert run(tmp_path, f"{header}tee,TEE,1,shirt,Silk,,M\n") == ("0 1 0 0", {})
    assert kinds() == {"tee": "shirt"}

    numbers, errors = run(tmp_path, f"{header}tee,TEE,1,mug,Silk,,M\n")

    assert numbers == "0 0 0 1"
    assert "attributes.fabric: Products of this type do not have" in errors[2]
    assert kinds() == {"tee": "shirt"}


def test_a_hidden_product_is_shown_with_what_its_type_requires_in_one_file(tmp_path):
    data = ProductData(
        name="tee",
        slug="tee",
        type="shirt",
        is_active=False,
        variants=[VariantData(price=Decimal(1), sku="TEE")],
    )
    create_product(data)

    found = run(tmp_path, "slug,sku,price,is_active,variant:size\ntee,TEE,1,true,S\n")

    assert found == ("0 1 0 0", {})
    assert kinds() == {"tee": "shirt"}


def test_statements_do_not_grow_with_products_of_types(tmp_path):
    def count(first: int, last: int) -> int:
        rows = "".join(
            f"p{n},P,{'shirt' if n % 2 else 'mug'},P{n},1,,{'S' if n % 2 else ''}\n"
            for n in range(first, last)
        )
        with CaptureQueriesContext(connection) as asked:
            assert run(tmp_path, HEADER + rows)[1] == {}
        return len(asked)

    count(0, 2)  # what is looked up once
    assert count(10, 12) == count(20, 40)
