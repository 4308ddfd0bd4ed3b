"""What the plain pages share: their templates, and their forms."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qs

import jinja2
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from coaching.accounts import SHORTEST_PASSWORD

MOST_BYTES = 10_000
"""Of a form: an address, a password, a link."""

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)

_pages = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def page(name: str, status: int = 200, **values: object) -> Response:
    html = _pages.get_template(name).render(shortest=SHORTEST_PASSWORD, **values)
    return HTMLResponse(html, status, {"Content-Security-Policy": POLICY})


async def form(request: Request) -> Mapping[str, str]:
    """The fields of a form, which is refused before it fills the memory."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            raise HTTPException(413, "This is too much for a form.")
    try:
        fields = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=10)
    except ValueError:
        raise HTTPException(400, "This is no form of ours.") from None
    return {name: values[0] for name, values in fields.items()}
