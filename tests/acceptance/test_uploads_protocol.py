"""tus against the real server, over raw HTTP: what the protocol promises, and what comes through whatever happens."""

from __future__ import annotations

import fcntl
import hashlib
import random
import resource
import signal
import socket
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from media_files import padded, tiny_disk
from stores import OTHERS
from uploading import TYPE, MiB, Phone, checksum, kept_parts, metadata, opened, phone, small, status, there, wait_for  # noqa: F401 - fixtures

from coaching.uploads import CHUNK, KEPT_S
from models.tables import UploadRow

pytestmark = pytest.mark.xdist_group("uploads")


def on_disk(data: Path, upload: str, url: str) -> bytes:
    return (data / "uploads" / upload / url.rpartition("/")[2]).read_bytes()


# What the server can.
def test_it_says_what_it_can(phone):
    for path in ("/upload/files", "/upload/files/" + "0" * 24):
        answer = phone.ask(path, "OPTIONS")
        assert answer.status == 204
        assert answer.headers["tus-version"] == answer.headers["tus-resumable"] == "1.0.0"
        assert answer.headers["tus-extension"] == "creation,checksum,expiration,termination"
        assert answer.headers["tus-checksum-algorithm"] == "sha256,sha1"
        assert answer.headers["tus-max-size"] == "8000000000"


@pytest.mark.parametrize("version", [None, "0.2.2", "1.0.1", "x"])
def test_another_version_is_refused_and_named(phone, version):
    url = phone.part(phone.upload(10), 10)
    headers = {"Content-Type": TYPE, "Upload-Offset": "0"} | ({"Tus-Resumable": version} if version else {})
    for path, method in ((url, "PATCH"), (url, "HEAD"), (url, "DELETE"), ("/upload/files", "POST")):
        answer = phone.ask(path, method, headers, b"0123456789" if method == "PATCH" else None)
        assert (answer.status, answer.headers["tus-version"]) == (412, "1.0.0")
    assert phone.offset(url) == 0


# Creation.
def test_a_part_is_created_once(phone):
    upload = phone.upload(10, 20)
    answer = phone.create(upload, 10)
    assert (answer.status, answer.headers["tus-resumable"]) == (201, "1.0.0")
    assert answer.headers["upload-expires"].endswith(" GMT")
    url = answer.headers["location"]
    assert phone.patch(url, 0, b"01234").status == 204
    assert phone.create(upload, 10).headers["location"] == url
    assert phone.offset(url) == 5
    (part,) = phone.seen(upload)["files"]
    assert part == {
        "id": url.rpartition("/")[2],
        "url": url,
        "position": 0,
        "name": "part 0.mp4",
        "size": 10,
        "offset": 5,
        "fingerprint": "print 0 10",
    }


def test_another_file_in_its_place_begins_anew(phone, there):
    upload = phone.upload(10)
    first = phone.part(upload, 10)
    phone.patch(first, 0, b"01234")
    second = phone.part(upload, 10, fingerprint="recompressed")
    assert second != first
    assert (phone.tus(first, "HEAD").status, phone.offset(second)) == (404, 0)
    assert phone.patch(second, 0, b"abcdefghij").status == 204
    assert on_disk(there[2], upload, second) == b"abcdefghij"
    assert not (there[2] / "uploads" / upload / first.rpartition("/")[2]).exists()


def test_what_was_not_announced_is_not_created(phone):
    upload = phone.upload(10)
    assert phone.create(upload, 11).status == 400
    assert phone.create(upload, 10, position=1).status == 400
    assert phone.create(upload, 9_000_000_000).status == 413
    assert phone.create("0" * 24, 10).status == 404
    assert phone.create(upload, 10, fingerprint="").status == 400
    good = metadata({"upload": upload, "position": "0", "filename": "a.mp4", "fingerprint": "x"})
    for headers in (
        {},
        {"Upload-Length": "10"},
        {"Upload-Metadata": good},
        {"Upload-Length": "-1", "Upload-Metadata": good},
        {"Upload-Length": "10", "Upload-Metadata": "upload !!"},
        {"Upload-Length": "10", "Upload-Metadata": "upload /w=="},
        {"Upload-Defer-Length": "1", "Upload-Metadata": good},
    ):
        answer = phone.tus("/upload/files", "POST", **headers)
        assert (answer.status, list(answer.json)) == (400, ["error"]), headers
    assert phone.seen(upload)["files"] == []


