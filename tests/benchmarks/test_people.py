import json
import sys

from benchmarks.people import main


def halved(tmp_path, monkeypatch, ids):
    faces = tmp_path / "faces"
    faces.mkdir()
    rows = []
    for one in ids:
        for kind in "ns":
            (faces / f"{one}{kind}.jpg").write_bytes(b"x")
            rows.append({"file": f"faces/{one}{kind}.jpg", "id": one})
    (faces / "index.json").write_text(json.dumps(rows))
    monkeypatch.setattr(sys, "argv", ["people", "--faces", str(faces), "--out", str(tmp_path / "out")])
    assert main() == 0
    return [json.loads((tmp_path / "out" / name / "index.json").read_text()) for name in ("dev", "report")]


def test_nobody_is_in_both_halves_and_nobody_is_left_out(tmp_path, monkeypatch):
    dev, report = halved(tmp_path, monkeypatch, [f"L{i:03d}" for i in range(11)])
    people = [{row["id"] for row in half} for half in (dev, report)]
    assert not people[0] & people[1]
    assert len(people[0] | people[1]) == 11
    assert [len(one) for one in people] == [5, 6]
    for name, half in zip(("dev", "report"), (dev, report), strict=True):
        there = {path.name for path in (tmp_path / "out" / name).glob("*.jpg")}
        assert there == {row["file"].split("/")[1] for row in half}


def test_without_an_index_it_says_so(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["people", "--faces", str(tmp_path), "--out", str(tmp_path / "out")])
    assert main() == 2
    assert "index.json" in capsys.readouterr().err
