import io
import json
import tomllib
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from samples.__main__ import main
from samples.attacks import black_and_white_copy
from samples.gallery import ENTRIES, EXPECTED, FOLDER, render
from samples.jpeg import SPECIMEN
from samples.people import PORTRAITS, load

TRUTH = tomllib.loads((FOLDER / "expected.toml").read_text(encoding="utf-8"))
ROWS = tomllib.loads((PORTRAITS / "portraits.toml").read_text(encoding="utf-8"))


def test_every_picture_is_listed_and_every_listed_picture_is_there() -> None:
    assert {path.name for path in FOLDER.glob("*.jpg")} == {row["file"] for row in TRUTH.values()}
    assert list(TRUTH) == [entry.file for entry in ENTRIES]


@pytest.mark.parametrize("name", TRUTH)
def test_a_gallery_picture_is_of_phone_size_and_says_it_is_a_specimen(name: str) -> None:
    path = FOLDER / TRUTH[name]["file"]
    assert path.stat().st_size < 400_000
    with Image.open(path) as picture:
        assert picture.width >= 1080
        assert picture.height >= 1440
        assert picture.getexif()[0x010E] == SPECIMEN
        assert picture.info["comment"] == SPECIMEN.encode()


@pytest.mark.parametrize("name", TRUTH)
def test_the_expected_decision_follows_from_the_kind(name: str) -> None:
    row = TRUTH[name]
    assert tuple(row["expected"]) == EXPECTED[row["kind"]]
    photos = ROWS
    if "reference" in row:
        same_person = photos[row["probe"]]["person"] == photos[row["reference"]]["person"]
        assert same_person == (row["kind"] != "impostor")
        assert row["same_photo"] == (row["probe"] == row["reference"]) == (row["kind"] == "same_photo")


@pytest.mark.parametrize("name", [name for name, row in TRUTH.items() if "printed" in row])
def test_every_nik_agrees_with_its_card_but_the_contradiction(name: str) -> None:
    printed = TRUTH[name]["printed"]
    born = date.fromisoformat(printed["birth_date"])
    day = born.day + (40 if printed["sex"] == "F" else 0)
    agrees = printed["nik"][6:12] == f"{day:02d}{born:%m%y}"
    assert agrees == (TRUTH[name]["kind"] != "nik_contradiction")


def test_identities_are_unlike_one_another() -> None:
    niks = [row["printed"]["nik"] for row in TRUTH.values() if "printed" in row]
    assert len(set(niks)) == len(niks)


def test_the_dark_picture_is_dark() -> None:
    with Image.open(FOLDER / TRUTH["too_dark"]["file"]) as picture:
        assert np.asarray(picture.convert("L")).mean() < 25


def test_a_committed_picture_can_be_made_again() -> None:
    """Within JPEG's and the libraries' last digits; the truth exactly."""
    entry = next(entry for entry in ENTRIES if entry.file == "genuine_3")
    scene, identity = render(entry, load())
    assert identity is not None
    assert identity.printed() == TRUTH[entry.file]["printed"]
    assert scene.quad is not None
    assert np.allclose(scene.quad, TRUTH[entry.file]["quad"], atol=0.06)
    with Image.open(FOLDER / f"{entry.file}.jpg") as picture:
        committed = np.asarray(picture.convert("RGB")).astype(int)
    assert np.abs(committed - scene.pixels).mean() < 6


@pytest.mark.parametrize("photo_id", ROWS)
def test_a_portrait_names_its_origin_and_stays_small(photo_id: str) -> None:
    row = ROWS[photo_id]
    for key in ("person", "name", "photographer", "date", "package", "path_in_archive", "public_domain", "credit"):
        assert row[key], key
    assert len(row["sha256"]) == 64
    path = PORTRAITS / row["file"]
    assert path.stat().st_size < 120_000
    with Image.open(path) as picture:
        assert list(picture.size) == row["size"]
        assert max(picture.size) <= 900


def test_portraits_and_their_table_belong_together() -> None:
    assert {path.name for path in PORTRAITS.glob("*.jpg")} == {row["file"] for row in ROWS.values()}
    assert set(load()) == set(ROWS)


def test_a_copy_is_grey_on_paper_larger_than_the_card() -> None:
    card = np.full((270, 428, 4), 255, np.uint8)
    card[..., :3] = (180, 210, 240)
    copy = black_and_white_copy(card, 8.0, 1)
    assert copy.shape == (350, 508, 4)
    assert (copy[..., 0] == copy[..., 2]).all()
    assert copy[5:30, 5:30, :3].mean() > 235


def test_absent_folders_are_said_plainly(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["set", "--faces", str(tmp_path / "none"), "--out", str(tmp_path / "out")]) == 1
    assert "index.json" in capsys.readouterr().err
    assert main(["portraits", "--archives", str(tmp_path), "--out", str(tmp_path / "out")]) == 1
    assert "unpack the archive" in capsys.readouterr().err


def test_set_writes_pictures_and_labels(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = []
    for person in range(2):
        for take in range(2):
            name = f"{person}{take}.jpg"
            Image.new("RGB", (200, 240), (150 + 30 * person, 120, 100 + 20 * take)).save(tmp_path / name)
            rows.append({"file": f"x/{name}", "id": f"P{person}", "sex": "F", "box": [60, 60, 80, 90]})
    (tmp_path / "index.json").write_text(json.dumps(rows), encoding="utf-8")
    assert main(["set", "--n", "1", "--seed", "1", "--faces", str(tmp_path), "--out", str(tmp_path / "out")]) == 0
    labels = [json.loads(line) for line in (tmp_path / "out/labels.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(labels) == 1
    assert capsys.readouterr().out.count(".jpg") == 1
    for label in labels:
        data = (tmp_path / "out" / label["file"]).read_bytes()
        assert Image.open(io.BytesIO(data)).format == "JPEG"
        assert np.asarray(label["quad"]).shape == (4, 2)
