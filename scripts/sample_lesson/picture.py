"""The picture of the sample lesson: a drawn classroom that changes with the play.

Nobody's mouth moves and nothing marks who speaks: the picture must not give away what the sound has to tell.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import sync_playwright

from .sound import Spoken

WIDTH, HEIGHT, FPS = 1280, 720, 10
MOVE_S = 0.7
"""How long an arm or a stroke on the board takes."""

BLUE, ORANGE, PLUM, GREEN, INK, GREY = "#3A6EA5", "#C27A2C", "#9A5A93", "#1F6B5C", "#403A33", "#6A6257"
SLEEVE, SKIN = "#275D52", "#9A6647"
ROOM, TABLE = (Path(__file__).with_name(name).read_text("utf-8") for name in ("room.svg", "table.svg"))
"""What never moves."""

HAND = {"down": (936, 556), "blue": (898, 182), "orange": (898, 258), "board": (912, 384)}
"""Where the teacher's hand is, in pixels, for each direction @teacher."""

STUDENTS = {
    # Seat (x), shirt, skin, hair; in the order in which they sit.
    "student_1": (232, "#6E8FA8", "#B98362", "#3B2A22"),
    "student_2": (545, "#C98B5E", "#8A5A40", "#1F1A1A"),
    "student_3": (850, "#7F9C7E", "#E0B08E", "#7A4A2B"),
}


@dataclass(frozen=True)
class Scene:
    """All that moves: the teacher's hand (x, y), and from 0 to 1 raised hands, bent heads, and what is written."""

    hand: tuple[float, float]
    raised: tuple[float, ...]
    bent: float
    written: tuple[tuple[str, float], ...]
    minute: int


