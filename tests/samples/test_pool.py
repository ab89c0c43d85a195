import json
import pickle
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kyc_vision.types import Pixels
from samples.dataset import LABELS, Plan, make_set
from samples.errors import SampleError
from samples.phones import save_as_phone
from samples.pool import INDEX, LONG_SIDE, PICTURES, make_pool, open_pool, outline, person_of, split, turns

SET = Plan(4, 3, None, (("genuine", 1.0), ("cut_off", 1.0), ("other_document", 1.0), ("no_card", 1.0)), 0.9)
PLAIN = np.full((240, 320, 3), 90, np.uint8)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("set")
    list(make_set(SET, out))
    return out


@pytest.fixture(scope="module")
def pooled(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("pool")
    assert list(make_pool(made, out)) == [1, 2, 3, 4]
    return out


def label(file: str, pixels: Pixels, **known: Any) -> dict[str, Any]:
    size = [pixels.shape[1], pixels.shape[0]]
    blank = {"quad": None, "document_quad": None, "mirrored": False, "upside_down": False, "occlusion": 0.0}
    return {
        "file": file,
        "seed": 1,
        "kind": "genuine",
        "probe": "001n",
        "reference": None,
        "size": size,
        **blank,
        **known,
    }


def write_set(folder: Path, faces: Sequence[tuple[str, str | None]], kind: str = "genuine") -> Path:
    """Grey pictures of those probes and references."""
    folder.mkdir()
    rows = []
    for i, (probe, reference) in enumerate(faces):
        (folder / f"{i:05d}.jpg").write_bytes(save_as_phone(PLAIN, 90))
        rows.append(label(f"{i:05d}.jpg", PLAIN, probe=probe, reference=reference, kind=kind))
    (folder / LABELS).write_text("".join(json.dumps(row) + "\n" for row in rows))
    return folder


def pool_of(source: Path, out: Path, measuring: bool = False) -> Path:
    list(make_pool(source, out, measuring))
    return out


def test_a_pool_has_every_picture_of_the_set_and_what_its_label_says(made: Path, pooled: Path) -> None:
    pool = open_pool(pooled)
    labels = [json.loads(line) for line in (made / LABELS).read_text().splitlines()]
    assert len(pool) == len(labels) == 4
    assert {entry.truth.group for entry in pool.entries} == {"ektp", "document", "none"}
    for i, row in enumerate(labels):
        pixels, truth = pool.read(i)
        entry = pool.entries[i]
        assert max(pixels.shape) == LONG_SIDE
        assert entry.size_wh == (pixels.shape[1], pixels.shape[0])
        assert (truth.kind, truth.mirrored, truth.upside_down) == (row["kind"], row["mirrored"], row["upside_down"])
        assert (entry.file, entry.seed, truth.occlusion) == (row["file"], row["seed"], row["occlusion"])
        for name in ("quad", "document_quad"):
            quad = getattr(truth, name)
            assert (quad is None) == (row[name] is None)
            if quad is not None:
                scale = np.array(entry.size_wh) / row["size"]
                np.testing.assert_allclose(quad, (np.array(row[name]) + 0.5) * scale - 0.5, atol=0.01)
        assert (truth.kind == "cut_off") == (0 < truth.visible < 0.99)


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_the_corners_lie_where_the_pixels_are_after_shrinking_and_turning(orientation: Any, tmp_path: Path) -> None:
    pixels = np.zeros((1441, 1083, 3), np.uint8)
    pixels[700:1003, 200:682] = 255
    (tmp_path / "00000.jpg").write_bytes(save_as_phone(pixels, 95, orientation))
    row = label("00000.jpg", pixels, quad=outline((200, 700, 682, 1003)).tolist())
    (tmp_path / LABELS).write_text(json.dumps(row))
    small, truth = open_pool(pool_of(tmp_path, tmp_path / "pool")).read(0)
    weight = small[..., 0] / 255
    y, x = np.mgrid[: small.shape[0], : small.shape[1]]
    seen = np.array([(weight * x).sum(), (weight * y).sum()]) / weight.sum()
    assert truth.quad is not None
    np.testing.assert_allclose(truth.quad.mean(axis=0), seen, atol=0.1)  # half a pixel of the source is 0.31
    extent = np.array([weight.sum(axis=1).max(), weight.sum(axis=0).max()])
    np.testing.assert_allclose(truth.quad[2] - truth.quad[0], extent, atol=0.5)


def test_a_pool_is_the_same_each_time_and_names_the_set_it_is_of(made: Path, pooled: Path, tmp_path: Path) -> None:
    again = pool_of(made, tmp_path / "again")
    for name in (INDEX, PICTURES):
        assert (again / name).read_bytes() == (pooled / name).read_bytes()
    source = write_set(tmp_path / "other", [("001n", None)])
    digests = [open_pool(pool_of(source, tmp_path / "pool")).source_sha256]
    (source / "00000.jpg").write_bytes(save_as_phone(PLAIN, 60))  # the label is as it was, the picture is not
    digests.append(open_pool(pool_of(source, tmp_path / "pool")).source_sha256)
    assert len({*digests, open_pool(again).source_sha256, open_pool(pooled).source_sha256}) == 3


def test_a_pool_pickles_as_its_folder(pooled: Path) -> None:
    pool = open_pool(pooled)
    data = pickle.dumps(pool)
    assert len(data) < 1000
    np.testing.assert_array_equal(pickle.loads(data).read(2)[0], pool.read(2)[0])


def test_a_stopped_run_leaves_no_pool_and_no_harm(tmp_path: Path) -> None:
    source = write_set(tmp_path / "set", [("001n", None), ("002n", None)])
    stopped = make_pool(source, tmp_path / "pool")
    next(stopped)
    stopped.close()  # type: ignore[attr-defined]
    with pytest.raises(SampleError, match="No pool"):
        open_pool(tmp_path / "pool")
    pool_of(source, tmp_path / "pool")
    stopped = make_pool(write_set(tmp_path / "new", [("003n", None), ("004n", None)]), tmp_path / "pool")
    next(stopped)
    stopped.close()  # type: ignore[attr-defined]
    assert [entry.probe for entry in open_pool(tmp_path / "pool").entries] == ["001", "002"]


def test_a_damaged_pool_and_an_incomplete_set_say_what_to_do(pooled: Path, made: Path, tmp_path: Path) -> None:
    for name in (INDEX, PICTURES):
        (tmp_path / name).write_bytes((pooled / name).read_bytes())
    assert len(open_pool(tmp_path)) == 4
    (tmp_path / PICTURES).write_bytes((pooled / PICTURES).read_bytes()[:-1])
    with pytest.raises(SampleError, match="make it again"):
        open_pool(tmp_path)
    with pytest.raises(SampleError, match="samples make"):
        pool_of(tmp_path, tmp_path / "pool")
    (tmp_path / LABELS).write_bytes((made / LABELS).read_bytes())
    with pytest.raises(SampleError, match=r"00000\.jpg is absent"):
        pool_of(tmp_path, tmp_path / "pool")
    (tmp_path / "00000.jpg").write_bytes(save_as_phone(PLAIN, 90))
    with pytest.raises(SampleError, match="not the picture"):
        pool_of(tmp_path, tmp_path / "pool")


@pytest.mark.parametrize("faces", [("George_W_Bush_0001", None), ("001n", "Ann-Marie_O'Hara_0012")])
def test_lfw_is_for_measuring_only(faces: tuple[str, str | None], tmp_path: Path) -> None:
    source = write_set(tmp_path / "set", [("001n", "001s"), faces])
    with pytest.raises(SampleError, match="LFW"):
        pool_of(source, tmp_path / "pool")
    assert not (tmp_path / "pool").exists()
    pool_of(source, tmp_path / "pool", measuring=True)
    with pytest.raises(SampleError, match="measuring only"):
        open_pool(tmp_path / "pool")
    pool = open_pool(tmp_path / "pool", measuring=True)
    assert len(pickle.loads(pickle.dumps(pool))) == 2


def test_a_split_has_no_person_on_both_sides(tmp_path: Path) -> None:
    ids = [f"{i:03d}" for i in range(10)]
    faces = [(f"{a}n", f"{b}s") for a in ids for b in ids if (int(a) + int(b)) % 3 == 0 or a == b]
    faces += [(f"{a}n", None) for a in ids]
    pool = open_pool(pool_of(write_set(tmp_path / "set", faces), tmp_path / "pool"))
    parts = split(pool, 0.3, seed=4)

    def people(indices: Sequence[int]) -> set[str | None]:
        return {p for i in indices for p in (pool.entries[i].probe, pool.entries[i].reference)} - {None}

    assert sorted(parts.train + parts.held_out + parts.dropped) == list(range(len(pool)))
    assert (len(people(parts.held_out)), len(people(parts.train))) == (3, 7)
    assert not people(parts.held_out) & people(parts.train)
    assert parts.dropped
    for i in parts.dropped:
        assert pool.entries[i].probe != pool.entries[i].reference
    assert split(pool, 0.3, seed=4) == parts
    assert any(split(pool, 0.3, seed=seed) != parts for seed in (5, 6))


def test_a_picture_of_somebody_no_label_names_is_on_no_side(tmp_path: Path) -> None:
    faces = [("001n", "001s"), ("002n", "002s")]
    for kind, dropped in (("two_people", 2), ("cut_out_face", 2), ("impostor", 0)):
        pool = open_pool(pool_of(write_set(tmp_path / kind, faces, kind), tmp_path / f"{kind}_pool"))
        assert len(split(pool, 0.5, seed=1).dropped) == dropped
    alone = open_pool(pool_of(write_set(tmp_path / "alone", faces[:1]), tmp_path / "alone_pool"))
    with pytest.raises(SampleError, match="more faces"):
        split(alone, 0.5, seed=1)


def test_photographs_of_one_person_are_of_one_person() -> None:
    same = [("013s", "013n", "013"), ("obama", "obama3", "obama"), ("Ann_Lee_0001", "Ann_Lee_0012", "Ann_Lee")]
    for first, second, person in same:
        assert person_of(first) == person_of(second) == person
    assert person_of("astronaut") == "astronaut"  # ends in neither n nor s by chance


def test_turns_counts_quarters_clockwise_also_of_a_mirrored_print() -> None:
    quad = np.array([[0, 0], [86, 10], [84, 64], [-2, 54]], dtype=np.float32)
    for mirrored in (quad, quad * [-1, 1]):
        for quarters in range(4):
            turned = mirrored
            for _ in range(quarters):
                turned = np.stack([-turned[:, 1], turned[:, 0]], axis=1)  # y is down: clockwise
            assert turns(turned) == quarters
