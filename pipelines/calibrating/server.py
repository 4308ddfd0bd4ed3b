"""The page that plays the clips, on this machine alone: 127.0.0.1, a secret in its address, nothing else served."""

from __future__ import annotations

import hmac
import json
import secrets
import threading
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from coaching.by_ear import CANNOT_TELL, CLIP_S
from coaching.calibration import FEWEST, Who
from coaching.errors import BadInput, SecondLookError
from pipelines.audio import Audio
from pipelines.calibrating import listening, sound
from pipelines.calibrating.listening import Listening

HOST = "127.0.0.1"
LONGEST_BODY = 1024
"""Bytes. An answer is a few words."""

PATIENCE_S = 20.0
"""A connection that says nothing for so long is closed."""

SAID: dict[str, Who | None] = {**{who.value: who for who in Who}, CANNOT_TELL: None}

HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class Asking:
    """One listening while its page is open. Every answer is on disk before the page hears that it was taken."""

    def __init__(
        self, folder: Path, begun: Listening, audio: Audio, page: str, policy: str, finish: Callable[[Listening], str]
    ) -> None:
        self.page, self.policy, self.done = page, policy, False
        self._folder, self._listening, self._audio, self._finish = folder, begun, audio, finish
        self._lock = threading.Lock()

    def state(self) -> dict[str, Any]:
        s = self._listening
        clip = None if s.done else {"number": len(s.said), "seconds": CLIP_S}
        return {"clips": len(s.clips), "answered": len(s.said), "clip": clip, "enough": s.enough}

    def wav(self, number: int) -> bytes | None:
        clips = self._listening.clips
        return sound.clip(self._audio, clips[number].span) if 0 <= number < len(clips) else None

    def post(self, what: str, body: dict[str, Any]) -> dict[str, Any] | None:
        """Does what the page asks and returns the new state; None where there is no such thing to ask."""
        with self._lock:
            if self.done:
                return None
            if what == "answer":
                self._to(self._listening.with_answer(int(body["clip"]), SAID[body["said"]]))
            elif what == "undo":
                self._to(self._listening.without_last(int(body["clip"])))
            elif what == "finish":
                if not (self._listening.enough or self._listening.done):
                    raise BadInput(f"{FEWEST} clips must be answered first.")
                result = self._finish(self._listening)
                self.done = True
                return {**self.state(), "result": result}
            else:
                return None
            return self.state()

    def _to(self, new: Listening) -> None:
        if new != self._listening:
            listening.save(self._folder, new)
            self._listening = new


def listen(asking: Asking, port: int) -> tuple[ThreadingHTTPServer, str]:
    """A server at `port` (0: any that is free) and the address of its page. Raises BadInput where it is taken."""
    try:
        server = _Server((HOST, port), _Handler)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise BadInput(
            f"Port {port} cannot be used: {reason}. Leave --port out, and one that is free is taken."
        ) from None
    server.asking = asking
    return server, f"http://{server.host}/{server.token}/"


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    asking: Asking

    def __init__(self, *address: Any) -> None:
        super().__init__(*address)
        self.token = secrets.token_urlsafe(24)
        self.host = f"{HOST}:{self.server_port}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Says nothing of a connection that broke: the page asks again, and every answer that it heard of is saved."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = PATIENCE_S
    server_version, sys_version = "SecondLook", ""

    def do_GET(self) -> None:
        path = self._path()
        if path is None:
            return
        if path == "":
            self._send(self.server.asking.page.encode(), "text/html; charset=utf-8")
        elif path == "state":
            self._json(self.server.asking.state())
        elif path.startswith("clip/") and (number := path[5:].removesuffix(".wav")).isdecimal() and len(number) < 4:
            wav = self.server.asking.wav(int(number))
            self._send(wav, "audio/wav") if wav else self._refuse(HTTPStatus.NOT_FOUND)
        else:
            self._refuse(HTTPStatus.NOT_FOUND)

    def do_POST(self) -> None:
        path = self._path()
        if path is None:
            return
        # Another site's page can send a form here, but neither this origin nor this type without being asked first.
        if self.headers.get("Origin") != f"http://{self.server.host}" or not self._is_json():
            self._refuse(HTTPStatus.FORBIDDEN)
            return
        try:
            answer = self.server.asking.post(path, self._body())
        except (ValueError, KeyError, TypeError, RecursionError):
            self._refuse(HTTPStatus.BAD_REQUEST)
        except SecondLookError as error:
            self._json({"error": str(error)}, HTTPStatus.CONFLICT)
        except OSError as error:
            said = (
                f"It could not be written: {(error.strerror or str(error)).lower()}. Your answers are kept; try again."
            )
            self._json({"error": said}, HTTPStatus.CONFLICT)
        else:
            if answer is None:
                self._refuse(HTTPStatus.NOT_FOUND)
                return
            self._json(answer)
            if self.server.asking.done:
                threading.Thread(target=self.server.shutdown, daemon=True).start()

    def _path(self) -> str | None:
        """What is asked for below the secret; None, and refused, for who does not know it or came by another name.

        A page elsewhere whose name was made to lead to this machine sends that name as the host.
        """
        if self.headers.get("Host") != self.server.host:
            self._refuse(HTTPStatus.FORBIDDEN)
            return None
        first, _, rest = self.path.partition("?")[0].removeprefix("/").partition("/")
        if not hmac.compare_digest(first.encode(), self.server.token.encode()):
            self._refuse(HTTPStatus.NOT_FOUND)
            return None
        return rest

    def _is_json(self) -> bool:
        return self.headers.get_content_type() == "application/json"

    def _body(self) -> dict[str, Any]:
        length = int(self.headers.get("Content-Length") or 0)
        if not 0 < length <= LONGEST_BODY:
            raise ValueError("too long")
        body = json.loads(self.rfile.read(length))
        if not isinstance(body, dict):
            raise TypeError("not an object")
        return body

    def _json(self, document: dict[str, Any], status: HTTPStatus = HTTPStatus.OK) -> None:
        self._send(json.dumps(document).encode(), "application/json", status)

    def _refuse(self, status: HTTPStatus) -> None:
        self.close_connection = True  # what else it sent was not read
        self._send(status.phrase.encode(), "text/plain; charset=utf-8", status)

    def _send(self, body: bytes, kind: str, status: HTTPStatus = HTTPStatus.OK) -> None:
        try:
            self.send_response(status)
            for name, value in {**HEADERS, "Content-Security-Policy": self.server.asking.policy}.items():
                self.send_header(name, value)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            self.close_connection = True  # the page was closed meanwhile

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing: the address holds the secret."""
