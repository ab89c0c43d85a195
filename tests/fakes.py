"""What tests share: values that are good unless a test says otherwise, and fakes at the Protocols."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path

import numpy as np

from kyc_vision import layout
from kyc_vision.ocr import vocabulary
from kyc_vision.ocr.confidence import RAW
from kyc_vision.ocr.fields import FieldReader
from kyc_vision.ocr.lattice import NumberLattice
from kyc_vision.ocr.nik_reader import NikReading
from kyc_vision.policy import Policy, Thresholds
from kyc_vision.reasons import ATTACKS
from kyc_vision.types import (
    CardFields,
    CardLocation,
    Cue,
    Decision,
    Evidence,
    Face,
    FaceMatch,
    Field,
    Image,
    NotRead,
    Pixels,
    Provenance,
    Quad,
    Quality,
    RectifiedCard,
    SecondOpinion,
    Suspicion,
    TextLine,
    Verdict,
    Verification,
)

ROOT = Path(__file__).resolve().parents[1]
QUAD = np.array([[100, 300], [528, 300], [528, 570], [100, 570]], dtype=np.float32)
#: What the good card says; the NIK agrees with the rest. Nobody's.
PRINTED: Mapping[str, str] = {
    "nik": "3276020507850003",
    "name": "BUDI SANTOSO",
    "birth_place": "DEPOK",
    "birth_date": "1985-07-05",
    "sex": "M",
    "blood_type": "O",
    "address": "JL. MELATI NO. 1",
    "rt_rw": "003/004",
    "village": "TUGU",
    "district": "CIMANGGIS",
    "religion": "ISLAM",
    "marital_status": "KAWIN",
    "occupation": "WIRASWASTA",
    "nationality": "WNI",
    "valid_until": "SEUMUR HIDUP",
    "province": "JAWA BARAT",
    "regency": "KOTA DEPOK",
    "issue_place": "KOTA DEPOK",
    "issue_date": "2012-06-02",
}


def image(width: int = 800, height: int = 600, grey: int = 128) -> Image:
    return Image(np.full((height, width, 3), grey, dtype=np.uint8), "JPEG", "ab" * 32)


def face(x: float, y: float, w: float, h: float, confidence: float = 0.9) -> Face:
    """Upright: eyes at two fifths of the height, nose in the middle, mouth at three quarters."""
    at = [(0.3, 0.4), (0.7, 0.4), (0.5, 0.55), (0.35, 0.75), (0.65, 0.75)]
    landmarks = np.array([(x + u * w, y + v * h) for u, v in at], dtype=np.float32)
    return Face((x, y, w, h), landmarks, confidence)


PROBE, REFERENCE = face(560, 60, 160, 200, 0.95), face(420, 380, 64, 80, 0.8)


def read_field(text: str, confidence: float = 0.99, **changes: object) -> Field:
    found = Field(text, text, confidence, (1.0, 2.0, 30.0, 4.0), (("ppocr", text),))
    return replace(found, **changes)  # type: ignore[arg-type]


def card_fields(**changes: Field | NotRead) -> CardFields:
    return CardFields(**{**{name: read_field(text) for name, text in PRINTED.items()}, **changes})


def location(**changes: object) -> CardLocation:
    return replace(CardLocation(QUAD, 0.9, False, 14, 0.2), **changes)  # type: ignore[arg-type]


def blank_card(wrapped: tuple[str, ...] = ()) -> RectifiedCard:
    return RectifiedCard(np.full((637, 1010, 3), 220, dtype=np.uint8), np.eye(3), 11.8, 428.0, wrapped)


def print_cue(name: str = "nik_digit", score: float | None = -1.0) -> Cue:
    place = ((240.0, 90.0), (266.0, 90.0), (266.0, 128.0), (240.0, 128.0))
    return Cue(name, score, None if score is None else place, "digit 3 of 16: its shape")


def quiet(odds: float = 0.0005) -> tuple[Suspicion, ...]:
    """Every way of deceiving was looked for, and nothing speaks of it."""
    return tuple(Suspicion(attack, -1.0, odds, ((print_cue(), -1.0),)) for attack in ATTACKS)


def face_match(**changes: object) -> FaceMatch:
    second = SecondOpinion("dlib", None, "not in doubt")
    return replace(FaceMatch(PROBE, REFERENCE, 80.0, 0.7, 0.999, second), **changes)  # type: ignore[arg-type]


def quality(**changes: object) -> Quality:
    return replace(Quality(120.0, 0.5, 20.0, 428.0, 15.0), **changes)  # type: ignore[arg-type]


def evidence(**changes: object) -> Evidence:
    found = Evidence(
        image(), quality(), (PROBE, REFERENCE), location(), blank_card(), card_fields(), face_match(), (print_cue(),),
        quiet(),
    )  # fmt: skip
    return replace(found, **changes)  # type: ignore[arg-type]


def limits(**changes: float) -> Thresholds:
    """The policy's thresholds, with those that a test is about set by the test."""
    return replace(Policy.load().thresholds, **changes)


