import re
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from kyc_vision import build, weights
from kyc_vision.errors import ModelError, WeightsCorrupt, WeightsMissing
from kyc_vision.weights import Weights, check_digest, manifest, verified_path

ROWS = manifest()
GOOD = sha256(b"good").hexdigest()


def test_a_file_of_the_right_digest_passes(tmp_path: Path):
    (tmp_path / "a.onnx").write_bytes(b"good")
    check_digest(tmp_path / "a.onnx", GOOD)


def test_a_corrupt_file_says_what_to_run(tmp_path: Path):
    (tmp_path / "a.onnx").write_bytes(b"gooe")
    with pytest.raises(WeightsCorrupt, match=r"a\.onnx.*make setup"):
        check_digest(tmp_path / "a.onnx", GOOD)


def test_a_missing_file_says_what_to_run(tmp_path: Path):
    with pytest.raises(WeightsMissing, match=r"a\.onnx.*make setup"):
        check_digest(tmp_path / "a.onnx", GOOD)
    with pytest.raises(WeightsMissing, match="make setup"):
        check_digest(tmp_path, GOOD)


def test_a_missing_package_is_named_and_says_what_to_run():
    row = Weights("x", "no_such_package/models/x.onnx", GOOD, "MIT")
    with pytest.raises(WeightsMissing, match=r"no_such_package.*make setup"):
        row.path()


@pytest.mark.parametrize("content", [None, b"broken"], ids=["missing", "corrupt"])
def test_the_loader_refuses_weights_that_are_not_what_the_manifest_says(monkeypatch, tmp_path: Path, content):
    """Asked for by name, as the product does."""
    row = Weights("x", "numpy/x.onnx", GOOD, "MIT", derived="x.onnx", derived_sha256=GOOD, fold="open_sface")
    (tmp_path / "derived").mkdir()
    if content:
        (tmp_path / "derived/x.onnx").write_bytes(content)
    monkeypatch.setattr(weights, "MODELS", tmp_path)
    monkeypatch.setattr(weights, "manifest", lambda: {"a name of this test": row})
    weights.verified_path.cache_clear()
    with pytest.raises(ModelError, match="make setup") as caught:
        verified_path("a name of this test")
    assert type(caught.value) is (WeightsCorrupt if content else WeightsMissing)
    weights.verified_path.cache_clear()


def test_a_row_loads_its_derived_file_where_it_has_one():
    plain = Weights("x", "numpy/models/x.onnx", "aa", "MIT")
    folded = replace(plain, derived="y.onnx", derived_sha256="bb", fold="open_sface")
    assert (plain.file_name, plain.sha256) == ("x.onnx", "aa")
    assert (folded.file_name, folded.sha256) == ("y.onnx", "bb")
    assert folded.path().parts[-2:] == ("derived", "y.onnx")
    assert plain.path().parts[-3:] == ("numpy", "models", "x.onnx")


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_a_row_of_the_manifest_is_complete(row: Weights):
    assert re.fullmatch(r"[0-9a-f]{64}", row.source_sha256)
    assert re.fullmatch(r"\w+/.+", row.source)
    assert row.licence in {"MIT", "Apache-2.0", "CC0-1.0", "BSD-3-Clause"}
    assert bool(row.derived) == bool(row.derived_sha256) == bool(row.fold)
    assert re.fullmatch(r"([0-9a-f]{64})?", row.derived_sha256)


def test_every_name_that_the_product_asks_for_is_in_the_manifest():
    source = Path(build.__file__).read_text(encoding="utf-8")
    asked = set(re.findall(r"verified_path(?:\(|, )\"(\w+)\"", source))
    assert len(asked) >= 5
    assert asked <= set(ROWS)


def test_file_names_are_unique_for_the_provenance_is_by_file_name():
    assert len({row.file_name for row in ROWS.values()}) == len(ROWS)


@pytest.mark.weights
@pytest.mark.parametrize("name", ROWS)
def test_the_installed_weights_are_what_the_manifest_says(name: str):
    assert verified_path(name).is_file()
