"""An explanation for the eye: colours that can be read, HTML that can only be read."""

from __future__ import annotations

import io
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from rich.console import Console

from pipeline.errors import InputError
from pipeline.explain import Explanation, explain, render_explanation, write_page
from pipeline.explain.page import render_page
from pipeline.explain.shading import shade, tell_place, tell_weight
from pipeline.note import Mention, Note
from tests.explain.planted import planted

HOSTILE = (
    '<script>fetch("//x.example")</script> & [b]cough[/b] </div>\r\n'
    "denies \"asthma\" 'today' &lt;b&gt; \u202ertl \x1b[31m <img src=x onerror=a>"
)


def explained(text: str = HOSTILE, note_id: str = "n<1>") -> Explanation:
    start = text.index("asthma")
    return explain(
        planted(), Note(note_id, text), Mention(start, start + 6, "DISEASE", 0.944, ("bert",))
    )


class Reader(HTMLParser):
    """Reads tags, attributes, and the text of the box that holds the note."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []
        self.weights: dict[str, str] = {}
        self.text = self.marked = ""
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += attrs
        if tag != "meta":
            self._open.append("text" if ("class", "text") in attrs else tag)
        self._title = dict(attrs).get("title")

    def handle_endtag(self, tag: str) -> None:
        opened = self._open.pop()
        assert tag == ("div" if opened == "text" else opened)

    def handle_data(self, data: str) -> None:
        if "text" in self._open:
            self.text += data
            if "mark" in self._open:
                self.marked += data
            if self._open[-1] == "span" and self._title:
                self.weights[data] = self._title


def test_page_shows_the_text_and_the_weights_and_nothing_else_happens() -> None:
    html = render_page(explained())
    reader = Reader(html)

    shown = HOSTILE.replace("\r\n", "\n").replace("\u202e", "U+202E").replace("\x1b", "U+001B")
    assert reader.text == shown
    assert reader.marked == "asthma"
    signs = {word: reader.weights[word][0] for word in ("asthma", "cough", "denies")}
    assert signs == {"asthma": "+", "cough": "+", "denies": "−"}
    assert reader.tags.isdisjoint({"script", "img", "b", "link", "iframe", "form", "a", "object"})
    names = {name for name, _ in reader.attributes}
    assert not {name for name in names if name.startswith("on") or name in {"src", "href"}}
    assert "default-src 'none'" in html
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL)
    assert style
    assert not re.search(r"url\(|@import|https?:", style[1])
    assert "n&lt;1&gt;" in html


def test_page_is_private_and_nothing_else_is_left(tmp_path: Path) -> None:
    path = tmp_path / "why.html"
    path.write_text("older")
    path.chmod(0o644)
    write_page(explained(), path)

    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_text("utf-8") == render_page(explained())
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("place", ["nowhere/why.html", "."])
def test_page_that_can_not_be_written_is_told(tmp_path: Path, place: str) -> None:
    with pytest.raises(InputError, match=r"can't be written .*: give --html another") as raised:
        write_page(explained(), tmp_path / place)
    assert raised.value.__context__ is None


def test_page_tells_doubts() -> None:
    text = "asthma"
    found = explain(planted(), Note("1", text), Mention(0, 6, "SYMPTOM", 0.9, ("bert",)))

    assert "find this mention: it is not the model that made OUT" in render_page(found)


def shown(explanation: Explanation, width: int = 80) -> list[str]:
    console = Console(file=io.StringIO(), width=width, highlight=False)
    console.print(render_explanation(explanation))
    assert isinstance(console.file, io.StringIO)
    return [line.rstrip() for line in console.file.getvalue().splitlines()]


def test_terminal_is_read_without_colour() -> None:
    lines = shown(explained("Today. She denies cough, asthma."))
    rows = [line.split() for line in lines]

    assert "She denies cough, asthma⟨DISEASE:.94⟩." in lines
    assert ["found", "by", "bert"] in rows
    # 4, 3 and -1 of 6 parts of the gain, which is 2.51
    weights = [row[:2] for row in rows if row and re.fullmatch(r"[+−]\d\.\d\d", row[0])]
    assert weights[:3] == [["+1.67", "asthma"], ["+1.26", "cough"], ["−0.42", "denies"]]
    assert ["asthma", "0.944", "0.005", "0.005", "0.047"] in rows
    told = " ".join(" ".join(lines).split())
    assert "All 8 words that the model saw add up to +2.51 of +2.51" in told
    assert "the mention's own carry 50% of the weight" in told


def test_terminal_is_given_nothing_to_obey() -> None:
    text = "\n".join(shown(explained(), width=200))

    assert "[b]cough[/b]" in text
    assert 'denies "asthma⟨DISEASE:.94⟩"' in text
    assert "\x1b" not in text
    assert "\u202e" not in text


def contrast(colour: str) -> float:
    """Return the contrast of black text on a colour, by WCAG 2."""

    def linear(part: int) -> float:
        share = part / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(int(colour[i : i + 2], 16)) for i in (1, 3, 5))
    return (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05) / 0.05


def test_shades_can_be_read_and_deepen() -> None:
    for sign in (1, -1):
        shades = [shade(sign * share) for share in (0.05, 0.5, 1.0)]
        contrasts = [contrast(colour) for colour in shades if colour]
        assert contrasts == sorted(contrasts, reverse=True)
        assert len(set(contrasts)) == 3
        assert contrasts[-1] > 7
    assert shade(0.04) is None
    assert shade(0.19, faintest=0.2) is None


def test_numbers_are_told_with_their_sign() -> None:
    assert [tell_weight(weight) for weight in (1.254, -0.5, -0.001)] == ["+1.25", "−0.50", "+0.00"]
    told = [tell_place(place) for place in (0, -1, 12)]
    assert told == ["in the mention", "1 word before", "12 words after"]