def provenance() -> Provenance:
    return Provenance("", "0.1.0", {"sface.onnx": "ab" * 8}, "p" * 16, "c" * 16, {"numpy": "2.0"})


def verification(**changes: object) -> Verification:
    verdict = Verdict(Decision.APPROVED, 0.98, (), ())
    found = Verification(verdict, evidence(), {"faces": 5.0, "total": 5.0}, provenance())
    return replace(found, **changes)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Word:
    """A piece of print on a card, in millimetres; its capitals' middle is at y."""

    text: str
    x: float
    y: float
    confidence: float = 0.99
    pitch: float = 1.1

    @property
    def end(self) -> float:
        return self.x + self.pitch * len(self.text)


@dataclass
class ScriptedCard:
    """A text spotter over a blank card: it finds a box for each word, and reads the words inside a cut.

    Words named in `together` are found as one box, those in `unseen` as none.
    """

    words: list[Word]
    together: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()
    asked: list[str] = field(default_factory=list)

    def detect(self, pixels: Pixels) -> list[Quad]:
        scale = pixels.shape[1] / layout.CARD_WH_MM[0]
        joined = [word for word in self.words if word.text in self.together]
        groups = [[word] for word in self.words if word.text not in (*self.together, *self.unseen)]
        quads = []
        for group in groups + ([joined] if joined else []):
            left, right = min(w.x for w in group) - 0.5, max(w.end for w in group) + 0.5
            top, bottom = group[0].y - 1.2, group[0].y + 1.2
            corners = np.array([[left, top], [right, top], [right, bottom], [left, bottom]])
            quads.append((corners * scale).astype(np.float32))
        return quads

    def recognize(self, pixels: Pixels, quad: Quad, both: float = 1.0) -> TextLine:  # noqa: ARG002
        (left, top), (right, bottom) = np.array([quad.min(axis=0), quad.max(axis=0)]) * (
            layout.CARD_WH_MM[0] / pixels.shape[1]
        )
        inside = sorted(
            (w for w in self.words if left < (w.x + w.end) / 2 < right and top < w.y < bottom), key=lambda w: w.x
        )
        text = " ".join(w.text for w in inside)
        self.asked.append(text)
        confidences = [c for w in inside for c in (1.0, *(w.confidence for _ in w.text))][1:]
        return TextLine(text, tuple(confidences), tuple((float(x), float(y)) for x, y in quad))


def inked_card(words: list[Word], wrapped: tuple[str, ...] = ()) -> RectifiedCard:
    """A card with ink where the words are, whose print was seen by the locator."""
    card = blank_card(wrapped)
    for word in words:
        for letter in range(len(word.text)):
            x, y = (word.x + word.pitch * letter) * 11.8, word.y * 11.8
            height = layout.CAP_HEIGHT_MM * 11.8 / 2
            # A colon's dots are no letter.
            top = y - (height if word.text[letter] != ":" else 2)
            card.pixels[round(top) : round(y + height), round(x) : round(x) + 4] = 60
    return replace(card, anchors=16)


