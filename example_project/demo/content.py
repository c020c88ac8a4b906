"""The goods and the people of the demo shop: data only, nothing runs here.

The shop is a small one in Nukus that also delivers to Tashkent. Every brand, product, code and
person below is invented. Prices are whole so'm (UZS), weights are grams. Attribute values are
strings whatever the attribute's type: a number is written "24", a boolean "true" or "false".
The barcodes begin with 2, the range left to shops for their own use.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class DemoCategory:
    """A node of the category tree; `parent` is the slug of a category listed before it."""

    slug: str
    name: str
    translations: dict[str, str]
    parent: str | None = None
    position: int = 0


@dataclass(frozen=True)
class DemoAttribute:
    """An attribute and, for choices and colours, its values as (value, colour hex or "")."""

    code: str
    name: str
    translations: dict[str, str]
    type: str
    unit: str = ""
    is_variant: bool = False
    is_filterable: bool = True
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class DemoProductType:
    """A type by the codes of its attributes: those that are required, then the others."""

    code: str
    name: str
    translations: dict[str, str]
    required: tuple[str, ...]
    attributes: tuple[str, ...]


@dataclass(frozen=True)
class DemoVariant:
    """What is bought: a SKU with its price, its stock and its fiscal codes."""

    sku: str
    price: int
    stock: int
    attributes: dict[str, str] = field(default_factory=dict)
    sale_price: int | None = None
    barcode: str = ""
    weight: int = 0
    ikpu: str = ""
    package_code: str = ""
    vat_percent: int | None = 12


@dataclass(frozen=True)
class DemoProduct:
    """What is shown: a page of the catalogue with one variant or more.

    type -- code of a product type; "" for what is too mixed to have one
    """

    slug: str
    name: str
    category: str
    description: str
    variants: tuple[DemoVariant, ...]
    type: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    categories: tuple[str, ...] = ()
    translations: dict[str, dict[str, str]] = field(default_factory=dict)
    is_active: bool = True


@dataclass(frozen=True)
class DemoCustomer:
    """A customer who can sign in, with one address."""

    username: str
    password: str
    first_name: str
    last_name: str
    email: str
    phone: str
    city: str
    street: str
    language: str


CATEGORIES: tuple[DemoCategory, ...] = (
    DemoCategory(
        slug="electronics",
        name="Electronics",
        translations={"uz": "Elektronika", "kaa": "Elektronika", "ru": "Электроника"},
        position=1,
    ),
    DemoCategory(
        slug="clothing",
        name="Clothing",
        translations={"uz": "Kiyim-kechak", "kaa": "Kiyim-kenshek", "ru": "Одежда"},
        position=2,
    ),
    DemoCategory(
        slug="home",
        name="Home",
        translations={"uz": "Uy uchun", "kaa": "Úy ushın", "ru": "Для дома"},
        position=3,
    ),
    DemoCategory(
        slug="phones",
        name="Phones",
        translations={"uz": "Telefonlar", "kaa": "Telefonlar", "ru": "Телефоны"},
        parent="electronics",
        position=1,
    ),
    DemoCategory(
        slug="computers",
        name="Laptops and computers",
        translations={
            "uz": "Noutbuk va kompyuterlar",
            "kaa": "Noutbuk hám kompyuterler",
            "ru": "Ноутбуки и компьютеры",
        },
        parent="electronics",
        position=2,
    ),
    DemoCategory(
        slug="audio",
        name="Audio",
        translations={"uz": "Audiotexnika", "kaa": "Audiotexnika", "ru": "Аудиотехника"},
        parent="electronics",
        position=3,
    ),
    DemoCategory(
        slug="accessories",
        name="Accessories",
        translations={"uz": "Aksessuarlar", "kaa": "Aksessuarlar", "ru": "Аксессуары"},
        parent="electronics",
        position=4,
    ),
    DemoCategory(
        slug="womens-clothing",
        name="Women's clothing",
        translations={"uz": "Ayollar kiyimi", "kaa": "Hayallar kiyimi", "ru": "Женская одежда"},
        parent="clothing",
        position=1,
    ),
    DemoCategory(
        slug="mens-clothing",
        name="Men's clothing",
        translations={"uz": "Erkaklar kiyimi", "kaa": "Erkekler kiyimi", "ru": "Мужская одежда"},
        parent="clothing",
        position=2,
    ),
    DemoCategory(
        slug="kids-clothing",
        name="Children's clothing",
        translations={"uz": "Bolalar kiyimi", "kaa": "Balalar kiyimi", "ru": "Детская одежда"},
        parent="clothing",
        position=3,
    ),
    DemoCategory(
        slug="shoes",
        name="Shoes",
        translations={"uz": "Poyabzal", "kaa": "Ayaq kiyim", "ru": "Обувь"},
        parent="clothing",
        position=4,
    ),
    DemoCategory(
        slug="lighting",
        name="Lighting",
        translations={"uz": "Chiroq va lampalar", "kaa": "Shıra hám lampalar", "ru": "Освещение"},
        parent="home",
        position=1,
    ),
    DemoCategory(
        slug="home-textiles",
        name="Home textiles",
        translations={"uz": "Uy toʻqimachiligi", "kaa": "Úy toqımaları", "ru": "Домашний текстиль"},
        parent="home",
        position=2,
    ),
    DemoCategory(
        slug="kitchen",
        name="Kitchen",
        translations={
            "uz": "Oshxona buyumlari",
            "kaa": "Asxana buyımları",
            "ru": "Товары для кухни",
        },
        parent="home",
        position=3,
    ),
    DemoCategory(
        slug="handicrafts",
        name="Handicrafts",
        translations={
            "uz": "Hunarmandchilik buyumlari",
            "kaa": "Ónermentshilik buyımları",
            "ru": "Изделия ремесленников",
        },
        parent="home",
        position=4,
    ),
)

ATTRIBUTES: tuple[DemoAttribute, ...] = (
    DemoAttribute(
        code="colour",
        name="Colour",
        translations={"uz": "Rang", "kaa": "Reń", "ru": "Цвет"},
        type="colour",
        is_variant=True,
        values=(
            ("Black", "#1a1a1a"),
            ("White", "#ffffff"),
            ("Grey", "#8a8d91"),
            ("Silver", "#c8ccd0"),
            ("Navy", "#1f2a44"),
            ("Blue", "#2f6fb5"),
            ("Turquoise", "#2aa7a0"),
            ("Green", "#3c7a4b"),
            ("Red", "#b3262e"),
            ("Burgundy", "#6e1f2b"),
            ("Pink", "#e3a1b0"),
            ("Mustard", "#d3a12a"),
            ("Beige", "#d9c7a7"),
            ("Brown", "#6b4a2f"),
        ),
    ),
    DemoAttribute(
        code="size",
        name="Size",
        translations={"uz": "Oʻlcham", "kaa": "Ólshem", "ru": "Размер"},
        type="choice",
        is_variant=True,
        values=(
            ("S", ""),
            ("M", ""),
            ("L", ""),
            ("XL", ""),
            ("XXL", ""),
            ("98", ""),
            ("104", ""),
            ("110", ""),
            ("116", ""),
            ("122", ""),
            ("128", ""),
            ("36", ""),
            ("37", ""),
            ("38", ""),
            ("39", ""),
            ("40", ""),
            ("41", ""),
            ("42", ""),
            ("43", ""),
            ("140 x 200 cm", ""),
            ("200 x 220 cm", ""),
        ),
    ),
    DemoAttribute(
        code="memory",
        name="Memory",
        translations={"uz": "Xotira", "kaa": "Yad", "ru": "Память"},
        type="choice",
        is_variant=True,
        values=(
            ("64 GB", ""),
            ("128 GB", ""),
            ("256 GB", ""),
            ("512 GB", ""),
            ("1 TB", ""),
        ),
    ),
    DemoAttribute(
        code="material",
        name="Material",
        translations={"uz": "Material", "kaa": "Material", "ru": "Материал"},
        type="choice",
        values=(
            ("Cotton", ""),
            ("Linen", ""),
            ("Silk", ""),
            ("Silk and cotton", ""),
            ("Wool", ""),
            ("Camel wool", ""),
            ("Felt", ""),
            ("Fleece", ""),
            ("Denim", ""),
            ("Polyester", ""),
            ("Leather", ""),
            ("Canvas", ""),
            ("Wood", ""),
            ("Reed", ""),
            ("Ceramic", ""),
            ("Porcelain", ""),
            ("Brass", ""),
            ("Steel", ""),
            ("Enamelled steel", ""),
            ("Cast iron", ""),
            ("Aluminium", ""),
            ("Plastic", ""),
        ),
    ),
    DemoAttribute(
        code="brand",
        name="Brand",
        translations={"uz": "Brend", "kaa": "Brend", "ru": "Бренд"},
        type="choice",
        values=(
            ("Zerafon", ""),
            ("Nukora", ""),
            ("Sazline", ""),
            ("Quwatel", ""),
            ("Laylikon", ""),
            ("Jeyranco", ""),
            ("Botashiq", ""),
            ("Qademo", ""),
            ("Jarqira", ""),
            ("Toqimar", ""),
            ("Qazanbek", ""),
            ("Amudar Crafts", ""),
        ),
    ),
    DemoAttribute(
        code="warranty",
        name="Warranty",
        translations={"uz": "Kafolat", "kaa": "Kepillik", "ru": "Гарантия"},
        type="number",
        unit="months",
    ),
    DemoAttribute(
        code="handmade",
        name="Handmade",
        translations={"uz": "Qoʻlda yasalgan", "kaa": "Qolda islengen", "ru": "Ручная работа"},
        type="boolean",
    ),
    DemoAttribute(
        code="power",
        name="Power",
        translations={"uz": "Quvvat", "kaa": "Quwatı", "ru": "Мощность"},
        type="number",
        unit="W",
    ),
    DemoAttribute(
        code="battery",
        name="Battery",
        translations={"uz": "Batareya", "kaa": "Batareya", "ru": "Батарея"},
        type="number",
        unit="mAh",
    ),
    DemoAttribute(
        code="screen",
        name="Screen",
        translations={"uz": "Ekran", "kaa": "Ekran", "ru": "Экран"},
        type="number",
        unit="inches",
    ),
    DemoAttribute(
        code="volume",
        name="Volume",
        translations={"uz": "Hajmi", "kaa": "Kólemi", "ru": "Объём"},
        type="number",
        unit="litres",
    ),
    DemoAttribute(
        code="care",
        name="Care",
        translations={"uz": "Parvarish", "kaa": "Kútim", "ru": "Уход"},
        type="text",
        is_filterable=False,
    ),
)

PRODUCT_TYPES: tuple[DemoProductType, ...] = (
    DemoProductType(
        code="phone",
        name="Phone",
        translations={"uz": "Telefon", "kaa": "Telefon", "ru": "Телефон"},
        required=("brand", "warranty", "screen", "battery"),
        attributes=("material", "memory", "colour"),
    ),
    DemoProductType(
        code="computer",
        name="Computer",
        translations={"uz": "Kompyuter", "kaa": "Kompyuter", "ru": "Компьютер"},
        required=("brand", "warranty"),
        attributes=("screen", "power", "battery", "material", "memory", "colour"),
    ),
    DemoProductType(
        code="audio",
        name="Audio device",
        translations={"uz": "Audioqurilma", "kaa": "Audioqurılma", "ru": "Аудиоустройство"},
        required=("brand", "warranty"),
        attributes=("battery", "power", "material", "colour"),
    ),
    DemoProductType(
        code="garment",
        name="Garment",
        translations={"uz": "Kiyim", "kaa": "Kiyim", "ru": "Одежда"},
        required=("brand", "material"),
        attributes=("care", "handmade", "size", "colour"),
    ),
    DemoProductType(
        code="shoes",
        name="Shoes",
        translations={"uz": "Poyabzal", "kaa": "Ayaq kiyim", "ru": "Обувь"},
        required=("brand",),
        attributes=("material", "warranty", "handmade", "size", "colour"),
    ),
    DemoProductType(
        code="lamp",
        name="Lamp",
        translations={"uz": "Chiroq", "kaa": "Shıra", "ru": "Светильник"},
        required=("brand", "power"),
        attributes=("warranty", "battery", "material", "handmade", "colour"),
    ),
    DemoProductType(
        code="home-textile",
        name="Home textile",
        translations={"uz": "Uy toʻqimasi", "kaa": "Úy toqıması", "ru": "Домашний текстиль"},
        required=("brand", "material", "care"),
        attributes=("size", "colour"),
    ),
    DemoProductType(
        code="kitchenware",
        name="Kitchenware",
        translations={"uz": "Oshxona buyumi", "kaa": "Asxana buyımı", "ru": "Кухонная утварь"},
        required=("brand", "material"),
        attributes=("volume", "warranty", "care", "handmade", "colour"),
    ),
)

PRODUCTS: tuple[DemoProduct, ...] = (
    # --- Phones ---
    DemoProduct(
        slug="zerafon-one-phone",
        name="Zerafon One phone",
        category="phones",
        type="phone",
        description=(
            "An everyday phone with a bright 6.5-inch screen and a battery that lasts until "
            "the second evening. It takes two SIM cards and a memory card at the same time, "
            "and a screen protector is already fitted."
        ),
        attributes={"brand": "Zerafon", "warranty": "12", "screen": "6.5", "battery": "5000"},
        translations={
            "uz": {"name": "Zerafon One smartfoni"},
            "ru": {"name": "Смартфон Zerafon One"},
            "kaa": {"name": "Zerafon One smartfonı"},
        },
        variants=(
            DemoVariant(
                sku="ZF-ONE-128-BLK",
                price=3_190_000,
                stock=14,
                attributes={"memory": "128 GB", "colour": "Black"},
                barcode="2047810000378",
                weight=410,
                ikpu="08517013001001000",
                package_code="1495086",
            ),
            DemoVariant(
                sku="ZF-ONE-128-BLU",
                price=3_190_000,
                stock=6,
                attributes={"memory": "128 GB", "colour": "Blue"},
                barcode="2047810000743",
                weight=410,
                ikpu="08517013001001000",
                package_code="1495086",
            ),
            DemoVariant(
                sku="ZF-ONE-256-BLK",
                price=3_690_000,
                stock=9,
                attributes={"memory": "256 GB", "colour": "Black"},
                barcode="2047810001115",
                weight=410,
                ikpu="08517013001001000",
                package_code="1495086",
            ),
            DemoVariant(
                sku="ZF-ONE-256-BLU",
                price=3_690_000,
                stock=0,
                attributes={"memory": "256 GB", "colour": "Blue"},
                barcode="2047810001481",
                weight=410,
                ikpu="08517013001001000",
                package_code="1495086",
            ),
        ),
    ),
    DemoProduct(
        slug="zerafon-one-lite-phone",
        name="Zerafon One Lite phone",
        category="phones",
        type="phone",
        description=(
            "The small brother of the Zerafon One: light, simple and quick enough for "
            "messages, maps and video calls. A good first smartphone for a pupil or for "
            "grandparents."
        ),
        attributes={"brand": "Zerafon", "warranty": "12", "screen": "6.1", "battery": "4500"},
        translations={
            "uz": {"name": "Zerafon One Lite smartfoni"},
            "ru": {"name": "Смартфон Zerafon One Lite"},
            "kaa": {"name": "Zerafon One Lite smartfonı"},
        },
        variants=(
            DemoVariant(
                sku="ZF-LITE-64-BLK",
                price=1_890_000,
                stock=20,
                attributes={"memory": "64 GB", "colour": "Black"},
                sale_price=1_690_000,
                barcode="2047810001856",
                weight=380,
                ikpu="08517013001002000",
                package_code="1495086",
            ),
            DemoVariant(
                sku="ZF-LITE-64-WHT",
                price=1_890_000,
                stock=11,
                attributes={"memory": "64 GB", "colour": "White"},
                sale_price=1_690_000,
                barcode="2047810002228",
                weight=380,
                ikpu="08517013001002000",
                package_code="1495086",
            ),
            DemoVariant(
                sku="ZF-LITE-128-BLK",
                price=2_190_000,
                stock=8,
                attributes={"memory": "128 GB", "colour": "Black"},
                sale_price=1_990_000,
                barcode="2047810002594",
                weight=380,
                ikpu="08517013001002000",
                package_code="1495086",
            ),
            DemoVariant(
                sku="ZF-LITE-128-WHT",
                price=2_190_000,
                stock=5,
                attributes={"memory": "128 GB", "colour": "White"},
                sale_price=1_990_000,
                barcode="2047810002969",
                weight=380,
                ikpu="08517013001002000",
                package_code="1495086",
            ),
        ),
    ),
    DemoProduct(
        slug="zerafon-pro-phone",
        name="Zerafon Pro phone",
        category="phones",
        type="phone",
        description=(
            "Three cameras, a metal frame and a screen that stays readable under the July "
            "sun. The Pro charges from empty to half in twenty minutes and shrugs off dust "
            "and splashes."
        ),
        attributes={
            "brand": "Zerafon",
            "warranty": "24",
            "screen": "6.7",
            "battery": "5200",
            "material": "Aluminium",
        },
        translations={
            "uz": {"name": "Zerafon Pro smartfoni"},
            "ru": {"name": "Смартфон Zerafon Pro"},
            "kaa": {"name": "Zerafon Pro smartfonı"},
        },
        variants=(
            DemoVariant(
                sku="ZF-PRO-256-BLK",
                price=9_900_000,
                stock=5,
                attributes={"memory": "256 GB", "colour": "Black"},
                barcode="2047810003331",
                weight=430,
                ikpu="08517013001003000",
                package_code="1495086",
            ),
            DemoVariant(
                sku="ZF-PRO-256-SLV",
                price=9_900_000,
                stock=4,
                attributes={"memory": "256 GB", "colour": "Silver"},
                barcode="2047810003706",
                weight=430,
                ikpu="08517013001003000",
                package_code="1495086",
            ),
            DemoVariant(
                sku="ZF-PRO-256-GRN",
                price=9_900_000,
                stock=3,
                attributes={"memory": "256 GB", "colour": "Green"},
                sale_price=9_000_000,
                barcode="2047810004079",
                weight=430,
                ikpu="08517013001003000",
                package_code="1495086",
            ),
            DemoVariant(
                sku="ZF-PRO-512-BLK",
                price=11_700_000,
                stock=3,
                attributes={"memory": "512 GB", "colour": "Black"},
                barcode="2047810004444",
                weight=430,
                ikpu="08517013001003000",
                package_code="1495086",
            ),
            DemoVariant(
                sku="ZF-PRO-512-SLV",
                price=11_700_000,
                stock=2,
                attributes={"memory": "512 GB", "colour": "Silver"},
                barcode="2047810004819",
                weight=430,
                ikpu="08517013001003000",
                package_code="1495086",
            ),
            DemoVariant(
                sku="ZF-PRO-512-GRN",
                price=11_700_000,
                stock=0,
                attributes={"memory": "512 GB", "colour": "Green"},
                sale_price=10_800_000,
                barcode="2047810005182",
                weight=430,
                ikpu="08517013001003000",
                package_code="1495086",
            ),
        ),
    ),
    DemoProduct(
        slug="zerafon-fold-phone",
        name="Zerafon Fold folding phone",
        category="phones",
        type="phone",
        description=(
            "Closed it fits a shirt pocket, open it is a small tablet for drawings, "
            "timetables and films. The hinge is tested for two hundred thousand folds and "
            "covered by the full warranty."
        ),
        attributes={"brand": "Zerafon", "warranty": "24", "screen": "7.6", "battery": "4800"},
        translations={
            "uz": {"name": "Zerafon Fold bukiluvchi smartfoni"},
            "ru": {"name": "Складной смартфон Zerafon Fold"},
            "kaa": {"name": "Zerafon Fold búkleniwshi smartfonı"},
        },
        variants=(
            DemoVariant(
                sku="ZF-FOLD-512-BLK",
                price=18_900_000,
                stock=2,
                attributes={"memory": "512 GB", "colour": "Black"},
                barcode="2047810005557",
                weight=520,
                ikpu="08517013001004000",
                package_code="1495086",
            ),
            DemoVariant(
                sku="ZF-FOLD-512-BRG",
                price=18_900_000,
                stock=1,
                attributes={"memory": "512 GB", "colour": "Burgundy"},
                barcode="2047810005922",
                weight=520,
                ikpu="08517013001004000",
                package_code="1495086",
            ),
            DemoVariant(
                sku="ZF-FOLD-1TB-BLK",
                price=21_500_000,
                stock=1,
                attributes={"memory": "1 TB", "colour": "Black"},
                barcode="2047810006295",
                weight=520,
                ikpu="08517013001004000",
                package_code="1495086",
            ),
            DemoVariant(
                sku="ZF-FOLD-1TB-BRG",
                price=21_500_000,
                stock=2,
                attributes={"memory": "1 TB", "colour": "Burgundy"},
                barcode="2047810006660",
                weight=520,
                ikpu="08517013001004000",
                package_code="1495086",
            ),
        ),
    ),
    DemoProduct(
        slug="nukora-steppe-rugged-phone",
        name="Nukora Steppe rugged phone",
        category="phones",
        type="phone",
        description=(
            "A phone for drivers, builders and shepherds: rubber corners, loud speaker, a "
            "torch you can switch on with gloves. It survives a fall onto concrete and an "
            "hour in the rain."
        ),
        attributes={"brand": "Nukora", "warranty": "18", "screen": "5.9", "battery": "8000"},
        translations={
            "uz": {"name": "Nukora Steppe mustahkam telefoni"},
            "ru": {"name": "Защищённый телефон Nukora Steppe"},
            "kaa": {"name": "Nukora Steppe bekkem telefonı"},
        },
        variants=(
            DemoVariant(
                sku="NK-STEPPE",
                price=2_750_000,
                stock=0,
                barcode="2047810007032",
                weight=560,
                ikpu="08517013001005000",
                package_code="1495086",
            ),
        ),
    ),
    DemoProduct(
        slug="zerafon-classic-button-phone",
        name="Zerafon Classic button phone",
        category="phones",
        type="phone",
        description=(
            "Large buttons, a loud ring, a radio and a torch. One charge lasts about ten "
            "days, and the menu speaks Uzbek, Karakalpak and Russian."
        ),
        attributes={"brand": "Zerafon", "warranty": "12", "screen": "2.4", "battery": "1800"},
        translations={
            "uz": {"name": "Zerafon Classic tugmali telefoni"},
            "ru": {"name": "Кнопочный телефон Zerafon Classic"},
            "kaa": {"name": "Zerafon Classic túymeli telefonı"},
        },
        variants=(
            DemoVariant(
                sku="ZF-CLASSIC",
                price=349_000,
                stock=37,
                barcode="2047810007407",
                weight=190,
                ikpu="08517013001006000",
                package_code="1495086",
            ),
        ),
    ),
    # --- Laptops and computers ---
    DemoProduct(
        slug="nukora-air-14-laptop",
        name="Nukora Air 14 laptop",
        category="computers",
        type="computer",
        description=(
            "A thin 14-inch laptop of 1.2 kilograms with a quiet keyboard and a full "
            "working day on one charge. It wakes up the moment the lid is opened."
        ),
        attributes={"brand": "Nukora", "warranty": "24", "screen": "14", "material": "Aluminium"},
        translations={
            "uz": {"name": "Nukora Air 14 noutbuki"},
            "ru": {"name": "Ноутбук Nukora Air 14"},
            "kaa": {"name": "Nukora Air 14 noutbukı"},
        },
        variants=(
            DemoVariant(
                sku="NK-AIR14-256-SLV",
                price=8_490_000,
                stock=6,
                attributes={"memory": "256 GB", "colour": "Silver"},
                barcode="2047810007773",
                weight=2100,
                ikpu="08471030002007000",
                package_code="1495112",
            ),
            DemoVariant(
                sku="NK-AIR14-256-NVY",
                price=8_490_000,
                stock=4,
                attributes={"memory": "256 GB", "colour": "Navy"},
                barcode="2047810008145",
                weight=2100,
                ikpu="08471030002007000",
                package_code="1495112",
            ),
            DemoVariant(
                sku="NK-AIR14-512-SLV",
                price=9_490_000,
                stock=3,
                attributes={"memory": "512 GB", "colour": "Silver"},
                barcode="2047810008510",
                weight=2100,
                ikpu="08471030002007000",
                package_code="1495112",
            ),
            DemoVariant(
                sku="NK-AIR14-512-NVY",
                price=9_490_000,
                stock=0,
                attributes={"memory": "512 GB", "colour": "Navy"},
                barcode="2047810008886",
                weight=2100,
                ikpu="08471030002007000",
                package_code="1495112",
            ),
        ),
    ),
    DemoProduct(
        slug="nukora-study-15-laptop",
        name="Nukora Study 15 laptop",
        category="computers",
        type="computer",
        description=(
            "A sensible laptop for university and the office with a large matte screen and "
            "a number pad. Memory and disk can be replaced with an ordinary screwdriver."
        ),
        attributes={"brand": "Nukora", "warranty": "24", "screen": "15.6"},
        translations={
            "uz": {"name": "Nukora Study 15 noutbuki"},
            "ru": {"name": "Ноутбук Nukora Study 15"},
            "kaa": {"name": "Nukora Study 15 noutbukı"},
        },
        variants=(
            DemoVariant(
                sku="NK-STUDY15-256",
                price=6_490_000,
                stock=10,
                attributes={"memory": "256 GB"},
                sale_price=5_990_000,
                barcode="2047810009258",
                weight=2700,
                ikpu="08471030002008000",
                package_code="1495112",
            ),
            DemoVariant(
                sku="NK-STUDY15-512",
                price=7_190_000,
                stock=7,
                attributes={"memory": "512 GB"},
                sale_price=6_690_000,
                barcode="2047810009623",
                weight=2700,
                ikpu="08471030002008000",
                package_code="1495112",
            ),
        ),
    ),
    DemoProduct(
        slug="nukora-titan-17-gaming-laptop",
        name="Nukora Titan 17 gaming laptop",
        category="computers",
        type="computer",
        description=(
            "Seventeen inches, a fast graphics card and two fans that keep it cool through "
            "a long evening. It also renders video and house plans without complaint."
        ),
        attributes={"brand": "Nukora", "warranty": "36", "screen": "17.3", "power": "240"},
        translations={
            "uz": {"name": "Nukora Titan 17 oʻyin noutbuki"},
            "ru": {"name": "Игровой ноутбук Nukora Titan 17"},
            "kaa": {"name": "Nukora Titan 17 oyın noutbukı"},
        },
        variants=(
            DemoVariant(
                sku="NK-TITAN17",
                price=27_900_000,
                stock=2,
                barcode="2047810009999",
                weight=4300,
                ikpu="08471030002009000",
                package_code="1495112",
            ),
        ),
    ),
    DemoProduct(
        slug="nukora-office-mini-computer",
        name="Nukora Office Mini computer",
        category="computers",
        type="computer",
        description=(
            "A complete desktop computer the size of a book that hides behind the monitor. "
            "It is nearly silent and runs two screens at once."
        ),
        attributes={"brand": "Nukora", "warranty": "24", "power": "45"},
        translations={
            "uz": {"name": "Nukora Office Mini kompyuteri"},
            "ru": {"name": "Мини-компьютер Nukora Office Mini"},
            "kaa": {"name": "Nukora Office Mini kompyuteri"},
        },
        variants=(
            DemoVariant(
                sku="NK-MINI",
                price=4_650_000,
                stock=8,
                barcode="2047810010360",
                weight=1500,
                ikpu="08471030002010000",
                package_code="1495112",
            ),
        ),
    ),
    DemoProduct(
        slug="nukora-view-24-monitor",
        name="Nukora View 24 monitor",
        category="computers",
        type="computer",
        description=(
            "A 24-inch monitor with natural colours, thin edges and a stand that turns and "
            "tilts. One cable brings both the picture and the power for a laptop."
        ),
        attributes={"brand": "Nukora", "warranty": "36", "screen": "23.8", "power": "28"},
        translations={
            "uz": {"name": "Nukora View 24 monitori"},
            "ru": {"name": "Монитор Nukora View 24"},
            "kaa": {"name": "Nukora View 24 monitorı"},
        },
        variants=(
            DemoVariant(
                sku="NK-VIEW24",
                price=2_290_000,
                stock=9,
                sale_price=2_050_000,
                barcode="2047810010735",
                weight=4600,
                ikpu="08471030002011000",
                package_code="1495112",
            ),
        ),
    ),
    DemoProduct(
        slug="nukora-leaf-10-tablet",
        name="Nukora Leaf 10 tablet",
        category="computers",
        type="computer",
        description=(
            "A ten-inch tablet for reading, drawing and lessons, with a children's mode and "
            "a parent's lock. The speakers sit on both sides, so cartoons sound right in "
            "either hand."
        ),
        attributes={"brand": "Nukora", "warranty": "12", "screen": "10.1", "battery": "7000"},
        translations={
            "uz": {"name": "Nukora Leaf 10 plansheti"},
            "ru": {"name": "Планшет Nukora Leaf 10"},
            "kaa": {"name": "Nukora Leaf 10 plansheti"},
        },
        variants=(
            DemoVariant(
                sku="NK-LEAF10-64-GRY",
                price=2_190_000,
                stock=12,
                attributes={"memory": "64 GB", "colour": "Grey"},
                barcode="2047810011107",
                weight=780,
                ikpu="08471030002012000",
                package_code="1495112",
            ),
            DemoVariant(
                sku="NK-LEAF10-64-PNK",
                price=2_190_000,
                stock=5,
                attributes={"memory": "64 GB", "colour": "Pink"},
                barcode="2047810011473",
                weight=780,
                ikpu="08471030002012000",
                package_code="1495112",
            ),
            DemoVariant(
                sku="NK-LEAF10-128-GRY",
                price=2_540_000,
                stock=6,
                attributes={"memory": "128 GB", "colour": "Grey"},
                barcode="2047810011848",
                weight=780,
                ikpu="08471030002012000",
                package_code="1495112",
            ),
            DemoVariant(
                sku="NK-LEAF10-128-PNK",
                price=2_540_000,
                stock=4,
                attributes={"memory": "128 GB", "colour": "Pink"},
                barcode="2047810012210",
                weight=780,
                ikpu="08471030002012000",
                package_code="1495112",
            ),
        ),
    ),
    # --- Audio ---
    DemoProduct(
        slug="sazline-drop-earbuds",
        name="Sazline Drop wireless earbuds",
        category="audio",
        type="audio",
        description=(
            "Small earbuds that stay in the ear on a run and pause when you take one out. "
            "The case holds three more charges."
        ),
        attributes={"brand": "Sazline", "warranty": "12", "battery": "420"},
        translations={
            "uz": {"name": "Sazline Drop simsiz quloqchinlari"},
            "ru": {"name": "Беспроводные наушники Sazline Drop"},
            "kaa": {"name": "Sazline Drop sımsız qulaqlıqları"},
        },
        variants=(
            DemoVariant(
                sku="SZ-DROP-BLK",
                price=289_000,
                stock=33,
                attributes={"colour": "Black"},
                barcode="2047810012586",
                weight=85,
                ikpu="08518022001013000",
                package_code="1495203",
            ),
            DemoVariant(
                sku="SZ-DROP-WHT",
                price=289_000,
                stock=18,
                attributes={"colour": "White"},
                barcode="2047810012951",
                weight=85,
                ikpu="08518022001013000",
                package_code="1495203",
            ),
        ),
    ),
    DemoProduct(
        slug="sazline-studio-headphones",
        name="Sazline Studio headphones",
        category="audio",
        type="audio",
        description=(
            "Soft over-ear headphones that quiet the bus, the office and the neighbour's "
            "repairs. They work over Bluetooth or with the cable in the box."
        ),
        attributes={"brand": "Sazline", "warranty": "12", "battery": "800"},
        translations={
            "uz": {"name": "Sazline Studio quloqchinlari"},
            "ru": {"name": "Полноразмерные наушники Sazline Studio"},
            "kaa": {"name": "Sazline Studio qulaqlıqları"},
        },
        variants=(
            DemoVariant(
                sku="SZ-STUDIO-BLK",
                price=890_000,
                stock=7,
                attributes={"colour": "Black"},
                sale_price=749_000,
                barcode="2047810013323",
                weight=420,
                ikpu="08518022001014000",
                package_code="1495203",
            ),
            DemoVariant(
                sku="SZ-STUDIO-BEI",
                price=890_000,
                stock=4,
                attributes={"colour": "Beige"},
                sale_price=749_000,
                barcode="2047810013699",
                weight=420,
                ikpu="08518022001014000",
                package_code="1495203",
            ),
        ),
    ),
    DemoProduct(
        slug="sazline-picnic-speaker",
        name="Sazline Picnic portable speaker",
        category="audio",
        type="audio",
        description=(
            "A speaker with a carrying strap that plays for fifteen hours and does not mind "
            "river water or sand. Pair two of them for stereo."
        ),
        attributes={"brand": "Sazline", "warranty": "12", "power": "20", "battery": "5200"},
        translations={
            "uz": {"name": "Sazline Picnic portativ kolonkasi"},
            "ru": {"name": "Портативная колонка Sazline Picnic"},
            "kaa": {"name": "Sazline Picnic portativ kolonkası"},
        },
        variants=(
            DemoVariant(
                sku="SZ-PICNIC",
                price=459_000,
                stock=16,
                barcode="2047810014061",
                weight=690,
                ikpu="08518022001015000",
                package_code="1495203",
            ),
        ),
    ),
    DemoProduct(
        slug="sazline-soundbar",
        name="Sazline Hall soundbar",
        category="audio",
        type="audio",
        description=(
            "One long speaker under the television and a wireless bass box behind the sofa. "
            "Voices become clear, so you can finally lower the volume."
        ),
        attributes={"brand": "Sazline", "warranty": "24", "power": "160"},
        translations={
            "uz": {"name": "Sazline Hall saundbari"},
            "ru": {"name": "Саундбар Sazline Hall"},
            "kaa": {"name": "Sazline Hall saundbarı"},
        },
        variants=(
            DemoVariant(
                sku="SZ-HALL",
                price=1_690_000,
                stock=5,
                sale_price=1_490_000,
                barcode="2047810014436",
                weight=6800,
                ikpu="08518022001016000",
                package_code="1495203",
            ),
        ),
    ),
    DemoProduct(
        slug="sazline-duet-microphones",
        name="Sazline Duet wireless microphones",
        category="audio",
        type="audio",
        description=(
            "A pair of wireless microphones with a receiver for weddings, school evenings "
            "and karaoke. They reach fifty metres and run six hours on ordinary batteries."
        ),
        attributes={"brand": "Sazline", "warranty": "12"},
        translations={
            "uz": {"name": "Sazline Duet simsiz mikrofonlari"},
            "ru": {"name": "Беспроводные микрофоны Sazline Duet"},
            "kaa": {"name": "Sazline Duet sımsız mikrofonları"},
        },
        variants=(
            DemoVariant(
                sku="SZ-DUET",
                price=1_250_000,
                stock=0,
                barcode="2047810014801",
                weight=1400,
                ikpu="08518022001017000",
                package_code="1495203",
            ),
        ),
    ),
    DemoProduct(
        slug="sazline-table-radio",
        name="Sazline Retro table radio",
        category="audio",
        type="audio",
        description=(
            "A wooden radio with two honest knobs, FM stations and Bluetooth for everything "
            "else. It looks at home on a kitchen shelf."
        ),
        attributes={"brand": "Sazline", "warranty": "12", "material": "Wood", "power": "10"},
        translations={
            "uz": {"name": "Sazline Retro stol radiosi"},
            "ru": {"name": "Настольное радио Sazline Retro"},
            "kaa": {"name": "Sazline Retro stol radiosı"},
        },
        variants=(
            DemoVariant(
                sku="SZ-RETRO",
                price=395_000,
                stock=11,
                barcode="2047810015174",
                weight=1250,
                ikpu="08518022001018000",
                package_code="1495203",
            ),
        ),
    ),
    # --- Accessories ---
    DemoProduct(
        slug="quwatel-65w-charger",
        name="Quwatel 65 W charger",
        category="accessories",
        description=(
            "One charger for the laptop, the phone and the earbuds, with three sockets and "
            "a folding plug. It stays cool and protects itself from uneven mains voltage."
        ),
        attributes={"brand": "Quwatel", "warranty": "12", "power": "65"},
        translations={
            "uz": {"name": "Quwatel 65 W quvvatlagichi"},
            "ru": {"name": "Зарядное устройство Quwatel 65 Вт"},
            "kaa": {"name": "Quwatel 65 W zaryadlaw quralı"},
        },
        variants=(
            DemoVariant(
                sku="QW-CH65",
                price=199_000,
                stock=42,
                barcode="2047810015549",
                weight=160,
                ikpu="08504040003019000",
                package_code="1495247",
            ),
        ),
    ),
    DemoProduct(
        slug="quwatel-20000-power-bank",
        name="Quwatel 20000 power bank",
        category="accessories",
        description=(
            "Enough energy for four full phone charges on the train from Nukus to Tashkent. "
            "A small display shows the remaining charge in per cent."
        ),
        attributes={"brand": "Quwatel", "warranty": "6", "battery": "20000", "power": "22"},
        translations={
            "uz": {"name": "Quwatel 20000 tashqi batareyasi"},
            "ru": {"name": "Внешний аккумулятор Quwatel 20000"},
            "kaa": {"name": "Quwatel 20000 pauerbankı"},
        },
        variants=(
            DemoVariant(
                sku="QW-PB20-BLK",
                price=289_000,
                stock=19,
                attributes={"colour": "Black"},
                sale_price=249_000,
                barcode="2047810015914",
                weight=440,
                ikpu="08504040003020000",
                package_code="1495247",
            ),
            DemoVariant(
                sku="QW-PB20-WHT",
                price=289_000,
                stock=0,
                attributes={"colour": "White"},
                sale_price=249_000,
                barcode="2047810016287",
                weight=440,
                ikpu="08504040003020000",
                package_code="1495247",
            ),
        ),
    ),
    DemoProduct(
        slug="quwatel-usb-c-cable",
        name="Quwatel USB-C cable, 1.5 m",
        category="accessories",
        description=(
            "A braided cable with metal ends that does not fray at the bend. It carries up "
            "to 60 watts and files as well."
        ),
        attributes={"brand": "Quwatel", "warranty": "6"},
        translations={
            "uz": {"name": "Quwatel USB-C kabeli, 1,5 m"},
            "ru": {"name": "Кабель Quwatel USB-C, 1,5 м"},
            "kaa": {"name": "Quwatel USB-C kabeli, 1,5 m"},
        },
        variants=(
            DemoVariant(
                sku="QW-CAB15",
                price=39_000,
                stock=150,
                barcode="2047810016652",
                weight=45,
                ikpu="08504040003021000",
                package_code="1495247",
            ),
        ),
    ),
    DemoProduct(
        slug="felt-phone-sleeve",
        name="Embroidered felt phone sleeve",
        category="accessories",
        categories=("handicrafts",),
        description=(
            "Thick felt, cut and embroidered by hand in Chimbay with the ram's-horn "
            "pattern. It fits phones of up to 6.7 inches."
        ),
        attributes={"brand": "Amudar Crafts", "material": "Felt", "handmade": "true"},
        translations={
            "uz": {"name": "Kashtali kigiz telefon gʻilofi"},
            "ru": {"name": "Войлочный чехол для телефона с вышивкой"},
            "kaa": {"name": "Kesteli kiyiz telefon qabı"},
        },
        variants=(
            DemoVariant(
                sku="AC-SLEEVE",
                price=85_000,
                stock=13,
                barcode="2047810017024",
                weight=70,
                ikpu="08504040003022000",
                package_code="1495247",
            ),
        ),
    ),
    DemoProduct(
        slug="quwatel-car-phone-holder",
        name="Quwatel car phone holder",
        category="accessories",
        description=(
            "A firm holder for the air vent that keeps any phone still even on a country "
            "road. One hand is enough to put the phone in or take it out."
        ),
        attributes={"brand": "Quwatel", "warranty": "6", "material": "Plastic"},
        translations={
            "uz": {"name": "Quwatel avtomobil telefon ushlagichi"},
            "ru": {"name": "Автомобильный держатель для телефона Quwatel"},
            "kaa": {"name": "Quwatel avtomobil telefon uslaǵıshı"},
        },
        variants=(
            DemoVariant(
                sku="QW-HOLD",
                price=69_000,
                stock=28,
                barcode="2047810017390",
                weight=120,
                ikpu="08504040003023000",
                package_code="1495247",
            ),
        ),
    ),
    DemoProduct(
        slug="microfibre-screen-cloth",
        name="Microfibre screen cloth",
        category="accessories",
        description=(
            "A soft cloth that takes fingerprints off screens and glasses without any "
            "liquid. Wash it by hand and it will serve for years."
        ),
        attributes={"brand": "Quwatel"},
        translations={
            "uz": {"name": "Ekran uchun mikrofibra latta"},
            "ru": {"name": "Салфетка из микрофибры для экрана"},
            "kaa": {"name": "Ekran ushın mikrofibra shúberek"},
        },
        variants=(
            DemoVariant(
                sku="QW-CLOTH",
                price=9000,
                stock=240,
                barcode="2047810017765",
                weight=15,
                ikpu="08504040003024000",
                package_code="1495247",
            ),
        ),
    ),
    # --- Women's clothing ---
    DemoProduct(
        slug="adras-midi-dress",
        name="Adras midi dress",
        category="womens-clothing",
        type="garment",
        description=(
            "A midi dress of real adras with a soft shine and a pattern that is never quite "
            "the same twice. It has pockets in the side seams and a belt of the same cloth."
        ),
        attributes={
            "brand": "Laylikon",
            "material": "Silk and cotton",
            "care": "Hand wash at 30 °C, iron inside out",
        },
        translations={
            "uz": {"name": "Adrasdan midi koʻylak"},
            "ru": {"name": "Платье миди из адраса"},
            "kaa": {"name": "Adrastan midi kóylek"},
        },
        variants=(
            DemoVariant(
                sku="LY-ADRAS-RED-S",
                price=549_000,
                stock=4,
                attributes={"colour": "Red", "size": "S"},
                barcode="2047810018137",
                weight=360,
                ikpu="06204042001025000",
                package_code="1506310",
            ),
            DemoVariant(
                sku="LY-ADRAS-RED-M",
                price=549_000,
                stock=6,
                attributes={"colour": "Red", "size": "M"},
                barcode="2047810018502",
                weight=360,
                ikpu="06204042001025000",
                package_code="1506310",
            ),
            DemoVariant(
                sku="LY-ADRAS-RED-L",
                price=549_000,
                stock=3,
                attributes={"colour": "Red", "size": "L"},
                barcode="2047810018878",
                weight=360,
                ikpu="06204042001025000",
                package_code="1506310",
            ),
            DemoVariant(
                sku="LY-ADRAS-BLU-S",
                price=549_000,
                stock=3,
                attributes={"colour": "Blue", "size": "S"},
                sale_price=459_000,
                barcode="2047810019240",
                weight=360,
                ikpu="06204042001025000",
                package_code="1506310",
            ),
            DemoVariant(
                sku="LY-ADRAS-BLU-M",
                price=549_000,
                stock=5,
                attributes={"colour": "Blue", "size": "M"},
                sale_price=459_000,
                barcode="2047810019615",
                weight=360,
                ikpu="06204042001025000",
                package_code="1506310",
            ),
            DemoVariant(
                sku="LY-ADRAS-BLU-L",
                price=549_000,
                stock=0,
                attributes={"colour": "Blue", "size": "L"},
                sale_price=459_000,
                barcode="2047810019981",
                weight=360,
                ikpu="06204042001025000",
                package_code="1506310",
            ),
        ),
    ),
    DemoProduct(
        slug="linen-summer-dress",
        name="Linen summer dress",
        category="womens-clothing",
        type="garment",
        description=(
            "A loose dress of washed linen for the hottest weeks, long enough for a visit "
            "and light enough for the garden. It dries in an hour and looks better "
            "unironed."
        ),
        attributes={"brand": "Laylikon", "material": "Linen", "care": "Machine wash at 40 °C"},
        translations={
            "uz": {"name": "Yozgi zigʻir koʻylak"},
            "ru": {"name": "Летнее льняное платье"},
            "kaa": {"name": "Jazǵı zıǵır kóylek"},
        },
        variants=(
            DemoVariant(
                sku="LY-LINEN-BEI-S",
                price=429_000,
                stock=5,
                attributes={"colour": "Beige", "size": "S"},
                sale_price=349_000,
                barcode="2047810020352",
                weight=310,
                ikpu="06204042001026000",
                package_code="1506310",
            ),
            DemoVariant(
                sku="LY-LINEN-BEI-M",
                price=429_000,
                stock=7,
                attributes={"colour": "Beige", "size": "M"},
                sale_price=349_000,
                barcode="2047810020727",
                weight=310,
                ikpu="06204042001026000",
                package_code="1506310",
            ),
            DemoVariant(
                sku="LY-LINEN-BEI-L",
                price=429_000,
                stock=6,
                attributes={"colour": "Beige", "size": "L"},
                sale_price=349_000,
                barcode="2047810021090",
                weight=310,
                ikpu="06204042001026000",
                package_code="1506310",
            ),
            DemoVariant(
                sku="LY-LINEN-BEI-XL",
                price=429_000,
                stock=2,
                attributes={"colour": "Beige", "size": "XL"},
                sale_price=349_000,
                barcode="2047810021465",
                weight=310,
                ikpu="06204042001026000",
                package_code="1506310",
            ),
            DemoVariant(
                sku="LY-LINEN-GRN-S",
                price=429_000,
                stock=4,
                attributes={"colour": "Green", "size": "S"},
                sale_price=349_000,
                barcode="2047810021830",
                weight=310,
                ikpu="06204042001026000",
                package_code="1506310",
            ),
            DemoVariant(
                sku="LY-LINEN-GRN-M",
                price=429_000,
                stock=6,
                attributes={"colour": "Green", "size": "M"},
                sale_price=349_000,
                barcode="2047810022202",
                weight=310,
                ikpu="06204042001026000",
                package_code="1506310",
            ),
            DemoVariant(
                sku="LY-LINEN-GRN-L",
                price=429_000,
                stock=4,
                attributes={"colour": "Green", "size": "L"},
                sale_price=349_000,
                barcode="2047810022578",
                weight=310,
                ikpu="06204042001026000",
                package_code="1506310",
            ),
            DemoVariant(
                sku="LY-LINEN-GRN-XL",
                price=429_000,
                stock=1,
                attributes={"colour": "Green", "size": "XL"},
                sale_price=349_000,
                barcode="2047810022943",
                weight=310,
                ikpu="06204042001026000",
                package_code="1506310",
            ),
        ),
    ),
    DemoProduct(
        slug="wool-wrap-coat",
        name="Wool wrap coat",
        category="womens-clothing",
        type="garment",
        description=(
            "A warm coat that closes with a belt, cut wide enough for a thick sweater "
            "underneath. The lining is quilted and the collar stands up against the wind."
        ),
        attributes={"brand": "Laylikon", "material": "Wool", "care": "Dry clean only"},
        translations={
            "uz": {"name": "Jun palto"},
            "ru": {"name": "Шерстяное пальто с поясом"},
            "kaa": {"name": "Jún palto"},
        },
        variants=(
            DemoVariant(
                sku="LY-COAT-BEI-S",
                price=1_190_000,
                stock=2,
                attributes={"colour": "Beige", "size": "S"},
                barcode="2047810023315",
                weight=1450,
                ikpu="06204042001027000",
                package_code="1506310",
            ),
            DemoVariant(
                sku="LY-COAT-BEI-M",
                price=1_190_000,
                stock=4,
                attributes={"colour": "Beige", "size": "M"},
                barcode="2047810023681",
                weight=1450,
                ikpu="06204042001027000",
                package_code="1506310",
            ),
            DemoVariant(
                sku="LY-COAT-BEI-L",
                price=1_190_000,
                stock=3,
                attributes={"colour": "Beige", "size": "L"},
                barcode="2047810024053",
                weight=1450,
                ikpu="06204042001027000",
                package_code="1506310",
            ),
            DemoVariant(
                sku="LY-COAT-BLK-S",
                price=1_190_000,
                stock=3,
                attributes={"colour": "Black", "size": "S"},
                barcode="2047810024428",
                weight=1450,
                ikpu="06204042001027000",
                package_code="1506310",
            ),
            DemoVariant(
                sku="LY-COAT-BLK-M",
                price=1_190_000,
                stock=3,
                attributes={"colour": "Black", "size": "M"},
                barcode="2047810024794",
                weight=1450,
                ikpu="06204042001027000",
                package_code="1506310",
            ),
            DemoVariant(
                sku="LY-COAT-BLK-L",
                price=1_190_000,
                stock=2,
                attributes={"colour": "Black", "size": "L"},
                barcode="2047810025166",
                weight=1450,
                ikpu="06204042001027000",
                package_code="1506310",
            ),
        ),
    ),
    DemoProduct(
        slug="embroidered-cotton-blouse",
        name="Embroidered cotton blouse",
        category="womens-clothing",
        type="garment",
        description=(
            "A white-collar classic softened by a narrow line of embroidery at the cuffs. "
            "The cotton is dense enough not to show through."
        ),
        attributes={"brand": "Laylikon", "material": "Cotton", "care": "Machine wash at 30 °C"},
        translations={
            "uz": {"name": "Kashtali paxta bluzka"},
            "ru": {"name": "Хлопковая блузка с вышивкой"},
            "kaa": {"name": "Kesteli paxta bluzka"},
        },
        variants=(
            DemoVariant(
                sku="LY-BLOUSE-WHT-S",
                price=319_000,
                stock=6,
                attributes={"colour": "White", "size": "S"},
                barcode="2047810025531",
                weight=220,
                ikpu="06204042001028000",
                package_code="1506310",
            ),
            DemoVariant(
                sku="LY-BLOUSE-WHT-M",
                price=319_000,
                stock=8,
                attributes={"colour": "White", "size": "M"},
                barcode="2047810025906",
                weight=220,
                ikpu="06204042001028000",
                package_code="1506310",
            ),
            DemoVariant(
                sku="LY-BLOUSE-WHT-L",
                price=319_000,
                stock=5,
                attributes={"colour": "White", "size": "L"},
                barcode="2047810026279",
                weight=220,
                ikpu="06204042001028000",
                package_code="1506310",
            ),
            DemoVariant(
                sku="LY-BLOUSE-NVY-S",
                price=319_000,
                stock=4,
                attributes={"colour": "Navy", "size": "S"},
                barcode="2047810026644",
                weight=220,
                ikpu="06204042001028000",
                package_code="1506310",
            ),
            DemoVariant(
                sku="LY-BLOUSE-NVY-M",
                price=319_000,
                stock=0,
                attributes={"colour": "Navy", "size": "M"},
                barcode="2047810027016",
                weight=220,
                ikpu="06204042001028000",
                package_code="1506310",
            ),
            DemoVariant(
                sku="LY-BLOUSE-NVY-L",
                price=319_000,
                stock=3,
                attributes={"colour": "Navy", "size": "L"},
                barcode="2047810027382",
                weight=220,
                ikpu="06204042001028000",
                package_code="1506310",
            ),
        ),
    ),
    DemoProduct(
        slug="silk-headscarf",
        name="Hand-rolled silk headscarf",
        category="womens-clothing",
        type="garment",
        categories=("handicrafts",),
        description=(
            "A square of light silk, 90 centimetres on each side, dyed in small batches and "
            "hemmed by hand. It comes folded in a cardboard envelope, ready to be given."
        ),
        attributes={
            "brand": "Laylikon",
            "material": "Silk",
            "handmade": "true",
            "care": "Hand wash in cold water",
        },
        translations={
            "uz": {"name": "Ipak roʻmol"},
            "ru": {"name": "Шёлковый платок ручной работы"},
            "kaa": {"name": "Jipek oramal"},
        },
        variants=(
            DemoVariant(
                sku="LY-SCARF",
                price=165_000,
                stock=22,
                barcode="2047810027757",
                weight=60,
                ikpu="06204042001029000",
                package_code="1506310",
            ),
        ),
    ),
    DemoProduct(
        slug="cotton-house-robe",
        name="Cotton house robe",
        category="womens-clothing",
        type="garment",
        description=(
            "A comfortable robe with a zip, wide sleeves and two deep pockets. One size, "
            "made to fit from M to XL."
        ),
        attributes={"brand": "Laylikon", "material": "Cotton", "care": "Machine wash at 40 °C"},
        translations={
            "uz": {"name": "Paxta uy xalati"},
            "ru": {"name": "Хлопковый домашний халат"},
            "kaa": {"name": "Paxta úy xalatı"},
        },
        variants=(
            DemoVariant(
                sku="LY-ROBE",
                price=219_000,
                stock=15,
                barcode="2047810028129",
                weight=480,
                ikpu="06204042001030000",
                package_code="1506310",
            ),
        ),
    ),
    # --- Men's clothing ---
    DemoProduct(
        slug="cotton-oxford-shirt",
        name="Cotton Oxford shirt",
        category="mens-clothing",
        type="garment",
        description=(
            "A sturdy shirt with a button-down collar that works with a jacket and without "
            "one. After a few washes it becomes the one you reach for first."
        ),
        attributes={"brand": "Jeyranco", "material": "Cotton", "care": "Machine wash at 40 °C"},
        translations={
            "uz": {"name": "Erkaklar uchun paxta koʻylak"},
            "ru": {"name": "Мужская хлопковая рубашка"},
            "kaa": {"name": "Erkekler ushın paxta kóylek"},
        },
        variants=(
            DemoVariant(
                sku="JR-OXFORD-WHT-M",
                price=259_000,
                stock=9,
                attributes={"colour": "White", "size": "M"},
                barcode="2047810028495",
                weight=290,
                ikpu="06205020002031000",
                package_code="1506324",
            ),
            DemoVariant(
                sku="JR-OXFORD-WHT-L",
                price=259_000,
                stock=12,
                attributes={"colour": "White", "size": "L"},
                barcode="2047810028860",
                weight=290,
                ikpu="06205020002031000",
                package_code="1506324",
            ),
            DemoVariant(
                sku="JR-OXFORD-WHT-XL",
                price=259_000,
                stock=8,
                attributes={"colour": "White", "size": "XL"},
                barcode="2047810029232",
                weight=290,
                ikpu="06205020002031000",
                package_code="1506324",
            ),
            DemoVariant(
                sku="JR-OXFORD-WHT-XXL",
                price=259_000,
                stock=4,
                attributes={"colour": "White", "size": "XXL"},
                barcode="2047810029607",
                weight=290,
                ikpu="06205020002031000",
                package_code="1506324",
            ),
            DemoVariant(
                sku="JR-OXFORD-BLU-M",
                price=259_000,
                stock=7,
                attributes={"colour": "Blue", "size": "M"},
                barcode="2047810029973",
                weight=290,
                ikpu="06205020002031000",
                package_code="1506324",
            ),
            DemoVariant(
                sku="JR-OXFORD-BLU-L",
                price=259_000,
                stock=10,
                attributes={"colour": "Blue", "size": "L"},
                barcode="2047810030344",
                weight=290,
                ikpu="06205020002031000",
                package_code="1506324",
            ),
            DemoVariant(
                sku="JR-OXFORD-BLU-XL",
                price=259_000,
                stock=6,
                attributes={"colour": "Blue", "size": "XL"},
                barcode="2047810030719",
                weight=290,
                ikpu="06205020002031000",
                package_code="1506324",
            ),
            DemoVariant(
                sku="JR-OXFORD-BLU-XXL",
                price=259_000,
                stock=0,
                attributes={"colour": "Blue", "size": "XXL"},
                barcode="2047810031082",
                weight=290,
                ikpu="06205020002031000",
                package_code="1506324",
            ),
        ),
    ),
    DemoProduct(
        slug="wool-crew-neck-sweater",
        name="Wool crew-neck sweater",
        category="mens-clothing",
        type="garment",
        description=(
            "Knitted from soft sheep's wool with a close collar and ribbed cuffs. Warm "
            "enough for a Nukus winter, smart enough for the office."
        ),
        attributes={
            "brand": "Jeyranco",
            "material": "Wool",
            "care": "Hand wash at 30 °C, dry flat",
        },
        translations={
            "uz": {"name": "Jun sviter"},
            "ru": {"name": "Шерстяной свитер"},
            "kaa": {"name": "Jún sviter"},
        },
        variants=(
            DemoVariant(
                sku="JR-SWEATER-NVY-M",
                price=389_000,
                stock=4,
                attributes={"colour": "Navy", "size": "M"},
                sale_price=319_000,
                barcode="2047810031457",
                weight=520,
                ikpu="06205020002032000",
                package_code="1506324",
            ),
            DemoVariant(
                sku="JR-SWEATER-NVY-L",
                price=389_000,
                stock=6,
                attributes={"colour": "Navy", "size": "L"},
                sale_price=319_000,
                barcode="2047810031822",
                weight=520,
                ikpu="06205020002032000",
                package_code="1506324",
            ),
            DemoVariant(
                sku="JR-SWEATER-NVY-XL",
                price=389_000,
                stock=3,
                attributes={"colour": "Navy", "size": "XL"},
                sale_price=319_000,
                barcode="2047810032195",
                weight=520,
                ikpu="06205020002032000",
                package_code="1506324",
            ),
            DemoVariant(
                sku="JR-SWEATER-BRG-M",
                price=389_000,
                stock=3,
                attributes={"colour": "Burgundy", "size": "M"},
                sale_price=319_000,
                barcode="2047810032560",
                weight=520,
                ikpu="06205020002032000",
                package_code="1506324",
            ),
            DemoVariant(
                sku="JR-SWEATER-BRG-L",
                price=389_000,
                stock=5,
                attributes={"colour": "Burgundy", "size": "L"},
                sale_price=319_000,
                barcode="2047810032935",
                weight=520,
                ikpu="06205020002032000",
                package_code="1506324",
            ),
            DemoVariant(
                sku="JR-SWEATER-BRG-XL",
                price=389_000,
                stock=2,
                attributes={"colour": "Burgundy", "size": "XL"},
                sale_price=319_000,
                barcode="2047810033307",
                weight=520,
                ikpu="06205020002032000",
                package_code="1506324",
            ),
        ),
    ),
    DemoProduct(
        slug="straight-leg-jeans",
        name="Straight-leg jeans",
        category="mens-clothing",
        type="garment",
        description=(
            "Plain five-pocket jeans in heavy denim with a straight leg and strong seams. "
            "They keep their shape at the knee."
        ),
        attributes={
            "brand": "Jeyranco",
            "material": "Denim",
            "care": "Machine wash at 30 °C, inside out",
        },
        translations={
            "uz": {"name": "Toʻgʻri bichimli jinsi"},
            "ru": {"name": "Прямые джинсы"},
            "kaa": {"name": "Tuwrı pishimli djinsı"},
        },
        variants=(
            DemoVariant(
                sku="JR-JEANS-NVY-M",
                price=349_000,
                stock=8,
                attributes={"colour": "Navy", "size": "M"},
                barcode="2047810033673",
                weight=720,
                ikpu="06205020002033000",
                package_code="1506324",
            ),
            DemoVariant(
                sku="JR-JEANS-NVY-L",
                price=349_000,
                stock=9,
                attributes={"colour": "Navy", "size": "L"},
                barcode="2047810034045",
                weight=720,
                ikpu="06205020002033000",
                package_code="1506324",
            ),
            DemoVariant(
                sku="JR-JEANS-NVY-XL",
                price=349_000,
                stock=5,
                attributes={"colour": "Navy", "size": "XL"},
                barcode="2047810034410",
                weight=720,
                ikpu="06205020002033000",
                package_code="1506324",
            ),
            DemoVariant(
                sku="JR-JEANS-BLK-M",
                price=349_000,
                stock=6,
                attributes={"colour": "Black", "size": "M"},
                barcode="2047810034786",
                weight=720,
                ikpu="06205020002033000",
                package_code="1506324",
            ),
            DemoVariant(
                sku="JR-JEANS-BLK-L",
                price=349_000,
                stock=7,
                attributes={"colour": "Black", "size": "L"},
                barcode="2047810035158",
                weight=720,
                ikpu="06205020002033000",
                package_code="1506324",
            ),
            DemoVariant(
                sku="JR-JEANS-BLK-XL",
                price=349_000,
                stock=4,
                attributes={"colour": "Black", "size": "XL"},
                barcode="2047810035523",
                weight=720,
                ikpu="06205020002033000",
                package_code="1506324",
            ),
        ),
    ),
    DemoProduct(
        slug="quilted-winter-jacket",
        name="Quilted winter jacket",
        category="mens-clothing",
        type="garment",
        description=(
            "A light jacket that holds the warmth down to minus twenty, with a hood that "
            "comes off. The outer cloth sheds snow and light rain."
        ),
        attributes={
            "brand": "Jeyranco",
            "material": "Polyester",
            "care": "Machine wash at 30 °C, gentle",
        },
        translations={
            "uz": {"name": "Qishki kurtka"},
            "ru": {"name": "Зимняя стёганая куртка"},
            "kaa": {"name": "Qısqı kurtka"},
        },
        variants=(
            DemoVariant(
                sku="JR-WINTER-BLK-M",
                price=899_000,
                stock=3,
                attributes={"colour": "Black", "size": "M"},
                barcode="2047810035899",
                weight=1100,
                ikpu="06205020002034000",
                package_code="1506324",
            ),
            DemoVariant(
                sku="JR-WINTER-BLK-L",
                price=899_000,
                stock=5,
                attributes={"colour": "Black", "size": "L"},
                barcode="2047810036261",
                weight=1100,
                ikpu="06205020002034000",
                package_code="1506324",
            ),
            DemoVariant(
                sku="JR-WINTER-BLK-XL",
                price=899_000,
                stock=4,
                attributes={"colour": "Black", "size": "XL"},
                barcode="2047810036636",
                weight=1100,
                ikpu="06205020002034000",
                package_code="1506324",
            ),
            DemoVariant(
                sku="JR-WINTER-GRN-M",
                price=899_000,
                stock=2,
                attributes={"colour": "Green", "size": "M"},
                sale_price=749_000,
                barcode="2047810037008",
                weight=1100,
                ikpu="06205020002034000",
                package_code="1506324",
            ),
            DemoVariant(
                sku="JR-WINTER-GRN-L",
                price=899_000,
                stock=3,
                attributes={"colour": "Green", "size": "L"},
                sale_price=749_000,
                barcode="2047810037374",
                weight=1100,
                ikpu="06205020002034000",
                package_code="1506324",
            ),
            DemoVariant(
                sku="JR-WINTER-GRN-XL",
                price=899_000,
                stock=0,
                attributes={"colour": "Green", "size": "XL"},
                sale_price=749_000,
                barcode="2047810037749",
                weight=1100,
                ikpu="06205020002034000",
                package_code="1506324",
            ),
        ),
    ),
    DemoProduct(
        slug="leather-belt",
        name="Plain leather belt",
        category="mens-clothing",
        description=(
            "One strip of thick leather and a steel buckle, nothing to peel or break. Cut "
            "to length with kitchen scissors: the buckle is screwed on."
        ),
        attributes={"brand": "Jeyranco", "material": "Leather", "warranty": "24"},
        translations={
            "uz": {"name": "Charm kamar"},
            "ru": {"name": "Кожаный ремень"},
            "kaa": {"name": "Teri belbew"},
        },
        variants=(
            DemoVariant(
                sku="JR-BELT",
                price=149_000,
                stock=26,
                barcode="2047810038111",
                weight=210,
                ikpu="06205020002035000",
                package_code="1506324",
            ),
        ),
    ),
    DemoProduct(
        slug="festive-chapan",
        name="Festive quilted chapan",
        category="mens-clothing",
        type="garment",
        categories=("handicrafts",),
        description=(
            "A long quilted coat of adras with a cotton lining, sewn to order for weddings "
            "and jubilees. Each one takes the workshop about a week."
        ),
        attributes={
            "brand": "Jeyranco",
            "material": "Silk and cotton",
            "handmade": "true",
            "care": "Dry clean only",
        },
        translations={
            "uz": {"name": "Bayramona chopon"},
            "ru": {"name": "Праздничный стёганый чапан"},
            "kaa": {"name": "Bayram shapanı"},
        },
        variants=(
            DemoVariant(
                sku="JR-CHAPAN",
                price=1_450_000,
                stock=0,
                barcode="2047810038487",
                weight=1700,
                ikpu="06205020002036000",
                package_code="1506324",
            ),
        ),
    ),
    # --- Children's clothing ---
    DemoProduct(
        slug="kids-rain-jacket",
        name="Children's rain jacket",
        category="kids-clothing",
        type="garment",
        description=(
            "Taped seams, a long back and a reflective stripe that cars can see in the "
            "dusk. The sleeves can be let out by one size."
        ),
        attributes={"brand": "Botashiq", "material": "Polyester", "care": "Machine wash at 30 °C"},
        translations={
            "uz": {"name": "Bolalar yomgʻir kurtkasi"},
            "ru": {"name": "Детская непромокаемая куртка"},
            "kaa": {"name": "Balalar ushın jawın kurtkası"},
        },
        variants=(
            DemoVariant(
                sku="BT-RAIN-MST-104",
                price=279_000,
                stock=5,
                attributes={"colour": "Mustard", "size": "104"},
                barcode="2047810038852",
                weight=330,
                ikpu="06209020001037000",
                package_code="1506351",
            ),
            DemoVariant(
                sku="BT-RAIN-MST-116",
                price=279_000,
                stock=6,
                attributes={"colour": "Mustard", "size": "116"},
                barcode="2047810039224",
                weight=330,
                ikpu="06209020001037000",
                package_code="1506351",
            ),
            DemoVariant(
                sku="BT-RAIN-MST-128",
                price=279_000,
                stock=3,
                attributes={"colour": "Mustard", "size": "128"},
                barcode="2047810039590",
                weight=330,
                ikpu="06209020001037000",
                package_code="1506351",
            ),
            DemoVariant(
                sku="BT-RAIN-BLU-104",
                price=279_000,
                stock=4,
                attributes={"colour": "Blue", "size": "104"},
                barcode="2047810039965",
                weight=330,
                ikpu="06209020001037000",
                package_code="1506351",
            ),
            DemoVariant(
                sku="BT-RAIN-BLU-116",
                price=279_000,
                stock=6,
                attributes={"colour": "Blue", "size": "116"},
                barcode="2047810040336",
                weight=330,
                ikpu="06209020001037000",
                package_code="1506351",
            ),
            DemoVariant(
                sku="BT-RAIN-BLU-128",
                price=279_000,
                stock=5,
                attributes={"colour": "Blue", "size": "128"},
                barcode="2047810040701",
                weight=330,
                ikpu="06209020001037000",
                package_code="1506351",
            ),
        ),
    ),
    DemoProduct(
        slug="kids-cotton-pyjamas",
        name="Children's cotton pyjamas",
        category="kids-clothing",
        type="garment",
        description=(
            "Soft two-piece pyjamas with a pattern of melons and stars and no labels that "
            "scratch. The waistband is wide and gentle."
        ),
        attributes={"brand": "Botashiq", "material": "Cotton", "care": "Machine wash at 40 °C"},
        translations={
            "uz": {"name": "Bolalar paxta pijamasi"},
            "ru": {"name": "Детская хлопковая пижама"},
            "kaa": {"name": "Balalar paxta pijaması"},
        },
        variants=(
            DemoVariant(
                sku="BT-PYJAMA-PNK-98",
                price=129_000,
                stock=12,
                attributes={"colour": "Pink", "size": "98"},
                sale_price=99_000,
                barcode="2047810041074",
                weight=190,
                ikpu="06209020001038000",
                package_code="1506351",
            ),
            DemoVariant(
                sku="BT-PYJAMA-PNK-110",
                price=129_000,
                stock=14,
                attributes={"colour": "Pink", "size": "110"},
                sale_price=99_000,
                barcode="2047810041449",
                weight=190,
                ikpu="06209020001038000",
                package_code="1506351",
            ),
            DemoVariant(
                sku="BT-PYJAMA-PNK-122",
                price=129_000,
                stock=9,
                attributes={"colour": "Pink", "size": "122"},
                sale_price=99_000,
                barcode="2047810041814",
                weight=190,
                ikpu="06209020001038000",
                package_code="1506351",
            ),
            DemoVariant(
                sku="BT-PYJAMA-TRQ-98",
                price=129_000,
                stock=10,
                attributes={"colour": "Turquoise", "size": "98"},
                sale_price=99_000,
                barcode="2047810042187",
                weight=190,
                ikpu="06209020001038000",
                package_code="1506351",
            ),
            DemoVariant(
                sku="BT-PYJAMA-TRQ-110",
                price=129_000,
                stock=11,
                attributes={"colour": "Turquoise", "size": "110"},
                sale_price=99_000,
                barcode="2047810042552",
                weight=190,
                ikpu="06209020001038000",
                package_code="1506351",
            ),
            DemoVariant(
                sku="BT-PYJAMA-TRQ-122",
                price=129_000,
                stock=0,
                attributes={"colour": "Turquoise", "size": "122"},
                sale_price=99_000,
                barcode="2047810042927",
                weight=190,
                ikpu="06209020001038000",
                package_code="1506351",
            ),
        ),
    ),
    DemoProduct(
        slug="kids-fleece-suit",
        name="Children's fleece suit",
        category="kids-clothing",
        type="garment",
        description=(
            "A jacket and trousers of thick fleece for the cool half of the year, under a "
            "coat or instead of one. The zip has a guard at the chin."
        ),
        attributes={"brand": "Botashiq", "material": "Fleece", "care": "Machine wash at 30 °C"},
        translations={
            "uz": {"name": "Bolalar flis kostyumi"},
            "ru": {"name": "Детский флисовый костюм"},
            "kaa": {"name": "Balalar flis kostyumı"},
        },
        variants=(
            DemoVariant(
                sku="BT-FLEECE-GRY-98",
                price=199_000,
                stock=4,
                attributes={"colour": "Grey", "size": "98"},
                barcode="2047810043290",
                weight=380,
                ikpu="06209020001039000",
                package_code="1506351",
            ),
            DemoVariant(
                sku="BT-FLEECE-GRY-104",
                price=199_000,
                stock=7,
                attributes={"colour": "Grey", "size": "104"},
                barcode="2047810043665",
                weight=380,
                ikpu="06209020001039000",
                package_code="1506351",
            ),
            DemoVariant(
                sku="BT-FLEECE-GRY-110",
                price=199_000,
                stock=6,
                attributes={"colour": "Grey", "size": "110"},
                barcode="2047810044037",
                weight=380,
                ikpu="06209020001039000",
                package_code="1506351",
            ),
            DemoVariant(
                sku="BT-FLEECE-RED-98",
                price=199_000,
                stock=5,
                attributes={"colour": "Red", "size": "98"},
                barcode="2047810044402",
                weight=380,
                ikpu="06209020001039000",
                package_code="1506351",
            ),
            DemoVariant(
                sku="BT-FLEECE-RED-104",
                price=199_000,
                stock=6,
                attributes={"colour": "Red", "size": "104"},
                barcode="2047810044778",
                weight=380,
                ikpu="06209020001039000",
                package_code="1506351",
            ),
            DemoVariant(
                sku="BT-FLEECE-RED-110",
                price=199_000,
                stock=3,
                attributes={"colour": "Red", "size": "110"},
                barcode="2047810045140",
                weight=380,
                ikpu="06209020001039000",
                package_code="1506351",
            ),
        ),
    ),
    DemoProduct(
        slug="kids-knitted-hat",
        name="Children's knitted hat",
        category="kids-clothing",
        type="garment",
        description=(
            "A double-knitted hat with ear flaps and a pompon that is sewn on to stay. It "
            "stretches from the age of three to seven."
        ),
        attributes={"brand": "Botashiq", "material": "Wool"},
        translations={
            "uz": {"name": "Bolalar toʻqima qalpoqchasi"},
            "ru": {"name": "Детская вязаная шапка"},
            "kaa": {"name": "Balalar toqıma qalpaǵı"},
        },
        variants=(
            DemoVariant(
                sku="BT-HAT",
                price=59_000,
                stock=35,
                barcode="2047810045515",
                weight=80,
                ikpu="06209020001040000",
                package_code="1506351",
            ),
        ),
    ),
    DemoProduct(
        slug="kids-school-backpack",
        name="Children's school backpack",
        category="kids-clothing",
        description=(
            "A light backpack with a firm back, a chest strap and a separate pocket for the "
            "lunch box. The bottom is waterproof, because it will be put down in a puddle."
        ),
        attributes={"brand": "Botashiq", "material": "Polyester", "volume": "18", "warranty": "12"},
        translations={
            "uz": {"name": "Maktab ryukzagi"},
            "ru": {"name": "Детский школьный рюкзак"},
            "kaa": {"name": "Mektep ryukzagı"},
        },
        variants=(
            DemoVariant(
                sku="BT-BAG",
                price=239_000,
                stock=17,
                sale_price=199_000,
                barcode="2047810045881",
                weight=750,
                ikpu="06209020001041000",
                package_code="1506351",
            ),
        ),
    ),
    DemoProduct(
        slug="knitted-baby-blanket",
        name="Knitted baby blanket",
        category="kids-clothing",
        type="garment",
        categories=("home-textiles",),
        description=(
            "An airy cotton blanket for the pram and the cradle, 80 by 100 centimetres. It "
            "comes in a linen bag, as a present should."
        ),
        attributes={
            "brand": "Botashiq",
            "material": "Cotton",
            "handmade": "true",
            "care": "Machine wash at 30 °C, gentle",
        },
        translations={
            "uz": {"name": "Chaqaloqlar uchun toʻqima adyol"},
            "ru": {"name": "Вязаный плед для новорождённого"},
            "kaa": {"name": "Bópeler ushın toqıma kórpe"},
        },
        variants=(
            DemoVariant(
                sku="BT-BABY",
                price=175_000,
                stock=9,
                barcode="2047810046253",
                weight=420,
                ikpu="06209020001042000",
                package_code="1506351",
            ),
        ),
    ),
    # --- Shoes ---
    DemoProduct(
        slug="leather-chelsea-boots",
        name="Leather Chelsea boots",
        category="shoes",
        type="shoes",
        description=(
            "Ankle boots of full-grain leather with elastic sides and a stitched rubber "
            "sole. The sole can be replaced by any shoemaker."
        ),
        attributes={"brand": "Qademo", "material": "Leather", "warranty": "6"},
        translations={
            "uz": {"name": "Charm etik"},
            "ru": {"name": "Кожаные ботинки челси"},
            "kaa": {"name": "Teri etik"},
        },
        variants=(
            DemoVariant(
                sku="QD-CHELSEA-BLK-40",
                price=790_000,
                stock=2,
                attributes={"colour": "Black", "size": "40"},
                barcode="2047810046628",
                weight=1250,
                ikpu="06403051002043000",
                package_code="1506402",
            ),
            DemoVariant(
                sku="QD-CHELSEA-BLK-41",
                price=790_000,
                stock=4,
                attributes={"colour": "Black", "size": "41"},
                barcode="2047810046994",
                weight=1250,
                ikpu="06403051002043000",
                package_code="1506402",
            ),
            DemoVariant(
                sku="QD-CHELSEA-BLK-42",
                price=790_000,
                stock=5,
                attributes={"colour": "Black", "size": "42"},
                barcode="2047810047366",
                weight=1250,
                ikpu="06403051002043000",
                package_code="1506402",
            ),
            DemoVariant(
                sku="QD-CHELSEA-BLK-43",
                price=790_000,
                stock=3,
                attributes={"colour": "Black", "size": "43"},
                barcode="2047810047731",
                weight=1250,
                ikpu="06403051002043000",
                package_code="1506402",
            ),
            DemoVariant(
                sku="QD-CHELSEA-BRN-40",
                price=790_000,
                stock=3,
                attributes={"colour": "Brown", "size": "40"},
                barcode="2047810048103",
                weight=1250,
                ikpu="06403051002043000",
                package_code="1506402",
            ),
            DemoVariant(
                sku="QD-CHELSEA-BRN-41",
                price=790_000,
                stock=4,
                attributes={"colour": "Brown", "size": "41"},
                barcode="2047810048479",
                weight=1250,
                ikpu="06403051002043000",
                package_code="1506402",
            ),
            DemoVariant(
                sku="QD-CHELSEA-BRN-42",
                price=790_000,
                stock=2,
                attributes={"colour": "Brown", "size": "42"},
                barcode="2047810048844",
                weight=1250,
                ikpu="06403051002043000",
                package_code="1506402",
            ),
            DemoVariant(
                sku="QD-CHELSEA-BRN-43",
                price=790_000,
                stock=0,
                attributes={"colour": "Brown", "size": "43"},
                barcode="2047810049216",
                weight=1250,
                ikpu="06403051002043000",
                package_code="1506402",
            ),
        ),
    ),
    DemoProduct(
        slug="canvas-sneakers",
        name="Canvas sneakers",
        category="shoes",
        type="shoes",
        description=(
            "Simple low sneakers for town, with a padded heel and an insole that comes out "
            "for washing. They go with a dress as well as with jeans."
        ),
        attributes={"brand": "Qademo", "material": "Canvas", "warranty": "2"},
        translations={
            "uz": {"name": "Kanvas krossovkalar"},
            "ru": {"name": "Тканевые кеды"},
            "kaa": {"name": "Kanvas krossovkalar"},
        },
        variants=(
            DemoVariant(
                sku="QD-CANVAS-WHT-37",
                price=329_000,
                stock=6,
                attributes={"colour": "White", "size": "37"},
                sale_price=269_000,
                barcode="2047810049582",
                weight=780,
                ikpu="06403051002044000",
                package_code="1506402",
            ),
            DemoVariant(
                sku="QD-CANVAS-WHT-38",
                price=329_000,
                stock=8,
                attributes={"colour": "White", "size": "38"},
                sale_price=269_000,
                barcode="2047810049957",
                weight=780,
                ikpu="06403051002044000",
                package_code="1506402",
            ),
            DemoVariant(
                sku="QD-CANVAS-WHT-39",
                price=329_000,
                stock=7,
                attributes={"colour": "White", "size": "39"},
                sale_price=269_000,
                barcode="2047810050328",
                weight=780,
                ikpu="06403051002044000",
                package_code="1506402",
            ),
            DemoVariant(
                sku="QD-CANVAS-WHT-40",
                price=329_000,
                stock=4,
                attributes={"colour": "White", "size": "40"},
                sale_price=269_000,
                barcode="2047810050694",
                weight=780,
                ikpu="06403051002044000",
                package_code="1506402",
            ),
            DemoVariant(
                sku="QD-CANVAS-NVY-37",
                price=329_000,
                stock=5,
                attributes={"colour": "Navy", "size": "37"},
                sale_price=269_000,
                barcode="2047810051066",
                weight=780,
                ikpu="06403051002044000",
                package_code="1506402",
            ),
            DemoVariant(
                sku="QD-CANVAS-NVY-38",
                price=329_000,
                stock=7,
                attributes={"colour": "Navy", "size": "38"},
                sale_price=269_000,
                barcode="2047810051431",
                weight=780,
                ikpu="06403051002044000",
                package_code="1506402",
            ),
            DemoVariant(
                sku="QD-CANVAS-NVY-39",
                price=329_000,
                stock=6,
                attributes={"colour": "Navy", "size": "39"},
                sale_price=269_000,
                barcode="2047810051806",
                weight=780,
                ikpu="06403051002044000",
                package_code="1506402",
            ),
            DemoVariant(
                sku="QD-CANVAS-NVY-40",
                price=329_000,
                stock=3,
                attributes={"colour": "Navy", "size": "40"},
                sale_price=269_000,
                barcode="2047810052179",
                weight=780,
                ikpu="06403051002044000",
                package_code="1506402",
            ),
        ),
    ),
    DemoProduct(
        slug="trail-running-shoes",
        name="Trail running shoes",
        category="shoes",
        type="shoes",
        description=(
            "A grippy sole for gravel and dry riverbeds and a mesh that lets the sand out "
            "again. The toe is covered, so stones hurt the shoe and not you."
        ),
        attributes={"brand": "Qademo", "material": "Polyester", "warranty": "3"},
        translations={
            "uz": {"name": "Yugurish uchun krossovkalar"},
            "ru": {"name": "Беговые кроссовки для бездорожья"},
            "kaa": {"name": "Juwırıw ushın krossovkalar"},
        },
        variants=(
            DemoVariant(
                sku="QD-TRAIL-GRY-41",
                price=549_000,
                stock=3,
                attributes={"colour": "Grey", "size": "41"},
                barcode="2047810052544",
                weight=690,
                ikpu="06403051002045000",
                package_code="1506402",
            ),
            DemoVariant(
                sku="QD-TRAIL-GRY-42",
                price=549_000,
                stock=5,
                attributes={"colour": "Grey", "size": "42"},
                barcode="2047810052919",
                weight=690,
                ikpu="06403051002045000",
                package_code="1506402",
            ),
            DemoVariant(
                sku="QD-TRAIL-GRY-43",
                price=549_000,
                stock=4,
                attributes={"colour": "Grey", "size": "43"},
                barcode="2047810053282",
                weight=690,
                ikpu="06403051002045000",
                package_code="1506402",
            ),
            DemoVariant(
                sku="QD-TRAIL-RED-41",
                price=549_000,
                stock=4,
                attributes={"colour": "Red", "size": "41"},
                barcode="2047810053657",
                weight=690,
                ikpu="06403051002045000",
                package_code="1506402",
            ),
            DemoVariant(
                sku="QD-TRAIL-RED-42",
                price=549_000,
                stock=3,
                attributes={"colour": "Red", "size": "42"},
                barcode="2047810054029",
                weight=690,
                ikpu="06403051002045000",
                package_code="1506402",
            ),
            DemoVariant(
                sku="QD-TRAIL-RED-43",
                price=549_000,
                stock=2,
                attributes={"colour": "Red", "size": "43"},
                barcode="2047810054395",
                weight=690,
                ikpu="06403051002045000",
                package_code="1506402",
            ),
        ),
    ),
    DemoProduct(
        slug="felt-house-slippers",
        name="Felt house slippers",
        category="shoes",
        type="shoes",
        categories=("handicrafts",),
        description=(
            "Seamless slippers felted from local wool that take the shape of the foot "
            "within a week. A thin leather sole keeps them quiet on the floor."
        ),
        attributes={"brand": "Qademo", "material": "Felt", "handmade": "true"},
        translations={
            "uz": {"name": "Kigiz uy shippagi"},
            "ru": {"name": "Войлочные домашние тапочки"},
            "kaa": {"name": "Kiyiz úy shıppaǵı"},
        },
        variants=(
            DemoVariant(
                sku="QD-FELT-36",
                price=99_000,
                stock=10,
                attributes={"size": "36"},
                barcode="2047810054760",
                weight=260,
                ikpu="06403051002046000",
                package_code="1506402",
            ),
            DemoVariant(
                sku="QD-FELT-38",
                price=99_000,
                stock=12,
                attributes={"size": "38"},
                barcode="2047810055132",
                weight=260,
                ikpu="06403051002046000",
                package_code="1506402",
            ),
            DemoVariant(
                sku="QD-FELT-40",
                price=99_000,
                stock=9,
                attributes={"size": "40"},
                barcode="2047810055507",
                weight=260,
                ikpu="06403051002046000",
                package_code="1506402",
            ),
            DemoVariant(
                sku="QD-FELT-42",
                price=99_000,
                stock=8,
                attributes={"size": "42"},
                barcode="2047810055873",
                weight=260,
                ikpu="06403051002046000",
                package_code="1506402",
            ),
        ),
    ),
    DemoProduct(
        slug="summer-leather-sandals",
        name="Summer leather sandals",
        category="shoes",
        type="shoes",
        description=(
            "Two soft straps, a small buckle and a cork sole. This summer's batch is gone; "
            "the next one comes in April."
        ),
        attributes={"brand": "Qademo", "material": "Leather"},
        translations={
            "uz": {"name": "Yozgi charm sandallar"},
            "ru": {"name": "Летние кожаные сандалии"},
            "kaa": {"name": "Jazǵı teri sandallar"},
        },
        variants=(
            DemoVariant(
                sku="QD-SANDAL-BRN-36",
                price=289_000,
                stock=0,
                attributes={"colour": "Brown", "size": "36"},
                barcode="2047810056245",
                weight=540,
                ikpu="06403051002047000",
                package_code="1506402",
            ),
            DemoVariant(
                sku="QD-SANDAL-BRN-37",
                price=289_000,
                stock=0,
                attributes={"colour": "Brown", "size": "37"},
                barcode="2047810056610",
                weight=540,
                ikpu="06403051002047000",
                package_code="1506402",
            ),
            DemoVariant(
                sku="QD-SANDAL-BRN-38",
                price=289_000,
                stock=0,
                attributes={"colour": "Brown", "size": "38"},
                barcode="2047810056986",
                weight=540,
                ikpu="06403051002047000",
                package_code="1506402",
            ),
            DemoVariant(
                sku="QD-SANDAL-BEI-36",
                price=289_000,
                stock=0,
                attributes={"colour": "Beige", "size": "36"},
                barcode="2047810057358",
                weight=540,
                ikpu="06403051002047000",
                package_code="1506402",
            ),
            DemoVariant(
                sku="QD-SANDAL-BEI-37",
                price=289_000,
                stock=0,
                attributes={"colour": "Beige", "size": "37"},
                barcode="2047810057723",
                weight=540,
                ikpu="06403051002047000",
                package_code="1506402",
            ),
            DemoVariant(
                sku="QD-SANDAL-BEI-38",
                price=289_000,
                stock=0,
                attributes={"colour": "Beige", "size": "38"},
                barcode="2047810058096",
                weight=540,
                ikpu="06403051002047000",
                package_code="1506402",
            ),
        ),
    ),
    DemoProduct(
        slug="shoe-care-kit",
        name="Shoe care kit",
        category="shoes",
        type="shoes",
        description=(
            "Black and neutral cream, two brushes and a polishing cloth in a tin box. "
            "Everything a pair of leather boots needs between October and March."
        ),
        attributes={"brand": "Qademo"},
        translations={
            "uz": {"name": "Poyabzal parvarishi toʻplami"},
            "ru": {"name": "Набор для ухода за обувью"},
            "kaa": {"name": "Ayaq kiyim kútimi toplamı"},
        },
        variants=(
            DemoVariant(
                sku="QD-CARE",
                price=79_000,
                stock=31,
                barcode="2047810058461",
                weight=450,
                ikpu="06403051002048000",
                package_code="1506402",
            ),
        ),
    ),
    # --- Lighting ---
    DemoProduct(
        slug="jarqira-desk-lamp",
        name="Jarqira LED desk lamp",
        category="lighting",
        type="lamp",
        description=(
            "A desk lamp with a jointed arm, three shades of white and no flicker. It "
            "remembers the last brightness and charges a phone from its foot."
        ),
        attributes={"brand": "Jarqira", "warranty": "12", "power": "9", "material": "Aluminium"},
        translations={
            "uz": {"name": "Jarqira LED stol lampasi"},
            "ru": {"name": "Настольная светодиодная лампа Jarqira"},
            "kaa": {"name": "Jarqira LED stol lampası"},
        },
        variants=(
            DemoVariant(
                sku="JQ-DESK-BLK",
                price=249_000,
                stock=18,
                attributes={"colour": "Black"},
                barcode="2047810058836",
                weight=950,
                ikpu="09405021001049000",
                package_code="1517045",
            ),
            DemoVariant(
                sku="JQ-DESK-WHT",
                price=249_000,
                stock=12,
                attributes={"colour": "White"},
                barcode="2047810059208",
                weight=950,
                ikpu="09405021001049000",
                package_code="1517045",
            ),
        ),
    ),
    DemoProduct(
        slug="jarqira-floor-lamp",
        name="Jarqira Tall floor lamp",
        category="lighting",
        type="lamp",
        description=(
            "A slim floor lamp with a linen shade that throws a soft circle on the ceiling "
            "and a reading light beside the armchair. The heavy foot is safe around "
            "children."
        ),
        attributes={"brand": "Jarqira", "warranty": "12", "power": "24", "material": "Steel"},
        translations={
            "uz": {"name": "Jarqira torsher lampasi"},
            "ru": {"name": "Торшер Jarqira"},
            "kaa": {"name": "Jarqira torsher lampası"},
        },
        variants=(
            DemoVariant(
                sku="JQ-FLOOR",
                price=690_000,
                stock=6,
                sale_price=580_000,
                barcode="2047810059574",
                weight=5200,
                ikpu="09405021001050000",
                package_code="1517045",
            ),
        ),
    ),
    DemoProduct(
        slug="ceramic-table-lamp",
        name="Ceramic table lamp",
        category="lighting",
        type="lamp",
        categories=("handicrafts",),
        description=(
            "The base is thrown on a wheel and glazed in the deep turquoise of old tiles, "
            "so no two lamps match exactly. The bulb is included."
        ),
        attributes={"brand": "Jarqira", "material": "Ceramic", "handmade": "true", "power": "7"},
        translations={
            "uz": {"name": "Sopol stol lampasi"},
            "ru": {"name": "Керамическая настольная лампа"},
            "kaa": {"name": "Keramika stol lampası"},
        },
        variants=(
            DemoVariant(
                sku="JQ-CERAMIC",
                price=420_000,
                stock=7,
                barcode="2047810059949",
                weight=2100,
                ikpu="09405021001051000",
                package_code="1517045",
            ),
        ),
    ),
    DemoProduct(
        slug="reed-pendant-lamp",
        name="Reed pendant lamp",
        category="lighting",
        type="lamp",
        description=(
            "A wide shade woven from Amudarya reed that paints the walls with fine stripes "
            "of light. It hangs on a cotton cord of adjustable length."
        ),
        attributes={"brand": "Jarqira", "material": "Reed", "handmade": "true", "power": "12"},
        translations={
            "uz": {"name": "Qamish osma lampa"},
            "ru": {"name": "Подвесная лампа из тростника"},
            "kaa": {"name": "Qamıs aspa lampa"},
        },
        variants=(
            DemoVariant(
                sku="JQ-REED",
                price=385_000,
                stock=0,
                barcode="2047810060310",
                weight=1600,
                ikpu="09405021001052000",
                package_code="1517045",
            ),
        ),
    ),
    DemoProduct(
        slug="saiga-night-lamp",
        name="Saiga night lamp",
        category="lighting",
        type="lamp",
        description=(
            "A little saiga that glows warm yellow and goes out by itself after half an "
            "hour. It charges by cable and is soft enough to be hugged."
        ),
        attributes={"brand": "Jarqira", "warranty": "12", "power": "2", "battery": "1200"},
        translations={
            "uz": {"name": "Saygʻoq tungi lampasi"},
            "ru": {"name": "Ночник «Сайгак»"},
            "kaa": {"name": "Aqbóken túngi lampası"},
        },
        variants=(
            DemoVariant(
                sku="JQ-SAIGA",
                price=119_000,
                stock=24,
                barcode="2047810060686",
                weight=300,
                ikpu="09405021001053000",
                package_code="1517045",
            ),
        ),
    ),
    DemoProduct(
        slug="rechargeable-camping-lamp",
        name="Rechargeable camping lamp",
        category="lighting",
        type="lamp",
        description=(
            "Hang it in a tent, stand it on a table or leave it by the door for the next "
            "power cut. It shines for forty hours at its lowest level."
        ),
        attributes={"brand": "Jarqira", "warranty": "12", "power": "5", "battery": "4000"},
        translations={
            "uz": {"name": "Quvvatlanadigan sayyoh lampasi"},
            "ru": {"name": "Аккумуляторная кемпинговая лампа"},
            "kaa": {"name": "Zaryadlanatuǵın sayaxat lampası"},
        },
        variants=(
            DemoVariant(
                sku="JQ-CAMP",
                price=159_000,
                stock=29,
                barcode="2047810061058",
                weight=380,
                ikpu="09405021001054000",
                package_code="1517045",
            ),
        ),
    ),
    # --- Home textiles ---
    DemoProduct(
        slug="cotton-bedding-set",
        name="Cotton bedding set",
        category="home-textiles",
        type="home-textile",
        description=(
            "A duvet cover, a sheet and two pillow cases of smooth local cotton. It softens "
            "with every wash and closes with buttons, not with a zip."
        ),
        attributes={"brand": "Toqimar", "material": "Cotton", "care": "Machine wash at 60 °C"},
        translations={
            "uz": {"name": "Paxta choyshablar toʻplami"},
            "ru": {"name": "Комплект постельного белья из хлопка"},
            "kaa": {"name": "Paxta tósek toplamı"},
        },
        variants=(
            DemoVariant(
                sku="TQ-BED-WHT-140X200",
                price=459_000,
                stock=8,
                attributes={"colour": "White", "size": "140 x 200 cm"},
                barcode="2047810061423",
                weight=1500,
                ikpu="06302031002055000",
                package_code="1517088",
            ),
            DemoVariant(
                sku="TQ-BED-WHT-200X220",
                price=590_000,
                stock=5,
                attributes={"colour": "White", "size": "200 x 220 cm"},
                barcode="2047810061799",
                weight=2100,
                ikpu="06302031002055000",
                package_code="1517088",
            ),
            DemoVariant(
                sku="TQ-BED-NVY-140X200",
                price=459_000,
                stock=6,
                attributes={"colour": "Navy", "size": "140 x 200 cm"},
                barcode="2047810062161",
                weight=1500,
                ikpu="06302031002055000",
                package_code="1517088",
            ),
            DemoVariant(
                sku="TQ-BED-NVY-200X220",
                price=590_000,
                stock=0,
                attributes={"colour": "Navy", "size": "200 x 220 cm"},
                barcode="2047810062536",
                weight=2100,
                ikpu="06302031002055000",
                package_code="1517088",
            ),
        ),
    ),
    DemoProduct(
        slug="waffle-cotton-towel",
        name="Waffle cotton towel",
        category="home-textiles",
        type="home-textile",
        description=(
            "A light towel, 70 by 140 centimetres, that drinks a lot and dries fast. Good "
            "for the bath, the hammam and the beach bag."
        ),
        attributes={"brand": "Toqimar", "material": "Cotton", "care": "Machine wash at 60 °C"},
        translations={
            "uz": {"name": "Paxta sochiq"},
            "ru": {"name": "Вафельное полотенце"},
            "kaa": {"name": "Paxta súlgi"},
        },
        variants=(
            DemoVariant(
                sku="TQ-TOWEL-WHT",
                price=65_000,
                stock=40,
                attributes={"colour": "White"},
                barcode="2047810062901",
                weight=310,
                ikpu="06302031002056000",
                package_code="1517088",
            ),
            DemoVariant(
                sku="TQ-TOWEL-GRY",
                price=65_000,
                stock=32,
                attributes={"colour": "Grey"},
                barcode="2047810063274",
                weight=310,
                ikpu="06302031002056000",
                package_code="1517088",
            ),
            DemoVariant(
                sku="TQ-TOWEL-TRQ",
                price=65_000,
                stock=25,
                attributes={"colour": "Turquoise"},
                barcode="2047810063649",
                weight=310,
                ikpu="06302031002056000",
                package_code="1517088",
            ),
        ),
    ),
    DemoProduct(
        slug="adras-cushion-cover",
        name="Adras cushion cover",
        category="home-textiles",
        type="home-textile",
        description=(
            "A bright cover for a 45 centimetre cushion, adras in front and plain cotton "
            "behind. The zip is hidden in the lower seam."
        ),
        attributes={
            "brand": "Toqimar",
            "material": "Silk and cotton",
            "care": "Hand wash at 30 °C",
        },
        translations={
            "uz": {"name": "Adras yostiq jildi"},
            "ru": {"name": "Чехол для подушки из адраса"},
            "kaa": {"name": "Adras kópshik qabı"},
        },
        variants=(
            DemoVariant(
                sku="TQ-CUSHION-RED",
                price=89_000,
                stock=15,
                attributes={"colour": "Red"},
                barcode="2047810064011",
                weight=140,
                ikpu="06302031002057000",
                package_code="1517088",
            ),
            DemoVariant(
                sku="TQ-CUSHION-BLU",
                price=89_000,
                stock=13,
                attributes={"colour": "Blue"},
                barcode="2047810064387",
                weight=140,
                ikpu="06302031002057000",
                package_code="1517088",
            ),
            DemoVariant(
                sku="TQ-CUSHION-MST",
                price=89_000,
                stock=9,
                attributes={"colour": "Mustard"},
                barcode="2047810064752",
                weight=140,
                ikpu="06302031002057000",
                package_code="1517088",
            ),
        ),
    ),
    DemoProduct(
        slug="camel-wool-blanket",
        name="Camel wool blanket",
        category="home-textiles",
        type="home-textile",
        description=(
            "Woven from undyed camel wool in its natural sandy shade, 150 by 200 "
            "centimetres. Light on the shoulders and very warm."
        ),
        attributes={
            "brand": "Toqimar",
            "material": "Camel wool",
            "care": "Air it, dry clean when needed",
        },
        translations={
            "uz": {"name": "Tuya juni adyoli"},
            "ru": {"name": "Плед из верблюжьей шерсти"},
            "kaa": {"name": "Túye júni kórpesi"},
        },
        variants=(
            DemoVariant(
                sku="TQ-CAMEL",
                price=1_150_000,
                stock=4,
                barcode="2047810065124",
                weight=1300,
                ikpu="06302031002058000",
                package_code="1517088",
            ),
        ),
    ),
    DemoProduct(
        slug="linen-tablecloth",
        name="Linen tablecloth",
        category="home-textiles",
        type="home-textile",
        description=(
            "A generous tablecloth, 160 by 250 centimetres, with a drawn-thread border. Tea "
            "stains wash out at sixty degrees."
        ),
        attributes={"brand": "Toqimar", "material": "Linen", "care": "Machine wash at 60 °C"},
        translations={
            "uz": {"name": "Zigʻir dasturxon"},
            "ru": {"name": "Льняная скатерть"},
            "kaa": {"name": "Zıǵır dasturxan"},
        },
        variants=(
            DemoVariant(
                sku="TQ-TABLE",
                price=245_000,
                stock=10,
                sale_price=199_000,
                barcode="2047810065490",
                weight=650,
                ikpu="06302031002059000",
                package_code="1517088",
            ),
        ),
    ),
    DemoProduct(
        slug="blackout-curtains",
        name="Pair of blackout curtains",
        category="home-textiles",
        type="home-textile",
        description=(
            "Two heavy curtains that keep the morning sun and the summer heat outside. We "
            "are changing the supplier, so they are off the shelf for now."
        ),
        attributes={"brand": "Toqimar", "material": "Polyester", "care": "Machine wash at 30 °C"},
        translations={
            "uz": {"name": "Yorugʻlik oʻtkazmaydigan pardalar"},
            "ru": {"name": "Комплект плотных штор"},
            "kaa": {"name": "Jarıq ótkermeytuǵın perdeler"},
        },
        variants=(
            DemoVariant(
                sku="TQ-CURTAIN",
                price=520_000,
                stock=3,
                barcode="2047810065865",
                weight=2800,
                ikpu="06302031002060000",
                package_code="1517088",
            ),
        ),
        is_active=False,
    ),
    # --- Kitchen ---
    DemoProduct(
        slug="cast-iron-kazan",
        name="Cast-iron kazan, 8 litres",
        category="kitchen",
        type="kitchenware",
        description=(
            "A thick-walled kazan for plov for ten, with an aluminium lid. It is seasoned "
            "in the workshop and ready for the first fire."
        ),
        attributes={"brand": "Qazanbek", "material": "Cast iron", "volume": "8", "warranty": "60"},
        translations={
            "uz": {"name": "Choʻyan qozon, 8 litr"},
            "ru": {"name": "Чугунный казан, 8 литров"},
            "kaa": {"name": "Shoyın qazan, 8 litr"},
        },
        variants=(
            DemoVariant(
                sku="QZ-KAZAN8",
                price=489_000,
                stock=12,
                barcode="2047810066237",
                weight=9200,
                ikpu="07323093001061000",
                package_code="1517130",
            ),
        ),
    ),
    DemoProduct(
        slug="steel-kettle",
        name="Steel kettle, 3 litres",
        category="kitchen",
        type="kitchenware",
        description=(
            "A whistling kettle with a thick base for gas and induction stoves. The handle "
            "stays cool and folds away."
        ),
        attributes={"brand": "Qazanbek", "material": "Steel", "volume": "3", "warranty": "24"},
        translations={
            "uz": {"name": "Poʻlat choynak, 3 litr"},
            "ru": {"name": "Стальной чайник, 3 литра"},
            "kaa": {"name": "Polat shaynek, 3 litr"},
        },
        variants=(
            DemoVariant(
                sku="QZ-KETTLE3",
                price=219_000,
                stock=14,
                sale_price=189_000,
                barcode="2047810066602",
                weight=1150,
                ikpu="07323093001062000",
                package_code="1517130",
            ),
        ),
    ),
    DemoProduct(
        slug="tea-bowl-set",
        name="Set of six tea bowls",
        category="kitchen",
        type="kitchenware",
        description=(
            "Six porcelain bowls painted with cotton flowers in blue and gold. They are "
            "packed so well that we send them by post."
        ),
        attributes={
            "brand": "Qazanbek",
            "material": "Porcelain",
            "care": "Dishwasher without strong detergents",
        },
        translations={
            "uz": {"name": "Oltita piyola toʻplami"},
            "ru": {"name": "Набор из шести пиал"},
            "kaa": {"name": "Altı kese toplamı"},
        },
        variants=(
            DemoVariant(
                sku="QZ-BOWLS6",
                price=189_000,
                stock=21,
                barcode="2047810066978",
                weight=1400,
                ikpu="07323093001063000",
                package_code="1517130",
            ),
        ),
    ),
    DemoProduct(
        slug="forged-chef-knife",
        name="Forged chef's knife",
        category="kitchen",
        type="kitchenware",
        categories=("handicrafts",),
        description=(
            "A hand-forged blade of 20 centimetres with a walnut handle, sharpened on a "
            "stone. Made by one smith, so it sells out faster than he can work."
        ),
        attributes={"brand": "Qazanbek", "material": "Steel", "handmade": "true"},
        translations={
            "uz": {"name": "Oshpaz pichogʻi"},
            "ru": {"name": "Кованый поварской нож"},
            "kaa": {"name": "Aspaz pıshaǵı"},
        },
        variants=(
            DemoVariant(
                sku="QZ-KNIFE",
                price=279_000,
                stock=0,
                barcode="2047810067340",
                weight=320,
                ikpu="07323093001064000",
                package_code="1517130",
            ),
        ),
    ),
    DemoProduct(
        slug="wooden-dough-board",
        name="Wooden dough board",
        category="kitchen",
        type="kitchenware",
        description=(
            "A wide poplar board for noodles, samsa and beshbarmak, with an edge that holds "
            "it at the table. Oil it twice a year."
        ),
        attributes={
            "brand": "Qazanbek",
            "material": "Wood",
            "care": "Wipe with a damp cloth, do not soak",
        },
        translations={
            "uz": {"name": "Xamir uchun yogʻoch taxta"},
            "ru": {"name": "Деревянная доска для теста"},
            "kaa": {"name": "Qamır ushın aǵash taxta"},
        },
        variants=(
            DemoVariant(
                sku="QZ-BOARD",
                price=135_000,
                stock=16,
                barcode="2047810067715",
                weight=2300,
                ikpu="07323093001065000",
                package_code="1517130",
            ),
        ),
    ),
    DemoProduct(
        slug="enamel-teapot",
        name="Enamel teapot, 1.2 litres",
        category="kitchen",
        type="kitchenware",
        description=(
            "A cheerful teapot with a steel strainer inside. It survives a fall, a campfire "
            "and a large family."
        ),
        attributes={"brand": "Qazanbek", "material": "Enamelled steel", "volume": "1.2"},
        translations={
            "uz": {"name": "Emal choynak, 1,2 litr"},
            "ru": {"name": "Эмалированный заварочный чайник, 1,2 л"},
            "kaa": {"name": "Emal shaynek, 1,2 litr"},
        },
        variants=(
            DemoVariant(
                sku="QZ-TEAPOT-RED",
                price=99_000,
                stock=13,
                attributes={"colour": "Red"},
                barcode="2047810068088",
                weight=620,
                ikpu="07323093001066000",
                package_code="1517130",
            ),
            DemoVariant(
                sku="QZ-TEAPOT-BLU",
                price=99_000,
                stock=11,
                attributes={"colour": "Blue"},
                barcode="2047810068453",
                weight=620,
                ikpu="07323093001066000",
                package_code="1517130",
            ),
            DemoVariant(
                sku="QZ-TEAPOT-WHT",
                price=99_000,
                stock=0,
                attributes={"colour": "White"},
                barcode="2047810068828",
                weight=620,
                ikpu="07323093001066000",
                package_code="1517130",
            ),
        ),
    ),
    # --- Handicrafts ---
    DemoProduct(
        slug="felt-floor-rug",
        name="Felt floor rug",
        category="handicrafts",
        categories=("home-textiles",),
        description=(
            "A patterned felt rug, 120 by 180 centimetres, rolled and stitched by a family "
            "workshop in Takhtakupir. The dyes come from onion skin, pomegranate and "
            "madder."
        ),
        attributes={
            "brand": "Amudar Crafts",
            "handmade": "true",
            "material": "Felt",
            "care": "Beat outdoors, keep dry",
        },
        translations={
            "uz": {"name": "Kigiz gilam"},
            "ru": {"name": "Войлочный ковёр"},
            "kaa": {"name": "Kiyiz gilem"},
        },
        variants=(
            DemoVariant(
                sku="AC-RUG",
                price=1_890_000,
                stock=3,
                weight=4800,
                ikpu="09701091001067000",
                package_code="1517199",
                vat_percent=None,
            ),
        ),
    ),
    DemoProduct(
        slug="handwoven-wool-carpet",
        name="Handwoven wool carpet",
        category="handicrafts",
        categories=("home-textiles",),
        description=(
            "A large carpet, 250 by 350 centimetres, knotted by three weavers over eleven "
            "months. It is sold with their names and with photographs of the loom."
        ),
        attributes={
            "brand": "Amudar Crafts",
            "handmade": "true",
            "material": "Wool",
            "warranty": "120",
            "care": "Professional cleaning only",
        },
        translations={
            "uz": {"name": "Qoʻlda toʻqilgan jun gilam"},
            "ru": {"name": "Шерстяной ковёр ручного ткачества"},
            "kaa": {"name": "Qolda toqılǵan jún gilem"},
        },
        variants=(
            DemoVariant(
                sku="AC-CARPET",
                price=38_500_000,
                stock=1,
                weight=24_500,
                ikpu="09701091001068000",
                package_code="1517199",
                vat_percent=None,
            ),
        ),
    ),
    DemoProduct(
        slug="wooden-yurt-model",
        name="Wooden yurt model",
        category="handicrafts",
        description=(
            "A yurt the size of a tea tray that can be taken apart and put up again: "
            "lattice, poles, felt and woven bands. Children learn the name of every part."
        ),
        attributes={"brand": "Amudar Crafts", "handmade": "true", "material": "Wood"},
        translations={
            "uz": {"name": "Yogʻoch oʻtov maketi"},
            "ru": {"name": "Деревянная модель юрты"},
            "kaa": {"name": "Aǵash qara úy maketi"},
        },
        variants=(
            DemoVariant(
                sku="AC-YURT",
                price=640_000,
                stock=6,
                weight=1900,
                ikpu="09701091001069000",
                package_code="1517199",
                vat_percent=None,
            ),
        ),
    ),
    DemoProduct(
        slug="carved-wooden-box",
        name="Carved wooden box",
        category="handicrafts",
        description=(
            "A box of elm wood with a carved lid and a secret catch, the work of a door "
            "carver in his spare hours. Lined with red felt."
        ),
        attributes={"brand": "Amudar Crafts", "handmade": "true", "material": "Wood"},
        translations={
            "uz": {"name": "Oʻymakor yogʻoch quticha"},
            "ru": {"name": "Резная деревянная шкатулка"},
            "kaa": {"name": "Oyma naǵıslı aǵash qutı"},
        },
        variants=(
            DemoVariant(
                sku="AC-BOX",
                price=320_000,
                stock=8,
                sale_price=260_000,
                weight=780,
                ikpu="09701091001070000",
                package_code="1517199",
                vat_percent=None,
            ),
        ),
    ),
    DemoProduct(
        slug="turquoise-bead-bracelet",
        name="Turquoise bead bracelet",
        category="handicrafts",
        categories=("womens-clothing",),
        description=(
            "Small beads strung on a waxed thread with a brass clasp. The maker brings a "
            "new handful every month, and they are gone within a week."
        ),
        attributes={"brand": "Amudar Crafts", "handmade": "true", "material": "Brass"},
        translations={
            "uz": {"name": "Firuza munchoqli bilaguzuk"},
            "ru": {"name": "Браслет из бирюзовых бусин"},
            "kaa": {"name": "Feruza monshaqlı bilezik"},
        },
        variants=(
            DemoVariant(
                sku="AC-BRACELET",
                price=145_000,
                stock=0,
                weight=30,
                ikpu="09701091001071000",
                package_code="1517199",
                vat_percent=None,
            ),
        ),
    ),
    DemoProduct(
        slug="bridal-costume-doll",
        name="Doll in bridal costume",
        category="handicrafts",
        description=(
            "A cloth doll, 30 centimetres tall, in a copy of an old Karakalpak bridal "
            "costume with its red head-dress. The tailor is redrawing the pattern, so it is "
            "not on sale yet."
        ),
        attributes={"brand": "Amudar Crafts", "handmade": "true", "material": "Cotton"},
        translations={
            "uz": {"name": "Kelinlik libosidagi qoʻgʻirchoq"},
            "ru": {"name": "Кукла в свадебном наряде"},
        },
        variants=(
            DemoVariant(
                sku="AC-DOLL",
                price=275_000,
                stock=2,
                weight=260,
                ikpu="09701091001072000",
                package_code="1517199",
                vat_percent=None,
            ),
        ),
        is_active=False,
    ),
)

CUSTOMERS: tuple[DemoCustomer, ...] = (
    DemoCustomer(
        username="aygul",
        password="demo-aygul-1234",
        first_name="Aygúl",
        last_name="Saparniyazova",
        email="aygul@example.com",
        phone="+998900000101",
        city="Nukus",
        street="Ámiwdárya kóshesi 14-jay, 27-kvartira",
        language="kaa",
    ),
    DemoCustomer(
        username="berdaq",
        password="demo-berdaq-1234",
        first_name="Berdaq",
        last_name="Tólegenov",
        email="berdaq@example.com",
        phone="+998900000202",
        city="Nukus",
        street="Dosnazarov kóshesi 52-jay",
        language="kaa",
    ),
    DemoCustomer(
        username="dilnoza",
        password="demo-dilnoza-1234",
        first_name="Dilnoza",
        last_name="Gʻaniyeva",
        email="dilnoza@example.com",
        phone="+998900000303",
        city="Tashkent",
        street="Chilonzor, 9-mavze, 31-uy, 12-xonadon",
        language="uz",
    ),
    DemoCustomer(
        username="timur",
        password="demo-timur-1234",
        first_name="Тимур",
        last_name="Ахмедов",
        email="timur@example.com",
        phone="+998900000404",
        city="Tashkent",
        street="Юнусабад, 4-й квартал, дом 18, кв. 45",
        language="ru",
    ),
    DemoCustomer(
        username="emily",
        password="demo-emily-1234",
        first_name="Emily",
        last_name="Hartwell",
        email="emily@example.com",
        phone="+998900000505",
        city="Samarkand",
        street="7 Registan Street, flat 3",
        language="en",
    ),
)
