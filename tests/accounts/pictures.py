"""Pictures, good and bad, as bytes."""

import struct
import zlib
from io import BytesIO

from PIL import Image


def picture(kind="JPEG", size=(40, 30), *, mode="RGB", colour="red", **options):
    stream = BytesIO()
    Image.new(mode, size, colour).save(stream, kind, **options)
    return stream.getvalue()


def with_place(size=(40, 30), *, orientation=6):
    """A JPEG that says where it was taken and that it lies on its side."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010E] = "my home"
    exif.get_ifd(0x8825)[1] = "N"
    return picture(size=size, exif=exif, comment=b"secret comment")


def png_header(width, height):
    """A PNG of a few bytes that claims to be huge."""
    body = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", body) + _chunk(b"IDAT", b"") + _chunk(b"IEND", b"")
    )


def animated(kind):
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue")]
    stream = BytesIO()
    frames[0].save(stream, kind, save_all=True, append_images=frames[1:], duration=100)
    return stream.getvalue()


def _chunk(name, body):
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
