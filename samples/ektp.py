"""Print an e-KTP: what stands where, from measurements of 23 real prints and 10 specimens.

Convention: positions are fractions of the card, x of its width and y of its height; x is where the ink of a
text starts (its centre where it says centred), y the middle of its capitals. Lengths are millimetres.

Source: positions are this project's measurements of November 2026 (median of six rectified real cards; the
whole print floats by about ±0.010); the outline is ISO/IEC 7810:2019 ID-1.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image, ImageDraw

from kyc_vision.geometry import Points
from kyc_vision.types import Pixels
from samples.fonts import OCR_A, SANS, SANS_BOLD, font, ink_x
from samples.ground import ground
from samples.identity import Identity
from samples.people import BLUE, RED, Photo, card_portrait
from samples.wear import worn

CORNER_RADIUS_MM = 3.2
DEFAULT_PX_PER_MM = 23.6  # 600 dpi: five times what a phone resolves at 40 % of its width
FLOAT = 0.010
ROW_PITCH = 0.0468
PORTRAIT = (0.712, 0.197, 0.947, 0.660)  # left, top, right, bottom

_INK = (34, 34, 40)
_TEXT_CAP_MM, _HEADER_CAP_MM, _NIK_CAP_MM, _NIK_PITCH_MM = 1.55, 2.0, 2.6, 2.28
_LABEL_X, _INDENT_X, _COLON_X, _VALUE_X, _VALUE_END = 0.030, 0.084, 0.250, 0.264, 0.680
_ISSUE_X, _ISSUE_WIDTH = 0.829, 0.270
_FIRST_ROW_Y = 0.277


@dataclass(frozen=True, slots=True)
class Style:
    """How a card is printed.

    Attributes:
        float_xy: the whole print floats by up to FLOAT; else it stands exactly at the measured places.
        nik_bold: the NIK in bold Arial-like digits, as some prints of 2015 have it; else OCR-A.
        orange: the ground of foreigners' cards since Permendagri 72/2022.
        wear: 0 new to 1 worn.
    """

    float_xy: bool = True
    nik_bold: bool = False
    orange: bool = False
    wear: float = 0.0


@dataclass(frozen=True, slots=True)
class _Row:
    label: str
    lines: tuple[str, ...]
    indented: bool = False


def print_card(
    identity: Identity, portrait: Pixels, *, seed: int, px_per_mm: float = DEFAULT_PX_PER_MM, float_xy: bool = True
) -> Pixels:
    """Print the identity and the portrait on an ID-1 card marked CONTOH (specimen).

    Args:
        identity: what to print.
        portrait: (H, W, 3) uint8 RGB head and shoulders; stretched to 20.1 × 24.9 mm, so bring that ratio.
        seed: of the float of the print, the signature and the ground.
        px_per_mm: resolution.
        float_xy: False prints exactly at the measured places.

    Returns:
        (H, W, 4) uint8 RGB and alpha; alpha is 0 outside the rounded corners.

    Raises:
        SampleError: a font is not installed.
    """
    return print_styled(identity, portrait, seed, px_per_mm, Style(float_xy))


def print_styled(identity: Identity, portrait: Pixels, seed: int, px_per_mm: float, style: Style) -> Pixels:
    """As print_card, in another style."""
    rng = np.random.default_rng([seed, 0xCA])
    paper = ground(px_per_mm, rng)
    if style.orange:
        # The same pattern in another ink: what is blue becomes orange.
        paper = np.ascontiguousarray(paper[..., ::-1])
    shift = rng.uniform(-FLOAT, FLOAT, 2) if style.float_xy else np.zeros(2)
    _print_portrait(paper, portrait, shift, rng)
    press = _Press(Image.fromarray(paper), px_per_mm, (float(shift[0]), float(shift[1])))
    _print_texts(press, identity, style.nik_bold)
    press.specimen()
    pixels = np.asarray(press.sheet, dtype=np.uint8).copy()
    _sign(pixels, shift, px_per_mm, rng)
    card = np.dstack([pixels, _outline(pixels.shape[1], pixels.shape[0], px_per_mm)])
    return worn(card, style.wear, np.random.default_rng([seed, 0x3E])) if style.wear > 0 else card


def card_for(
    identity: Identity,
    reference: Photo,
    seed: int,
    px_per_mm: float = DEFAULT_PX_PER_MM,
    style: Style = Style(),
) -> Pixels:
    """The printed card; the portrait's backdrop red in odd birth years and blue in even ones, as is the custom."""
    backdrop = RED if identity.birth_date.year % 2 else BLUE
    return print_styled(identity, card_portrait(reference, backdrop), seed, px_per_mm, style)


