"""Does a long run leak or fail? ``python -m benchmarks.soak [--n 2000] [--seed 1] [--json OUT]``.

Posts N gallery selfies, chosen at random from the seed, to a real server over HTTP, two at a time, and watches the
server's resident memory. Exit status 1 when an answer is not 201 or the memory grew by GROWTH_MB or more between
the first and the last tenth after the warm-up.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx

from samples.client import RunningService, running_service, submit

GALLERY = Path("samples/gallery")
CLIENTS = 2
#: Selfies until each worker has met every size of input; memory rises until then.
WARM_UP = 60
#: After the warm-up 160 selfies added 0 MB to the median, single answers lay 80 MB around it (November 2026, seed 1).
#: Over 2,000 selfies this bound finds a leak of 30 kB each.
GROWTH_MB = 60.0


def main() -> int:
    """Warm up, run, judge; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__)
    parser.add_argument("--n", type=int, default=2000, help="verifications after the warm-up, 20 or more")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path, metavar="OUT", help="also write the tally to this file")
    arguments = parser.parse_args()
    pictures = sorted(GALLERY.glob("*.jpg"))
    if not pictures or arguments.n < 20:
        parser.error(f"there is nothing to measure: {len(pictures)} pictures, {arguments.n} verifications")
    chosen = random.Random(arguments.seed).choices(pictures, k=WARM_UP + arguments.n)  # noqa: S311 - no secret
    begin = time.monotonic()
    with running_service() as service:
        statuses, memory_mb = run(service, chosen)
    tenth = arguments.n // 10
    first, last = (statistics.median(part) for part in (memory_mb[WARM_UP:][:tenth], memory_mb[-tenth:]))
    tally = {
        "n": arguments.n,
        "seed": arguments.seed,
        "minutes": round((time.monotonic() - begin) / 60, 1),
        "statuses": dict(statuses),
        "resident_mb": {"first_tenth": round(first), "last_tenth": round(last), "peak": round(max(memory_mb))},
        "growth_mb": round(last - first, 1),
    }
    print(json.dumps(tally))
    if arguments.json:
        arguments.json.write_text(json.dumps(tally, indent=2) + "\n", encoding="utf-8")
    all_judged = set(statuses) == {httpx.codes.CREATED}
    return 0 if all_judged and last - first < GROWTH_MB else 1


def run(service: RunningService, pictures: Sequence[Path]) -> tuple[Counter[int], list[float]]:
    """Post every picture; the statuses, and the server's memory in MB after each answer."""
    statuses: Counter[int] = Counter()
    memory_mb: list[float] = []
    with (
        httpx.Client(base_url=service.url, trust_env=False) as client,
        ThreadPoolExecutor(CLIENTS) as clients,
    ):
        for response in clients.map(lambda picture: submit(client, picture), pictures):
            statuses[response.status_code] += 1
            memory_mb.append(resident_mb(service.pid))
            if len(memory_mb) % 50 == 0:
                print(f"{len(memory_mb)}/{len(pictures)} {dict(statuses)} {memory_mb[-1]:.0f} MB", file=sys.stderr)
    return statuses, memory_mb


def resident_mb(pid: int) -> float:
    """Resident memory of a process, MB (10⁶ bytes).

    Source: proc(5), /proc/pid/status, VmRSS in KiB.
    """
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) * 1024 / 1e6


if __name__ == "__main__":
    sys.exit(main())
