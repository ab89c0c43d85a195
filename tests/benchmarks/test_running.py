"""Pace and memory of a run that was broken off; the list of benchmarks."""

from __future__ import annotations

import ast
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

import benchmarks
from benchmarks import accuracy
from benchmarks.__main__ import listed, main
from benchmarks.latency import peak_resident_mb
from benchmarks.store import Judge, judged

FOLDER = Path(benchmarks.__file__).parent


def test_pace_is_pictures_over_the_wall_clock_and_memory_the_largest_of_any_process():
    answers = [{"wall_s": 0.5, "peak_resident_mb": 700}, {"wall_s": 1.5, "peak_resident_mb": 650}, {"decision": "old"}]
    found = accuracy.judging(answers)
    # Two pictures in 0.5 s + 1.5 s; the third was kept from before these were taken.
    assert found == {"pictures": 2, "of": 3, "images_per_s": 1.0, "peak_resident_mb": 700}


def test_without_figures_nothing_is_claimed():
    found = accuracy.judging([{"decision": "old"}])
    assert (found["pictures"], found["images_per_s"], found["peak_resident_mb"]) == (0, None, None)


def test_kept_answer_keeps_what_it_took(tmp_path, monkeypatch):
    labels = [{"file": "a.jpg"}, {"file": "b.jpg"}]
    for label in labels:
        (tmp_path / label["file"]).write_bytes(label["file"].encode())
    monkeypatch.setattr(accuracy, "judge", lambda *_: {"decision": "review", "slow": time.sleep(0.01)})
    judge = Judge(tmp_path / "kept.jsonl", "today", partial(accuracy.metered, None))
    first = list(judged(tmp_path, labels[:1], judge))
    again = [answer for _, answer in judged(tmp_path, labels, judge)]
    assert again[0] == first[0][1]
    assert accuracy.judging(again)["pictures"] == 2


def test_peak_memory_is_that_of_a_python_with_numpy():
    assert 20 < peak_resident_mb() < 20_000


def test_list_has_every_module_that_can_be_run_with_a_line():
    names = listed()
    runnable = {
        path.stem
        for path in FOLDER.glob("*.py")
        if any(isinstance(node, ast.FunctionDef) and node.name == "main" for node in ast.parse(path.read_text()).body)
    }
    assert set(names) == runnable - {"__main__"}
    assert all(names.values())


def test_unknown_benchmark_is_answered_with_the_list(capsys):
    assert main(["nonsense"]) == 2
    assert "accuracy" in capsys.readouterr().err
    assert main([]) == 0
    assert "accuracy" in capsys.readouterr().out


@pytest.mark.parametrize(("arguments", "status"), [(["report", "--accuracy", "absent.json"], 2), (["report", "-h"], 0)])
def test_benchmark_is_run_by_name_with_its_own_arguments_and_status(arguments, status):
    done = subprocess.run([sys.executable, "-m", "benchmarks", *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == status
    assert "benchmarks.accuracy" in done.stdout + done.stderr
