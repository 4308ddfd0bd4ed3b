"""The socket on which the server waits for browsers."""

from __future__ import annotations

import socket

from ui.server import _listen


def test_what_is_small_is_sent_at_once_and_waits_for_no_word_from_the_other_side():
    with _listen("127.0.0.1", 0) as listening, socket.create_connection(listening.getsockname()):
        accepted, _ = listening.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
