"""`tritone serve` and `tritone engines …`."""

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
    # `kill` and a closed terminal end like Ctrl-C, with tritonserver stopped. While uvicorn runs, SIGTERM is its own.
    signal.signal(signal.SIGTERM, _interrupt)
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # which nohup sets
        signal.signal(signal.SIGHUP, lambda number, frame: signal.raise_signal(signal.SIGTERM))
    try:
        if options.command == "engines":
            build(rest)
            return 0
        if rest:
            _parser().error(f"unrecognized arguments: {' '.join(rest)}")
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
    serve = commands.add_parser("serve", help="start tritonserver and the HTTP frontend; build what they need")
    serve.add_argument("--host", default=argparse.SUPPRESS, help="address to listen on (default: HOST, 127.0.0.1)")
    serve.add_argument("--port", default=argparse.SUPPRESS, help="port to listen on (default: PORT, 8000)")
    commands.add_parser("engines", add_help=False, help="build engines: see `tritone engines --help`")
    return parser


def _serve(options: argparse.Namespace) -> int:
    # Here and not above: `tritone engines` needs no web framework.
    from frontend.settings import SettingsError, load_settings
    from tritone.serve import serve

    # A flag is a setting for this run only, and is checked like any other.
    os.environ |= {name.upper(): str(value) for name, value in vars(options).items() if name in ("host", "port")}
    try:
        settings = load_settings()
    except SettingsError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return serve(settings)


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
