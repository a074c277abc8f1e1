"""The commands `tritone serve`, `tritone engines` and `tritone settings`."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from types import FrameType

from speech.errors import EngineUnusable
from tritone.engines import BuildError, build
from tritone.libpython import MissingLibraryError
from tritone.ports import PortBusyError
from tritone.toolchain import InstallError
from tritone.triton_server import TritonError

_EXPECTED = (BuildError, EngineUnusable, InstallError, MissingLibraryError, PortBusyError, TritonError)


def main(arguments: list[str] | None = None) -> int:
    options, rest = _parser().parse_known_args(arguments)
    # SIGTERM and a closed terminal stop everything, as Ctrl-C does. While uvicorn runs, it handles SIGTERM itself.
    signal.signal(signal.SIGTERM, _interrupt)
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # nohup ignores it
        signal.signal(signal.SIGHUP, lambda number, frame: signal.raise_signal(signal.SIGTERM))
    try:
        if options.command == "engines":
            build(rest)
            return 0
        if rest:
            _parser().error(f"unrecognized arguments: {' '.join(rest)}")
        if options.command == "settings":
            from tritone.settings import table

            print(table())
            return 0
        return _serve(options)
    except _EXPECTED as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="tritone", description="A speech server on NVIDIA Triton.")
    commands = parser.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("serve", help="start tritonserver and the HTTP frontend, and build missing engines")
    serve.add_argument("--host", default=argparse.SUPPRESS, help="address to listen on (default: HOST, 127.0.0.1)")
    serve.add_argument("--port", default=argparse.SUPPRESS, help="port to listen on (default: PORT, 8000)")
    commands.add_parser("engines", add_help=False, help="build engines: see `tritone engines --help`")
    commands.add_parser("settings", help="print all settings as a Markdown table")
    return parser


def _serve(options: argparse.Namespace) -> int:
    # Imported here because `tritone engines` needs no web framework.
    from frontend.settings import SettingsError, load_settings
    from tritone.serve import serve
    from tritone.settings import LauncherSettings

    # Flags become environment variables, so that they are checked like any other setting.
    os.environ |= {name.upper(): str(value) for name, value in vars(options).items() if name in ("host", "port")}
    try:
        settings = load_settings(LauncherSettings)
    except SettingsError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return serve(settings)


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
