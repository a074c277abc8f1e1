"""GET /openapi.json, and GET /docs, which shows it: Swagger UI, served from an installed package.

The page loads nothing from another host, and its Content-Security-Policy forbids it.
"""

from __future__ import annotations

from functools import cache
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from frontend.family import Family
from frontend.openapi.document import build_document
from frontend.openapi.operation import Answer, documented, json_answer

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Tritone API</title>
<link rel="icon" href="docs/favicon-32x32.png">
<link rel="stylesheet" href="docs/swagger-ui.css">
<script src="docs/swagger-ui-bundle.js" defer></script>
<script src="docs/start.js" defer></script>
</head>
<body><div id="swagger-ui"></div></body>
</html>
"""
START = """SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  validatorUrl: null,
});
"""
ASSETS = ("favicon-32x32.png", "swagger-ui.css", "swagger-ui-bundle.js")
POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self'; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
_HEADERS = {"content-security-policy": POLICY, "x-content-type-options": "nosniff"}


@documented(json_answer(dict[str, Any]), errors=(500,))
async def openapi(request: Request) -> Response:
    """This document."""
    return JSONResponse(_document(tuple(request.app.routes)))


@cache
def _document(families: tuple[Family, ...]) -> dict[str, Any]:
    return build_document(families)


@documented(Answer("text/html"), errors=(500,))
async def docs(request: Request) -> Response:
    """This document as a page."""
    return HTMLResponse(PAGE, headers=_HEADERS)


async def start(request: Request) -> Response:
    return Response(START, media_type="text/javascript", headers=_HEADERS)


async def asset(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in ASSETS:
        raise HTTPException(404)
    return FileResponse(_folder() / name, headers=_HEADERS)


@cache
def _folder() -> Path:
    """Where the package keeps Swagger UI. The package itself, an extension of Flask, is not imported."""
    return Path(str(distribution("flask-swagger-ui").locate_file("flask_swagger_ui/dist")))


ROUTES = [
    Route("/openapi.json", openapi),
    Route("/docs", docs),
    Route("/docs/start.js", start, include_in_schema=False),
    Route("/docs/{name}", asset, include_in_schema=False),
]
