"""What becomes of a lesson that is all here: the server's own hash and a look into each file decide, come what may."""

from __future__ import annotations

import fcntl
import hashlib
import json
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from media_files import LENGTH_S, padded, run_ffmpeg, tape, tiny_disk
from uploading import MiB, Phone, checksum, kept_parts, opened, phone, small, there, wait_for  # noqa: F401 - fixtures
from web import ROOT

from coaching.originals import SPARE
from coaching.ports import NewRecording, SourceFile
from coaching.recordings import RunState
from models.tables import AnswersRow
from ui.shelf import Shelf

pytestmark = pytest.mark.xdist_group("uploads")


def came(phone: Phone, *parts: bytes, **fields: object) -> str:
    """An upload of which every byte is here, and nobody has said so."""
    upload = phone.upload(*map(len, parts), **fields)
    for n, part in enumerate(parts):
        phone.send(phone.part(upload, len(part), n), part)
    return upload


def check_swept(data: Path, upload: str) -> None:
    """Its row says so first, then its files go."""
    wait_for(lambda: not (data / "uploads" / upload).exists())


def test_a_lesson_arrives_with_what_was_said_of_it(phone, there, small):
    _, cast, data = there
    whole = padded(small, MiB, 1)
    upload = came(phone, whole, name="Fractions on a line", look_fors=["Who answers?"], taught="2025-11-03")
    assert phone.complete(upload, whole).json["state"] in ("checking", "arrived")
    arrived = phone.checked(upload)
    assert (arrived["state"], arrived["known"], arrived["reason"]) == ("arrived", False, None)
    facts = cast.lessons.recording(cast.owner, arrived["recording"])
    assert (facts.name, facts.run.state) == ("Fractions on a line", RunState.WAITING)
    assert kept_parts(cast, data, arrived["recording"]) == [whole]
    assert facts.files[0].path == f"recordings/{facts.id}/original/1/part 0.mp4"
    with cast.database.read() as session:
        row = session.get(AnswersRow, facts.id)
        assert row is not None
        assert (row.taught, row.look_fors) == ("2025-11-03", ["Who answers?"])
        assert row.class_period_id == cast.uploads.classes(cast.owner)[0].id
    check_swept(data, upload)
    assert upload not in [u["id"] for u in phone.ask("/upload/lessons").json["uploads"]]
    assert "Who answers?" in phone.ask("/upload/form").json["look_fors"]
    again = phone.complete(upload, whole)
    assert (again.status, again.json) == (200, arrived)


def test_parts_arrive_in_their_order_whichever_came_first(phone, there, small):
    parts = [padded(small, size, 2) for size in (300_000, 200_000, 400_000)]
    upload = phone.upload(*map(len, parts))
    urls = {n: phone.part(upload, len(parts[n]), n) for n in (2, 0, 1)}
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda n: phone.send(urls[n], parts[n]), (1, 2, 0)))
    phone.complete(upload, *parts)
    arrived = phone.checked(upload)
    assert arrived["state"] == "arrived", arrived
    assert kept_parts(there[1], there[2], arrived["recording"]) == parts


def test_nothing_is_checked_before_all_of_it_is_here(phone, small):
    whole = padded(small, 200_000, 3)
    upload = phone.upload(len(whole), len(whole))
    assert phone.complete(upload, whole, whole).status == 409
    phone.send(phone.part(upload, len(whole), 0), whole)
    url = phone.part(upload, len(whole), 1)
    phone.patch(url, 0, whole[:-1])
    refused = phone.complete(upload, whole, whole)
    assert (refused.status, "Part 2 of 2" in refused.json["error"]) == (409, True)
    for wrong in ({}, {"sha256": ["x"]}, {"sha256": ["0" * 64]}, [1], None):
        assert phone.say(f"/upload/lessons/{upload}/complete", wrong).status == 400
    assert phone.ask(f"/upload/lessons/{upload}/complete", "POST", body=b"{").status == 400
    assert phone.ask(f"/upload/lessons/{upload}/complete", "POST", body=b"[" * 70_000).status == 413
    assert phone.seen(upload)["state"] == "open"


