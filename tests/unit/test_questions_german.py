"""German, to prove that a language is one data file: every sentence below has its kind written beside it."""

from __future__ import annotations

import pytest
from drawn import lesson

from coaching.metrics import measure_lesson
from coaching.metrics.question_kinds import Kind, is_name
from coaching.metrics.question_rules import asks, plain
from coaching.metrics.questions import classify, find_questions, unmarked_questions
from coaching.metrics.uptake import content_words, restates, takes_up, uptake_strength
from coaching.quality import AudioQuality
from coaching.transcript import Transcript

ASKED = """
open       | Was fällt euch an diesen beiden Brüchen auf?
open       | Was seht ihr auf dem Bild?
open       | Was könnte mit dem Eis passieren?
open       | Was passiert, wenn wir noch einen Stein hineinlegen?
open       | Wie könnten wir das herausfinden?
open       | Wie hast du das gerechnet?
open       | Wie habt ihr angefangen?
open       | Welche Ideen habt ihr dazu?
open       | Hat jemand eine Vermutung?
open       | Wer kann uns den Versuch beschreiben?
open       | Worin unterscheiden sich die beiden Gedichte?
open       | Was haben diese Figuren gemeinsam?
open       | Was wisst ihr schon über Vulkane?
open       | Gibt es noch einen anderen Weg?
reason     | Warum schwimmt das Schiff?
reason     | Woher weißt du das?
reason     | Wie kommst du darauf?
reason     | Woran erkennt man ein gleichseitiges Dreieck?
reason     | Kannst du das begründen?
reason     | Könntest du uns erklären, wie du das gemacht hast?
reason     | Und wieso ist das so?
reason     | Was bedeutet der Pfeil hier?
reason     | Warum nicht?
relating   | Bist du damit einverstanden?
relating   | Stimmst du Mirela zu?
relating   | Seht ihr das auch so?
relating   | Möchte jemand etwas ergänzen?
relating   | Was meint Jonas damit?
relating   | Hat es jemand anders gemacht?
relating   | Kann jemand in eigenen Worten wiederholen, was Ada gesagt hat?
wh-fact    | Wie heißt die Hauptstadt von Peru?
wh-fact    | Wie viele Beine hat eine Spinne?
wh-fact    | Wer hat dieses Gedicht geschrieben?
wh-fact    | Welche Zahl ist größer?
wh-fact    | In welchem Jahr war das?
wh-fact    | Wann begann der Krieg?
wh-fact    | Sechs mal sieben ist?
wh-fact    | Was habt ihr heraus?
wh-fact    | Die Hauptstadt heißt wie?
wh-fact    | Was denkst du, wie viele Seiten es sind?
yes/no     | Ist das breiter?
yes/no     | Hat eine Spinne acht Beine?
yes/no     | Ist ein Wal ein Fisch oder ein Säugetier?
yes/no     | Haben die Römer das gebaut?
yes/no     | Schwimmt er?
yes/no     | Es war der König?
yes/no     | Darf man durch null teilen?
checking   | Gibt es noch Fragen?
checking   | Noch Fragen dazu?
checking   | Habt ihr das verstanden?
checking   | Ist das klar?
checking   | Alles klar?
checking   | Könnt ihr mir folgen?
management | Kannst du dich bitte setzen?
management | Könntet ihr die Hefte herausholen?
management | Seid ihr fertig?
management | Wo ist dein Heft?
management | Wer möchte vorlesen?
management | Auf welcher Seite sind wir?
management | Braucht ihr noch mehr Zeit?
tag        | Das schwimmt, oder?
tag        | Das war der König, nicht wahr?
tag        | Dann kommt die Eins dazu, ne?
tag        | Der ist schwerer, gell?
tag        | Okay?
tag        | Richtig?
tag        | Dann ziehen wir das ab, ja?
"""
LABELLED = [(kind.strip(), text.strip()) for kind, text in (line.split("|") for line in ASKED.strip().splitlines())]

NO_QUESTIONS = """
Schlagt eure Bücher auf Seite neun auf.
Lest bitte den ersten Absatz.
Jetzt seht ihr auf dem Bild einen Vulkan.
Dann haben wir die Eins übertragen.
Was wir gestern gemacht haben, war schwerer.
Wer fertig ist, darf lesen.
Wie ihr seht, ist das Wasser gefroren.
Ich weiß nicht, was das ist.
Heute rechnen wir mit Brüchen.
Das stimmt nicht.
Das ist richtig.
Wenn du fertig bist, hilfst du Mirela.
Ist die Zahl größer als zehn, dann ziehen wir zehn ab.
Nehmt das Heft heraus.
Seid bitte leise.
Genau, sehr gut.
Ihr wisst, wo die Stifte liegen.
So haben wir das gelöst.
""".strip().splitlines()


