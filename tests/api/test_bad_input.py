"""Everything a sender can get wrong: nothing crashes, each has a type of its own, no value is repeated."""

from __future__ import annotations

import io
import json
import sys

import PIL.Image
import pytest
from api_support import CONSENT, NIK, SELFIE, parts, selfie

WITHOUT_ZONE = {**CONSENT, "granted_at": "2026-03-01T22:15:00"}
TEXT = ("text/plain", b"hello")


def problem(response, status: int, slug: str) -> dict:
    assert response.headers["content-type"] == "application/problem+json"
    body = response.json()
    assert (response.status_code, body["type"]) == (status, f"/problems/{slug}")
    assert body["status"] == status
    assert body["title"]
    assert body["detail"].endswith(".")
    return body


def animated(kind: str) -> bytes:
    buffer = io.BytesIO()
    first, second = PIL.Image.new("RGB", (320, 240), "red"), PIL.Image.new("RGB", (320, 240), "blue")
    first.save(buffer, kind, save_all=True, append_images=[second])
    return buffer.getvalue()


def jpeg_of_100_megapixels() -> bytes:
    data = bytearray(selfie())
    at = data.index(b"\xff\xc0") + 5
    data[at : at + 4] = (10_000).to_bytes(2, "big") * 2
    return bytes(data)


