"""A real uvicorn on a loopback port: what only a socket can show."""

from __future__ import annotations

import socket
import threading
import time

import httpx
import pytest
import uvicorn
from api_support import FakeVerifier, parts

from api.app import create_app

pytestmark = pytest.mark.server
HEAD = (
    b"POST /v1/verifications HTTP/1.1\r\nHost: x\r\nIdempotency-Key: k\r\n"
    b"Content-Type: multipart/form-data; boundary=x\r\n"
)
PART = b'--x\r\nContent-Disposition: form-data; name="selfie"; filename="a.jpg"\r\n\r\n'


@pytest.fixture
def address(settings):
    app = create_app(settings, FakeVerifier)
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_config=None))
    thread = threading.Thread(target=server.run)
    thread.start()
    deadline = time.monotonic() + 10
    while not server.started:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    yield server.servers[0].sockets[0].getsockname()
    server.should_exit = True
    thread.join(10)


def answer(connection: socket.socket) -> bytes:
    received = b""
    while chunk := connection.recv(65_536):
        received += chunk
    return received


def test_an_endless_chunked_upload_is_refused_before_its_end(address) -> None:
    chunk = b"10000\r\n" + bytes(0x10000) + b"\r\n"
    sent = 0
    with socket.create_connection(address, timeout=10) as connection:
        connection.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n" % len(PART) + PART + b"\r\n")
        try:
            while sent < 512 * len(chunk):  # 32 MiB; the limit is 0.25
                connection.sendall(chunk)
                sent += len(chunk)
        except OSError:  # the server has answered and closed
            pass
        assert sent < 512 * len(chunk)
        try:
            head = answer(connection)
        except ConnectionResetError:
            pytest.skip("the kernel dropped the answer with the connection")
    assert head.startswith(b"HTTP/1.1 413")
    assert b"/problems/body-too-large" in head


def test_a_declared_length_over_the_limit_is_refused_without_reading(address) -> None:
    with socket.create_connection(address, timeout=10) as connection:
        connection.sendall(HEAD + b"Content-Length: 99999999999\r\n\r\n")
        received = answer(connection)
    assert received.startswith(b"HTTP/1.1 413")


def test_an_ordinary_client_that_sends_too_much_sees_the_413(address) -> None:
    url = f"http://{address[0]}:{address[1]}/v1/verifications"
    for size in (1_000_000, 20_000_000):
        response = httpx.post(url, files=parts(bytes(size)), headers={"Idempotency-Key": "k"}, trust_env=False)
        assert response.status_code == 413


def test_a_good_selfie_is_judged_over_a_socket(address) -> None:
    url = f"http://{address[0]}:{address[1]}/v1/verifications"
    response = httpx.post(url, files=parts(), headers={"Idempotency-Key": "k"}, trust_env=False)
    assert response.status_code == 201
