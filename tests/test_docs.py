"""What the pages and tables say is so: codes, links, commands; and no address of a registry stands anywhere."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from kyc_vision.policy import DEFAULT
from kyc_vision.reasons import CANNOT_VERIFY, REASONS, STAGES
from tests.fakes import ROOT

CODE = re.compile(rf"({'|'.join(STAGES)})(_[A-Z]+)+")
#: Codes that no check gives: a stand-in, and why a single field is null.
WITHOUT_ACTION = {CANNOT_VERIFY, "OCR_FIELD_NOT_FOUND", "OCR_FIELD_UNREADABLE"}
ACTIONS = tomllib.loads(DEFAULT.read_text(encoding="utf-8"))["actions"]
# In parts, so that this page does not name them itself.
REGISTRIES = [
    "".join(parts)
    for parts in (
        ("py", "pi.org"), ("python", "hosted.org"), ("registry.npm", "js.org"), ("crates", ".io"),
        ("proxy.go", "lang.org"), ("conda.ana", "conda.org"), ("deb.deb", "ian.org"), ("archive.ubu", "ntu.com"),
        ("docker", ".io"), ("ghcr", ".io"), ("quay", ".io"), ("hugging", "face.co"),
        ("--index", "-url"), ("--extra-index", "-url"), ("--find", "-links"), ("[[tool.uv", ".index]]"),
        ("index", "-url ="), ("/sim", "ple/"),
    )
]  # fmt: skip


def committed() -> Iterator[Path]:
    """Every file of the repository but those in the folders that .gitignore names."""
    ignored = {line.strip().strip("/") for line in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()}
    for path in sorted(ROOT.rglob("*")):
        parts = path.relative_to(ROOT)
        folders = {str(Path(*parts.parts[: i + 1])) for i in range(len(parts.parts))} | set(parts.parts)
        if path.is_file() and not folders & {*ignored, ".git"}:
            yield path


def text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (UnicodeDecodeError, FileNotFoundError):
        return ""


PAGES = [path for path in committed() if path.suffix == ".md"]


def codes_in_code() -> dict[str, str]:
    """Code → a module that names it as a string."""
    found: dict[str, str] = {}
    for path in sorted((ROOT / "kyc_vision").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and CODE.fullmatch(node.value):
                found.setdefault(node.value, path.name)
    return found


def test_every_code_in_the_code_is_in_the_catalogue() -> None:
    found = codes_in_code()
    assert len(found) > 25
    assert {code: where for code, where in found.items() if code not in REASONS} == {}


def test_every_code_of_the_policy_is_in_the_catalogue() -> None:
    assert set(ACTIONS) - set(REASONS) == set()


def test_every_code_of_the_catalogue_has_an_action() -> None:
    assert set(REASONS) - set(ACTIONS) - WITHOUT_ACTION == set()


def test_every_code_that_a_check_or_the_policy_gives_has_an_action() -> None:
    assert set(codes_in_code()) - set(ACTIONS) - WITHOUT_ACTION == set()


def test_no_committed_file_names_a_registry() -> None:
    files = list(committed())
    assert ROOT / "requirements.lock" in files
    assert not any(".venv" in path.parts for path in files)
    texts = {str(path.relative_to(ROOT)): text_of(path).lower() for path in files}
    assert [(name, one) for name, text in texts.items() for one in REGISTRIES if one in text] == []


def slug(heading: str) -> str:
    """A heading's anchor, as forges make it."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def broken_links(page: Path) -> list[str]:
    text = re.sub(r"^```.*?^```", "", text_of(page), flags=re.S | re.M)
    broken = []
    for target in re.findall(r"!?\[[^\]]*\]\(([^)\s]+)[^)]*\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        anchors = {slug(heading) for heading in re.findall(r"^#+ (.*)$", text_of(there), re.M)} if anchor else set()
        if not there.exists() or (anchor and slug(anchor) not in anchors):
            broken.append(target)
    return broken


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    assert broken_links(page) == []


def test_a_broken_link_is_found(tmp_path: Path) -> None:
    page, other = tmp_path / "a.md", tmp_path / "b.md"
    other.write_text("# The API\n", encoding="utf-8")
    page.write_text("[x](b.md) [x](b.md#the-api) [x](b.md#gone) ![x](c.png) [x](https://x.y)", encoding="utf-8")
    assert broken_links(page) == ["b.md#gone", "c.png"]


def commands(text: str) -> set[str]:
    """Targets of make in code spans and code blocks; prose may make what it likes."""
    code = re.findall(r"```.*?```|`[^`\n]+`", text, re.S)
    return {target for piece in code for target in re.findall(r"\bmake ([a-z][a-z-]*)", piece)}


def test_every_make_command_on_a_page_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z][a-z-]*):", makefile, re.M))
    assert "help" in targets
    named = {(str(page.relative_to(ROOT)), one) for page in PAGES for one in commands(text_of(page))}
    assert {(page, one) for page, one in named if one not in targets} == set()


def test_make_is_only_a_command_in_code() -> None:
    assert commands("make sure that `make demo` runs\n```sh\nmake serve PORT=1\n```") == {"demo", "serve"}


def test_what_error_messages_tell_the_operator_to_run_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z][a-z-]*):", makefile, re.M))
    sources = "\n".join(text_of(path) for path in (ROOT / "kyc_vision").rglob("*.py"))
    assert {"setup"} <= commands(sources) <= targets