class _Press:
    """Puts texts on the sheet by fractions of the card."""

    def __init__(self, sheet: Image.Image, px_per_mm: float, shift: tuple[float, float]) -> None:
        self.sheet = sheet
        self._px_per_mm = px_per_mm
        self._shift = shift
        self._draw = ImageDraw.Draw(sheet)

    def width(self, text: str, cap_mm: float = _TEXT_CAP_MM) -> float:
        """Ink and advance width of the text as a fraction of the card's width."""
        return font(SANS, cap_mm * self._px_per_mm).getlength(text) / self.sheet.width

    def text(self, text: str, xy: tuple[float, float], cap_mm: float = _TEXT_CAP_MM, centred: bool = False) -> None:
        """Liberation Sans with its capitals' middle at y, its ink starting (or centred) at x."""
        face = font(SANS, cap_mm * self._px_per_mm)
        x_px, base_px = self._at(xy, cap_mm)
        if centred:
            self._draw.text((x_px, base_px), text, font=face, fill=_INK, anchor="ms")
        else:
            self._draw.text((x_px - ink_x(face, text)[0], base_px), text, font=face, fill=_INK, anchor="ls")

    def label(self, text: str, xy: tuple[float, float], condense: float = 0.93) -> None:
        """As text, but narrowed: the real labels are a little narrower than Liberation Sans."""
        face = font(SANS, _TEXT_CAP_MM * self._px_per_mm)
        left, right = ink_x(face, text)
        _, top, _, bottom = face.getbbox(text, anchor="ls")
        mask = Image.new("L", (math.ceil(right - left) + 2, math.ceil(bottom - top) + 2), 0)
        ImageDraw.Draw(mask).text((1 - left, 1 - top), text, font=face, fill=255, anchor="ls")
        mask = mask.resize((round(mask.width * condense), mask.height), Image.Resampling.LANCZOS)
        x_px, base_px = self._at(xy, _TEXT_CAP_MM)
        self.sheet.paste(_INK, (round(x_px - 1), round(base_px + top - 1)), mask)

    def bold(self, text: str, xy: tuple[float, float]) -> None:
        """Bold Liberation Sans digits 2.8 mm high, stretched to end at 0.625 as measured."""
        face = font(SANS_BOLD, 2.8 * self._px_per_mm)
        left, right = ink_x(face, text)
        tall = math.ceil(2.8 * self._px_per_mm) + 4
        mask = Image.new("L", (right - left + 2, tall), 0)
        ImageDraw.Draw(mask).text((1 - left, tall - 2), text, font=face, fill=255, anchor="ls")
        mask = mask.resize((round((0.625 - 0.243) * self.sheet.width), tall), Image.Resampling.LANCZOS)
        x_px, base_px = self._at(xy, 2.8)
        self.sheet.paste(_INK, (round(x_px), round(base_px) - tall + 2), mask)

    def digits(self, text: str, xy: tuple[float, float]) -> None:
        """OCR-A digits, each centred in its own cell of 2.28 mm, the first one's ink starting at x."""
        face = font(OCR_A, _NIK_CAP_MM * self._px_per_mm)
        left, right = ink_x(face, "0")
        x_px, base_px = self._at(xy, _NIK_CAP_MM)
        for index, digit in enumerate(text):
            centre = x_px + (right - left) / 2 + index * _NIK_PITCH_MM * self._px_per_mm
            low, high = ink_x(face, digit)
            self._draw.text((centre - (low + high) / 2, base_px), digit, font=face, fill=_INK, anchor="ls")

    def specimen(self) -> None:
        """CONTOH, pale and slanted under the signature, where no field stands."""
        face = font(SANS, 2.6 * self._px_per_mm)
        width, height = round(20 * self._px_per_mm), round(8 * self._px_per_mm)
        tile = Image.new("L", (width, height), 0)
        ImageDraw.Draw(tile).text((width / 2, height / 2), "CONTOH", font=face, fill=120, anchor="mm")
        tile = tile.rotate(14, resample=Image.Resampling.BICUBIC, expand=True)
        x_px, y_px = 0.835 * self.sheet.width, 0.845 * self.sheet.height
        self.sheet.paste((96, 128, 172), (round(x_px - tile.width / 2), round(y_px - tile.height / 2)), tile)

    def _at(self, xy: tuple[float, float], cap_mm: float) -> tuple[float, float]:
        x = (xy[0] + self._shift[0]) * self.sheet.width
        y = (xy[1] + self._shift[1]) * self.sheet.height + cap_mm * self._px_per_mm / 2
        return x, y


