"""`python -m frontend`: the web side alone, for a tritonserver that runs elsewhere (TRITON_URL)."""

from __future__ import annotations

import sys

import uvicorn

from frontend.server import server_config
from frontend.settings import SettingsError, load_settings


def main() -> None:
    try:
        settings = load_settings()
    except SettingsError as error:
        sys.exit(str(error))
    uvicorn.Server(server_config(settings)).run()


if __name__ == "__main__":
    main()
