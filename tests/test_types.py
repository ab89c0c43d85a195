"""Personal values mask themselves: nothing that is logged or raised can carry them."""

import dataclasses

import numpy as np
import pytest

from kyc_vision import types
from kyc_vision.ocr.nik import Nik
from kyc_vision.ocr.printed import Printed
from kyc_vision.types import CardFields, Claim, Field, NotRead, TextLine
from tests.fakes import ALL_FIELDS, card_fields, evidence, image, read_field, verification

PLANTED = "PLANTED 3276020507850003"
SECRETS = ("PLANTED", "3276020507850003", "OTHER READING")


def leaks(shown: str) -> list[str]:
    return [secret for secret in SECRETS if secret in shown]


def planted() -> CardFields:
    readings = (("ppocr", PLANTED), ("tesseract", "OTHER READING"))
    return card_fields(**{name: read_field(PLANTED, readings=readings) for name in ALL_FIELDS})


@pytest.mark.parametrize("show", [repr, str, "{}".format, "{!r}".format, lambda value: repr([value])])
def test_no_rendering_of_a_personal_value_shows_it(show):
    values = (
        read_field(PLANTED, readings=(("tesseract", "OTHER READING"),)),
        Claim(nik="3276020507850003", name="PLANTED", birth_date="PLANTED"),
        Nik("3276020507850003"),
        planted(),
    )
    for value in values:
        assert leaks(show(value)) == [], type(value).__name__


@pytest.mark.parametrize("value", [
    TextLine(PLANTED, (0.9,) * len(PLANTED), ((0, 0), (1, 0), (1, 1), (0, 1))),
    Printed(PLANTED, (0.9,) * len(PLANTED), (0, 0, 1, 1)),
], ids=lambda value: type(value).__name__)  # fmt: skip
def test_a_line_as_it_was_read_does_not_show_itself(value):
    assert leaks(repr(value)) == []
    assert leaks(f"{value}") == []


def test_neither_evidence_nor_verification_shows_what_was_read():
    shown = evidence(fields=planted())
    assert leaks(repr(shown)) == []
    assert leaks(str(verification(evidence=shown))) == []


def test_a_traceback_with_the_values_in_it_does_not_show_them():
    with pytest.raises(TypeError) as caught:
        raise TypeError(evidence(fields=planted()), Claim(nik="3276020507850003"))
    assert leaks(str(caught.value)) == []


def test_a_masked_field_still_says_how_long_and_how_sure():
    assert repr(read_field("BUDI", 0.876)) == "Field(<4 characters>, confidence=0.88)"
    assert repr(Claim(nik="1", name="B")) == "Claim(given=['nik', 'name'])"


def test_every_value_that_crosses_a_stage_is_frozen_and_has_no_dict():
    values = [one for one in vars(types).values() if dataclasses.is_dataclass(one)]
    assert len(values) >= 16
    for one in values:
        assert one.__dataclass_params__.frozen, one.__name__
        assert not hasattr(one, "__dict__") or "__slots__" in vars(one), one.__name__


def test_a_field_is_its_text_and_an_unread_one_is_none():
    fields = card_fields(village=NotRead("OCR_FIELD_NOT_FOUND"))
    assert fields.text("name") == "BUDI SANTOSO"
    assert fields.text("village") is None
    assert [name for name, _ in fields.items()] == list(ALL_FIELDS)
    assert dict(fields.items())["village"] == NotRead("OCR_FIELD_NOT_FOUND")


def test_a_line_is_as_certain_as_its_least_certain_character():
    quad = ((0, 0), (1, 0), (1, 1), (0, 1))
    assert TextLine("AB", (0.9, 0.4), quad).confidence == 0.4
    assert TextLine("", (), quad).confidence == 0


def test_a_pictures_size_is_width_by_height():
    assert image(800, 600).size_wh == (800, 600)
    assert isinstance(read_field("A"), Field)
    assert image().pixels.dtype == np.uint8
