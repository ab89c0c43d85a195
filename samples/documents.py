"""Cards that are no e-KTP: a driving licence, a student card and a bank card, all of invented layout and issuer."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from PIL import Image, ImageDraw

from kyc_vision.types import Pixels
from samples.ektp import CORNER_RADIUS_MM
from samples.fonts import OCR_A, SANS, SANS_BOLD, font
from samples.ground import CARD_HEIGHT_MM, CARD_WIDTH_MM
from samples.identity import Identity
from samples.people import Photo, card_portrait
from samples.screens import rounded

Colour = tuple[int, int, int]


class _Sheet:
    """An empty card to write on, in millimetres."""

    def __init__(self, top: Colour, bottom: Colour, px_per_mm: float) -> None:
        self.mm = px_per_mm
        size = (round(CARD_WIDTH_MM * px_per_mm), round(CARD_HEIGHT_MM * px_per_mm))
        blend = np.linspace(0, 1, size[1])[:, None, None]
        plain = np.asarray(top) * (1 - blend) + np.asarray(bottom) * blend
        self.image = Image.fromarray(np.repeat(plain, size[0], axis=1).astype(np.uint8))
        self.draw = ImageDraw.Draw(self.image)

    def text(self, text: str, xy_mm: tuple[float, float], cap_mm: float, ink: Colour, bold: bool = False) -> None:
        """Capitals cap_mm high, their base line at y."""
        face = font(SANS_BOLD if bold else SANS, cap_mm * self.mm)
        self.draw.text((xy_mm[0] * self.mm, xy_mm[1] * self.mm), text, font=face, fill=ink, anchor="ls")

    def box(self, box_mm: tuple[float, float, float, float], fill: Colour) -> None:
        """A filled rectangle: left, top, right, bottom."""
        left, top, right, bottom = (v * self.mm for v in box_mm)
        self.draw.rectangle((left, top, right, bottom), fill=fill)

    def portrait(self, photo: Photo, box_mm: tuple[float, float, float, float], backdrop: Colour) -> None:
        """The photograph in the box; it has the card portrait's ratio of 20.1 : 24.9."""
        left, top, right, bottom = (round(v * self.mm) for v in box_mm)
        picture = cv2.resize(card_portrait(photo, backdrop), (right - left, bottom - top), interpolation=cv2.INTER_AREA)
        self.image.paste(Image.fromarray(picture), (left, top))

    def done(self) -> Pixels:
        """(H, W, 4) uint8 RGBA."""
        pixels = np.asarray(self.image, dtype=np.uint8)
        return np.dstack([pixels, rounded((pixels.shape[1], pixels.shape[0]), CORNER_RADIUS_MM * self.mm)])


def other_document(identity: Identity, photo: Photo, px_per_mm: float, rng: np.random.Generator) -> Pixels:
    """(H, W, 4) uint8 RGBA of a document that is no e-KTP, marked CONTOH."""
    makers: tuple[Callable[[Identity, Photo, float], Pixels], ...] = (driving_licence, student_card, bank_card)
    return makers[int(rng.integers(len(makers)))](identity, photo, px_per_mm)


def driving_licence(identity: Identity, photo: Photo, px_per_mm: float) -> Pixels:
    """White to rose, portrait at the left, numbered lines."""
    sheet = _Sheet((250, 244, 238), (240, 196, 190), px_per_mm)
    sheet.box((0, 0, CARD_WIDTH_MM, 8.5), (176, 34, 44))
    sheet.text("SURAT IZIN MENGEMUDI", (24, 4.6), 2.2, (255, 255, 255), bold=True)
    sheet.text("DRIVING LICENSE   CONTOH", (24, 7.6), 1.5, (255, 240, 220))
    sheet.text("C", (5, 7.2), 4.4, (255, 255, 255), bold=True)
    sheet.portrait(photo, (4, 13, 24.1, 37.9), (200, 210, 220))
    born = f"{identity.birth_place}, {identity.birth_date:%d-%m-%Y}"
    sex = "PRIA" if identity.sex == "M" else "WANITA"
    lines = (
        identity.name, born, f"{identity.blood_type} - {sex}", identity.address, identity.occupation, identity.province,
    )  # fmt: skip
    for row, line in enumerate(lines):
        sheet.text(f"{row + 1}. {line}", (28, 15.5 + 4.6 * row), 1.6, (30, 26, 30))
    sheet.text(f"{identity.nik[2:6]}-{identity.nik[6:10]}-{identity.nik[10:]}", (28, 46), 2.2, (150, 20, 30), bold=True)
    sheet.text(f"BERLAKU S/D {identity.issue_date:%d-%m}-{identity.issue_date.year + 5}", (4, 43), 1.3, (30, 26, 30))
    return sheet.done()


def student_card(identity: Identity, photo: Photo, px_per_mm: float) -> Pixels:
    """Green and gold, portrait at the right, a bar code."""
    sheet = _Sheet((244, 248, 240), (214, 232, 206), px_per_mm)
    sheet.box((0, 0, CARD_WIDTH_MM, 13), (22, 96, 62))
    sheet.box((0, 13, CARD_WIDTH_MM, 14), (222, 178, 60))
    sheet.text("UNIVERSITAS CONTOH NUSANTARA", (6, 6.4), 2.4, (255, 255, 255), bold=True)
    sheet.text("KARTU TANDA MAHASISWA", (6, 10.8), 1.8, (250, 226, 150))
    sheet.portrait(photo, (60, 18, 80.1, 42.9), (206, 60, 52))
    for row, line in enumerate((identity.name, f"NIM {identity.nik[-9:]}", "FAKULTAS TEKNIK", identity.regency)):
        sheet.text(line, (6, 21 + 5 * row), 1.9, (20, 40, 30), bold=row == 0)
    x = 6.0
    for digit in identity.nik * 2:
        width = 0.22 + 0.09 * (int(digit) % 5)
        sheet.box((x, 43, x + width, 50), (16, 16, 16))
        x += width + 0.3 + 0.05 * (int(digit) % 3)
    return sheet.done()


def bank_card(identity: Identity, _photo: Photo, px_per_mm: float) -> Pixels:
    """Dark blue, a chip, a number that no issuer has (it starts with 0)."""
    sheet = _Sheet((24, 44, 92), (40, 92, 150), px_per_mm)
    sheet.text("BANK CONTOH", (6, 10), 3.2, (240, 244, 250), bold=True)
    sheet.box((8, 18, 19, 26.5), (214, 186, 110))
    for x in (11.6, 15.3):
        sheet.box((x, 18, x + 0.25, 26.5), (140, 116, 60))
    sheet.box((8, 22, 19, 22.25), (140, 116, 60))
    number = "0" + identity.nik[1:]
    spaced = " ".join(number[i : i + 4] for i in range(0, 16, 4))
    face = font(OCR_A, 3.4 * px_per_mm)
    sheet.draw.text((8 * px_per_mm, 36 * px_per_mm), spaced, font=face, fill=(232, 234, 238), anchor="ls")
    sheet.text(identity.name, (8, 47.5), 2.1, (232, 234, 238))
    sheet.text(f"{identity.issue_date:%m/%y}", (62, 42), 1.9, (232, 234, 238))
    sheet.text("DEBIT", (68, 10), 2.0, (240, 244, 250))
    return sheet.done()
