"""`python -m frontend`: the web side alone, for a tritonserver that runs elsewhere (TRITON_URL)."""

from __future__ import annotations

import sys

import uvicorn

from frontend.app import create_app
from frontend.settings import SettingsError, load_settings
from frontend.sockets import PONG_TIMEOUT_S


def main() -> None:
    try:
        settings = load_settings()
    except SettingsError as error:
        sys.exit(str(error))
    app = create_app(settings)
    uvicorn.run(
        app,
        host=settings.host,
        port=settings.port,
        access_log=False,
        log_level="warning",
        ws_ping_timeout=PONG_TIMEOUT_S,
    )


if __name__ == "__main__":
    main()