# Offset.
def test_it_goes_on_where_the_file_ends_and_nowhere_else(phone, there):
    upload = phone.upload(10)
    url = phone.part(upload, 10)
    answer = phone.tus(url, "HEAD")
    assert (answer.headers["upload-offset"], answer.headers["upload-length"]) == ("0", "10")
    assert answer.headers["cache-control"] == "no-store"
    assert phone.patch(url, 0, b"0123").headers["upload-offset"] == "4"
    for offset in (0, 3, 5):
        refused = phone.patch(url, offset, b"xx")
        assert (refused.status, "4 bytes" in refused.json["error"]) == (409, True)
    assert phone.patch(url, 11, b"").status == 409
    assert phone.patch(url, 4, b"").headers["upload-offset"] == "4"
    assert phone.patch(url, 4, b"456789").headers["upload-offset"] == "10"
    assert phone.patch(url, 10, b"").status == 204
    assert phone.patch(url, 10, b"x").status == 413
    assert on_disk(there[2], upload, url) == b"0123456789"


@pytest.mark.parametrize("offset", ["", "-1", "0x1", "1.0", "9" * 30, "٣".encode().decode("latin-1")])
def test_an_offset_is_a_number(phone, offset):
    url = phone.part(phone.upload(10), 10)
    assert phone.tus(url, "PATCH", b"x", **{"Content-Type": TYPE, "Upload-Offset": offset}).status == 400
    assert phone.offset(url) == 0


@pytest.mark.parametrize("kind", ["application/octet-stream", "video/mp4", "", f"{TYPE}; charset=utf-8"])
def test_another_type_is_refused(phone, kind):
    url = phone.part(phone.upload(10), 10)
    assert phone.tus(url, "PATCH", b"x", **{"Content-Type": kind, "Upload-Offset": "0"}).status == 415
    assert phone.offset(url) == 0


# Size.
def test_more_than_was_said_is_not_kept(phone, there):
    upload = phone.upload(10)
    url = phone.part(upload, 10)
    assert phone.patch(url, 0, b"0123456789x").status == 413
    with phone.begin_patch(url, 0, 0, b"b\r\n0123456789x\r\n0\r\n\r\n", **{"Transfer-Encoding": "chunked"}) as cut:
        assert status(cut) == 413
    assert phone.offset(url) == 0


def test_one_request_brings_a_chunk_at_most(phone):
    assert phone.ask("/upload/form").json["chunk"] == CHUNK
    url = phone.part(phone.upload(2 * CHUNK), 2 * CHUNK)
    with phone.begin_patch(url, 0, CHUNK + 1) as refused:  # and is told so before it has sent a byte
        assert status(refused) == 413
    assert phone.patch(url, 0, bytes(CHUNK)).status == 204
    assert phone.offset(url) == CHUNK


def test_a_lesson_that_is_too_large_is_refused_before_the_first_byte(phone):
    assert phone.begin(8_000_000_001).status == 413
    assert phone.begin(4_000_000_001, 4_000_000_001).status == 413


# Checksum.
@pytest.mark.parametrize("algorithm", ["sha256", "sha1"])
def test_a_checksum_that_is_right_lets_it_pass(phone, algorithm):
    url = phone.part(phone.upload(10), 10)
    assert phone.patch(url, 0, b"01234", **checksum(b"01234", algorithm)).status == 204
    assert phone.patch(url, 5, b"56789", **checksum(b"56789", algorithm)).status == 204


def test_of_what_does_not_have_its_checksum_nothing_is_kept(phone, there):
    upload = phone.upload(10)
    url = phone.part(upload, 10)
    assert phone.patch(url, 0, b"0123").status == 204
    answer = phone.patch(url, 4, b"4567", **checksum(b"4568"))
    assert (answer.status, list(answer.json)) == (460, ["error"])
    assert on_disk(there[2], upload, url) == b"0123"
    for said in ("md5 AAAA", "sha256", "sha256 ???", "", "SHA256 AAAA"):
        assert phone.patch(url, 4, b"4567", **{"Upload-Checksum": said}).status in (400, 460)
    assert phone.patch(url, 4, b"4567", **{"Upload-Checksum": "md5 AAAA"}).status == 400
    assert phone.offset(url) == 4


