import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from samples.errors import SampleError
from samples.jpeg import SPECIMEN
from samples.panorama import load_panoramas, view
from samples.progress import Progress
from samples.sheet import Folders, contact_sheet


def test_the_sheet_shows_every_difficulty_of_a_kind_and_says_that_it_is_a_specimen(tmp_path: Path) -> None:
    out = tmp_path / "sheet.jpg"
    assert list(contact_sheet(3, Folders(), ["no_card", "card_on_phone"], out)) == [1, 2, 3]
    with Image.open(out) as sheet:
        assert sheet.size == (1890, 300)
        assert SPECIMEN.encode() in sheet.info["comment"]
        tiles = np.asarray(sheet.convert("L"))
    # Three tiles hold pictures, the fourth place is empty.
    assert all(tiles[60:250, 210 * place + 60 : 210 * place + 150].std() > 5 for place in range(3))
    assert tiles[60:250, 690:780].std() < 3


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
