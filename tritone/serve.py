"""`tritone serve`: provides the engines, starts tritonserver and then the frontend, and stops both together."""

from __future__ import annotations

import shlex
import socket
import sys
import threading

from build_engines import packages, recipes
from build_engines.cache import default_engines_dir
from frontend.server import Server
from frontend.settings import Settings
from speech.environment import ModelEnvironment
from speech.errors import EngineUnusable
from tritone import engines
from tritone.ports import claim, free_port
from tritone.settings import LauncherSettings
from tritone.triton_server import TritonServer


def serve(settings: LauncherSettings) -> int:
    """Run until interrupted, and return the exit status. Errors before the start are exceptions that say what to do."""
    # Both ports come first, so that nobody waits for a build only to learn that a port is taken.
    listener = claim(settings.listen_host, settings.port)
    triton_host, triton_port = _triton_address(settings)
    engines_dir = (settings.engines_dir or default_engines_dir()).resolve()
    names = engines.provide((*settings.whisper_model, recipes.KOKORO.name), engines_dir)
    environment = ModelEnvironment(engines_dir, whisper_model=tuple(names[:-1]), beam_size=settings.beam_size)
    print("starting tritonserver …", flush=True)
    with TritonServer(environment=environment.to_environ(), grpc_port=triton_port, host=triton_host) as triton:
        return _run_frontend(settings.model_copy(update={"triton_url": triton.url}), listener, triton)


def _triton_address(settings: Settings) -> tuple[str, int]:
    """The address in TRITON_URL if it is set, otherwise any free port of the loopback interface."""
    if "triton_url" not in settings.model_fields_set:
        return "127.0.0.1", 0
    host, _, port = settings.triton_url.rpartition(":")
    return host, free_port(host, int(port))


def _run_frontend(settings: Settings, listener: socket.socket, triton: TritonServer) -> int:
    frontend = _Frontend(settings, _welcome(settings.listen_host, listener.getsockname()[1]))
    deaths: list[str] = []

    def watch() -> None:
        if last_words := triton.wait_death():
            deaths.append(last_words)
            frontend.should_exit = True

    threading.Thread(target=watch, daemon=True).start()
    frontend.run(sockets=[listener])
    if deaths:
        print(f"error: {deaths[0]}", file=sys.stderr)
    return 1 if deaths or not frontend.started else 0


class _Frontend(Server):
    """Prints a welcome when it listens."""

    def __init__(self, settings: Settings, welcome: str) -> None:
        super().__init__(settings)
        self._welcome = welcome

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            print(self._welcome, flush=True)


_REACHED_AT = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}
"""A client on this machine cannot connect to the address that stands for all networks."""


def _welcome(host: str, port: int) -> str:
    url = f"http://{_REACHED_AT.get(host, host)}:{port}"
    try:
        clip = str(packages.fetch(recipes.SAMPLES) / "en-fox.wav")
    except EngineUnusable:
        clip = "speech.wav"
    curl = f"curl -F model=whisper-1 -F file=@{shlex.quote(clip)} {url}/v1/audio/transcriptions"
    return f"\nTritone listens on {url} (Ctrl-C stops it). Try:\n\n  {curl}\n"
