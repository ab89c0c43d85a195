"""Who may import whom, and how large a piece of code may be: docs/architecture.md, read from the code itself.

`violations` is also let loose on a small tree in which one rule after the other is broken.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.fakes import ROOT

#: What each of our packages may import of ours.
MAY_IMPORT = {
    "kyc_vision": ("kyc_vision",),
    "samples": ("samples", "kyc_vision.types", "kyc_vision.geometry", "kyc_vision.image"),
    "api": ("api", "kyc_vision"),
    "benchmarks": ("benchmarks", "kyc_vision", "samples"),
    "training": ("training", "benchmarks", "kyc_vision", "samples"),
}
OURS = (*MAY_IMPORT, "tests")
#: The layers of kyc_vision, lowest first; a module imports its own layer and those below. A module that is not
#: named counts as lowest, and so may import only the lowest.
LAYERS = (
    {"", "types", "errors", "geometry", "image", "layout", "inference", "weights"},
    {"card", "ocr", "face"},
    {
        "quality",
        "checks",
        "calibration",
        "policy",
        "reasons",
        "pipeline",
        "report",
        "overlay",
        "fold",
        "weighing",
        "confidence",
        "explain",
        "advice",
    },
    {"build"},
    {"__main__"},
)
STRANGERS = LAYERS[1]
#: kyc_vision knows no web, database or network; torch is for training.
FORBIDDEN = (
    "fastapi", "starlette", "uvicorn", "pydantic", "pydantic_settings", "sqlalchemy", "alembic", "jinja2", "httpx",
    "requests", "aiohttp", "urllib.request", "urllib3", "http", "socket", "ssl", "ftplib", "torch",
)  # fmt: skip
#: The door: it alone may ask what day it is.
MAY_KNOW_THE_TIME = "kyc_vision.__main__"
NOT_A_NOUN = {"db"}
MAX_MODULE, MAX_FUNCTION, MAX_PARAMETERS = 300, 60, 6


@dataclass(frozen=True)
class Module:
    """A module of ours: its dotted name, its text and its syntax tree."""

    name: str
    lines: int
    tree: ast.Module
    is_package: bool

    @property
    def package(self) -> str:
        return self.name.split(".")[0]

    @property
    def part(self) -> str:
        """The module or folder of kyc_vision, api … that it is in."""
        return [*self.name.split("."), ""][1]


def modules(root: Path) -> Iterator[Module]:
    for package in MAY_IMPORT:
        for path in sorted((root / package).rglob("*.py")):
            parts = path.relative_to(root).with_suffix("").parts
            is_package = parts[-1] == "__init__"
            text = path.read_text(encoding="utf-8")
            name = ".".join(parts[:-1] if is_package else parts)
            yield Module(name, len(text.splitlines()), ast.parse(text), is_package)


def imports(module: Module) -> set[str]:
    """Dotted names of everything that is imported, wherever it stands; `from a import b` gives a.b."""
    found: set[str] = set()
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                keep = len(module.name.split(".")) - node.level + module.is_package
                base = ".".join([*module.name.split(".")[:keep], *([base] if base else [])])
            found |= {f"{base}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in ("import_module", "__import__"):
            found |= {a.value for a in node.args[:1] if isinstance(a, ast.Constant) and isinstance(a.value, str)}
    return found


def within(name: str, *parents: str) -> bool:
    return any(name == parent or name.startswith(f"{parent}.") for parent in parents)


def layer(part: str) -> int:
    return next((i for i, names in enumerate(LAYERS) if part in names), 0)


def violations(root: Path) -> list[str]:
    """One line for each broken rule: module, then what is wrong."""
    found: list[str] = []
    parts = [module.name.split(".") for module in modules(root)]
    known = {".".join(part[:size]) for part in parts for size in range(1, len(part) + 1)}
    for module in modules(root):
        names = imports(module)
        wrong = _of_size(module) + _of_package(module, names)
        if module.package == "kyc_vision":
            # `from kyc_vision import __version__` names no module.
            ours = {n for n in names if within(n, "kyc_vision") and (n in known or n.count(".") > 1)}
            wrong += _of_core(module, names) + _of_layer(module, ours) + _of_time(module)
        if module.package == "api":
            wrong += _of_store(module, names)
        found += [f"{module.name}: {what}" for what in wrong]
    return found


def _of_package(module: Module, names: set[str]) -> list[str]:
    foreign = (n for n in names if within(n, *OURS) and not within(n, *MAY_IMPORT[module.package]))
    return [f"{module.package} may not import {n}" for n in sorted(foreign)]


def _of_core(module: Module, names: set[str]) -> list[str]:
    return [f"the core may not import {n}" for n in sorted(names) if within(n, *FORBIDDEN)]


def _of_layer(module: Module, names: set[str]) -> list[str]:
    wrong = []
    for name in sorted(names):
        part = [*name.split("."), ""][1]
        if part != module.part and {part, module.part} <= STRANGERS:
            wrong.append(f"{module.part} and {part} are strangers, imports {name}")
        elif layer(part) > layer(module.part):
            wrong.append(f"imports {name} from above")
    return wrong


def _of_time(module: Module) -> list[str]:
    """A clock or the environment: the core is given the day, and is the same wherever it runs."""
    wrong = []
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ImportFrom) and node.module in ("time", "os"):
            dotted = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Attribute):
            dotted = [ast.unparse(node)]
        else:
            continue
        for name in dotted:
            tail = ".".join(name.split(".")[-2:])
            clock = tail in {f"{kind}.{at}" for kind in ("datetime", "date") for at in ("now", "utcnow", "today")}
            clock |= name.startswith("time.") and tail not in ("time.perf_counter", "time.perf_counter_ns")
            if clock and module.name != MAY_KNOW_THE_TIME:
                wrong.append(f"reads the clock: {name}")
            if tail in ("os.environ", "os.environb", "os.getenv"):
                wrong.append(f"reads the environment: {name}")
    return wrong


def _of_store(module: Module, names: set[str]) -> list[str]:
    noun = module.part if module.name.count(".") > 1 or module.is_package else ""
    if not noun or noun in NOT_A_NOUN:
        return []
    stores = (n for n in sorted(names) if [*n.split("."), "", ""][2] == "store" and within(n, "api"))
    return [f"calls another noun's store, {n}; call its service" for n in stores if n.split(".")[1] != noun]


def _of_size(module: Module) -> list[str]:
    wrong = [f"{module.lines} lines, {MAX_MODULE} at most"] if module.lines > MAX_MODULE else []
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        lines = (node.end_lineno or node.lineno) - node.lineno + 1
        named = [a.arg for a in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
        parameters = len(named) - (named[:1] in (["self"], ["cls"]))
        if lines > MAX_FUNCTION:
            wrong.append(f"{node.name} has {lines} lines, {MAX_FUNCTION} at most")
        if parameters > MAX_PARAMETERS:
            wrong.append(f"{node.name} has {parameters} parameters, {MAX_PARAMETERS} at most")
    return wrong


def test_the_house_is_as_the_architecture_says() -> None:
    assert "\n".join(violations(ROOT)) == ""


def test_the_house_was_looked_at() -> None:
    names = {module.name for module in modules(ROOT)}
    assert {"kyc_vision.card.locate", "kyc_vision.ocr.fields", "samples.ektp", "api.app"} <= names
    locate = next(module for module in modules(ROOT) if module.name == "kyc_vision.pipeline")
    assert any(within(name, "kyc_vision.types") for name in imports(locate))


CLEAN = {
    "kyc_vision/__init__.py": '__version__ = "1"',
    "kyc_vision/__main__.py": "from datetime import datetime\nfrom kyc_vision.build import load\ndatetime.now()",
    "kyc_vision/types.py": "import numpy",
    "kyc_vision/values.py": "from kyc_vision.types import Box",
    "kyc_vision/geometry.py": "import time\nfrom kyc_vision import __version__, types\ntime.perf_counter()",
    "kyc_vision/card/locate.py": "from ..geometry import warp\nfrom . import fit\nfrom kyc_vision.types import Quad",
    "kyc_vision/card/fit.py": "class Fit:\n    def fit(self, a, b, c, d, e, f):\n        return q.today",
    "kyc_vision/ocr/read.py": "from kyc_vision.ocr import rows",
    "kyc_vision/pipeline.py": "from kyc_vision.card.locate import x\nfrom kyc_vision.ocr.read import y",
    "kyc_vision/build.py": "from kyc_vision.pipeline import Verifier",
    "samples/ektp.py": "from kyc_vision.geometry import Points\nfrom samples.light import expose",
    "benchmarks/accuracy.py": "from kyc_vision.build import load\nfrom samples.ektp import print_card",
    "training/fit.py": "import torch\nfrom benchmarks.accuracy import run",
    "api/app.py": "from api.verifications.store import Store\nimport fastapi, os, time\nos.environ, time.time()",
    "api/verifications/service.py": "from api.verifications.store import Store\nfrom kyc_vision.types import Image",
    "api/reviews/service.py": "from api.verifications.service import Service",
}
PLANTED = [
    ("kyc_vision/card/locate.py", "from kyc_vision.ocr.read import x", "strangers"),
    ("kyc_vision/ocr/read.py", "from kyc_vision import card", "strangers"),
    ("kyc_vision/ocr/read.py", "from ..card.fit import x", "strangers"),
    ("kyc_vision/face/align.py", "import kyc_vision.card.fit", "strangers"),
    ("kyc_vision/types.py", "def late():\n    from kyc_vision.card.fit import x", "from above"),
    ("kyc_vision/values.py", "from kyc_vision.policy import Policy", "from above"),
    ("kyc_vision/card/fit.py", "from kyc_vision.policy import Policy", "from above"),
    ("kyc_vision/pipeline.py", "from kyc_vision.build import load", "from above"),
    ("kyc_vision/pipeline.py", "from kyc_vision import build", "from above"),
    ("kyc_vision/build.py", "from kyc_vision.__main__ import main", "from above"),
    *(("kyc_vision/types.py", f"import {name}", f"the core may not import {name}") for name in FORBIDDEN),
    ("kyc_vision/types.py", "from urllib import request", "the core may not import urllib.request"),
    ("kyc_vision/types.py", "import importlib\nimportlib.import_module('socket')", "may not import socket"),
    ("kyc_vision/pipeline.py", "from datetime import datetime\ndatetime.now()", "reads the clock"),
    ("kyc_vision/pipeline.py", "import datetime\ndatetime.datetime.utcnow()", "reads the clock"),
    ("kyc_vision/pipeline.py", "from datetime import date\ndate.today()", "reads the clock"),
    ("kyc_vision/pipeline.py", "import time\ntime.time()", "reads the clock"),
    ("kyc_vision/pipeline.py", "from time import monotonic", "reads the clock"),
    ("kyc_vision/pipeline.py", "import os\nos.environ['HOME']", "reads the environment"),
    ("kyc_vision/__main__.py", "import os\nos.getenv('HOME')", "reads the environment"),
    ("kyc_vision/pipeline.py", "from os import environ", "reads the environment"),
    ("samples/ektp.py", "from kyc_vision import layout", "samples may not import kyc_vision.layout"),
    ("samples/ektp.py", "from kyc_vision.card.fit import x", "samples may not import kyc_vision.card"),
    ("samples/ektp.py", "import benchmarks.accuracy", "samples may not import benchmarks"),
    ("kyc_vision/types.py", "import api.app", "kyc_vision may not import api"),
    ("kyc_vision/types.py", "import samples", "kyc_vision may not import samples"),
    ("kyc_vision/build.py", "from training.fit import x", "kyc_vision may not import training"),
    ("api/app.py", "from tests.fakes import x", "api may not import tests"),
    ("api/app.py", "from benchmarks import accuracy", "api may not import benchmarks"),
    ("benchmarks/accuracy.py", "import api.app", "benchmarks may not import api"),
    ("training/fit.py", "import api.app", "training may not import api"),
    ("api/reviews/service.py", "from api.verifications.store import Store", "another noun's store"),
    ("api/reviews/routes.py", "from api.verifications import store", "another noun's store"),
    ("api/reviews/routes.py", "from ..verifications import store", "another noun's store"),
    *((f"{package}/long.py", "x = 1\n" * 301, "301 lines") for package in MAY_IMPORT),
    ("api/app.py", "def f():\n" + "    x = 1\n" * 60, "f has 61 lines"),
    ("api/app.py", "async def f(a, b, c, d, *, e, f, g): ...", "f has 7 parameters"),
    ("samples/ektp.py", "class A:\n    def f(self, a, b, c, d, e, f, g): ...", "f has 7 parameters"),
]


def build(root: Path, tree: dict[str, str]) -> Path:
    for name, text in tree.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def test_a_clean_house_breaks_no_rule(tmp_path: Path) -> None:
    assert violations(build(tmp_path, CLEAN)) == []


@pytest.mark.parametrize(("where", "planted", "what"), PLANTED)
def test_a_planted_violation_is_found(where: str, planted: str, what: str, tmp_path: Path) -> None:
    text = f"{CLEAN[where]}\n{planted}" if where in CLEAN else planted
    found = violations(build(tmp_path, {**CLEAN, "kyc_vision/policy.py": "", where: text}))
    assert len(found) == 1, found
    assert found[0].startswith(where.removesuffix(".py").replace("/", "."))
    assert what in found[0]
