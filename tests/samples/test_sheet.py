import io
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from samples.errors import SampleError
from samples.panorama import load_panoramas, view
from samples.phones import save_as_phone
from samples.progress import Progress
from samples.sheet import contact_sheet


def test_the_sheet_shows_the_first_of_every_kind_and_difficulty(tmp_path: Path) -> None:
    rows = [("genuine", "easy"), ("genuine", "easy"), ("genuine", "hard"), ("dark", "easy")]
    lines = []
    for index, (kind, difficulty) in enumerate(rows):
        file = f"{index}.jpg"
        (tmp_path / file).write_bytes(save_as_phone(np.full((80, 60, 3), 40 * index, np.uint8), 90))
        lines.append(json.dumps({"file": file, "kind": kind, "difficulty": difficulty}))
    (tmp_path / "labels.jsonl").write_text("\n".join(lines))
    assert contact_sheet(tmp_path / "labels.jsonl", tmp_path / "sheet.jpg") == 3
    assert (tmp_path / "sheet.jpg").stat().st_size < 900_000


def test_without_labels_the_sheet_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SampleError, match="samples make"):
        contact_sheet(tmp_path / "labels.jsonl", tmp_path / "sheet.jpg")


def test_a_view_looks_at_the_horizon_of_the_panorama(tmp_path: Path) -> None:
    panorama = np.zeros((256, 512, 3), np.uint8)
    panorama[:128] = (90, 140, 230)  # sky above, ground below
    Image.fromarray(panorama).save(tmp_path / "a.jpg", quality=95)
    seen = view(load_panoramas(tmp_path)[0], (240, 320), np.random.default_rng(1))
    assert seen.shape == (320, 240, 3)
    assert seen[10, :, 2].mean() > 200
    assert seen[-10, :, 2].mean() < 30
    with pytest.raises(SampleError, match="backgrounds"):
        load_panoramas(tmp_path / "none")


def test_progress_is_a_line_every_25_and_a_bar_on_a_terminal() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    plain, terminal = io.StringIO(), Terminal()
    for stream in (plain, terminal):
        progress = Progress(60, stream)
        for done in range(1, 61):
            progress.show(done)
        progress.close()
    assert [line.split()[0] for line in plain.getvalue().splitlines()] == ["25/60", "50/60", "60/60"]
    assert terminal.getvalue().count("\r") == 60
    assert "#" * 30 in terminal.getvalue()
