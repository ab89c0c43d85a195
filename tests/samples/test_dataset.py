import hashlib
import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageOps

from samples import dataset
from samples.__main__ import main
from samples.dataset import LABELS, Plan, make_set, order_for, write_one
from samples.difficulty import VERSION
from samples.errors import SampleError
from samples.jpeg import SPECIMEN
from samples.kinds import KINDS, expected, kind_of, parse_mix
from samples.phones import save_as_phone
from samples.recipes import RECIPES

DEFAULT = tuple(parse_mix(None).items())
SMALL = Plan(6, 3, None, (("genuine", 1.0), ("edited_nik", 1.0), ("no_card", 1.0)), 0.9, "easy")
KEYS = {
    "file", "version", "renderer", "seed", "kind", "difficulty", "expected", "probe", "reference", "same_photo",
    "same_person",
    "quad", "mirrored", "upside_down", "card_width_px", "tilt_deg", "yaw_deg", "pitch_deg", "fields", "device_quad",
    "occlusion", "in_frame", "size", "original", "document_quad", "edit", "exif_orientation", "jpeg_quality",
}  # fmt: skip
WITHOUT_EKTP = ("no_card", "other_document")
ON_DISPLAY = ("card_on_phone", "card_on_monitor", "selfie_on_screen", "selfie_print")


def digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("set")
    list(make_set(SMALL, out))
    return out


def test_the_same_seed_gives_the_same_bytes_also_after_an_interruption(made: Path, tmp_path: Path) -> None:
    wanted = digests(made)
    assert len(wanted) == 7
    for index in range(2, 6):
        name = f"{index:05d}.jpg"
        (tmp_path / name).write_bytes((made / name).read_bytes())
    lines = (made / LABELS).read_text().splitlines()
    # Two pictures are missing, one label was cut off in the middle.
    (tmp_path / LABELS).write_text("\n".join([*lines[2:5], lines[5][:40]]))
    list(make_set(SMALL, tmp_path))
    assert digests(tmp_path) == wanted


def test_two_workers_give_the_bytes_of_one(made: Path, tmp_path: Path) -> None:
    list(make_set(SMALL, tmp_path, workers=2))
    assert digests(tmp_path) == digests(made)


def test_pictures_of_an_older_renderer_are_made_again(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = dataset._kept(SMALL, made)
    monkeypatch.setattr(dataset, "RENDERER", dataset.RENDERER + 1)
    assert len(kept) == SMALL.n
    assert dataset._kept(SMALL, made) == {}


def test_what_is_there_with_a_matching_label_is_not_made_again(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> dict[str, Any]:
        raise AssertionError("made again")

    before = digests(made)
    monkeypatch.setattr(dataset, "write_one", fails)
    list(make_set(SMALL, made))
    assert digests(made) == before
    with pytest.raises(AssertionError):
        list(make_set(replace(SMALL, seed=4), made))


def test_a_longer_set_starts_with_the_shorter_one() -> None:
    kinds = [kind_of(index, 7, dict(DEFAULT)) for index in range(250)]
    assert kinds[:100] == [kind_of(index, 7, dict(DEFAULT)) for index in range(100)]
    assert Counter(kinds[:100]) == Counter({name: kind.share for name, kind in KINDS.items()})
    assert kinds[100:200] != kinds[:100]
    assert kinds[:100] != [kind_of(index, 8, dict(DEFAULT)) for index in range(100)]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_renders_with_the_packaged_portraits_and_its_label_is_complete(kind: str, tmp_path: Path) -> None:
    plan = Plan(1, 11, None, ((kind, 1.0),), 0.9)
    label = json.loads(json.dumps(write_one(plan, 0, tmp_path)))
    assert set(label) == KEYS
    assert (label["kind"], label["version"], label["seed"]) == (kind, VERSION, 11)
    assert label["expected"] == list(expected(kind, label["difficulty"]))
    assert (label["quad"] is None) == (label["fields"] is None) == (label["card_width_px"] is None)
    assert (label["quad"] is None) == (kind in WITHOUT_EKTP)
    assert (label["device_quad"] is not None) == (kind in ON_DISPLAY)
    assert (label["document_quad"] is not None) == (kind == "other_document")
    if label["quad"] is None:
        assert label["occlusion"] is label["in_frame"] is None
    else:
        assert (label["in_frame"] < 0.95) == (kind == "cut_off")
        assert 1 - label["in_frame"] - 1e-3 <= label["occlusion"] < 0.65
    with Image.open(tmp_path / label["file"]) as picture:
        upright = ImageOps.exif_transpose(picture)
        assert list(upright.size) == label["size"]
        assert picture.getexif()[0x010E] == SPECIMEN
        assert np.asarray(upright).std() > 1


def test_every_kind_has_a_recipe() -> None:
    assert list(RECIPES) == list(KINDS)


def test_what_is_expected_follows_from_the_kind_and_beyond_asks_for_a_retake() -> None:
    assert expected("genuine", "hard") == ("approved",)
    assert expected("genuine", "beyond") == ("retake",)
    assert expected("dark", "easy") == ("retake",)
    assert expected("impostor", "easy") == ("review", "rejected")
    assert all("approved" not in expected(kind, "easy") for kind in KINDS if kind != "genuine")
    assert all(any(d in expected(kind, "beyond") for d in ("retake",)) for kind in KINDS)


def test_the_deceivers_are_who_the_kind_says() -> None:
    for index in range(3):
        for kind, same in (("genuine", True), ("impostor", False), ("colour_copy", True)):
            order = order_for(Plan(3, 5, None, ((kind, 1.0),), 0.9), index)
            probe, reference = order.pair() if same else (p := order.somebody(), order.other_person(p))
            assert (probe.person == reference.person) == same
            assert not same or probe.id != reference.id


def test_a_contradicting_card_contradicts_itself_and_an_edited_name_is_one_line(tmp_path: Path) -> None:
    label = write_one(Plan(1, 2, None, (("nik_contradiction", 1.0),), 0.9, "easy"), 0, tmp_path)
    fields = label["fields"]
    year, month, day = fields["birth_date"].split("-")
    says = f"{int(day) + (40 if fields['sex'] == 'F' else 0):02d}{month}{year[2:]}"
    assert fields["nik"][6:12] != says


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_a_turned_picture_is_shown_upright_by_its_exif(orientation: Any) -> None:
    pixels = np.zeros((40, 24, 3), np.uint8)
    pixels[:8, :8] = 255
    import io

    with Image.open(io.BytesIO(save_as_phone(pixels, 95, orientation))) as stored:
        assert stored.size == ((24, 40) if orientation in (1, 3) else (40, 24))
        upright = np.asarray(ImageOps.exif_transpose(stored).convert("L"))
    assert upright[:6, :6].mean() > 240
    assert upright[-6:, -6:].mean() < 15


@pytest.mark.parametrize("text", ["genuin=1", "genuine=x", "genuine=0"])
def test_a_wrong_mix_says_what_is_wrong(text: str) -> None:
    with pytest.raises(SampleError, match="genuin"):
        parse_mix(text)


def test_make_says_which_faces_it_uses_and_counts_in_lines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["make", "--n", "1", "--mix", "no_card", "--megapixels", "0.9", "--out", str(tmp_path)]) == 0
    said = capsys.readouterr()
    assert "packaged public-domain portraits" in said.err
    assert "1/1" in said.err
    assert said.out.strip().endswith(LABELS)
    assert main(["make", "--n", "1", "--faces", str(tmp_path), "--out", str(tmp_path)]) == 1
    assert "index.json" in capsys.readouterr().err
