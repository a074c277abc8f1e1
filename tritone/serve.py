"""`tritone serve`: engines, tritonserver and the frontend in order, and all of them down again together."""

from __future__ import annotations

import shlex
import socket
import sys
import threading

from build_engines import packages, recipes
from frontend.server import Server
from frontend.settings import Settings
from speech.errors import EngineUnusable
from tritone import engines
from tritone.ports import claim, free_port
from tritone.triton_server import ROOT, TritonServer


def serve(settings: Settings) -> int:
    """Run until interrupted; the exit status. Errors before the start are exceptions that say what to do."""
    # Both ports are claimed or tried first: nobody should wait for a build to learn that one is taken.
    listener = claim(settings.host, settings.port)
    triton_host, triton_port = _triton_address(settings)
    engines_dir = settings.engines_dir.resolve() if "engines_dir" in settings.model_fields_set else ROOT / "engines"
    *models, _ = engines.provide((*settings.whisper_model, recipes.KOKORO.name), engines_dir)
    environment = {
        "ENGINES_DIR": str(engines_dir),
        "WHISPER_MODEL": ",".join(models),
        "BEAM_SIZE": str(settings.beam_size),
    }
    print("starting tritonserver …", flush=True)
    with TritonServer(environment=environment, grpc_port=triton_port, host=triton_host) as triton:
        update = {"triton_url": triton.url, "whisper_model": tuple(models), "engines_dir": engines_dir}
        return _run_frontend(settings.model_copy(update=update), listener, triton)


def _triton_address(settings: Settings) -> tuple[str, int]:
    """Where TRITON_URL says, if it is set; else any free port of the loopback interface."""
    if "triton_url" not in settings.model_fields_set:
        return "127.0.0.1", 0
    host, _, port = settings.triton_url.rpartition(":")
    return host, free_port(host, int(port))


def _run_frontend(settings: Settings, listener: socket.socket, triton: TritonServer) -> int:
    frontend = _Frontend(settings, _welcome(settings.host, listener.getsockname()[1]))
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
    """Greets when it listens."""

    def __init__(self, settings: Settings, welcome: str) -> None:
        super().__init__(settings)
        self._welcome = welcome

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            print(self._welcome, flush=True)


def _welcome(host: str, port: int) -> str:
    url = f"http://{ {'0.0.0.0': '127.0.0.1', '::': '[::1]'}.get(host, host) }:{port}"
    try:
        clip = str(packages.fetch(recipes.SAMPLES) / "en-fox.wav")
    except EngineUnusable:
        clip = "speech.wav"
    curl = f"curl -F model=whisper-1 -F file=@{shlex.quote(clip)} {url}/v1/audio/transcriptions"
    return f"\nTritone listens on {url} (Ctrl-C stops it). Try:\n\n  {curl}\n"