def test_what_breaks_off_stays_unless_it_was_to_be_checked(phone):
    url = phone.part(phone.upload(MiB), MiB)
    phone.begin_patch(url, 0, 1000, b"x" * 300).close()
    came = phone.offset(url)
    assert came in (0, 300)  # it may have broken off before it was read
    with phone.begin_patch(url, came, 1000, b"y" * 300, **checksum(b"y" * 1000)):
        pass
    assert phone.offset(url) == came


# Whose it is.
def test_anothers_file_is_not_there_and_not_a_byte_of_theirs_is_read(phone, there):
    web, _, data = there
    upload = phone.upload(MiB)
    url = phone.part(upload, MiB)
    nothing = f"/upload/files/{'0' * 24}"
    for who in OTHERS:
        other = Phone(web, web.session(f"{who}@school.org"))
        # Whoever expects it is told to go on only once the body is asked for.
        with other.begin_patch(url, 0, MiB, Expect="100-continue") as refused:
            assert status(refused) == 404
        with other.begin_patch(url, 0, MiB, b"x" * 1000) as refused:
            assert status(refused) == 404
        for method in ("HEAD", "PATCH", "DELETE"):
            asked, missing = (other.tus(path, method) for path in (url, nothing))
            assert (asked.status, asked.body) == (missing.status, missing.body) == (404, missing.body)
        assert other.create(upload, MiB).status == 404
    with phone.begin_patch(url, 0, MiB, Expect="100-continue") as mine:
        assert status(mine) == 100
    with Phone(web).begin_patch(url, 0, MiB, Expect="100-continue") as refused:
        assert status(refused) == 401
    assert on_disk(data, upload, url) == b""


# One at a time.
def test_a_stalled_connection_is_taken_over(phone, there):
    upload = phone.upload(10)
    url = phone.part(upload, 10)
    with phone.begin_patch(url, 0, 10, b"012") as stalled:
        wait_for(lambda: on_disk(there[2], upload, url) == b"012")
        assert phone.seen(upload)["files"][0]["offset"] == 3  # looking takes nothing over
        assert phone.patch(url, 3, b"345").status == 204
        assert status(stalled) == 409
    with phone.begin_patch(url, 6, 4, b"6", **checksum(b"6789")) as stalled:
        wait_for(lambda: on_disk(there[2], upload, url) == b"0123456")
        assert phone.offset(url) == 6  # what was to be checked and is not whole does not count
        assert status(stalled) == 409
    assert phone.patch(url, 6, b"6789").status == 204
    assert on_disk(there[2], upload, url) == b"0123456789"


def test_of_two_at_once_one_wins_and_every_byte_is_its(phone, there):
    for n in range(5):
        upload = phone.upload(4 * MiB)
        url = phone.part(upload, 4 * MiB)
        bodies = [bytes([65 + who]) * (4 * MiB) for who in range(2)]
        ready = threading.Barrier(2)

        def send(body, url=url, ready=ready, n=n):
            ready.wait()
            return phone.patch(url, 0, body, **(checksum(body) if n % 2 else {})).status

        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(send, bodies))
        came = on_disk(there[2], upload, url)
        assert sorted(answers) in ([204, 409], [409, 409]), answers
        assert answers == [409, 409] or came == bodies[answers.index(204)]
        if n % 2 == 0:  # of an unchecked one that was taken over, a beginning may stay: then neither was at its end
            assert set(came) in ({65}, {66}, set())
        phone.ask(f"/upload/lessons/{upload}", "DELETE")


def test_another_process_that_writes_is_waited_for_and_nobody_else_waits(phone, there):
    web, _, data = there
    upload = phone.upload(10)
    url = phone.part(upload, 10)
    with (data / "uploads" / upload / url.rpartition("/")[2]).open("r+b") as held, ThreadPoolExecutor(1) as pool:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert phone.patch(url, 0, b"01234").status == 423
        waits = pool.submit(phone.patch, url, 0, b"01234")
        assert web.ask("/healthz").status == 200
        fcntl.flock(held, fcntl.LOCK_UN)
        assert waits.result().status == 204


