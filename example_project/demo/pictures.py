"""Pictures of the demo's goods, drawn here: a shape for each category in the goods' own colour.

Every product has the same picture in every run. Points are in percent of the picture's side.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from io import BytesIO

from django.core.files.base import ContentFile
from PIL import Image, ImageDraw

from .content import ATTRIBUTES, DemoProduct

SIDE = 640
# Drawn larger and made small, so that edges are smooth.
DRAWN = 2 * SIDE
PAPER = ("#f4efe6", "#e9f0ef", "#eef0e4", "#f3e9ea", "#e8ecf4", "#f1ece9")
INKS = ("#2f6fb5", "#2aa7a0", "#3c7a4b", "#b3262e", "#d3a12a", "#6b4a2f", "#6e1f2b", "#1f2a44")
DARK, LIGHT = "#2b2f33", "#ffffff"
COLOURS = {
    value: colour for attribute in ATTRIBUTES for value, colour in attribute.values if colour
}

# What each shape is made of: (kind, points, colour), drawn in order. "ink" is the goods' colour.
Part = tuple[str, tuple[int, ...], str]
SHAPES: dict[str, Sequence[Part]] = {
    "phones": (
        ("round", (34, 14, 66, 86), "ink"),
        ("round", (37, 19, 63, 80), LIGHT),
        ("round", (45, 82, 55, 84), LIGHT),
        ("oval", (48, 15, 52, 18), DARK),
    ),
    "computers": (
        ("round", (20, 24, 80, 66), "ink"),
        ("round", (23, 27, 77, 63), LIGHT),
        ("shape", (12, 76, 20, 67, 80, 67, 88, 76), DARK),
    ),
    "audio": (
        ("arc", (24, 20, 76, 84), "ink"),
        ("round", (18, 50, 34, 78), "ink"),
        ("round", (66, 50, 82, 78), "ink"),
        ("round", (29, 52, 34, 76), DARK),
        ("round", (66, 52, 71, 76), DARK),
    ),
    "accessories": (
        ("round", (40, 12, 60, 34), DARK),
        ("round", (40, 66, 60, 88), DARK),
        ("round", (32, 30, 68, 70), "ink"),
        ("round", (36, 34, 64, 66), LIGHT),
        ("shape", (49, 38, 51, 38, 51, 51, 59, 51, 59, 53, 49, 53), DARK),
    ),
    "womens-clothing": (
        ("shape", (38, 14, 44, 20, 56, 20, 62, 14, 66, 30, 60, 44, 78, 86, 22, 86, 40, 44, 34, 30),
         "ink"),
        ("shape", (40, 43, 60, 43, 61, 47, 39, 47), DARK),
    ),
    "mens-clothing": (
        ("shape", (36, 18, 64, 18, 86, 34, 78, 48, 70, 43, 70, 84, 30, 84, 30, 43, 22, 48, 14, 34),
         "ink"),
        ("oval", (42, 12, 58, 25), "paper"),
    ),
    "kids-clothing": (
        ("shape", (38, 26, 62, 26, 78, 38, 72, 50, 66, 46, 66, 78, 34, 78, 34, 46, 28, 50, 22, 38),
         "ink"),
        ("oval", (43, 20, 57, 32), "paper"),
        ("oval", (43, 44, 57, 58), LIGHT),
    ),
    "shoes": (
        ("shape", (18, 36, 38, 36, 46, 50, 70, 58, 84, 64, 84, 72, 16, 72), "ink"),
        ("round", (14, 70, 87, 77), DARK),
        ("shape", (42, 46, 52, 42, 54, 45, 45, 50), LIGHT),
    ),
    "lighting": (
        ("shape", (36, 16, 64, 16, 78, 50, 22, 50), "ink"),
        ("round", (48, 50, 52, 80), DARK),
        ("oval", (32, 76, 68, 86), DARK),
    ),
    "home-textiles": (
        ("round", (18, 28, 82, 76), "ink"),
        ("shape", (50, 34, 74, 52, 50, 70, 26, 52), LIGHT),
        ("shape", (50, 42, 64, 52, 50, 62, 36, 52), "ink"),
    ),
    "kitchen": (
        ("oval", (60, 40, 86, 66), DARK),
        ("oval", (65, 45, 81, 61), "paper"),
        ("round", (24, 34, 72, 78), "ink"),
        ("oval", (24, 28, 72, 42), DARK),
        ("oval", (27, 30, 69, 40), LIGHT),
    ),
    "handicrafts": (
        ("shape", (42, 18, 58, 18, 56, 34, 76, 56, 66, 84, 34, 84, 24, 56, 44, 34), "ink"),
        ("shape", (30, 50, 70, 50, 74, 57, 26, 57), LIGHT),
        ("shape", (36, 62, 64, 62, 62, 68, 38, 68), DARK),
    ),
}  # fmt: skip


def draw(product: DemoProduct) -> ContentFile[bytes]:
    """Return the product's picture as a PNG."""
    number = hashlib.sha256(product.slug.encode()).digest()[0]
    colours = {"ink": _ink(product, number), "paper": PAPER[number % len(PAPER)]}
    image = Image.new("RGB", (DRAWN, DRAWN), colours["paper"])
    pen = ImageDraw.Draw(image)
    for kind, points, colour in SHAPES[product.category]:
        places = [one * DRAWN // 100 for one in points]
        _draw_part(pen, kind, places, colours.get(colour, colour))
    stream = BytesIO()
    image.reduce(DRAWN // SIDE).save(stream, "PNG")
    return ContentFile(stream.getvalue(), name="drawn.png")


def _draw_part(pen: ImageDraw.ImageDraw, kind: str, places: list[int], colour: str) -> None:
    if kind == "shape":
        pen.polygon(list(zip(places[::2], places[1::2], strict=True)), fill=colour)
    elif kind == "oval":
        pen.ellipse(places, fill=colour)
    elif kind == "arc":
        pen.arc(places, 180, 360, fill=colour, width=DRAWN // 20)
    else:
        pen.rounded_rectangle(places, radius=DRAWN // 40, fill=colour)


def _ink(product: DemoProduct, number: int) -> str:
    """Return the colour of the first variant that has one, or one that stays the same."""
    given = (variant.attributes.get("colour", "") for variant in product.variants)
    colour = next(filter(None, given), "")
    # White on light paper would not be seen.
    return COLOURS.get(colour, "").replace("#ffffff", "#d5d9dc") or INKS[number % len(INKS)]
