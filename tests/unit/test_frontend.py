"""Streamlit's own files as browsers get them, and the page that starts it."""

from __future__ import annotations

import re

import pytest

from ui import frontend
from ui.server import DARK, HERE, LIGHT

ASSETS = HERE / "assets"


@pytest.fixture(scope="module")
def html():
    return frontend.page(LIGHT, DARK)


def test_the_installed_page_is_ours_in_name_and_colour(html):
    assert re.findall("<title>(.*?)</title>", html) == ["Second Look"]
    assert not re.search("streamlit app|agent|openapi|SourceSans", html, re.IGNORECASE)
    assert html.count(LIGHT["backgroundColor"]) == html.count(DARK["backgroundColor"]) == 2
    assert '<div id="root"><div id="first">' in html
    assert '<html lang="en">' in html


def test_what_it_asks_for_first_is_there_and_asked_for_once(html):
    named = re.findall(r'"/(static/[^"]+)"', html)
    assert len(named) == len(set(named)) > 60
    assert not [name for name in named if not (frontend.HOME / name).is_file()]
    for kind in frontend.SOON:
        assert re.search(rf"/static/js/{re.escape(kind)}\.[\w-]+\.js", html), kind


def test_our_styles_come_last_so_that_they_win(html):
    assert html.index("stylesheet") < html.index('id="root"') < min(html.index(name) for name in frontend.STYLES)
    assert not [name for name in frontend.STYLES if not (ASSETS / name).is_file()]


def test_each_script_within_the_page_is_allowed_by_its_hash(html):
    assert len(frontend.inline_scripts(html)) == html.count("<script>") == 2


@pytest.mark.parametrize("encodings", ["gzip", "gzip, deflate, br", "br;q=1.0, gzip;q=0.8", "deflate , gzip ; q=0.001"])
def test_who_names_gzip_takes_it(encodings):
    assert frontend.takes_gzip(encodings)


@pytest.mark.parametrize("encodings", ["", "identity", "br, deflate", "gzip;q=0", "gzip;q=0.000", "x-gzip", "gzip;q=z"])
def test_who_does_not_name_it_gets_the_file_as_it_is(encodings):
    assert not frontend.takes_gzip(encodings)
