import io

import numpy as np
import PIL.Image
import pytest
from PIL.PngImagePlugin import PngInfo

from kyc_vision.filefacts import file_facts
from kyc_vision.image import read
from kyc_vision.types import FileFacts

PICTURE = PIL.Image.fromarray(np.random.default_rng(1).integers(0, 255, (300, 300, 3), dtype=np.uint8))
MAKE, MODEL, SOFTWARE, ARTIST = 0x010F, 0x0110, 0x0131, 0x013B


def exif(**tags: str) -> PIL.Image.Exif:
    block = PIL.Image.Exif()
    for name, text in tags.items():
        block[{"make": MAKE, "model": MODEL, "software": SOFTWARE, "artist": ARTIST}[name]] = text
    return block


def encoded(kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    PICTURE.save(buffer, kind, **options)
    return buffer.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_an_editing_program_in_exif_is_named_whatever_the_format(kind):
    facts = file_facts(encoded(kind, exif=exif(software="Adobe Photoshop 25.1 (Windows)")), kind)
    assert facts.editor == "photoshop"
    assert not facts.camera


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_camera_names_make_and_model_and_its_firmware_is_no_editor(kind):
    facts = file_facts(encoded(kind, exif=exif(make="samsung", model="SM-A155F", software="A155FXXU1AWL1")), kind)
    assert (facts.editor, facts.camera) == ("", True)
    assert not file_facts(encoded(kind, exif=exif(make="samsung")), kind).camera


def test_a_program_is_read_where_programs_name_themselves_and_nowhere_else():
    xmp = b'<x:xmpmeta><rdf:Description xmp:CreatorTool="GIMP 2.10"/></x:xmpmeta>'
    assert file_facts(encoded("JPEG", xmp=xmp), "JPEG").editor == "gimp"
    assert file_facts(encoded("WEBP", xmp=xmp), "WEBP").editor == "gimp"
    about = PngInfo()
    about.add_text("Software", "Snapseed 3")
    assert file_facts(encoded("PNG", pnginfo=about), "PNG").editor == "snapseed"
    titled = PngInfo()
    titled.add_text("Title", "Canva")
    assert file_facts(encoded("PNG", pnginfo=titled), "PNG") == FileFacts()
    assert file_facts(encoded("JPEG", exif=exif(artist="Krita Canva")), "JPEG").editor == ""


@pytest.mark.parametrize("quality", [30, 50, 75, 92, 100])
def test_the_quality_is_told_by_the_tables(quality):
    assert file_facts(encoded("JPEG", quality=quality), "JPEG").jpeg_quality == pytest.approx(quality, abs=1)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_file_cut_off_anywhere_or_scrambled_says_nothing_wrong(kind):
    data = encoded(kind, exif=exif(make="m", model="n", software="gimp"))[:1500]
    rng = np.random.default_rng(2)
    for length in range(0, 700, 7):
        file_facts(data[:length], kind)
    for _ in range(300):
        scrambled = bytearray(data)
        for at in rng.integers(0, 400, 6):
            scrambled[at] = int(rng.integers(0, 256))
        assert file_facts(bytes(scrambled), kind).editor in ("", "gimp")


def test_a_picture_that_was_read_carries_its_facts():
    data = encoded("JPEG", quality=80, exif=exif(make="Apple", model="iPhone 13", software="17.1"))
    assert read(data).facts == FileFacts("", True, 80)
    assert file_facts(data, "HEIF") == FileFacts()