# Its end.
def test_a_part_that_is_terminated_is_gone(phone, there):
    upload = phone.upload(10)
    url = phone.part(upload, 10)
    phone.patch(url, 0, b"01234")
    answer = phone.tus(url, "DELETE")
    assert (answer.status, answer.headers["tus-resumable"]) == (204, "1.0.0")
    for method in ("HEAD", "PATCH", "DELETE"):
        assert phone.tus(url, method).status == 404
    assert phone.seen(upload)["files"] == []
    assert not (there[2] / "uploads" / upload / url.rpartition("/")[2]).exists()
    again = phone.part(upload, 10)
    assert (again != url, phone.offset(again)) == (True, 0)


def test_a_lesson_that_is_deleted_is_gone_with_everything(phone, there):
    upload = phone.upload(10)
    url = phone.part(upload, 10)
    phone.patch(url, 0, b"01234")
    assert phone.ask(f"/upload/lessons/{upload}", "DELETE").status == 204
    assert phone.tus(url, "HEAD").status == phone.ask(f"/upload/lessons/{upload}").status == 404
    assert not (there[2] / "uploads" / upload).exists()


def test_what_was_left_alone_is_over_and_swept_at_the_next_start(phone, there):
    web, cast, data = there
    upload = phone.upload(10)
    url = phone.part(upload, 10)
    phone.patch(url, 0, b"01234")
    cast.later(UploadRow, KEPT_S, "ends")
    for method in ("HEAD", "PATCH", "DELETE"):
        assert phone.tus(url, method).status == 410
    gone = phone.ask(f"/upload/lessons/{upload}")
    assert (gone.status, "seven days" in gone.json["error"]) == (410, True)
    other = phone.upload(10)
    kept = phone.part(other, 10)
    phone.patch(kept, 0, b"01234")
    orphan = data / "uploads" / ("f" * 24)
    orphan.mkdir()
    (orphan / "x").touch()
    web.stop()
    web.start()
    wait_for(lambda: not orphan.exists() and not (data / "uploads" / upload).exists())
    assert phone.ask(f"/upload/lessons/{upload}").status == 404
    assert on_disk(data, other, kept) == b"01234"


