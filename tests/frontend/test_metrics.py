"""GET /metrics, read with Prometheus' own parser."""

from __future__ import annotations

from pathlib import Path

import httpx2
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr
from websockets.sync.client import connect

from tests.conftest import Serve


def samples(url: str) -> dict[str, float]:
    """The values by name and labels, as in `tritone_requests_total{GET,/health,200}`."""
    text = httpx2.get(f"{url}/metrics").text
    return {
        f"{sample.name}{{{','.join(sample.labels.values())}}}": sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_what_is_measured(serve: Serve, triton: str, fox: Path) -> None:
    with serve(triton_url=triton) as url:
        speech = httpx2.post(f"{url}/v1/audio/speech", json={"input": "One two three.", "response_format": "wav"})
        httpx2.post(f"{url}/v1/audio/transcriptions", files={"file": fox.read_bytes()}, timeout=60)
        httpx2.get(f"{url}/v1/models/openai/whisper-base")
        for path in ("/v1/nothing", "/v1/nothing/else"):
            httpx2.get(url + path)
        with connect(url.replace("http", "ws") + "/api/v1/stream-transcribe"):
            values = samples(url)
        assert values["tritone_requests_total{POST,/v1/audio/transcriptions,200}"] == 1
        assert values["tritone_requests_total{GET,/v1/models/{name},200}"] == 1
        assert values["tritone_requests_total{GET,unknown,404}"] == 2
        assert values["tritone_request_seconds_count{/v1/audio/speech}"] == 1
        assert 2.5 < values["tritone_audio_in_seconds_total{transcribe}"] < 3.5
        spoken_s = (len(speech.content) - 44) / 2 / 24_000
        assert abs(values["tritone_audio_out_seconds_total{synthesize}"] - spoken_s) < 0.1
        assert values["tritone_first_text_seconds_count{transcribe}"] == 1
        assert values["tritone_first_audio_seconds_count{synthesize}"] == 1
        assert values["tritone_real_time_factor_count{transcribe}"] == 1
        assert values["tritone_websockets{}"] == 1
        assert values["tritone_requests_running{}"] == values["tritone_requests_waiting{}"] == 0
        assert samples(url)["tritone_requests_total{GET,/metrics,200}"] == 1


def test_metrics_need_a_key_unless_they_are_open(serve: Serve, triton: str) -> None:
    keys = (SecretStr("key"),)
    with serve(triton_url=triton, api_key=keys) as url:
        refused = httpx2.get(f"{url}/metrics")
        assert (refused.status_code, refused.json()["error"]["code"]) == (401, "AUTH_ERROR")
        assert httpx2.get(f"{url}/metrics", headers={"authorization": "Bearer key"}).status_code == 200
    with serve(triton_url=triton, api_key=keys, open_metrics=True) as url:
        assert httpx2.get(f"{url}/metrics").status_code == 200
