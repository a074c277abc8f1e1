"""`python -m frontend`: the frontend alone, for a tritonserver that runs elsewhere (TRITON_URL)."""

from __future__ import annotations

import sys
from contextlib import suppress

from frontend.server import Server
from frontend.settings import Settings, SettingsError, load_settings


def main() -> None:
    try:
        settings = load_settings(Settings)
    except SettingsError as error:
        sys.exit(str(error))
    server = Server(settings)
    with suppress(KeyboardInterrupt):
        server.run()
    sys.exit(0 if server.started else 1)


if __name__ == "__main__":
    main()
