"""How much one visitor may ask."""

from __future__ import annotations

import asyncio

import pytest
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection

from ui import limits
from ui.limits import LARGEST, Buckets, Limits, Rate
from ui.pages import address

RATE = Rate(burst=3, a_second=0.5)


def test_a_burst_is_free_and_then_one_waits_as_long_as_is_said():
    buckets = Buckets()
    assert [buckets.wait_s("anna", RATE, 0) for _ in range(4)] == [0, 0, 0, 2]
    assert buckets.wait_s("anna", RATE, 1.5) == pytest.approx(0.5)
    assert buckets.wait_s("anna", RATE, 2) == 0
    assert buckets.wait_s("anna", RATE, 2) == 2
    assert [buckets.wait_s("anna", RATE, 1000) for _ in range(4)] == [0, 0, 0, 2]  # a night gives no more than a burst


def test_nobody_waits_for_somebody_else_nor_for_something_else():
    buckets = Buckets()
    for _ in range(4):
        buckets.wait_s("anna", RATE, 0)
    assert buckets.wait_s("carl", RATE, 0) == 0
    assert buckets.wait_s("anna", Rate(5, 1), 0) == 0


def test_a_crowd_is_forgotten_but_not_who_must_wait(monkeypatch):
    monkeypatch.setattr(limits, "MOST_KNOWN", 100)
    buckets = Buckets()
    for _ in range(4):
        buckets.wait_s("anna", Rate(3, 0.0001), 0)
    for n in range(1000):
        assert buckets.wait_s(f"visitor {n}", RATE, 10.0 * n) == 0
    assert len(buckets._known) <= 101
    assert buckets.wait_s("anna", Rate(3, 0.0001), 10) > 0


async def _read(scope, *messages, seconds=0.0):
    """What becomes of a request: the status of a refusal, or the bytes of which the app heard."""
    heard, answered = [], []
    waiting = list(messages)

    async def app(scope, receive, send):
        while True:
            message = await receive()
            heard.append(len(message.get("body", b"")))
            if not message.get("more_body"):
                return

    async def receive():
        await asyncio.sleep(seconds)
        return waiting.pop(0)

    async def send(message):
        if message["type"] == "http.response.start":
            answered.append(message["status"])

    here = {"type": "http", "method": "POST", "path": "/signin", "headers": [], "client": ("1.2.3.4", 5), "state": {}}
    try:
        await Limits(app)(here | scope, receive, send)
    except HTTPException as error:
        answered.append(error.status_code)
    return answered[0] if answered else sum(heard)


def part(size, more=True):
    return {"type": "http.request", "body": b"x" * size, "more_body": more}


def test_a_body_that_is_too_large_is_refused_by_what_it_says_and_by_what_it_is():
    said = {"headers": [(b"content-length", str(LARGEST + 1).encode())]}
    assert asyncio.run(_read(said, part(1, False))) == 413
    assert asyncio.run(_read({}, part(LARGEST), part(1, False))) == 413
    assert asyncio.run(_read({}, part(LARGEST - 1), part(1, False))) == LARGEST
    assert asyncio.run(_read({"path": "/upload/files/x"} | said, part(LARGEST + 1, False))) == LARGEST + 1
    assert asyncio.run(_read({"path": "/uploads"} | said, part(1, False))) == 413


def test_a_body_that_does_not_come_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(limits, "SILENT_S", 0.01)
    assert asyncio.run(_read({}, part(1), part(1, False), seconds=60)) == 408


@pytest.mark.parametrize(
    ("host", "counted"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2::3", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::3", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("testclient", "testclient"),
    ],
)
def test_an_address_of_ipv6_is_its_network(host, counted):
    assert address(HTTPConnection({"type": "http", "client": (host, 5), "headers": []})) == counted


def _asked(rate: str, **scope: object) -> list[str]:
    """Who got in where two of an address may."""
    hosts = ["2001:db8::1", "2001:db8::2", "2001:db8::3", "2001:db8:0:1::1", "203.0.113.7", "::ffff:203.0.113.7"]
    reached: list[str] = []

    async def app(scope, receive, send):
        reached.append(scope["client"][0])

    async def receive():
        return {"type": "websocket.connect"}

    async def send(message):
        assert message.get("code", 1008) == 1008
        assert message.get("status", 429) == 429

    async def ask():
        limited = Limits(app)
        for host in [*hosts, "203.0.113.7"]:
            asked = {"path": "/_stcore/stream", "headers": [], "client": (host, 5), "state": {}}
            await limited(asked | scope, receive, send)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(limits, rate, Rate(2, 0.0001))
        asyncio.run(ask())
    return reached


@pytest.mark.parametrize(
    ("rate", "scope"),
    [
        ("CONNECTING", {"type": "websocket"}),
        ("CONNECTING", {"type": "websocket", "state": {"session": "a"}}),  # whoever is signed in, from one address
        ("AT_THE_DOOR", {"type": "http", "method": "POST"}),
    ],
)
def test_a_network_is_one_visitor_for_websockets_and_for_requests(rate, scope):
    let_in = ["2001:db8::1", "2001:db8::2", "2001:db8:0:1::1", "203.0.113.7", "::ffff:203.0.113.7"]
    assert _asked(rate, **scope) == let_in