def test_a_part_that_is_not_what_was_sent_is_sent_again_and_it_alone(phone, there, small):
    parts = [padded(small, 200_000, n) for n in (4, 5)]
    upload = came(phone, *parts)
    torn = there[2] / "uploads" / upload / phone.seen(upload)["files"][1]["id"]
    torn.write_bytes(parts[1][:-1] + b"?")
    assert phone.complete(upload, *parts).status == 202
    again = phone.checked(upload)
    assert (again["state"], [f["offset"] for f in again["files"]]) == ("open", [200_000, 0])
    assert again["reason"].startswith("part 1.mp4 did not come as it was sent.")
    phone.send(again["files"][1]["url"], parts[1])
    phone.complete(upload, *parts)
    assert phone.checked(upload)["state"] == "arrived"


def test_a_browser_that_hashes_wrongly_is_told(phone, small):
    upload = came(phone, padded(small, 200_000, 6))
    phone.complete(upload, b"something else")
    assert phone.checked(upload)["state"] == "open"


@pytest.fixture(scope="module")
def bad(tmp_path_factory, small) -> dict[str, tuple[bytes, str]]:
    """What is no lesson, by its kind, and what is said of it."""
    folder = tmp_path_factory.mktemp("bad")
    silent = folder / "silent.mp4"
    run_ffmpeg("-f", "lavfi", "-i", f"testsrc=size=160x120:rate=15:duration={LENGTH_S}", f"file:{silent}")
    return {
        "text": (b"Dear diary, today we learned fractions.\n" * 50, "is not a video or sound recording"),
        "playlist": (b"#EXTM3U\n#EXTINF:10,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n", "is a playlist or project file"),
        "concat": (b"ffconcat version 1.0\nfile '/etc/passwd'\n", "is a playlist or project file"),
        "silent": (silent.read_bytes(), "has no sound"),
        "cut off": (small[: len(small) // 2], "was cut off"),
        "zeros": (bytes(100_000), "is not a video or sound recording"),
    }


@pytest.mark.parametrize("kind", ["text", "playlist", "concat", "silent", "cut off", "zeros"])
def test_what_is_no_lesson_is_refused_with_its_reason_and_not_kept(phone, there, bad, kind):
    content, sentence = bad[kind]
    _, cast, data = there
    before = len(cast.lessons.mine(cast.owner))
    refused = phone.bring(content)
    assert (refused["state"], refused["recording"]) == ("refused", None)
    assert refused["reason"].startswith(f"part 0.mp4 {sentence}"), refused["reason"]
    check_swept(data, refused["id"])
    assert not (data / "recordings" / refused["id"]).exists()
    assert refused["id"] in [u["id"] for u in phone.ask("/upload/lessons").json["uploads"]]
    assert phone.tus(refused["files"][0]["url"], "HEAD").status == 410
    assert phone.patch(refused["files"][0]["url"], 0, b"x").status == 409
    assert phone.complete(refused["id"], content).json == refused
    assert len(cast.lessons.mine(cast.owner)) == before


def test_one_bad_part_refuses_the_lesson(phone, small, bad):
    refused = phone.bring(padded(small, 200_000, 7), bad["text"][0])
    assert (refused["state"], refused["reason"].startswith("part 1.mp4 is not")) == ("refused", True)


def test_sound_alone_is_a_lesson_whatever_it_is_called(phone, tmp_path):
    whole = tape(tmp_path / "sound.wav").read_bytes()
    assert phone.bring(whole)["state"] == "arrived"


def test_what_is_here_already_is_known_and_kept_once(phone, there, small):
    data = there[2]
    whole = padded(small, 200_000, 8)
    first, second = phone.bring(whole), phone.bring(whole, name="Another name")
    assert (second["state"], second["known"], second["recording"]) == ("arrived", True, first["recording"])
    check_swept(data, second["id"])
    assert not (data / "recordings" / second["id"]).exists()
    other = Phone(phone.web, phone.web.session("colleague@school.org"))
    theirs = other.bring(whole)
    assert (theirs["known"], theirs["recording"] != first["recording"]) == (False, True)


def test_of_two_that_are_the_same_and_come_at_once_one_is_kept(phone, there, small):
    _, cast, data = there
    whole = padded(small, 200_000, 9)
    uploads = [came(phone, whole) for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda upload: phone.complete(upload, whole), uploads))
    found = [phone.checked(upload) for upload in uploads]
    assert [u["state"] for u in found] == ["arrived"] * 2, found
    assert sorted(u["known"] for u in found) == [False, True]
    (recording,) = {u["recording"] for u in found}
    assert kept_parts(cast, data, recording) == [whole]
    for upload in uploads:
        check_swept(data, upload)
    assert sum((data / "recordings" / upload).exists() for upload in uploads) == 1


def test_a_server_that_is_killed_while_it_checks_begins_again(phone, there, small):
    web, cast, data = there
    whole = padded(small, 40 * MiB, 10)
    phone.chunk = 16 * MiB
    upload = came(phone, whole)
    assert phone.complete(upload, whole).status == 202
    web.stop(signal.SIGKILL)
    web.start()
    arrived = phone.checked(upload)
    assert (arrived["state"], arrived["known"]) == ("arrived", False)
    assert kept_parts(cast, data, upload) == [whole]


KILLED = ("before", "moved one", "moved", "added", "moved and torn")


@pytest.mark.parametrize("killed", KILLED)
def test_wherever_it_was_killed_nothing_is_lost_and_nothing_doubled(phone, there, small, killed):
    web, cast, data = there
    parts = [padded(small, 210_000 + KILLED.index(killed), n) for n in (11, 12)]
    upload = came(phone, *parts)
    web.stop(signal.SIGKILL)
    # What the server had done until it was killed.
    hashes = [hashlib.sha256(part).hexdigest() for part in parts]
    row, shelf = cast.uploads.check(cast.owner, upload, hashes), Shelf(data)
    if killed == "moved one":
        there_ = data / "recordings" / upload / "original" / "1" / "part 0.mp4"
        there_.parent.mkdir(parents=True)
        shelf.file(upload, row.files[0].id).replace(there_)
    elif killed != "before":
        paths = shelf.move(row)
        if killed == "added":
            files = tuple(
                SourceFile(p.name, path, p.size, p.sha256 or "") for p, path in zip(row.files, paths, strict=True)
            )
            assert cast.lessons.add(NewRecording(upload, cast.owner, "Fractions", files)) == (upload, True)
        if killed == "moved and torn":
            (data / paths[1]).write_bytes(bytes(len(parts[1])))
    before = len(cast.lessons.mine(cast.owner)) - (killed == "added")
    web.start()  # and it goes on by itself
    found = phone.checked(upload)
    if killed == "moved and torn":
        assert (found["state"], [f["offset"] for f in found["files"]]) == ("open", [len(parts[0]), 0])
        assert not (data / "recordings" / upload).exists()
        phone.send(found["files"][1]["url"], parts[1])
        phone.complete(upload, *parts)
        found = phone.checked(upload)
    assert (found["state"], found["recording"], found["known"]) == ("arrived", upload, False), found
    assert kept_parts(cast, data, upload) == parts
    assert len(cast.lessons.mine(cast.owner)) == before + 1
    check_swept(data, upload)
    assert len(list((data / "recordings" / upload).rglob("*.mp4"))) == 2


def test_a_lesson_that_waits_to_be_checked_needs_nobody_who_asks(phone, there, small):
    web, cast, _ = there
    whole = padded(small, 200_000, 13)
    upload = came(phone, whole)
    web.stop(signal.SIGKILL)
    cast.uploads.check(cast.owner, upload, [hashlib.sha256(whole).hexdigest()])
    web.start()
    wait_for(lambda: cast.uploads.one(cast.owner, upload).recording)


def test_while_it_is_checked_it_cannot_be_deleted(phone, there, small):
    upload = came(phone, padded(small, 200_000, 14))
    with Shelf(there[2]).alone(upload):  # somebody else is at it
        phone.complete(upload, padded(small, 200_000, 14))
        assert phone.ask(f"/upload/lessons/{upload}", "DELETE").status == 409
        assert phone.seen(upload)["state"] == "checking"
    assert phone.checked(upload)["state"] == "arrived"


def test_what_is_still_written_to_is_not_taken_for_whole(phone, there, small):
    whole = padded(small, 200_000, 17)
    upload = came(phone, whole)
    part = phone.seen(upload)["files"][0]["id"]
    with (there[2] / "uploads" / upload / part).open("r+b") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        phone.complete(upload, whole)
        again = phone.checked(upload)
    assert (again["state"], "What has come is safe" in again["reason"]) == ("open", True)
    assert again["files"][0]["offset"] == len(whole)
    phone.complete(upload, whole)
    assert phone.checked(upload)["state"] == "arrived"


# Room.
def test_a_teacher_has_as_much_room_as_the_settings_say(tmp_path, small):
    settings = {"SECONDLOOK_UPLOAD_QUOTA_GB": "0.003", "SECONDLOOK_UPLOAD_LARGEST_GB": "0.002"}
    with opened(tmp_path, **settings) as (web, _, _):
        phone = Phone(web, web.session("owner@school.org"))
        form = phone.ask("/upload/form").json
        assert (form["largest"], form["room"]) == (2_000_000, 3_000_000)
        assert phone.begin(2_000_001).status == 413
        arrived = phone.bring(padded(small, 1_000_000, 15))
        assert arrived["state"] == "arrived"
        upload = phone.upload(1_500_000)
        assert phone.ask("/upload/form").json["room"] == 500_000
        refused = phone.begin(500_001)
        assert (refused.status, "has 0.5 MB, and there is room for 0.5 MB" in refused.json["error"]) == (507, True)
        assert Phone(web, web.session("colleague@school.org")).begin(2_000_000).status == 201
        phone.ask(f"/upload/lessons/{upload}", "DELETE")
        assert phone.ask("/upload/form").json["room"] == 2_000_000


def test_room_that_was_promised_is_promised_once(tmp_path):
    with tiny_disk(tmp_path / "disk", (SPARE + 8 * MiB) // MiB) as disk, opened(disk / "data") as (web, _, _):
        phone = Phone(web, web.session("owner@school.org"))
        other = Phone(web, web.session("colleague@school.org"))
        room = phone.ask("/upload/form").json["room"]
        assert 7 * MiB < room <= 8 * MiB
        with ThreadPoolExecutor(4) as pool:
            asked = list(pool.map(lambda who: who.begin(5 * MiB), [phone, other] * 3))
        assert sorted(answer.status for answer in asked) == [201] + [507] * 5
        upload = next(answer.json["id"] for answer in asked if answer.status == 201)
        owner = phone if phone.ask(f"/upload/lessons/{upload}").status == 200 else other
        url = owner.part(upload, 5 * MiB)
        assert owner.patch(url, 0, bytes(2 * MiB), **checksum(bytes(2 * MiB))).status == 204
        left = phone.ask("/upload/form").json["room"]
        assert abs(left - (room - 5 * MiB)) < MiB  # what has come is not promised any more


# What is written down of it.
def test_the_log_has_no_names_and_no_answers(phone, there, small):
    web, _, _ = there
    phone.bring(padded(small, 200_000, 16), name="Only for Anna", **{"class": "Period 7"})
    log = web.log
    assert not [word for word in ("Only for Anna", "Period 7", "part 0.mp4", "owner@school.org") if word in log]
    assert "upload arrived" in log
    for line in log.splitlines():
        json.loads(line)


# The command that looks into files.
def probed(*files: Path) -> tuple[int, list[dict[str, object]]]:
    command = [sys.executable, "-P", "-m", "pipelines", "probe", *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert "Traceback" not in done.stderr
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]


def test_probe_says_what_a_file_holds_or_why_it_cannot_be_used(tmp_path, small):
    good, bad, gone = tmp_path / "a.mp4", tmp_path / "b.mp4", tmp_path / "c.mp4"
    good.write_bytes(small)
    bad.write_bytes(b"#EXTM3U\nfile:///etc/passwd\n")
    code, (first, second, third) = probed(good, bad, gone)
    assert code == 2
    assert (first["file"], first["video"], first["sound"]) == (str(good), "h264", 1)
    assert first["duration_s"] == pytest.approx(LENGTH_S, abs=0.1)
    assert "playlist" in str(second["error"])
    assert "not there" in str(third["error"])
    assert probed(good)[0] == 0