def scenes(spoken: list[Spoken], duration: float) -> Iterator[Scene]:
    """One scene for each frame."""
    hand = [(-MOVE_S, HAND["down"])]
    bent = [(-MOVE_S, 0.0)]
    raised: dict[str, list[tuple[float, float]]] = {s: [(-MOVE_S, 0.0)] for s in STUDENTS}
    written: dict[str, float] = {}
    for s in spoken:
        for what, how in s.line.directions:
            match what:
                case "teacher":
                    hand.append((s.start, HAND[how]))
                case "heads":
                    bent.append((s.start, float(how == "down")))
                case "write":
                    written[how] = s.start
                case _:
                    raise ValueError(f"no direction @{what}")
        if s.line.who in STUDENTS and s.line.quiet >= 2.4:
            # Who has thought for a while raises a hand half-way, and takes it down when speaking.
            raised[s.line.who] += [(s.start - s.line.quiet * 0.55, 1.0), (s.start + 0.4, 0.0)]
    for frame in range(round(duration * FPS)):
        t = frame / FPS
        yield Scene(
            hand=(at([(m, v[0]) for m, v in hand], t), at([(m, v[1]) for m, v in hand], t)),
            raised=tuple(at(raised[s], t) for s in STUDENTS),
            bent=at(bent, t),
            written=tuple((what, at([(-MOVE_S, 0.0), (when, 1.0)], t)) for what, when in written.items() if t > when),
            minute=int(t // 60),
        )


def at(moves: list[tuple[float, float]], t: float) -> float:
    """Where something is at `t` that starts moving to each value at its moment, and gets there MOVE_S later."""
    value = moves[0][1]
    for moment, goal in moves:
        part = min(1.0, max(0.0, (t - moment) / MOVE_S))
        value += (goal - value) * part * part * (3 - 2 * part)
    return round(value, 3)


def frames(spoken: list[Spoken], duration: float, chromium: str) -> Iterator[bytes]:
    """A PNG for each frame, drawn by Chromium; equal scenes are drawn once."""
    drawn: dict[Scene, bytes] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        page.set_content("<style>*{margin:0}svg{display:block}</style><main></main>")
        for scene in scenes(spoken, duration):
            if scene not in drawn:
                page.eval_on_selector("main", "(main, svg) => { main.innerHTML = svg }", svg(scene))
                drawn[scene] = page.screenshot(type="png")
            yield drawn[scene]
        browser.close()


def svg(scene: Scene) -> str:
    """The scene as a picture, from the far wall to the nearest head."""
    heads = "".join(student(s, up, scene.bent) for s, up in zip(STUDENTS, scene.raised, strict=True))
    parts = [
        ROOM,
        clock(scene.minute),
        board(dict(scene.written)),
        teacher(*scene.hand),
        TABLE,
        heads,
        SHADE,
    ]
    font = "font-family='Liberation Sans, Arial, sans-serif'"
    return f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {WIDTH} {HEIGHT}' {font}>{''.join(parts)}</svg>"


def board(written: dict[str, float]) -> str:
    """The whiteboard: a title, two bars from the start, and what has been written since."""

    def ink(what: str, drawing: str) -> str:
        return f"<g opacity='{written[what]}'>{drawing}</g>" if what in written else ""

    asked = "which" if "which" in written else "notice"
    question = {"notice": "What do you notice?", "which": "Which is larger? How do you know?"}[asked]
    return f"""
    <rect x='314' y='52' width='652' height='392' rx='12' fill='#000' opacity='.07' transform='translate(4 8)'/>
    <rect x='314' y='52' width='652' height='392' rx='12' fill='#CDBFA8'/>
    <rect x='328' y='66' width='624' height='364' rx='6' fill='#FEFCF6'/>
    <path d='M328 72a6 6 0 0 1 6-6h612L690 430H334a6 6 0 0 1-6-6z' fill='#fff' opacity='.65'/>
    <rect x='314' y='440' width='652' height='13' rx='4' fill='#B7A78D'/>
    <rect x='374' y='432' width='46' height='8' rx='4' fill='#C4553F'/>
    <rect x='432' y='432' width='46' height='8' rx='4' fill='{BLUE}'/>
    <rect x='490' y='432' width='46' height='8' rx='4' fill='{GREEN}'/>
    <text x='366' y='112' font-size='27' font-weight='bold' fill='{INK}'>Comparing fractions</text>
    <path d='M366 122q66 5 128 1t128 0' fill='none' stroke='{GREEN}' stroke-width='3' stroke-linecap='round'/>
    {bar(146, 5, 3, BLUE)}{bar(222, 8, 3, ORANGE)}
    {ink("three-fifths", fraction(173, 3, 5))}{ink("three-eighths", fraction(249, 3, 8))}
    {ink("greater", ring(173))}
    {ink("seven-eighths", bar(298, 8, 7, PLUM) + fraction(325, 7, 8))}
    {ink(asked, f"<text x='452' y='402' font-size='26' fill='{GREY}'>{question}</text>")}"""


def bar(y: int, pieces: int, coloured: int, colour: str) -> str:
    """A bar 420 wide in equal pieces: all bars are one length, as the teacher says."""
    width = 420 / pieces
    return "".join(
        f"<rect x='{452 + i * width + 2:.1f}' y='{y}' width='{width - 4:.1f}' height='54' rx='5' "
        f"fill='{colour if i < coloured else '#FEFCF6'}' fill-opacity='.86' stroke='{colour}' stroke-width='3'/>"
        for i in range(pieces)
    )


def fraction(middle: int, above: int, below: int) -> str:
    return (
        f"<g font-size='30' fill='{INK}' text-anchor='middle'><text x='403' y='{middle - 7}'>{above}</text>"
        f"<text x='403' y='{middle + 28}'>{below}</text>"
        f"<path d='M386 {middle}h34' stroke='{INK}' stroke-width='3.5' stroke-linecap='round'/></g>"
    )


def ring(middle: int) -> str:
    """A ring by hand: it does not quite close."""
    return (
        f"<path d='M414 {middle - 36}c-34-6-50 12-49 38 1 28 18 38 40 36 26-2 39-18 37-40-2-24-18-36-42-33' "
        f"fill='none' stroke='{GREEN}' stroke-width='4' stroke-linecap='round'/>"
    )


def clock(minute: int) -> str:
    """A wall clock: the lesson starts at 9:41."""
    angle = math.radians((41 + minute) * 6)
    hour = math.radians((9 + (41 + minute) / 60) * 30)
    ticks = "".join(
        f"<path d='M0-31v5' transform='rotate({i * 30})' stroke='{GREY}' stroke-width='2'/>" for i in range(12)
    )
    hands = "".join(
        f"<path d='M0 0L{length * math.sin(a):.1f} {-length * math.cos(a):.1f}' stroke='{INK}' stroke-width='{w}' "
        f"stroke-linecap='round'/>"
        for a, length, w in ((angle, 25, 4), (hour, 16, 5))
    )
    return (
        f"<g transform='translate(1150 116)'><circle cy='3' r='41' opacity='.08'/><circle r='40' fill='#FFFDF7' "
        f"stroke='{GREY}' stroke-width='5'/>{ticks}{hands}<circle r='3.5' fill='{INK}'/></g>"
    )


def arm(shoulder: tuple[float, float], hand: tuple[float, float], length: float, bend: int) -> str:
    """Shoulder, elbow, hand: two bones of `length`, the elbow on the side of `bend` (-1 or 1)."""
    (x, y), (hx, hy) = shoulder, hand
    reach = math.hypot(hx - x, hy - y)
    if reach > 2 * length - 1:  # too far: the hand goes as far as it can in that direction
        hx, hy = x + (hx - x) * (2 * length - 1) / reach, y + (hy - y) * (2 * length - 1) / reach
        reach = 2 * length - 1
    out = bend * math.sqrt(length**2 - reach**2 / 4) / reach
    elbow = ((x + hx) / 2 - (hy - y) * out, (y + hy) / 2 + (hx - x) * out)
    return f"M{x:.1f} {y:.1f}L{elbow[0]:.1f} {elbow[1]:.1f}L{hx:.1f} {hy:.1f}"


def teacher(x: float, y: float) -> str:
    """The teacher, beside the board, one hand at (x, y)."""
    pointing = arm((972, 366), (x, y), 98, -1)
    return f"""
    <g transform='translate(1010 250)'>
    <path d='M-60 420c-4-190-16-300 0-336 14-30 36-38 62-38s52 10 66 42c16 40 6 150 2 332z' fill='#2F6F62'/>
    <path d='M54 96c30 44 40 110 28 176' fill='none' stroke='{SLEEVE}' stroke-width='34' stroke-linecap='round'/>
    <circle cx='80' cy='292' r='15' fill='{SKIN}'/>
    <rect x='-16' y='16' width='36' height='46' rx='15' fill='{SKIN}'/>
    <path d='M-18 52q20 16 40 0l-4-8h-32z' fill='#8A5A3E'/>
    <ellipse cy='-8' rx='38' ry='45' fill='{SKIN}'/>
    <path d='M-40-4c-6-40 14-58 40-58s46 18 40 58c-6-18-16-28-24-32-14 10-40 12-56 32z' fill='#2B1D18'/>
    <circle cx='10' cy='-66' r='20' fill='#2B1D18'/></g>
    <path d='{pointing}' fill='none' stroke='{SLEEVE}' stroke-width='33'
      stroke-linecap='round' stroke-linejoin='round'/>
    <circle cx='{pointing.rsplit("L", 1)[1].split()[0]}' cy='{pointing.rsplit(" ", 1)[1]}' r='16' fill='{SKIN}'/>"""


def student(who: str, up: float, bent: float) -> str:
    """A student from behind; `up` raises the hand, `bent` bends the head over the paper."""
    x, shirt, skin, hair = STUDENTS[who]
    styles = {
        "student_1": "<path d='M-54 0c-8 60-6 88 4 108h100c10-20 12-48 4-108z'/>",
        "student_2": "<path d='M-56-6a17 17 0 0 1 6-27 17 17 0 0 1 17-23 19 19 0 0 1 33-10"
        " 19 19 0 0 1 33 10 17 17 0 0 1 17 23 17 17 0 0 1 6 27l-6 30H-50z'/>"
        "<path d='M-46 20q46 64 92 0z'/>",
        "student_3": "<path d='M-51 6c0 38 18 60 51 60s51-22 51-60z'/>",
    }
    ears = "".join(f"<ellipse cx='{side}' cy='6' rx='8' ry='12' fill='{skin}'/>" for side in (-51, 51))
    if who == "student_1":
        ears = ""  # long hair covers them
    raised = arm((x + 84, 706), (x + 96, 760 - 262 * up), 112, 1)
    hx, hy = raised.rsplit("L", 1)[1].split()
    lift = f"""<path d='{raised}' fill='none' stroke='{shirt}' stroke-width='36' stroke-linecap='round'
      stroke-linejoin='round'/><circle cx='{hx}' cy='{float(hy) - 8:.1f}' r='19' fill='{skin}'/>"""
    return f"""{lift if up > 0 else ""}
    <g transform='translate({x} 582) scale(1.14)'>
    <path d='M-98 210c-6-96 30-138 98-138s104 42 98 138z' fill='{shirt}'/>
    <path d='M-98 210c-6-96 30-138 98-138s104 42 98 138z' fill='url(#edge)'/>
    <rect x='-20' y='30' width='40' height='56' rx='16' fill='{skin}'/>
    <g fill='{hair}' transform='translate(0 {16 * bent:.1f}) scale(1 {1 - 0.05 * bent:.3f})'>
    {ears}<ellipse rx='52' ry='60'/>{styles[who]}</g></g>"""


SHADE = "<rect width='1280' height='720' fill='url(#shade)'/>"