def words_of(rows: Mapping[str, str | tuple[str, ...]], wrapped: tuple[str, ...] = ()) -> list[Word]:
    """A printed card: values by row (two lines where a row wraps); header, NIK and issue by their own names."""
    at = layout.row_centres_mm(wrapped)
    fixed: dict[str, Callable[[str], Word]] = {
        "nik": lambda text: Word(text, layout.NIK_X_MM, layout.NIK_Y_MM, pitch=2.25),
        "province": lambda text: _centred(text, layout.HEADER_CENTRE_X_MM, layout.PROVINCE_Y_MM),
        "regency": lambda text: _centred(text, layout.HEADER_CENTRE_X_MM, layout.REGENCY_Y_MM),
        "issue_place": lambda text: _centred(text, layout.ISSUE_CENTRE_X_MM, layout.ISSUE_PLACE_Y_MM),
        "issue_date": lambda text: _centred(text, layout.ISSUE_CENTRE_X_MM, layout.ISSUE_DATE_Y_MM),
        "blood": lambda text: Word(text, layout.BLOOD_LABEL_X_MM, at["sex"]),
    }
    words = []
    for name, value in rows.items():
        if name in fixed:
            words.append(fixed[name](str(value)))
            continue
        first, *second = (value,) if isinstance(value, str) else value
        row = next(row for row in layout.ROWS if row.field == name)
        words.append(Word(row.label, row.label_x_mm, at[name], pitch=1.0))
        words.append(Word(f":{first}", layout.COLON_X_MM, at[name]))
        words += [
            Word(text, layout.VALUE_X_MM, at[name] + line * layout.ROW_PITCH_MM) for line, text in enumerate(second, 1)
        ]
    return words


def _centred(text: str, x_mm: float, y_mm: float) -> Word:
    return Word(text, x_mm - 0.55 * len(text), y_mm)


#: The good card as it is printed, for ScriptedCard.
GOOD_ROWS: Mapping[str, str | tuple[str, ...]] = {
    "province": "PROVINSI JAWA BARAT",
    "regency": "KOTA DEPOK",
    "nik": "3276020507850003",
    "name": "BUDI SANTOSO",
    "birth_place": "DEPOK, 05-07-1985",
    "sex": "LAKI-LAKI",
    "blood": "Gol. Darah : O",
    "address": "JL. MELATI NO. 1",
    "rt_rw": "003/004",
    "village": "TUGU",
    "district": "CIMANGGIS",
    "religion": "ISLAM",
    "marital_status": "KAWIN",
    "occupation": "WIRASWASTA",
    "nationality": "WNI",
    "valid_until": "SEUMUR HIDUP",
    "issue_place": "KOTA DEPOK",
    "issue_date": "02-06-2012",
}


@dataclass
class SecondReader:
    """The independent reader: what it answers, or why it is missing; counts the lines that it is asked for."""

    answer: str = ""
    why_missing: str = ""
    name: str = "tesseract"
    asked: int = 0

    def missing(self) -> str:
        return self.why_missing

    def read(self, pixels: Pixels) -> str:  # noqa: ARG002 - the Protocol's shape
        self.asked += 1
        return self.answer


ALL_FIELDS = tuple(f.name for f in fields(CardFields))


@dataclass
class ScriptedNumber:
    """A reader of the NIK's line that sees what the scripted card has there."""

    card: ScriptedCard

    def read(self, pixels: Pixels, quad: Quad) -> NikReading | None:
        line = self.card.recognize(pixels, quad)
        digits = "".join(vocabulary.DIGIT_FOR.get(c, c) for c in line.text if c.isalnum())
        if len(digits) != 16 or not digits.isdigit():
            return None
        rows = np.full((16, 10), 0.0)
        for at, (digit, sure) in enumerate(zip(digits, line.confidences[-16:], strict=True)):
            rows[at] = (1 - sure) / 9
            rows[at, int(digit)] = sure
        return NikReading(NumberLattice(rows, 0.0), (("scripted", digits),))


def card_reader(card: ScriptedCard, second: SecondReader | None = None) -> FieldReader:
    """A field reader of a scripted card, with the readers' own numbers for probabilities."""
    return FieldReader(card, card, ScriptedNumber(card), second or SecondReader(), RAW)