# Whatever happens.
def test_a_server_that_is_killed_in_the_middle_goes_on(phone, there, small):
    web, cast, data = there
    whole = padded(small, 3 * MiB, 1)
    upload = phone.upload(len(whole))
    url = phone.part(upload, len(whole))
    for at, extra in ((0, {}), (MiB, checksum(whole[MiB : 2 * MiB]))):
        with phone.begin_patch(url, at, MiB, whole[at : at + MiB // 2], **extra):
            wait_for(lambda at=at: len(on_disk(data, upload, url)) == at + MiB // 2)
            web.stop(signal.SIGKILL)
        web.start()
        came = phone.offset(url)
        assert at <= came <= at + MiB // 2
        assert on_disk(data, upload, url) == whole[:came]
        assert phone.patch(url, came, whole[came : at + MiB]).status == 204
    phone.send(url, whole)
    phone.complete(upload, whole)
    arrived = phone.checked(upload)
    assert arrived["state"] == "arrived", arrived
    assert kept_parts(cast, data, arrived["recording"]) == [whole]


def test_a_server_that_is_told_to_stop_keeps_what_came(phone, there):
    web, _, data = there
    upload = phone.upload(10)
    url = phone.part(upload, 10)
    with phone.begin_patch(url, 0, 10, b"012"):
        wait_for(lambda: on_disk(data, upload, url) == b"012")
        assert web.stop() in (0, -signal.SIGINT)
    web.start()
    assert phone.offset(url) == 3


def test_fifty_interruptions_and_every_byte_is_right(phone, there, small):
    web, cast, data = there
    dice = random.Random(5)
    whole = padded(small, 24 * MiB, 5)
    upload = phone.upload(len(whole))
    url = phone.part(upload, len(whole))
    cuts = 0
    stalled: list[socket.socket] = []
    while (at := phone.offset(url)) < len(whole):
        chunk = whole[at : at + dice.randint(1, 2 * MiB)]
        said = checksum(chunk) if dice.random() < 0.5 else {}
        if cuts >= 50:
            phone.patch(url, at, chunk, **said)
            continue
        cuts += 1
        how = dice.choice(["cut", "stall", "wrong", "kill"] if cuts % 25 == 0 else ["cut", "cut", "stall", "wrong"])
        if how == "wrong":
            # 409 where what was cut before comes so late that more is here by now.
            assert phone.patch(url, at, chunk[:-1] + b"?", **checksum(chunk)).status in (204, 409, 460)
            continue
        connection = phone.begin_patch(url, at, len(chunk), chunk[: dice.randint(0, len(chunk))], **said)
        if how == "stall":
            stalled.append(connection)
            continue
        if how == "kill":
            web.stop(signal.SIGKILL)
            web.start()
        connection.close()
    for connection in stalled:
        connection.close()
    assert cuts == 50
    assert on_disk(data, upload, url) == whole
    phone.complete(upload, whole)
    arrived = phone.checked(upload)
    assert arrived["state"] == "arrived", arrived
    assert kept_parts(cast, data, arrived["recording"]) == [whole]


def test_a_disk_that_is_full_keeps_what_came(tmp_path, small):
    with tiny_disk(tmp_path / "disk", 1024) as disk, opened(disk / "data") as (web, _, data):
        phone = Phone(web, web.session("owner@school.org"))
        whole = padded(small, 4 * MiB, 2)
        upload = phone.upload(len(whole))
        url = phone.part(upload, len(whole))
        assert phone.patch(url, 0, whole[:MiB]).status == 204
        subprocess.run(["mount", "-o", "remount,size=2m", str(disk)], check=True)
        full = phone.patch(url, MiB, whole[MiB:])
        assert (full.status, "no room" in full.json["error"]) == (507, True)
        came = phone.offset(url)
        assert MiB <= came < len(whole)
        assert on_disk(data, upload, url) == whole[:came]
        again = phone.patch(url, came, whole[came:], **checksum(whole[came:]))
        assert (again.status, phone.offset(url)) == (507, came)
        assert phone.begin(10).status == 507
        subprocess.run(["mount", "-o", "remount,size=1g", str(disk)], check=True)
        phone.send(url, whole)
        phone.complete(upload, whole)
        assert phone.checked(upload)["state"] == "arrived"


def test_a_file_that_may_not_grow_keeps_what_came(phone, there, small):
    web, _, data = there
    whole = padded(small, 40 * MiB, 3)
    upload = phone.upload(len(whole))
    url = phone.part(upload, len(whole))
    phone.chunk = 16 * MiB
    resource.prlimit(web.process.pid, resource.RLIMIT_FSIZE, (30 * MiB, resource.RLIM_INFINITY))
    try:
        assert phone.patch(url, 0, whole[: 16 * MiB]).status == 204
        assert phone.patch(url, 16 * MiB, whole[16 * MiB : 32 * MiB]).status == 507
        assert on_disk(data, upload, url) == whole[: 30 * MiB]
    finally:
        resource.prlimit(web.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    phone.send(url, whole)
    assert hashlib.sha256(on_disk(data, upload, url)).digest() == hashlib.sha256(whole).digest()


def test_a_place_that_is_away_is_a_sentence_and_nothing_is_lost(phone, there):
    _, _, data = there
    upload = phone.upload(10)
    url = phone.part(upload, 10)
    phone.patch(url, 0, b"01234")
    (data / "uploads").rename(data / "away")
    try:
        for answer in (
            phone.patch(url, 5, b"56789"),
            phone.tus(url, "HEAD"),
            phone.ask(f"/upload/lessons/{upload}"),
            phone.ask("/upload/lessons"),
            phone.complete(upload, b"0123456789"),
        ):
            assert answer.status == 503
        assert "What has come is safe" in answer.json["error"]
        assert not (data / "uploads").exists()
    finally:
        (data / "away").rename(data / "uploads")
    assert phone.patch(url, 5, b"56789").status == 204