def test_there_are_enough_sentences_of_every_kind() -> None:
    assert len(LABELLED) >= 60
    assert {kind for kind, _ in LABELLED} == {k.value for k in Kind} - {"echo"}


@pytest.mark.parametrize(("kind", "text"), LABELLED)
def test_the_kind_of_a_question(kind: str, text: str) -> None:
    found, decided_by = classify(text, language="de")
    assert found == kind, decided_by
    assert decided_by


SPOKEN = [text for kind, text in LABELLED if kind not in ("tag", "checking") and text != "Es war der König?"]


@pytest.mark.parametrize("text", [*SPOKEN, "Das schwimmt, oder?", "Noch Fragen dazu?", "Habt ihr das verstanden?"])
def test_a_question_without_its_mark(text: str) -> None:
    assert asks(plain(text), "de")


@pytest.mark.parametrize("text", NO_QUESTIONS)
def test_a_statement_is_none(text: str) -> None:
    assert asks(plain(text), "de") is None


def test_two_questions_in_speech_without_punctuation() -> None:
    text = (
        "so schaut euch das Bild an was seht ihr hier okay und jetzt überlegt warum schwimmt das Schiff auf dem Wasser"
    )
    found = [text[a:b] for a, b, _ in unmarked_questions(text, "de")]
    assert found == ["was seht ihr hier", "warum schwimmt das Schiff auf dem Wasser"]


def test_a_capital_tells_no_name_where_every_noun_has_one() -> None:
    assert is_name("Mirela?")
    assert not is_name("Mirela?", language="de")
    assert classify("Dreieck?", language="de")[0] is Kind.YES_NO


def test_a_word_is_compared_without_its_ending_and_small_words_left_out() -> None:
    assert content_words("Ich glaube, die schweren Steine sinken.", "de") == {"schwer", "stein", "sink"}
    assert content_words("Schwerer Stein!", "de") == {"schwer", "stein"}
    assert restates("Weil der schwere Stein sinkt.", "Genau. Der schwere Stein sinkt.", "de")
    assert not restates("Weil der Stein sinkt.", "Der Stein sinkt?", "de"), "handed back as a question"
    assert takes_up("Weil der schwere Stein sinkt.", "Der Stein sinkt also. Warum sinkt er?", "de")
    taken, passed = (
        uptake_strength("Weil der schwere Stein sinkt.", t, "de") for t in ("Der Stein sinkt also?", "Gut.")
    )
    assert taken is not None
    assert passed is not None
    assert taken > passed


def test_a_german_lesson_has_all_its_measures_of_words() -> None:
    said = {
        "o": "Was fällt euch auf?",
        "r": "Warum ist das so?",
        "w": "Wie heißt das?",
        "y": "Ist das breiter?",
        "c": "Noch Fragen?",
        "a": "Ich glaube, der schwere Stein sinkt im Wasser.",
        "b": "Der schwere Stein sinkt. Was könnte noch sinken?",
        "e": "Das Wasser?",
    }
    drawn = lesson("T |oo rr ww yy cc   bb  ee|\nS1|              aa   aa  |".replace("aa   aa", "aa  aa "), said)
    german = Transcript(drawn.duration, drawn.speakers, drawn.utterances, "de-CH")
    measures = {m.name: m for m in measure_lesson(german, AudioQuality(-20, -50))}
    assert measures["questions"].components["questions"] == 6
    assert measures["open_share"].components == {"open": 3, "closed": 2}
    assert measures["reason_questions"].value == 1
    assert measures["restating"].value == 1
    assert measures["uptake"].components["taken_up"] == 1
    assert [q.kind for q in find_questions(german)][-1] is Kind.ECHO


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("yes/no", "Ist die Antwort ja?"),
        ("yes/no", "Ist die Zahl gerade oder nicht?"),
        ("tag", "Das ist größer, oder?"),
        ("tag", "Du nimmst die Hälfte, ja?"),
    ],
)
def test_a_question_that_ends_in_ja_is_no_tag(kind: str, text: str) -> None:
    assert classify(text, language="de")[0] == kind
