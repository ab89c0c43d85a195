"""``python -m api``: serve on the address of the settings."""

from __future__ import annotations

import sys
from ipaddress import ip_address

import uvicorn

from api.app import create_app
from api.settings import Settings


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach host. A name other than localhost may point anywhere."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def main() -> None:
    """Start the server; it runs until it is told to stop."""
    settings = Settings()
    if not is_loopback(settings.host):
        sys.exit(
            f"KYC_HOST={settings.host} can be reached from other machines, and there are no API keys yet. "
            "Use 127.0.0.1 or ::1; put nothing in front of it."
        )
    uvicorn.run(create_app(settings), host=settings.host, port=settings.port, server_header=False)


if __name__ == "__main__":
    main()
