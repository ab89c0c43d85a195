"""What a file's own tables say of where it comes from: a camera, an editing program, how hard it was compressed.

Only facts without personal data leave here: a program's name out of a short list, whether a camera named itself, one
number. Places, serial numbers, owners and dates are never looked at. Nothing here decodes a pixel or believes an
announced length; what is damaged says nothing.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from kyc_vision.types import FileFacts

#: Programs that change what a picture shows, as they name themselves in EXIF's Software, PNG's Software or XMP's
#: CreatorTool. Lightroom, Google Photos and the like, which develop what was taken, are left out.
EDITORS = (
    "photoshop", "gimp", "picsart", "snapseed", "canva", "pixelmator", "affinity", "faceapp", "faceswap", "photopea",
    "paint.net", "photoscape", "corel", "krita", "inkscape", "meitu", "remini", "pixlr", "fotor", "photodirector",
)  # fmt: skip
_SOFTWARE, _MAKE, _MODEL, _XMP = 0x0131, 0x010F, 0x0110, b"http://ns.adobe.com/xap/1.0/\0"
#: Sum of the luma quantisers at quality 50. Source: ITU-T T.81 (1992), table K.1.
_LUMA_SUM = 3688
_MOST_BYTES, _MOST_PARTS = 65_536, 200


def file_facts(data: bytes, name: str) -> FileFacts:
    """What the file of that format, as Image.format names it, says.

    Args:
        data: the file, complete.
        name: JPEG, PNG and WEBP are looked into; others say nothing.
    """
    look = {"JPEG": _jpeg_parts, "PNG": _png_parts, "WEBP": _webp_parts}.get(name)
    if look is None:
        return FileFacts()
    editor, camera, quality = "", False, None
    try:
        for number, (kind, part) in enumerate(look(data)):
            if number > _MOST_PARTS:
                break
            if kind == "exif":
                texts = _exif_texts(part)
                editor = editor or _editor(texts.get(_SOFTWARE, b""))
                camera = camera or (_MAKE in texts and _MODEL in texts)
            elif kind == "text":
                editor = editor or _editor(part)
            elif quality is None:
                quality = _quality(part)
    except (struct.error, IndexError):  # it points outside itself
        pass
    return FileFacts(editor, camera, quality)


def _editor(text: bytes) -> str:
    low = text[:_MOST_BYTES].lower()
    return next((one for one in EDITORS if one.encode() in low), "")


def _jpeg_parts(data: bytes) -> Iterator[tuple[str, bytes]]:
    """("exif" | "text" | "tables", bytes) before the first scan. Source: ITU-T T.81 (1992), annex B.1, B.2.4.1."""
    at = 2
    while True:
        while data[at] == 0xFF and data[at + 1] == 0xFF:
            at += 1
        prefix, marker, length = struct.unpack_from(">BBH", data, at)
        if prefix != 0xFF or marker == 0xDA or length < 2:
            return
        segment = data[at + 4 : at + 2 + length]
        if marker == 0xE1 and segment.startswith(b"Exif\0\0"):
            yield "exif", segment[6:]
        elif marker == 0xE1 and segment.startswith(_XMP):
            yield "text", _creator(segment)
        elif marker == 0xDB:
            yield "tables", segment
        at += 2 + length


def _png_parts(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Chunks that matter. Source: W3C PNG, 3rd ed. (2025), §11.3.3.2 (tEXt, Software), §11.3.4.5 (eXIf)."""
    at = 8
    while at < len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        part = data[at + 8 : at + 8 + min(length, _MOST_BYTES)]
        if kind == b"eXIf":
            yield "exif", part
        elif kind == b"tEXt" and part.startswith(b"Software\0"):
            yield "text", part
        elif kind == b"iTXt" and part.startswith(b"XML:com.adobe.xmp\0"):
            yield "text", _creator(part)
        at += 12 + length


def _webp_parts(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Chunks that matter. Source: RFC 9649 (2024), §2.7.1.5."""
    at = 12
    while at < len(data):
        kind, length = struct.unpack_from("<4sI", data, at)
        part = data[at + 8 : at + 8 + min(length, _MOST_BYTES)]
        if kind == b"EXIF":
            yield "exif", part.removeprefix(b"Exif\0\0")
        elif kind == b"XMP ":
            yield "text", _creator(part)
        at += 8 + length + length % 2


def _creator(xmp: bytes) -> bytes:
    """What XMP names as the program, as an attribute or an element; a title or a person's name is never read."""
    at = xmp.find(b"CreatorTool")
    return xmp[at : at + 80] if at >= 0 else b""


def _exif_texts(block: bytes) -> dict[int, bytes]:
    """Software, make and model of the first directory. Source: CIPA DC-008 (Exif 2.32), §4.6.2, table 4."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(block[:4])
    texts: dict[int, bytes] = {}
    if order is None:
        return texts
    (start,) = struct.unpack_from(order + "I", block, 4)
    (entries,) = struct.unpack_from(order + "H", block, start)
    for at in range(start + 2, start + 2 + 12 * min(entries, _MOST_PARTS), 12):
        if at + 12 > len(block):
            break
        tag, kind, count, where = struct.unpack_from(order + "HHII", block, at)
        if tag in (_SOFTWARE, _MAKE, _MODEL) and kind == 2:
            text = block[at + 8 : at + 8 + count] if count <= 4 else block[where : where + min(count, 80)]
            if text.strip(b"\0 "):
                texts[tag] = text
    return texts


def _quality(tables: bytes) -> int | None:
    """JPEG quality 1–100 in the Independent JPEG Group's scale, by the luma table; None where there is none.

    Source: libjpeg's jpeg_quality_scaling: quantiser = table K.1 · (200 − 2 q) % from q = 50 on, 5000 / q % below.
    """
    at = 0
    while at < len(tables):
        wide, number = tables[at] >> 4, tables[at] & 15
        size = 128 if wide else 64
        if number == 0 and at + 1 + size <= len(tables):
            total: int = sum(struct.unpack_from(">64H" if wide else "64B", tables, at + 1))
            percent = 100 * total / _LUMA_SUM
            quality = (200 - percent) / 2 if percent <= 100 else 5000 / percent
            return max(1, min(100, round(quality)))
        at += 1 + size
    return None
