"""A pool: the pictures of a made set, small and in one file, to be read thousands of times while a network is trained.

``index.jsonl`` has a line on the pool and one on each picture, ``pictures.bin`` their JPEGs one after the other.
The index is written last and by renaming: a folder without one is no pool, and a stopped run leaves none.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from kyc_vision.geometry import apply_homography, share_inside
from kyc_vision.image import read
from kyc_vision.types import Pixels, Quad
from samples.dataset import LABELS
from samples.errors import SampleError

INDEX, PICTURES = "index.jsonl", "pictures.bin"
VERSION = 1
LONG_SIDE = 896  # px: a card of 18 % of a 3:4 picture's width is 120 px wide then, enough to zoom in on
_QUALITY = 92
Group = Literal["ektp", "document", "none"]
# George_W_Bush_0001: Labelled Faces in the Wild, for research only.
_LFW = re.compile(r"\D+_\d{4}")
# They show somebody whom no label names: a bystander; the holder behind a paper mask.
_SHOW_STRANGERS = frozenset({"two_people", "cut_out_face"})


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """What is known of a picture, or of an augmented frame.

    Attributes:
        kind: of samples.kinds, as it was made; a frame beside the card keeps the kind and has no quad.
        quad: (4, 2) float32 px, TL TR BR BL of the e-KTP's print, corners may lie outside; None: no e-KTP is in it.
        document_quad: the same of a card that is no e-KTP.
        mirrored: saved mirrored; the quad then runs anticlockwise on the screen.
        upside_down: the print stands on its head; see turns.
        occlusion: share of the card that is covered, 0–1.
        visible: share of the quad's area inside picture and frame, 0–1, covered or not; 0 without a quad.
    """

    kind: str
    quad: Quad | None
    document_quad: Quad | None
    mirrored: bool
    upside_down: bool
    occlusion: float
    visible: float

    @property
    def group(self) -> Group:
        """What is shown: an e-KTP (also a copy or one on a display), another card, or none."""
        if self.quad is not None:
            return "ektp"
        return "none" if self.document_quad is None else "document"

    def seen(self, matrix: NDArray[np.floating], mirrored: bool, *windows: NDArray[np.floating]) -> Truth:
        """The truth of a frame that shows a part of this picture.

        Args:
            matrix: (3, 3) homography, px of this picture → px of the frame.
            mirrored: whether it mirrors.
            windows: (4, 2) outlines in px of this picture: only what lies in all of them is shown.
        """
        shares = [0.0 if quad is None else share_inside(quad, *windows) for quad in (self.quad, self.document_quad)]
        quad, document = (
            None if quad is None or share == 0 else apply_homography(matrix, quad).astype(np.float32)
            for quad, share in zip((self.quad, self.document_quad), shares, strict=True)
        )
        turned, hidden = (False, 0.0) if quad is None else (turns(quad) == 2, self.occlusion)
        return Truth(self.kind, quad, document, self.mirrored != mirrored, turned, hidden, shares[0])


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """One picture of a pool.

    Attributes:
        file, seed: of the picture and the set it was made in.
        probe, reference: ids of the persons whose face is live and on the card; no reference: no card.
        size_wh: in the pool, px.
        start, stop: of its JPEG in pictures.bin, bytes.
        truth: in px of the pool's picture.
    """

    file: str
    seed: int
    probe: str
    reference: str | None
    size_wh: tuple[int, int]
    start: int
    stop: int
    truth: Truth


@dataclass(frozen=True, slots=True)
class Split:
    """Indices of two sides without a person in common, and of what shows people of both or people without a name."""

    train: tuple[int, ...]
    held_out: tuple[int, ...]
    dropped: tuple[int, ...]


class Pool:
    """Read-only pictures and truths. Pickles as its folder's name; any number of processes may read."""

    def __init__(self, folder: Path, header: dict[str, Any], entries: tuple[Entry, ...]) -> None:
        self.folder = folder
        self.source_sha256 = str(header["source_sha256"])
        self.measuring = bool(header["measuring"])
        self.entries = entries
        self._bytes = np.memmap(folder / PICTURES, dtype=np.uint8, mode="r")

    def __len__(self) -> int:
        return len(self.entries)

    def __reduce__(self) -> tuple[object, tuple[Path, bool]]:
        return open_pool, (self.folder, self.measuring)

    def read(self, i: int) -> tuple[Pixels, Truth]:
        """Picture i: (H, W, 3) uint8 RGB with a long side of at most 896 px, and its truth; about 2 ms."""
        entry = self.entries[i]
        pixels = cv2.imdecode(self._bytes[entry.start : entry.stop], cv2.IMREAD_COLOR_RGB)
        return np.asarray(pixels, dtype=np.uint8), entry.truth


