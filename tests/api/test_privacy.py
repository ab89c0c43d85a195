"""Planted personal values are nowhere but in the one answer."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from api_support import CLAIM, CONSENT, MARK, PERSONAL, parts
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.db.session import open_database
from api.db.tables import VerificationRow


@pytest.fixture
def database(settings):
    return Path(settings.database_url.removeprefix("sqlite:///"))


def leaks(text: str) -> list[str]:
    return [value for value in PERSONAL if value.lower() in text.lower()]


def test_no_personal_value_and_no_picture_is_in_the_database_file(post, client, database) -> None:
    answer = post(parts(claim=CLAIM))
    assert leaks(answer.text), "the planted values were answered, else this test proves nothing"
    post(parts(claim=CLAIM))
    files = list(database.parent.iterdir())
    assert len(files) > 1  # the write-ahead log too
    content = b"".join(file.read_bytes() for file in files)
    assert answer.json()["id"].encode() in content
    assert leaks(content.decode("latin-1")) == []
    assert MARK not in content
    assert b"key-1" not in content


def test_no_personal_value_is_in_a_log_even_at_debug(post, client, verifier, caplog) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("sqlalchemy.engine").setLevel(logging.DEBUG)
    try:
        answer = post(parts(claim=CLAIM))
        post(parts(claim={**CLAIM, "nik": CLAIM["nik"][:15]}), key="2")
        client.get(answer.headers["location"])
    finally:
        logging.getLogger("sqlalchemy.engine").setLevel(logging.NOTSET)
    assert answer.json()["id"] in caplog.text
    assert leaks(caplog.text) == []


def test_no_personal_value_is_in_a_problem(post, verifier) -> None:
    def fail() -> None:
        raise ValueError("unexpected")

    verifier.before = fail
    failed = post(parts(claim=CLAIM))
    verifier.before = lambda: None
    post(parts(claim=CLAIM), key="2")
    reused = post(parts(claim={**CLAIM, "name": "OTHER"}), key="2")
    bad = post(parts(claim={**CLAIM, "birth_date": "1912-12-32", "x": CLAIM["name"]}), key="3")
    for response in (failed, reused, bad):
        assert response.status_code >= 400
        assert leaks(response.text) == []
        assert "1912" not in response.text


def test_the_consent_and_the_names_of_what_was_claimed_are_stored(post, settings) -> None:
    post(parts(claim={"nik": CLAIM["nik"], "name": CLAIM["name"]}))
    engine = open_database(settings.database_url)
    with Session(engine) as session:
        row = session.scalars(select(VerificationRow)).one()
        assert row.claim_given == ["name", "nik"]
        assert row.consent_text_version == CONSENT["text_version"]
        assert row.consent_purpose == CONSENT["purpose"]
        assert row.consent_granted_at.isoformat() == "2026-03-01T15:15:00+00:00"
        assert row.created_at.tzinfo is not None
    engine.dispose()


def test_a_large_picture_stays_in_memory(post, monkeypatch) -> None:
    """No temporary file is made while a picture is uploaded."""
    import tempfile

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a temporary file was made")

    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)
    monkeypatch.setattr(tempfile, "NamedTemporaryFile", refuse)
    assert post(parts(bytes(250 * 1024))).status_code == 415
