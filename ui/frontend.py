"""Streamlit's own files as browsers get them: packed, kept for good, and a first page that is ours.

The files have a hash of their content in their names, so what a browser has once it never asks for again. They are the
same for everybody, and nothing that somebody typed stands beside them: so they may be packed (BREACH), which is done
once. The page that starts Streamlit is the installed one with our title, and with what it otherwise asks for first.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import mimetypes
import re
from collections.abc import Mapping
from pathlib import Path

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import file_util

HOME = Path(file_util.get_static_dir())
FOR_GOOD = "public, max-age=31536000, immutable"
TO_PACK = (".js", ".css", ".svg")
PACKED = {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}

SOON = ("Html", "ButtonGroup", "TextInput", "Button", "purify.es")
"""What our pages are made of and Streamlit fetches only when it meets them: asked for at once instead."""

FIRST = """<style>
html{background:#FAF7F2;color-scheme:light dark}
#first{position:fixed;inset:0;display:grid;place-content:center;justify-items:center;gap:14px;color:#25221D;
font:650 16px/1.4 -apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
@media(prefers-color-scheme:dark){html{background:#191816}#first{color:#F1ECE3}}
</style>"""
"""Our colours, before any of the styles has come."""
STYLES = (
    "design.css",
    "app.css",
    "jobs.css",
    "people.css",
    "codebooks.css",
    "cycle.css",
    "notifications.css",
    "leadership.css",
    "walks.css",
    "classes.css",
    "exemplars.css",
    "surveys.css",
)
"""Ours, below Streamlit's so that they win; sent once, and not with every rerun of a page."""
SHOWN = '<div id="first"><img src="/assets/mark.svg" alt="" width="40" height="40">Second Look</div>'
"""Until Streamlit draws in its place."""
NO_SCRIPT = "<noscript><p>Second Look needs JavaScript. Allow it for this site, then reload the page.</p></noscript>"

START = """<script>
window.__streamlit = {
  BACKEND_BASE_URL: location.origin,
  HOST_CONFIG: {allowedOrigins: [location.origin], useExternalAuthToken: false},
  LIGHT_THEME: %s,
  DARK_THEME: %s
};
const load = document.fonts.load.bind(document.fonts);
document.fonts.load = (font, text) => font.includes("Material Symbols") ? Promise.resolve([]) : load(font, text);
</script>"""
"""What Streamlit would ask the server for before it connects, and the look in which it waits. Its font of icons, larger
than all else together, is fetched for a page that has an icon, and not for every page."""


def page(light: Mapping[str, object], dark: Mapping[str, object]) -> str:
    """The page that starts Streamlit, in these colours and fonts; names and values as in its options of a theme.

    Streamlit's own font is not ours, and what it offers to programs is closed here.
    """
    html = (HOME / "index.html").read_text(encoding="utf-8")
    start = START % (json.dumps(light), json.dumps(dark))
    hints = "".join(f'<link rel="modulepreload" crossorigin href="./static/js/{n}">\n' for n in _soon(html))
    styles = "".join(f'<link rel="stylesheet" href="/assets/{name}">\n' for name in STYLES)
    changes = (
        (r"<!--.*?-->", ""),
        (r"<title>.*?</title>", f"<title>Second Look</title>\n{FIRST}\n{start}"),
        (r'<link\s+rel="preload"[^>]*as="font"[^>]*>', ""),
        (r'<link\s+rel="service-desc"[^>]*>', ""),
        (r"<noscript>.*?</noscript>", NO_SCRIPT),
        (r'<div id="root"></div>', f'<div id="root">{SHOWN}</div>'),
        (r'(?=<link rel="stylesheet")', hints),
        (r'"\./', '"/'),
        (r"(?=</body>)", styles),
    )
    for old, new in changes:
        html = re.sub(old, new.replace("\\", r"\\"), html, flags=re.DOTALL)
    return html


def inline_scripts(html: str) -> list[str]:
    """What the content security policy says of the scripts within the page, the only ones it allows."""
    found = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
    return [f"'sha256-{base64.b64encode(hashlib.sha256(s.encode()).digest()).decode()}'" for s in found]


def routes(html: str) -> list[BaseRoute]:
    """The page, under every name that a page of the app may have. To come after all other routes of ours."""

    packed = _pack(html.encode())

    async def start(request: Request) -> Response:
        if takes_gzip(request.headers.get("accept-encoding", "")):
            return HTMLResponse(packed, headers=PACKED | {"Cache-Control": "no-cache"})
        return HTMLResponse(html, headers={"Cache-Control": "no-cache", "Vary": "Accept-Encoding"})

    return [Route("/", start), Route("/{page}", start)]


class Static:
    """Answers for what Streamlit is made of, from a fixed list of its files: no path leads to any other."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._files = {f"/{p.relative_to(HOME).as_posix()}": p for p in (HOME / "static").rglob("*") if p.is_file()}
        self._packed: dict[Path, bytes] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith("/static/"):
            await self._app(scope, receive, send)
            return
        file = self._files.get(scope["path"])
        if file is None or scope["method"] not in ("GET", "HEAD"):
            answer: Response = PlainTextResponse("There is nothing here.\n", 404)
        else:
            answer = self._answer(file, Headers(scope=scope).get("accept-encoding", ""))
        await answer(scope, receive, send)

    def _answer(self, file: Path, encodings: str) -> Response:
        if file.suffix not in TO_PACK or not takes_gzip(encodings):
            return FileResponse(file, headers={"Cache-Control": FOR_GOOD, "Vary": "Accept-Encoding"})
        if file not in self._packed:
            self._packed[file] = _pack(file.read_bytes())
        kind = mimetypes.guess_type(file.name)[0]
        return Response(self._packed[file], media_type=kind, headers=PACKED | {"Cache-Control": FOR_GOOD})


def _pack(body: bytes) -> bytes:
    return gzip.compress(body, 6, mtime=0)


def takes_gzip(encodings: str) -> bool:
    """Whether whoever asks can unpack it: gzip is named, and not as `gzip;q=0`."""
    named = (part.replace(" ", "") for part in encodings.split(","))
    return any(re.fullmatch(r"gzip(;q=(1|0?\.\d*[1-9]\d*))?", part) for part in named)


def _soon(html: str) -> list[str]:
    """The files of `SOON` and all that they import, without those that the page names itself."""
    folder = HOME / "static" / "js"
    known = set(re.findall(r"static/js/([\w.-]+\.js)", html))
    found: list[str] = []
    ahead = [file.name for kind in SOON for file in sorted(folder.glob(f"{kind}.*.js"))]
    while ahead:
        name = ahead.pop()
        if name not in known:
            known.add(name)
            found.append(name)
            ahead += re.findall(r'(?:from|import)"\./([\w.-]+\.js)"', (folder / name).read_text(encoding="utf-8"))
    return found