def make_pool(source: Path, out: Path, measuring: bool = False) -> Iterator[int]:
    """Write the pool of a set that `python -m samples make` wrote; yields how many pictures are in.

    Args:
        source: folder with labels.jsonl and the pictures.
        out: the pool's folder; a pool that is there is replaced when the new one is complete.
        measuring: the pool is never trained on, so its faces may be LFW's.

    Raises:
        SampleError: no complete set is there, or it shows LFW faces and is not for measuring.
    """
    labels = _labels(source)
    faces = sorted({str(label[side]) for label in labels for side in ("probe", "reference") if label[side]})
    lfw = [face for face in faces if _LFW.fullmatch(face)]
    if lfw and not measuring:
        raise SampleError(f"{lfw[0]} looks like an LFW photograph: those are for measuring only, never for weights "
                          "that ship. Make the set with other --faces.")  # fmt: skip
    out.mkdir(parents=True, exist_ok=True)
    digest, lines, start = hashlib.sha256((source / LABELS).read_bytes()), [], 0
    with (out / f"{PICTURES}.part").open("wb") as pictures:
        for done, label in enumerate(labels, start=1):
            data, line = _shrunk(source, label)
            digest.update(line.pop("sha256").encode())
            pictures.write(data)
            lines.append(json.dumps({**line, "start": start, "stop": start + len(data)}))
            start += len(data)
            yield done
    header = {"version": VERSION, "n": len(lines), "source_sha256": digest.hexdigest(), "measuring": measuring}
    (out / f"{INDEX}.part").write_text("\n".join([json.dumps(header), *lines]) + "\n", encoding="utf-8")
    (out / INDEX).unlink(missing_ok=True)  # never an old index beside new pictures
    (out / f"{PICTURES}.part").replace(out / PICTURES)
    (out / f"{INDEX}.part").replace(out / INDEX)


def open_pool(folder: Path, measuring: bool = False) -> Pool:
    """A pool that make_pool wrote.

    Raises:
        SampleError: there is none, it is damaged, or it is for measuring and is to be trained on.
    """
    if not (folder / INDEX).is_file():
        raise SampleError(f"No pool in {folder}: make one of a set with python -m samples pool")
    first, *rest = (folder / INDEX).read_text(encoding="utf-8").splitlines()
    header = json.loads(first)
    if header["measuring"] and not measuring:
        raise SampleError(f"The pool {folder} shows faces that are for measuring only; nothing that ships trains on it")
    entries = tuple(_entry(json.loads(line)) for line in rest)
    size = (folder / PICTURES).stat().st_size if (folder / PICTURES).is_file() else -1
    if header["version"] != VERSION or len(entries) != header["n"] or size != entries[-1].stop:
        raise SampleError(f"The pool {folder} is damaged or of another version: make it again")
    return Pool(folder, header, entries)


def split(pool: Pool, share: float, seed: int) -> Split:
    """Put whole people into one side each; a picture of people of both sides is in neither.

    Args:
        pool: at least two people.
        share: of the people who are held out, above 0 and below 1; one person at least is on either side.
        seed: of who it is.

    Raises:
        SampleError: fewer than two people.
    """
    people = sorted({person for entry in pool.entries for person in _people(entry)})
    if len(people) < 2:
        raise SampleError(f"{len(people)} person cannot be split: make the set of more faces")
    count = int(np.clip(round(share * len(people)), 1, len(people) - 1))
    drawn = np.random.default_rng([seed, 0x5B]).permutation(len(people))[:count]
    held_out = {people[int(i)] for i in drawn}
    sides: dict[str, list[int]] = {"train": [], "held_out": [], "dropped": []}
    for i, entry in enumerate(pool.entries):
        shown = _people(entry)
        mixed = entry.truth.kind in _SHOW_STRANGERS or 0 < len(shown & held_out) < len(shown)
        sides["dropped" if mixed else "held_out" if shown <= held_out else "train"].append(i)
    return Split(tuple(sides["train"]), tuple(sides["held_out"]), tuple(sides["dropped"]))


