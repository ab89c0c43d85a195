"""A service on a fresh SQLite file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from anyio.from_thread import start_blocking_portal
from api_support import Client, FakeVerifier, parts

from api.app import create_app
from api.settings import Settings

Post = Callable[..., Any]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(database_url=f"sqlite:///{tmp_path}/deep/kyc.db", max_upload_bytes=256 * 1024)


@pytest.fixture
def verifier() -> FakeVerifier:
    return FakeVerifier()


@pytest.fixture
def start(settings: Settings, verifier: FakeVerifier) -> Iterator[Callable[..., Client]]:
    """Starts a service; several may run on the same database, one after the other or at the same time."""
    with ExitStack() as stack:

        def _start(settings: Settings = settings, factory: Callable[[], Any] = lambda: verifier) -> Client:
            app = create_app(settings, factory)
            portal = stack.enter_context(start_blocking_portal())
            stack.enter_context(portal.wrap_async_context_manager(app.router.lifespan_context(app)))
            return Client(app, portal)

        yield _start


@pytest.fixture
def client(start: Callable[..., Client]) -> Client:
    return start()


@pytest.fixture
def post(client: Client) -> Post:
    def _post(files: list[tuple[str, Any]] | None = None, key: str | None = "key-1", **options: Any) -> Any:
        headers = {"Idempotency-Key": key} if key else {}
        headers.update(options.pop("headers", {}))
        if "content" not in options:
            options["files"] = parts() if files is None else files
        return client.post("/v1/verifications", headers=headers, **options)

    return _post
