"""The command as other programs call it: a process, its standard output and its exit status."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fakes import ROOT
from tests.test_report import FIELDS, TOP

pytestmark = pytest.mark.weights
GALLERY = ROOT / "samples/gallery"


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "kyc_vision", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=180, check=False)


@pytest.fixture(scope="module")
def mixed(tmp_path_factory) -> tuple[subprocess.CompletedProcess[str], list[Path]]:
    """Two pictures with a text file between them, and a file that is not there."""
    folder = tmp_path_factory.mktemp("cli")
    text = folder / "letter.jpg"
    text.write_text("not a picture", encoding="utf-8")
    paths = [GALLERY / "genuine_1.jpg", text, folder / "gone.jpg", GALLERY / "no_card.jpg"]
    return run(*paths, "--jsonl", "--overlay", folder / "seen"), paths


def test_a_file_that_is_no_picture_stops_no_other_and_the_status_tells(mixed):
    done, paths = mixed
    assert done.returncode == 3
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["file"] for answer in answers] == [str(path) for path in paths]
    assert ["error" in answer for answer in answers] == [False, True, True, False]
    assert answers[0]["decision"] == "approved"
    assert answers[3]["decision"] == "retake"


def test_standard_output_is_json_lines_and_nothing_else(mixed):
    done, paths = mixed
    lines = done.stdout.splitlines()
    assert len(lines) == len(paths)
    for line in lines:
        assert isinstance(json.loads(line), dict)
        assert line == line.strip()
    assert "Traceback" not in done.stderr


def test_an_error_says_what_kind_it_is_and_nothing_of_the_content(mixed):
    letter, gone = (json.loads(mixed[0].stdout.splitlines()[i]) for i in (1, 2))
    assert set(letter) == {"file", "error"}
    assert letter["error"]["type"] == "UnknownFormat"
    assert "JPEG" in letter["error"]["message"]  # what to send instead
    assert gone["error"] == {"type": "FileNotFoundError", "message": "No such file or directory"}


def test_a_judged_picture_has_every_key_of_the_contract_and_its_decoding_is_timed(mixed):
    answer = json.loads(mixed[0].stdout.splitlines()[0])
    assert set(answer) == TOP | {"file"}
    assert tuple(answer["fields"]) == FIELDS
    assert {"decode", "faces", "locate", "read", "match", "total"} <= set(answer["timings_ms"])
    stages = {name: ms for name, ms in answer["timings_ms"].items() if name != "total"}
    assert answer["timings_ms"]["total"] == pytest.approx(sum(stages.values()), abs=1)
    assert answer["provenance"]["engines"]["opencv-python"]
    assert len(answer["provenance"]["image_sha256"]) == 64


def test_the_overlay_is_a_picture_for_each_that_was_judged(mixed):
    folder = mixed[1][1].parent / "seen"
    assert sorted(path.name for path in folder.iterdir()) == ["genuine_1.png", "no_card.png"]
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in folder.iterdir())


def test_a_folder_is_read_in_order_and_its_other_files_left_alone(tmp_path: Path):
    for name in ("b.jpg", "a.jpg"):
        (tmp_path / name).write_bytes((GALLERY / "no_card.jpg").read_bytes())
    (tmp_path / "notes.txt").write_text("x", encoding="utf-8")
    done = run(tmp_path)
    assert done.returncode == 0
    # Without --jsonl each answer is laid out over several lines; they follow one another.
    decoder, text, files = json.JSONDecoder(), done.stdout.strip(), []
    while text:
        answer, end = decoder.raw_decode(text)
        files.append(Path(answer["file"]).name)
        text = text[end:].strip()
    assert files == ["a.jpg", "b.jpg"]


def test_pictures_of_one_name_in_two_folders_get_an_overlay_each(tmp_path: Path):
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "selfie.jpg").write_bytes((GALLERY / "no_card.jpg").read_bytes())
    assert run(tmp_path / "a", tmp_path / "b", "--overlay", tmp_path / "seen").returncode == 0
    assert len(list((tmp_path / "seen").rglob("*.png"))) == 2


def test_without_a_path_it_says_how_it_is_called():
    done = run()
    assert done.returncode == 2
    assert done.stdout == ""
    assert "PATH" in done.stderr