def turns(quad: NDArray[np.floating]) -> int:
    """By how many quarter turns clockwise the print is turned on the screen, 0–3, to the nearest; mirrored or not."""
    tl, tr, br, bl = np.asarray(quad, dtype=np.float64)
    up = tl + tr - bl - br
    return round(float(np.degrees(np.arctan2(up[0], -up[1]))) / 90) % 4


def outline(box: tuple[int, int, int, int]) -> NDArray[np.float64]:
    """The (4, 2) outer edge of the pixels x0, y0, x1, y1: half a pixel beyond the outermost centres."""
    x0, y0, x1, y1 = box
    edge: NDArray[np.float64] = np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]]) - 0.5
    return edge


def person_of(photo: str) -> str:
    """Who is on a photograph: Ann_Lee_0001 (LFW) → Ann_Lee, 013s (London) → 013, obama2 (packaged) → obama."""
    if _LFW.fullmatch(photo):
        return photo[:-5]
    return re.sub(r"(?<=\d)[ns]$|(?<=\D)\d+$", "", photo)


def _people(entry: Entry) -> set[str]:
    return {entry.probe} if entry.reference is None else {entry.probe, entry.reference}


def _labels(source: Path) -> list[dict[str, Any]]:
    if not (source / LABELS).is_file():
        raise SampleError(f"{source / LABELS} is absent. Make a set first: python -m samples make --out {source}")
    labels = [json.loads(line) for line in (source / LABELS).read_text(encoding="utf-8").splitlines()]
    if not labels or any("document_quad" not in label for label in labels):
        raise SampleError(f"{source / LABELS} is empty or older than this version: make the set again")
    return labels


def _shrunk(source: Path, label: dict[str, Any]) -> tuple[bytes, dict[str, Any]]:
    """The small JPEG of a picture as shown, and its line of the index without its place."""
    path = source / label["file"]
    if not path.is_file():
        raise SampleError(f"{path} is absent: the set is not complete, run python -m samples make again")
    picture = read(path.read_bytes())
    if list(picture.size_wh) != label["size"]:
        raise SampleError(f"{path} is not the picture that its label describes: make the set again")
    pixels, scale = picture.pixels, np.ones(2)
    if (ratio := LONG_SIDE / max(picture.size_wh)) < 1:
        wh = (round(picture.size_wh[0] * ratio), round(picture.size_wh[1] * ratio))
        pixels, scale = np.asarray(cv2.resize(pixels, wh, interpolation=cv2.INTER_AREA)), wh / np.array(label["size"])
    _, data = cv2.imencode(".jpg", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    # Pixel centres: x_small = (x + 0.5) · scale − 0.5.
    quads = {
        name: None if label[name] is None else np.round((np.array(label[name]) + 0.5) * scale - 0.5, 3).tolist()
        for name in ("quad", "document_quad")
    }
    line = {name: label[name] for name in ("file", "seed", "kind", "mirrored", "upside_down", "occlusion")}
    reference = None if label["reference"] is None else person_of(label["reference"])
    people = {"probe": person_of(label["probe"]), "reference": reference}
    size_wh = [pixels.shape[1], pixels.shape[0]]
    return data.tobytes(), {**line, **people, **quads, "size_wh": size_wh, "sha256": picture.sha256}


def _entry(line: dict[str, Any]) -> Entry:
    quad, document = (
        None if line[name] is None else np.array(line[name], dtype=np.float32) for name in ("quad", "document_quad")
    )
    size_wh = (int(line["size_wh"][0]), int(line["size_wh"][1]))
    visible = 0.0 if quad is None else share_inside(quad, outline((0, 0, *size_wh)))
    truth = Truth(line["kind"], quad, document, line["mirrored"], line["upside_down"], line["occlusion"], visible)
    return Entry(
        line["file"], line["seed"], line["probe"], line["reference"], size_wh, line["start"], line["stop"], truth
    )
