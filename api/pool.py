"""Threads for inference, and a limit to how many may wait for one."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import BoundedSemaphore
from typing import TypeVar

T = TypeVar("T")


class PoolFullError(Exception):
    """All workers are busy and as many as allowed are waiting."""


class BoundedPool:
    """A ThreadPoolExecutor whose queue has an end. ONNX Runtime and OpenCV release the GIL while they work."""

    def __init__(self, workers: int, queue_bound: int) -> None:
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="judge")
        self._room = BoundedSemaphore(workers + queue_bound)

    def submit(self, work: Callable[[], T]) -> Future[T]:
        """Start work, or line it up.

        Raises:
            PoolFullError: there is no room to wait in.
        """
        if not self._room.acquire(blocking=False):
            raise PoolFullError
        future = self._threads.submit(work)
        future.add_done_callback(lambda _: self._room.release())
        return future

    def close(self) -> None:
        """Let the work that was taken on finish."""
        self._threads.shutdown(wait=True)