class TestPicture:
    @pytest.mark.parametrize(
        ("picture", "status", "slug"),
        [
            (b"", 422, "empty-picture"),
            (b"I am a text file named selfie.jpg", 415, "unknown-format"),
            (SELFIE[: len(SELFIE) // 2], 422, "broken-picture"),
            (animated("PNG"), 422, "animated-picture"),
            (animated("WEBP"), 422, "animated-picture"),
            (jpeg_of_100_megapixels(), 413, "picture-too-large"),
            (SELFIE + bytes(256 * 1024), 413, "picture-too-large"),
        ],
    )
    def test_a_picture_that_cannot_be_judged_has_its_own_problem(self, post, verifier, picture, status, slug) -> None:
        problem(post(parts(picture)), status, slug)
        assert verifier.images == []

    def test_one_pixel_is_too_small(self, post) -> None:
        buffer = io.BytesIO()
        PIL.Image.new("RGB", (1, 1)).save(buffer, "PNG")
        problem(post(parts(buffer.getvalue())), 422, "picture-too-small")

    def test_heic_is_judged_where_its_decoder_is_installed(self, post, verifier) -> None:
        assert post(parts(self._heic())).status_code == 201
        assert verifier.images[0].format == "HEIF"

    def test_heic_is_a_clear_415_where_its_decoder_is_missing(self, post, monkeypatch) -> None:
        picture = self._heic()
        monkeypatch.setitem(sys.modules, "pillow_heif", None)
        assert "JPEG" in problem(post(parts(picture)), 415, "unsupported-format")["detail"]

    @staticmethod
    def _heic() -> bytes:
        pillow_heif = pytest.importorskip("pillow_heif")
        buffer = io.BytesIO()
        pillow_heif.from_bytes("RGB", (320, 240), bytes(320 * 240 * 3)).save(buffer)
        return buffer.getvalue()


class TestBody:
    def test_no_body_at_all(self, post) -> None:
        problem(post(content=b""), 415, "unsupported-media-type")

    def test_an_empty_multipart_body(self, post) -> None:
        response = post(content=b"", headers={"Content-Type": "multipart/form-data; boundary=x"})
        assert response.json()["type"] in {"/problems/missing-part", "/problems/malformed-multipart"}

    @pytest.mark.parametrize(
        "content_type", ["application/json", "image/jpeg", "application/x-www-form-urlencoded", ""]
    )
    def test_another_content_type(self, post, content_type) -> None:
        problem(post(content=SELFIE, headers={"Content-Type": content_type}), 415, "unsupported-media-type")

    @pytest.mark.parametrize(
        ("content_type", "content"),
        [
            ("multipart/form-data", b"x"),  # no boundary
            ("multipart/form-data; boundary=x", b"no boundary in here"),
            ("multipart/form-data; boundary=x", b"--x\r\nContent-Type: text/plain\r\n\r\nnameless\r\n--x--\r\n"),
            ("multipart/form-data; boundary=x", b"--x\r\n" + b"A: b\r\n" * 20_000),
            (
                "multipart/form-data; boundary=x",
                b'--x\r\nContent-Disposition: form-data; name="customer_id"\r\n\r\n' + b"a" * 20_000 + b"\r\n--x--\r\n",
            ),
        ],
    )
    def test_malformed_multipart(self, post, content_type, content) -> None:
        problem(post(content=content, headers={"Content-Type": content_type}), 400, "malformed-multipart")

    def test_a_hundred_parts(self, post) -> None:
        files = [*parts(), *(("claim", (None, "{}")) for _ in range(100))]
        problem(post(files), 400, "malformed-multipart")

    def test_a_body_longer_than_declared_limits(self, post) -> None:
        body = problem(post(parts(bytes(400 * 1024))), 413, "body-too-large")
        assert "0.25 MiB" in body["detail"]

    def test_a_chunked_body_is_counted(self, post) -> None:
        start = b'--x\r\nContent-Disposition: form-data; name="selfie"; filename="a"\r\n\r\n'

        async def chunks():
            yield start
            for _ in range(100):
                yield bytes(10_000)

        response = post(content=chunks(), headers={"Content-Type": "multipart/form-data; boundary=x"})
        problem(response, 413, "body-too-large")


class TestParts:
    @pytest.mark.parametrize("missing", ["customer_id", "consent"])
    def test_a_missing_part_is_named(self, post, missing) -> None:
        body = problem(post(parts(**{missing: None})), 422, "missing-part")
        assert [error["part"] for error in body["errors"]] == [missing]

    def test_a_missing_selfie_is_named(self, post) -> None:
        body = problem(post(parts()[1:]), 422, "missing-part")
        assert [error["part"] for error in body["errors"]] == ["selfie"]

    def test_two_selfies(self, post, verifier) -> None:
        body = problem(post([parts()[0], *parts()]), 422, "duplicate-part")
        assert [error["part"] for error in body["errors"]] == ["selfie"]
        assert verifier.images == []

    def test_an_unknown_part_is_refused_and_its_name_is_not_repeated(self, post) -> None:
        response = post(parts(**{NIK: "x"}))
        problem(response, 422, "unknown-part")
        assert NIK not in response.text

    def test_a_selfie_without_a_file_name(self, post) -> None:
        body = problem(post([("selfie", (None, b"text")), *parts()[1:]]), 422, "invalid-part")
        assert body["errors"][0]["part"] == "selfie"

    def test_a_text_part_sent_as_a_file(self, post) -> None:
        files = [p for p in parts() if p[0] != "consent"]
        body = problem(post([*files, ("consent", ("c.json", json.dumps(CONSENT)))]), 422, "invalid-part")
        assert body["errors"][0]["part"] == "consent"

    @pytest.mark.parametrize("value", ["", "two words", "a@b.example", "x" * 65, "Jalan Merdeka 1"])
    def test_a_customer_id_that_is_no_id(self, post, value) -> None:
        body = problem(post(parts(customer_id=value)), 422, "invalid-part")
        assert body["errors"][0]["part"] == "customer_id"

    @pytest.mark.parametrize("text", ["", "{", "nik=1", '{"nik": }'])
    def test_a_claim_that_is_not_json(self, post, text) -> None:
        body = problem(post(parts(claim=text)), 422, "invalid-json")
        assert body["errors"][0]["part"] == "claim"

    @pytest.mark.parametrize("nik", [NIK[:15], NIK + "0", "317123450987000A", " " + NIK[1:], "٣" * 16])
    def test_a_nik_that_has_not_sixteen_digits(self, post, nik) -> None:
        response = post(parts(claim={"nik": nik}))
        body = problem(response, 422, "invalid-nik")
        assert body["errors"][0]["field"] == "nik"
        assert nik not in response.text

    def test_a_consent_without_time_zone(self, post) -> None:
        body = problem(post(parts(consent=WITHOUT_ZONE)), 422, "timezone-missing")
        assert body["errors"][0] == {"part": "consent", "field": "granted_at", "message": body["errors"][0]["message"]}

    @pytest.mark.parametrize(
        ("part", "value"),
        [
            ("consent", {}),
            ("consent", []),
            ("consent", {**CONSENT, "granted_at": "SECRET"}),
            ("consent", {**CONSENT, "purpose": ""}),
            ("claim", {"birth_date": "SECRET"}),
            ("claim", {"name": ["SECRET"]}),
            ("claim", {"SECRET": "SECRET"}),
            ("claim", "null"),
        ],
    )
    def test_json_of_another_form_is_refused_without_being_repeated(self, post, part, value) -> None:
        response = post(parts(**{part: value}))
        body = problem(response, 422, "invalid-part")
        assert {error["part"] for error in body["errors"]} == {part}
        assert "SECRET" not in response.text


class TestAddresses:
    def test_an_unknown_id(self, client) -> None:
        problem(client.get("/v1/verifications/4f0c0000-0000-4000-8000-000000000000"), 404, "not-found")

    def test_an_unknown_path(self, client) -> None:
        problem(client.get("/v2"), 404, "not-found")

    def test_a_method_that_is_not_offered(self, client) -> None:
        response = client.delete("/v1/verifications")
        problem(response, 405, "method-not-allowed")
        assert response.headers["allow"] == "POST"

    def test_a_failure_of_ours_shows_nothing_of_its_insides(self, post, verifier) -> None:
        def fail() -> None:
            raise ZeroDivisionError("SECRET")

        verifier.before = fail
        response = post()
        problem(response, 500, "internal-error")
        assert "SECRET" not in response.text
        verifier.before = lambda: None
        assert post().status_code == 201  # the key was given back
