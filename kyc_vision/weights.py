"""models/manifest.toml → the verified path of a weights file."""

from __future__ import annotations

import hashlib
import importlib.util
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kyc_vision.errors import WeightsCorrupt, WeightsMissing

MODELS = Path(__file__).resolve().parent.parent / "models"
SETUP_HINT = "run `make setup`"
#: Sources that begin with this were trained here and lie beside the manifest.
OURS = "models"


@dataclass(frozen=True, slots=True)
class Weights:
    """One row of the manifest.

    Attributes:
        name: what the code calls it.
        source: the file as its package carries it, ``package/path/in/package``; ``models/file`` is one of our own.
        source_sha256: digest of that file.
        derived: file name under models/derived/, where set-up prepared the file; empty when used as it is.
        derived_sha256: digest of the prepared file.
        fold: what set-up does to it: ``open_sface`` or ``cut_charset``; empty when used as it is.
        licence: of the weights.
    """

    name: str
    source: str
    source_sha256: str
    licence: str
    derived: str = ""
    derived_sha256: str = ""
    fold: str = ""

    @property
    def sha256(self) -> str:
        """Digest of the file that is loaded."""
        return self.derived_sha256 or self.source_sha256

    @property
    def file_name(self) -> str:
        """Name of the file that is loaded."""
        return self.derived or Path(self.source).name

    def path(self) -> Path:
        """Where the file that is loaded is, not yet verified.

        Raises:
            WeightsMissing: the package that carries it is not installed.
        """
        return MODELS / "derived" / self.derived if self.derived else self.source_path()

    def source_path(self) -> Path:
        """Where the package that carries the file has it; the package is found, never imported.

        Raises:
            WeightsMissing: the package is not installed.
        """
        package, _, inner = self.source.partition("/")
        if package == OURS:
            return MODELS / inner
        spec = importlib.util.find_spec(package)
        if spec is None or not spec.submodule_search_locations:
            raise WeightsMissing(f"{self.name}: the package {package} that carries it is not installed; {SETUP_HINT}")
        return Path(spec.submodule_search_locations[0]) / inner


@cache
def manifest() -> Mapping[str, Weights]:
    """Every row of models/manifest.toml by name."""
    rows = tomllib.loads((MODELS / "manifest.toml").read_text(encoding="utf-8"))["weights"]
    return {row["name"]: Weights(**row) for row in rows}


@cache
def verified_path(name: str) -> Path:
    """The path of the weights called name, after its SHA-256 was checked.

    Raises:
        WeightsMissing: the file is not there.
        WeightsCorrupt: the file has another digest than the manifest says.
    """
    weights = manifest()[name]
    path = weights.path()
    check_digest(path, weights.sha256)
    return path


def check_digest(path: Path, expected: str) -> None:
    """Compare a file with its SHA-256.

    Raises:
        WeightsMissing: the file is not there.
        WeightsCorrupt: it has another digest.
    """
    if not path.is_file():
        raise WeightsMissing(f"{path.name} is not there; {SETUP_HINT}")
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != expected:
        raise WeightsCorrupt(f"{path.name} has SHA-256 {found[:16]}…, {expected[:16]}… is expected; {SETUP_HINT}")
