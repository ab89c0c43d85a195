"""Bytes → Image: every kind of picture a phone sends, and every kind nobody should."""

from __future__ import annotations

import io
import itertools
import struct
import sys
import time
import tracemalloc
import zlib

import numpy as np
import PIL.Image
import PIL.ImageOps
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kyc_vision.errors import (
    AnimatedPicture,
    BrokenPicture,
    EmptyInput,
    InputError,
    PictureTooLarge,
    PictureTooSmall,
    UnknownFormat,
    UnsupportedFormat,
)
from kyc_vision.image import Limits, read

pillow_heif = pytest.importorskip("pillow_heif")

WIDTH, HEIGHT = 320, 240
# One colour per quarter: top left red, top right green, bottom right white, bottom left blue.
RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)


def upright() -> PIL.Image.Image:
    picture = PIL.Image.new("RGB", (WIDTH, HEIGHT), RED)
    picture.paste(GREEN, (WIDTH // 2, 0, WIDTH, HEIGHT // 2))
    picture.paste(WHITE, (WIDTH // 2, HEIGHT // 2, WIDTH, HEIGHT))
    picture.paste(BLUE, (0, HEIGHT // 2, WIDTH // 2, HEIGHT))
    return picture


def encoded(picture: PIL.Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    buffer = io.BytesIO()
    if kind == "JPEG":
        options = {"quality": 95, **options}
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def heic(picture: PIL.Image.Image, **options: object) -> bytes:
    buffer = io.BytesIO()
    pillow_heif.from_bytes("RGB", picture.size, picture.tobytes()).save(buffer, quality=90, **options)
    return buffer.getvalue()


def exif(orientation: int, order: str = "<") -> bytes:
    mark = b"II*\0" if order == "<" else b"MM\0*"
    entry = struct.pack(order + "HHIHH", 0x0112, 3, 1, orientation, 0)
    return b"Exif\0\0" + mark + struct.pack(order + "IH", 8, 1) + entry + bytes(4)


def corners(pixels: np.ndarray) -> list[tuple[int, int, int]]:
    """The colour of each quarter, clockwise from top left, rounded to full and none."""
    height, width = pixels.shape[:2]
    at = [(1, 1), (1, 3), (3, 3), (3, 1)]
    return [tuple(int(c > 127) * 255 for c in pixels[height * y // 4, width * x // 4]) for y, x in at]


def png_header(width: int, height: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1000)))


def jpeg_header(width: int, height: int) -> bytes:
    small = encoded(PIL.Image.new("RGB", (16, 16)))
    at = small.index(b"\xff\xc0") + 5
    return small[:at] + struct.pack(">HH", height, width) + small[at + 4 :]


def webp_header(width: int, height: int) -> bytes:
    extent = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return _webp(b"VP8X", bytes(4) + extent)


def webp_lossless_header(width: int, height: int) -> bytes:
    return _webp(b"VP8L", b"\x2f" + struct.pack("<I", width - 1 | height - 1 << 14))


def webp_lossy_header(width: int, height: int) -> bytes:
    return _webp(b"VP8 ", b"\0\0\0\x9d\x01\x2a" + struct.pack("<HH", width, height))


def _webp(kind: bytes, chunk: bytes) -> bytes:
    body = b"WEBP" + kind + struct.pack("<I", len(chunk)) + chunk
    return b"RIFF" + struct.pack("<I", len(body)) + body


HEADERS = [png_header, jpeg_header, webp_header, webp_lossless_header, webp_lossy_header]


class TestWhatIsRead:
    @pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
    def test_a_picture_becomes_rgb_and_says_its_format_and_hash(self, kind: str) -> None:
        data = encoded(upright(), kind)
        image = read(data)
        assert image.format == kind
        assert image.size_wh == (WIDTH, HEIGHT)
        assert corners(image.pixels) == [RED, GREEN, WHITE, BLUE]
        assert len(image.sha256) == 64

    def test_pixels_are_contiguous_and_cannot_be_written(self) -> None:
        pixels = read(encoded(upright())).pixels
        assert pixels.dtype == np.uint8
        assert pixels.flags.c_contiguous
        with pytest.raises(ValueError, match="read-only"):
            pixels[0, 0] = 0

    def test_a_jpeg_has_the_very_pixels_that_pillow_decodes(self) -> None:
        noise = np.random.default_rng(7).integers(0, 255, (HEIGHT, WIDTH, 3), dtype=np.uint8)
        data = encoded(PIL.Image.fromarray(noise), subsampling=2)
        assert np.array_equal(read(data).pixels, np.asarray(PIL.Image.open(io.BytesIO(data))))

    @pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
    def test_grey_becomes_three_equal_channels(self, kind: str) -> None:
        pixels = read(encoded(PIL.Image.new("L", (WIDTH, HEIGHT), 100), kind)).pixels
        assert pixels.shape == (HEIGHT, WIDTH, 3)
        assert np.all(np.abs(pixels.astype(int) - 100) <= 1)

    def test_cmyk_jpeg_keeps_its_colours(self) -> None:
        assert corners(read(encoded(upright().convert("CMYK"))).pixels) == [RED, GREEN, WHITE, BLUE]

    def test_sixteen_bit_grey_png_keeps_the_upper_eight_bits(self) -> None:
        ramp = np.linspace(0, 65_535, WIDTH * HEIGHT).reshape(HEIGHT, WIDTH).astype(np.uint16)
        pixels = read(encoded(PIL.Image.fromarray(ramp), "PNG")).pixels
        assert np.array_equal(pixels[..., 0], (ramp >> 8).astype(np.uint8))

    @pytest.mark.parametrize("kind", ["PNG", "WEBP"])
    def test_transparent_parts_lie_on_white(self, kind: str) -> None:
        picture = PIL.Image.new("RGBA", (WIDTH, HEIGHT), (255, 0, 0, 0))
        picture.paste((0, 0, 255, 255), (0, 0, WIDTH // 2, HEIGHT))
        assert corners(read(encoded(picture, kind, lossless=True)).pixels) == [BLUE, WHITE, WHITE, BLUE]

    @pytest.mark.parametrize("mode", ["1", "P", "LA", "RGBA"])
    def test_every_png_mode_is_read(self, mode: str) -> None:
        assert read(encoded(upright().convert(mode), "PNG")).pixels.shape == (HEIGHT, WIDTH, 3)

    def test_a_palette_with_a_transparent_entry_is_read(self) -> None:
        data = encoded(upright().convert("P"), "PNG", transparency=b"\x00\x80")
        assert read(data).pixels.shape == (HEIGHT, WIDTH, 3)

    def test_a_jpeg_with_a_second_picture_behind_it_is_a_still(self) -> None:
        """Phones append gain maps and depth (MPO); the first picture is the photograph."""
        buffer = io.BytesIO()
        upright().save(buffer, "MPO", save_all=True, append_images=[PIL.Image.new("RGB", (WIDTH, HEIGHT))], quality=95)
        image = read(buffer.getvalue())
        assert image.format == "JPEG"
        assert corners(image.pixels) == [RED, GREEN, WHITE, BLUE]

    def test_nothing_global_is_changed(self) -> None:
        before = PIL.Image.MAX_IMAGE_PIXELS
        read(heic(upright()))
        assert before == PIL.Image.MAX_IMAGE_PIXELS
        assert ".heic" not in PIL.Image.registered_extensions()


class TestOrientation:
    @pytest.mark.parametrize(("orientation", "order"), list(itertools.product(range(1, 9), "<>")))
    def test_every_exif_orientation_ends_upright(self, orientation: int, order: str) -> None:
        stored = self._stored(orientation)
        image = read(encoded(stored, exif=exif(orientation, order)))
        assert image.orientation == orientation
        assert image.size_wh == (WIDTH, HEIGHT)
        assert corners(image.pixels) == [RED, GREEN, WHITE, BLUE]
        assert image.pixels.flags.c_contiguous

    @pytest.mark.parametrize("kind", ["PNG", "WEBP"])
    def test_orientation_counts_in_other_containers_too(self, kind: str) -> None:
        image = read(encoded(self._stored(6), kind, exif=exif(6)))
        assert image.orientation == 6
        assert corners(image.pixels) == [RED, GREEN, WHITE, BLUE]

    def test_heic_is_decoded_upright(self) -> None:
        image = read(heic(upright()))
        assert image.format == "HEIF"
        assert corners(image.pixels) == [RED, GREEN, WHITE, BLUE]

    def test_heic_with_an_orientation_is_turned_once(self) -> None:
        data = heic(self._stored(6), exif=exif(6))
        assert b"irot" in data
        assert b"Exif" in data
        image = read(data)
        assert image.orientation == 1
        assert image.size_wh == (WIDTH, HEIGHT)
        assert corners(image.pixels) == [RED, GREEN, WHITE, BLUE]

    @pytest.mark.parametrize(
        "block",
        [
            b"Exif\0\0",
            b"Exif\0\0II*\0",
            b"Exif\0\0garbage",
            exif(0),
            exif(9),
            b"Exif\0\0II*\0" + struct.pack("<IH", 8, 0xFFFF),  # announces 65 535 entries, brings none
            b"Exif\0\0II*\0" + struct.pack("<I", 0xFFFFFFFF),  # points far outside itself
            b"Exif\0\0II*\0" + struct.pack("<IHHHIIH", 8, 1, 0x0112, 3, 0xFFFFFFFF, 8, 0),  # 4 billion values
        ],
    )
    def test_a_damaged_exif_block_is_upright(self, block: bytes) -> None:
        assert read(encoded(upright(), exif=block)).orientation == 1

    @pytest.mark.parametrize("kind", ["PNG", "WEBP"])
    def test_an_exif_bomb_costs_nothing(self, kind: str) -> None:
        """A directory of 65 535 entries that each announce 4 GB, then itself again as the next directory."""
        entry = struct.pack("<HHII", 0x010F, 2, 0xFFFFFFFF, 8)
        bomb = b"Exif\0\0II*\0" + struct.pack("<IH", 8, 0xFFFF) + entry * 0xFFFF + struct.pack("<I", 8)
        data = encoded(upright(), kind, exif=bomb)
        started = time.perf_counter()
        assert read(data).orientation == 1
        assert time.perf_counter() - started < 1.0

    @staticmethod
    def _stored(orientation: int) -> PIL.Image.Image:
        """The picture as a camera stores it that is held so; Pillow's own inverse is the oracle."""
        undo = {5: 5, 6: 8, 7: 7, 8: 6}.get(orientation, orientation)
        picture = upright()
        picture.info["exif"] = exif(undo)
        picture.getexif()[0x0112] = undo
        return PIL.ImageOps.exif_transpose(picture)


class TestWhatIsRefused:
    def test_no_bytes(self) -> None:
        with pytest.raises(EmptyInput):
            read(b"")

    @pytest.mark.parametrize("data", [b"hello, I am a .jpg", b"GIF89a" + bytes(50), b"BM" + bytes(50), b"II*\0", b"x"])
    def test_bytes_that_are_no_picture_of_ours(self, data: bytes) -> None:
        with pytest.raises(UnknownFormat):
            read(data)

    def test_more_bytes_than_allowed_before_anything_is_looked_at(self) -> None:
        with pytest.raises(PictureTooLarge):
            read(b"not a picture", Limits(max_bytes=10))

    @pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
    def test_one_pixel(self, kind: str) -> None:
        dot = PIL.Image.new("RGB", (1, 1))
        with pytest.raises(PictureTooSmall):
            read(heic(dot) if kind == "HEIF" else encoded(dot, kind))

    def test_a_strip(self) -> None:
        with pytest.raises(PictureTooSmall, match="strip"):
            read(encoded(PIL.Image.new("RGB", (3000, 300))))

    @pytest.mark.parametrize("header", HEADERS)
    @pytest.mark.parametrize("size", [(10_000, 10_000), (16_000, 16_000)])
    def test_a_hundred_megapixel_header_is_refused_before_decoding(self, header, size) -> None:
        data = header(*size)
        tracemalloc.start()
        started = time.perf_counter()
        try:
            with pytest.raises(PictureTooLarge):
                read(data)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert time.perf_counter() - started < 0.1
        assert peak < 1_000_000

    def test_a_heic_over_the_pixel_limit(self) -> None:
        with pytest.raises(PictureTooLarge):
            read(heic(upright()), Limits(max_pixels=WIDTH * HEIGHT - 1))

    @pytest.mark.parametrize("kind", ["PNG", "WEBP"])
    def test_an_animation(self, kind: str) -> None:
        second = PIL.Image.new("RGB", (WIDTH, HEIGHT))
        with pytest.raises(AnimatedPicture):
            read(encoded(upright(), kind, save_all=True, append_images=[second]))

    def test_a_heif_sequence(self) -> None:
        with pytest.raises(AnimatedPicture):
            read(b"\0\0\0\x18ftyphevc" + bytes(100))

    @pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
    @pytest.mark.parametrize("part", [0.3, 0.6, 0.95])
    def test_a_file_that_is_cut_off(self, kind: str, part: float) -> None:
        noise = PIL.Image.fromarray(np.random.default_rng(7).integers(0, 255, (HEIGHT, WIDTH, 3), dtype=np.uint8))
        data = heic(noise) if kind == "HEIF" else encoded(noise, kind)
        with pytest.raises(BrokenPicture):
            read(data[: int(len(data) * part)])

    def test_a_progressive_jpeg_that_is_cut_off_between_its_scans(self) -> None:
        data = encoded(upright(), progressive=True)
        with pytest.raises(BrokenPicture):
            read(data[: data.rindex(b"\xff\xda")])

    def test_heic_where_its_decoder_is_missing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        data = heic(upright())
        monkeypatch.setitem(sys.modules, "pillow_heif", None)
        with pytest.raises(UnsupportedFormat, match="JPEG"):
            read(data)


SEEDS = {
    "JPEG": encoded(upright(), exif=exif(6)),
    "CMYK": encoded(upright().convert("CMYK")),
    "PNG": encoded(upright().convert("P"), "PNG", exif=exif(6), transparency=3),
    "WEBP": encoded(upright(), "WEBP", exif=exif(6)),
    "HEIF": heic(upright()),
}


@pytest.mark.filterwarnings("ignore")  # Pillow remarks on damage; what counts is what is raised
@settings(max_examples=300, deadline=None)
@given(
    kind=st.sampled_from(sorted(SEEDS)),
    damage=st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=6)), min_size=1, max_size=4),
    header=st.booleans(),
    cut=st.floats(0.02, 1),
)
def test_damaged_files_are_read_or_refused_and_nothing_else(kind, damage, header, cut) -> None:
    data = bytearray(SEEDS[kind])
    for place, junk in damage:
        at = int(place * (min(len(data), 600) if header else len(data) - 1))
        data[at : at + len(junk)] = junk
    try:
        image = read(bytes(data[: max(1, int(len(data) * cut))]), Limits(max_pixels=2_000_000))
    except InputError:
        return
    assert image.pixels.ndim == 3
