"""The benchmarks: ``python -m benchmarks`` lists them, ``python -m benchmarks NAME …`` runs one."""

from __future__ import annotations

import ast
import runpy
import sys
from pathlib import Path


def listed() -> dict[str, str]:
    """Name → first line of the docstring, of every module that can be run; none of them is imported for it."""
    found = {}
    for path in sorted(Path(__file__).parent.glob("*.py")):
        source = path.read_text(encoding="utf-8")
        if path != Path(__file__) and '\nif __name__ == "__main__":' in source:
            found[path.stem] = (ast.get_docstring(ast.parse(source)) or "").partition("\n")[0]
    return found


def main(arguments: list[str]) -> int:
    """List, or run one, which then ends the process itself; returns the exit status."""
    names = listed()
    if arguments and arguments[0] in names:
        sys.argv = arguments
        runpy.run_module(f"benchmarks.{arguments[0]}", run_name="__main__", alter_sys=True)
        return 0
    known = not arguments or arguments[0] in {"-h", "--help"}
    out = sys.stdout if known else sys.stderr
    if not known:
        print(f"benchmarks: there is no {arguments[0]}; these there are:", file=out)
    for name, line in names.items():
        print(f"{name:16} {line}", file=out)
    return 0 if known else 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
