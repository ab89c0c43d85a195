import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow

from benchmarks.locating import Seen, _group, _rows, draw, found_only, summary
from benchmarks.metrics import Placement
from benchmarks.sections import ablation, locating
from kyc_vision.types import Image

GOOD, POOR = Placement(0.96, 0.3, True, True), Placement(0.85, 3.0, False, True)


def seen() -> list[Seen]:
    return [
        Seen("easy", True, GOOD, 10.0),
        Seen("easy", False, None, 20.0),
        Seen("hard", True, POOR, 30.0),
        Seen("none", True, None, 40.0),
        Seen("none", False, None, 50.0),
        Seen("colour_copy", True, POOR, 60.0),
    ]


def test_rates_are_over_untouched_cards_by_difficulty() -> None:
    figures = summary(seen(), labelled=True)
    assert (figures["easy"]["IoU 0.95"]["hits"], figures["easy"]["IoU 0.95"]["n"]) == (1, 2)
    assert (figures["hard"]["IoU 0.8"]["hits"], figures["hard"]["IoU 0.9"]["hits"]) == (1, 0)
    assert figures["hard"]["way up and mirroring"]["hits"] == 0
    assert (figures["false card"]["hits"], figures["false card"]["n"]) == (1, 2)
    assert figures["ms"] == {"p50": 35.0, "p95": 57.5}
    assert figures["beyond"]["corner %"] is None


def test_without_labels_only_what_was_found_is_told() -> None:
    figures = summary([Seen("own", True, None, 5.0), Seen("own", False, None, 7.0)], labelled=False)
    assert set(figures) == {"ms", "found"}
    assert "1/2 = 50.0" in found_only({"all, as the product": figures})


def test_the_table_has_every_way_and_the_page_the_pictures_without_a_card() -> None:
    figures = {"words alone": summary(seen(), labelled=True), "all, as the product": summary(seen(), labelled=True)}
    table = ablation(figures)
    assert "| words alone | 1/2 = 50.0" in table
    assert "35.0 / 57.5" in table
    page = locating({"pictures": 6, "figures": figures}, {"pictures": 2, "set": "x", "figures": figures})
    assert '"found" in\n1/2 = 50.0' in page


def test_an_operators_folder_needs_no_labels(tmp_path: Path) -> None:
    for name in ("b.jpg", "a.PNG", "notes.txt"):
        (tmp_path / name).write_bytes(b"")
    assert _rows(tmp_path, None) == [{"file": "a.PNG"}, {"file": "b.jpg"}]
    (tmp_path / "labels.jsonl").write_text(json.dumps({"file": "b.jpg", "quad": None, "kind": "no_card"}))
    assert _rows(tmp_path, None)[0]["kind"] == "no_card"


@pytest.mark.parametrize(
    ("row", "group"),
    [
        ({"file": "a"}, "own"),
        ({"kind": "no_card", "quad": None}, "none"),
        ({"kind": "impostor", "quad": [[0, 0]], "difficulty": "hard"}, "hard"),
        ({"kind": "bw_copy", "quad": [[0, 0]], "difficulty": "hard"}, "bw_copy"),
    ],
)
def test_groups(row: dict[str, object], group: str) -> None:
    assert _group(row) == group


def test_the_overlay_shows_the_found_outline_in_green(tmp_path: Path) -> None:
    selfie = Image(np.full((600, 800, 3), 90, np.uint8), "PNG", "00")
    quad = np.array([[200, 200], [600, 200], [600, 450], [200, 450]], np.float32)
    draw(selfie, quad, None, tmp_path / "o" / "x.jpg")
    drawn = np.asarray(Pillow.open(tmp_path / "o" / "x.jpg").convert("RGB")).astype(int)
    assert drawn[200, 400, 1] > drawn[200, 400, 0] + 60
    assert abs(drawn[325, 400] - 90).max() < 12
