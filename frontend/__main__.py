"""`python -m frontend`: the web side alone, for a tritonserver that runs elsewhere (TRITON_URL)."""

from __future__ import annotations

import sys
from contextlib import suppress

import uvicorn

from frontend.server import bound_unread, server_config
from frontend.settings import SettingsError, load_settings


def main() -> None:
    try:
        settings = load_settings()
    except SettingsError as error:
        sys.exit(str(error))
    config = server_config(settings)
    listener = config.bind_socket()
    bound_unread(listener, settings)
    server = uvicorn.Server(config)
    with suppress(KeyboardInterrupt):
        server.run(sockets=[listener])
    sys.exit(0 if server.started else 1)


if __name__ == "__main__":
    main()