def _print_texts(press: _Press, identity: Identity, nik_bold: bool) -> None:
    press.text(identity.province, (0.5, 0.057), _HEADER_CAP_MM, centred=True)
    press.text(identity.regency, (0.5, 0.110), _HEADER_CAP_MM, centred=True)
    press.text("NIK", (0.032, 0.190), 2.2)
    press.text(":", (0.198, 0.190), 2.2)
    if nik_bold:
        press.bold(identity.nik, (0.243, 0.190))
    else:
        press.digits(identity.nik, (0.237, 0.190))
    y = _FIRST_ROW_Y
    for row in _rows(press, identity):
        press.label(row.label, (_INDENT_X if row.indented else _LABEL_X, y))
        press.text(":", (_COLON_X, y))
        if row.label == "Jenis Kelamin":
            press.label("Gol. Darah", (0.494, y), 0.85)
            press.text(":", (0.606, y))
            press.text(identity.blood_type, (0.628, y))
        for line in row.lines:
            press.text(line, (_VALUE_X, y))
            y += ROW_PITCH
    place = _wrap(press, identity.issue_place, _ISSUE_WIDTH)
    for index, line in enumerate(place):
        press.text(line, (_ISSUE_X, 0.693 + index * 0.0385), centred=True)
    press.text(f"{identity.issue_date:%d-%m-%Y}", (_ISSUE_X, 0.731 if len(place) == 1 else 0.770), centred=True)


def _rows(press: _Press, identity: Identity) -> list[_Row]:
    words = ("LAKI-LAKI", "PEREMPUAN") if identity.nationality == "WNI" else ("MALE", "FEMALE")
    sex = words[identity.sex == "F"]
    born = f"{identity.birth_place}, {identity.birth_date:%d-%m-%Y}"
    room = _VALUE_END - _VALUE_X
    return [
        _Row("Nama", _wrap(press, identity.name, room)),
        _Row("Tempat/Tgl Lahir", _wrap(press, born, room)),
        _Row("Jenis Kelamin", (sex,)),
        _Row("Alamat", _wrap(press, identity.address, room)),
        _Row("RT/RW", (identity.rt_rw,), indented=True),
        _Row("Kel/Desa", (identity.village,), indented=True),
        _Row("Kecamatan", (identity.district,), indented=True),
        _Row("Agama", (identity.religion,)),
        _Row("Status Perkawinan", (identity.marital_status,)),
        _Row("Pekerjaan", (identity.occupation,)),
        _Row("Kewarganegaraan", (identity.nationality,)),
        _Row("Berlaku Hingga", (identity.valid_until,)),
    ]


def _wrap(press: _Press, text: str, room: float) -> tuple[str, ...]:
    """Break at blanks so that no line is wider than room, a fraction of the card's width."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and press.width(longer) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return tuple(lines) or ("",)


def _print_portrait(paper: Pixels, portrait: Pixels, shift: Points, rng: np.random.Generator) -> None:
    height, width = paper.shape[:2]
    left, right = (round((PORTRAIT[i] + shift[0]) * width) for i in (0, 2))
    top, bottom = (round((PORTRAIT[i] + shift[1]) * height) for i in (1, 3))
    method = cv2.INTER_AREA if portrait.shape[1] > right - left else cv2.INTER_CUBIC
    picture = cv2.resize(portrait, (right - left, bottom - top), interpolation=method).astype(np.float32)
    # A dye print is flatter than the photograph and a little grainy.
    grey = picture.mean(axis=2, keepdims=True)
    picture = 0.90 * (0.88 * picture + 0.12 * grey) + 16
    picture += cv2.GaussianBlur(rng.normal(0, 9, picture.shape[:2]).astype(np.float32), (0, 0), 1.2)[..., None]
    paper[top:bottom, left:right] = np.clip(picture, 0, 255).astype(np.uint8)


def _sign(pixels: Pixels, shift: Points, px_per_mm: float, rng: np.random.Generator) -> None:
    """A smooth random stroke in the signature's place: nobody's hand."""
    count = int(rng.integers(7, 11))
    x = np.linspace(0.755, 0.915, count) + rng.normal(0, 0.012, count)
    y = 0.835 + rng.uniform(-0.055, 0.055, count) * np.linspace(1.0, 0.55, count)
    knots = np.column_stack([x + shift[0], y + shift[1]]) * [pixels.shape[1], pixels.shape[0]]
    path = np.vstack([_catmull_rom(knots[i : i + 4]) for i in range(count - 3)])
    fixed = np.round(path * 16).astype(np.int32).reshape(-1, 1, 2)
    cv2.polylines(pixels, [fixed], False, (38, 40, 58), max(1, round(0.26 * px_per_mm)), cv2.LINE_AA, shift=4)


def _catmull_rom(knots: Points) -> Points:
    """Points of the uniform Catmull–Rom segment between the two middle ones of (4, 2) knots."""
    t = np.linspace(0, 1, 24)[:, None]
    a, b, c, d = knots
    curve = 2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3
    return np.asarray(0.5 * curve)


def _outline(width: int, height: int, px_per_mm: float) -> Pixels:
    """(H, W) uint8 alpha of a rectangle with rounded corners."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    radius = CORNER_RADIUS_MM * px_per_mm
    dx = np.maximum(np.abs(x - (width - 1) / 2) - (width / 2 - radius), 0)
    dy = np.maximum(np.abs(y - (height - 1) / 2) - (height / 2 - radius), 0)
    return np.asarray(np.clip(radius - np.hypot(dx, dy) + 0.5, 0, 1) * 255, dtype=np.uint8)
