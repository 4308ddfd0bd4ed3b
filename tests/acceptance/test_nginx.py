"""deploy/nginx.conf as it is, in a real nginx with a certificate of its own, in front of the real server."""

from __future__ import annotations

import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from databases import fresh_database
from stores import School, school
from uploading import TYPE, MiB, Phone, wait_for
from web import PASSWORD, PATIENCE_S, Answer, Web, free_port, served

from coaching.recordings import Stage

NGINX = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin:/opt/homebrew/bin")
CONFIG = Path(__file__).parents[2] / "deploy" / "nginx.conf"
HOST = "coaching.school.org"

pytestmark = [
    pytest.mark.skipif(NGINX is None, reason="no nginx here; Debian's package is nginx-light"),
    pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl here to make a certificate with"),
]

AROUND = """
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log stderr warn;
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_body_temp_path {folder}/bodies; proxy_temp_path {folder}/answers;
    fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    include {folder}/secondlook.conf;
}}
"""


class Proxy:
    """One nginx, and what asks it over TLS. Its certificate is the only one that is believed."""

    def __init__(self, web: Web, folder: Path) -> None:
        self.folder, self.plain, self.port = folder, free_port(), free_port()
        self.origin = f"https://{HOST}:{self.port}"
        certificate, key = folder / "fullchain.pem", folder / "privkey.pem"
        made = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        made += ["-days", "2", "-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}"]
        subprocess.run([*made, "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True)
        self._trust = ssl.create_default_context(cafile=str(certificate))
        text = CONFIG.read_text(encoding="utf-8")
        for there, here in (
            (f"/etc/letsencrypt/live/{HOST.upper()}", str(folder)),
            (HOST.upper(), HOST),
            ("listen 80;", f"listen 127.0.0.1:{self.plain};"),
            ("listen 443 ssl;", f"listen 127.0.0.1:{self.port} ssl;"),
            ("http://127.0.0.1:8501", web.url),
            ("/var/log/nginx/access.log", str(folder / "access.log")),
        ):
            assert there in text
            text = text.replace(there, here)
        text = re.sub(r"listen \[::\].*;", "", text)
        (folder / "secondlook.conf").write_text(text, encoding="utf-8")
        (folder / "nginx.conf").write_text(AROUND.format(folder=folder), encoding="utf-8")
        command = [str(NGINX), "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", "stderr"]
        self.process = subprocess.Popen(command, stderr=(folder / "log").open("wb"))
        deadline = time.monotonic() + PATIENCE_S
        while socket.socket().connect_ex(("127.0.0.1", self.port)):
            assert self.process.poll() is None, self.log
            assert time.monotonic() < deadline, self.log
            time.sleep(0.05)

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text(encoding="utf-8")

    def connect(self) -> ssl.SSLSocket:
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE_S)
        return self._trust.wrap_socket(plain, server_hostname=HOST)

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> Answer:
        headers = {"content_length": str(len(body)), "connection": "close"} | headers
        with closing(self.connect()) as tls:
            tls.sendall(self.head(method, path, **headers) + body)
            return received(tls)

    def head(self, method: str, path: str, **headers: str) -> bytes:
        lines = [f"{method} {path} HTTP/1.1", f"Host: {HOST}:{self.port}", f"Origin: {self.origin}"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        return ("\r\n".join(lines) + "\r\n\r\n").encode()

    def sign_in(self, email: str) -> Answer:
        form = f"email={email}&password={PASSWORD.replace(' ', '+')}".encode()
        return self.ask("POST", "/signin", form, content_type="application/x-www-form-urlencoded")


def received(connection: socket.socket) -> Answer:
    """An answer whose connection is closed after it."""
    data = b""
    while part := connection.recv(65536):
        data += part
    head, _, body = data.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    return Answer(int(first.split()[1]), {k.lower(): v for k, v in (line.split(": ", 1) for line in lines)}, body)


@pytest.fixture(scope="module")
def there(tmp_path_factory) -> Iterator[tuple[Proxy, Web, School, str]]:
    data, url = tmp_path_factory.mktemp("data"), fresh_database("sqlite")
    cast = school(url)
    recording, run = cast.ready()
    film = data / str(cast.jobs.one(run).run.stage(Stage.WEB).artefact) / "web.mp4"
    film.parent.mkdir(parents=True)
    film.write_bytes(b"web.mp4")
    cast.accounts.set_password("owner@school.org", PASSWORD)
    folder = tmp_path_factory.mktemp("nginx")
    folder.chmod(0o755)  # nginx's worker has a user of its own where the tests run as root
    with served(data, url) as web:
        proxy = Proxy(web, folder)
        try:
            yield proxy, web, cast, recording
        finally:
            proxy.process.terminate()
            proxy.process.wait(PATIENCE_S)
    cast.database.close()


@pytest.fixture
def cookie(there) -> str:
    return f"secondlook_session={there[1].session('owner@school.org')}"


def test_plain_http_is_sent_on(there):
    proxy = there[0]
    with socket.create_connection(("127.0.0.1", proxy.plain), timeout=PATIENCE_S) as plain:
        plain.sendall(f"GET /lessons HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n".encode())
        answer = received(plain)
    assert (answer.status, answer.headers["location"]) == (308, f"https://{HOST}/lessons")


def test_the_cookie_goes_over_tls_alone_and_browsers_are_told_to_stay(there):
    proxy, web = there[:2]
    answer = proxy.sign_in("owner@school.org")
    assert (answer.status, answer.headers["location"]) == (303, "/")
    assert "; Secure" in answer.headers["set-cookie"]
    assert answer.headers["strict-transport-security"] == "max-age=31536000"
    assert proxy.ask("GET", "/account", Cookie=f"secondlook_session={answer.cookie}").status == 200
    assert "strict-transport-security" not in web.ask("/signin").headers


def test_who_asks_is_the_visitor_and_not_who_they_say(there):
    """nginx writes X-Forwarded-For anew; a line of the visitor's own would make wrong passwords free."""
    proxy, web = there[:2]
    form = b"email=none@school.org&password=wrong"
    kind = "application/x-www-form-urlencoded"
    assert proxy.ask("POST", "/signin", form, content_type=kind, X_Forwarded_For="8.8.8.8").status == 403
    assert '"address": "127.0.0.1"' in web.log
    assert "8.8.8.8" not in web.log


def test_the_websocket_is_passed_on(there, cookie):
    proxy = there[0]
    upgrade = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec_WebSocket_Version": "13"}
    upgrade["Sec_WebSocket_Key"] = "dGhlIHNhbXBsZSBub25jZQ=="
    for who, status in ((cookie, 101), ("", 403)):
        with closing(proxy.connect()) as tls:
            tls.sendall(proxy.head("GET", "/_stcore/stream", Cookie=who, **upgrade))
            assert int(tls.recv(100).split()[1]) == status


def test_a_part_of_a_film_is_a_part(there, cookie):
    proxy, _, _, recording = there
    answer = proxy.ask("GET", f"/recordings/{recording}/web.mp4", Cookie=cookie, Range="bytes=1-3")
    assert (answer.status, answer.body, answer.headers["content-range"]) == (206, b"eb.", "bytes 1-3/7")


def test_a_large_body_is_passed_on_as_it_comes_and_never_on_a_disk(there, cookie):
    """The server refuses this one by its first bytes: it could not, had nginx waited for the rest."""
    proxy = there[0]
    with closing(proxy.connect()) as tls:
        tls.sendall(proxy.head("POST", "/signout", Cookie=cookie, Content_Length="50000000", Connection="close"))
        tls.sendall(b"x" * 200_000)
        assert int(tls.recv(100).split()[1]) == 413
    assert not [f for name in ("bodies", "answers") for f in (proxy.folder / name).rglob("*") if f.is_file()]
    assert "buffered to a temporary file" not in proxy.log
    beyond = proxy.head("POST", "/upload/files", Content_Length="90000000", Connection="close")
    with closing(proxy.connect()) as tls:
        tls.sendall(beyond)
        answer = received(tls)
    assert (answer.status, b"nginx" in answer.body) == (413, True)  # by nginx itself


def test_what_is_uploaded_is_kept_as_far_as_it_came(there, cookie):
    proxy, web = there[:2]
    phone = Phone(web, cookie.partition("=")[2])
    url = phone.part(phone.upload(8 * MiB), 8 * MiB)
    said = {"Tus_Resumable": "1.0.0", "Upload_Offset": "0", "Content_Type": TYPE, "Content_Length": str(8 * MiB)}
    with closing(proxy.connect()) as tls:
        tls.sendall(proxy.head("PATCH", url, Cookie=cookie, **said))
        tls.sendall(b"x" * 3 * MiB)
        # nginx has not got the rest yet. Asking for the offset would end what is under way, so the disk says it.
        wait_for(lambda: 2 * MiB < sum(f.stat().st_size for f in web.data.glob("uploads/*/*")) <= 3 * MiB)
    wait_for(lambda: 2 * MiB < phone.offset(url) <= 3 * MiB)
    assert "buffered to a temporary file" not in proxy.log


def test_whether_it_lives_is_told(there):
    assert there[0].ask("GET", "/healthz").body == b'{"healthy":true}'
