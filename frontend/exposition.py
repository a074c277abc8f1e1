"""GET /metrics: the metrics in Prometheus' text format."""

from __future__ import annotations

from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from frontend.openapi.operation import Answer, documented
from frontend.state import AppState


@documented(Answer("text/plain"), errors=(401, 500))
async def metrics(request: Request[AppState]) -> Response:
    """Metrics for Prometheus. They need a key if the server has keys, unless the setting OPEN_METRICS is true."""
    if not request.state["open_metrics"]:
        request.state["gate"].keys.check(request.scope)
    return Response(generate_latest(request.state["metrics"].registry), media_type=CONTENT_TYPE_PLAIN_0_0_4)


ROUTES = [Route("/metrics", metrics)]
