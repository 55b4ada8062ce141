"""The review page: what it shows is what was released, and it can't run, load or hide anything."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.config import Config
from pipeline.deid.finding import NOTHING_ALLOWED
from pipeline.deid.rules.lexicon import load_lexicon
from pipeline.errors import ExitCode, InputError, LockedError, SetupError
from pipeline.keys import create_keys
from pipeline.note import Note, PhiSpan
from pipeline.review import write_review
from pipeline.review.alignment import Replaced, align, cut
from pipeline.review.leftovers import ELSEWHERE, LISTED, NUMBER, suspect
from pipeline.review.notes import ReviewedNote, UnitNotes, read_units
from pipeline.review.page import render
from pipeline.review.sample import Reason, draw
from pipeline.stages import Models
from pipeline.storage.checking import CheckedRow
from pipeline.storage.files import Root
from pipeline.storage.lock import hold
from tests.site import Row, Site
from tests.stub import StubMentions, StubNer

READ = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)

HOSTILE: list[Row] = [
    {
        "note_id": "raw<script>alert(1)</script>",
        "patient_id": "p1",
        "text": '<script>fetch("//x.example")</script> & ZQXone </td></table>'
        "<img src=x onerror=a>\n"
        "\"quoted\" 'too' &lt;b&gt; <!-- ZQXtwo -->",
    },
    {
        "note_id": "raw-crossing",
        "patient_id": "p2",
        "text": "Seen by ZQXana\r\nZQXbel and left.\r\n\r\n\r\nZQXana\rtail\nZQXend\n",
    },
    {
        "note_id": "raw-unseen",
        "patient_id": "p3",
        "text": "a\x00b\x1b[31mc\x85d\u202eZQXrtl\u202c e\u200bf\ufeffg\t"
        "\u05e9\u05dc\u05d5\u05dd ZQXhe \u05e2\u05d5\u05dc\u05dd "
        "\U0001f469\u200d\U0001f467 \U0001f1f3\U0001f1f1 e\u0301",
    },
    {"note_id": "raw-\u202enoname", "patient_id": None, "text": "Nothing here.\n\n  indented"},
    {"note_id": "raw-empty", "patient_id": "p4", "text": "   "},
    {"note_id": "raw-fails", "patient_id": "p5", "text": "RAISE ZQXraise"},
    {"note_id": "raw-crossing", "patient_id": "p2", "text": "An earlier revision of ZQXana."},
]


class CrossingRules:
    """Finds planted names, across line ends too."""

    name = "rules"

    def annotate(self, notes: Sequence[Note]) -> list[list[PhiSpan]]:
        name = re.compile(r"ZQX\w*(?:\s+ZQX\w*)*")
        return [
            [PhiSpan(*m.span(), "PATIENT", 1.0, ("rules",)) for m in name.finditer(note.text)]
            for note in notes
        ]


def load_crossing(config: Config) -> Models:
    return Models((CrossingRules(), StubNer()), NOTHING_ALLOWED, (StubMentions(),))


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A site after a run over hostile notes; not to be changed."""
    site = Site(tmp_path_factory.mktemp("site"))
    # The later row of an id is taken, so the earlier revision comes first.
    site.write([HOSTILE[-1], *HOSTILE[:-1]])
    assert site.run(load=load_crossing).status == "complete"
    return site


@pytest.fixture
def site(finished: Site, tmp_path: Path) -> Site:
    """A copy of the finished site, to be changed."""
    for name in ("out", "phi"):
        shutil.copytree(finished.out.with_name(name), tmp_path / name)
    copy = Site(tmp_path)
    copy.notes = finished.notes
    return copy


class Read(HTMLParser):
    """What a page says: its elements, and the texts in its columns as they were before."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.notes: list[dict[str, list[str]]] = []
        self.ids: list[str] = []
        self.open: list[tuple[str, str]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        kind = values.get("class") or ""
        self.tags.append((tag, values))
        if tag not in {"meta", "col"}:
            self.open.append((tag, kind))
        if (tag, kind) == ("section", "note"):
            self.notes.append({"raw": [], "released": [], "number": []})
        if tag == "td" and kind in {"raw", "released"}:
            self.notes[-1][kind].append("")
        if (tag, kind) == ("span", "id"):
            self.ids.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        if ("span", "told") in self.open:
            return
        if ("span", "code") in self.open:
            data = chr(int(data.removeprefix("U+"), 16))
        for tag, kind in self.open:
            if tag == "td" and kind in {"raw", "released"}:
                self.notes[-1][kind][-1] += data
            if (tag, kind) == ("span", "id"):
                self.ids[-1] += data
        if self.notes and ("tbody", "") in self.open and self.open[-1][0] == "th":
            self.notes[-1]["number"].append(data)

    def texts(self, column: str) -> list[str]:
        return ["\n".join(note[column]) for note in self.notes]


def read(page: Path) -> Read:
    return Read(page.read_text("utf-8"))


def lines(text: str) -> str:
    """The text with the one line end that HTML knows."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def test_released_text_is_rebuilt_exactly(finished: Site) -> None:
    rebuilt = {
        note.pseudonym: note.released
        for unit in read_units(Root(finished.phi))
        for note in unit.notes
    }
    assert rebuilt == {row["note_id"]: row["text"] for row in finished.read("note")}
    assert len(rebuilt) == 4
    assert "Seen by [PATIENT] and left.\r\n\r\n\r\n[PATIENT]\rtail\n[PATIENT]\n" in rebuilt.values()


def test_page_shows_both_texts_of_every_note_exactly(site: Site) -> None:
    page = read(write_review(site.phi, 20, 1).page)
    raw_ids = {row["pseudonym"]: row["raw"] for row in site.read("identity_map")}
    released = {raw_ids[row["note_id"]]: lines(row["text"]) for row in site.read("note")}
    raw = {row["note_id"]: lines(row["text"]) for row in HOSTILE[:4]}
    shown = page.ids[0::2]

    assert sorted(shown) == sorted(raw)
    assert dict(zip(shown, page.texts("raw"), strict=True)) == raw
    assert dict(zip(shown, page.texts("released"), strict=True)) == released
    assert [raw_ids[pseudonym] for pseudonym in page.ids[1::2]] == shown


def test_lines_stand_beside_one_another(site: Site) -> None:
    page = read(write_review(site.phi, 20, 1).page)
    note = page.notes[page.ids[0::2].index("raw-crossing")]
    rows = list(zip(note["number"], note["raw"], note["released"], strict=True))
    assert rows == [
        ("1–2", "Seen by ZQXana\nZQXbel and left.", "Seen by [PATIENT] and left."),
        ("3", "", ""),
        ("4", "", ""),
        ("5", "ZQXana", "[PATIENT]"),
        ("6", "tail", "tail"),
        ("7", "ZQXend", "[PATIENT]"),
        ("8", "", ""),
    ]


def test_page_runs_and_loads_nothing(site: Site) -> None:
    page = read(write_review(site.phi, 20, 1).page)
    metas = {
        values.get("http-equiv") or values.get("name"): values["content"]
        for tag, values in page.tags
        if tag == "meta" and "content" in values
    }
    tags = {tag for tag, _ in page.tags}

    assert not {"script", "img", "link", "iframe", "form", "object"} & tags
    assert "default-src 'none'" in str(metas["Content-Security-Policy"])
    assert metas["referrer"] == "no-referrer"
    for tag, values in page.tags:
        assert not {name for name in values if name.startswith("on") or name in {"src", "style"}}
        assert tag != "a" or re.fullmatch(r"#(contents|note-\d+)", str(values["href"]))
    style = (site.phi / "review" / "index.html").read_text("utf-8").split("</style>")[0]
    assert not re.search(r"url\(|@import|https?:", style)


def test_nothing_invisible_is_left(site: Site) -> None:
    html = write_review(site.phi, 20, 1).page.read_text("utf-8")
    assert not set(html) & set("\x00\x1b\x85\u202e\u202c\u200b\ufeff\r")
    assert '<span class="code">U+202E</span>' in html
    assert "\U0001f469\u200d\U0001f467" in html


def test_page_is_private_and_nothing_else_is_left(site: Site) -> None:
    made = write_review(site.phi, 20, 1)
    write_review(site.phi, 20, 2)

    assert made.page == site.phi / "review" / "index.html"
    assert made.page.stat().st_mode & 0o777 == 0o600
    assert made.page.parent.stat().st_mode & 0o777 == 0o700
    assert [path.name for path in made.page.parent.iterdir()] == ["index.html"]
    assert str(made.page) not in repr(made)


def test_same_seed_same_page(site: Site) -> None:
    first = write_review(site.phi, 3, 7).page.read_bytes()
    assert write_review(site.phi, 3, 7).page.read_bytes() == first


def test_command_tells_the_path_and_counts_alone(site: Site) -> None:
    command = ["review", str(site.phi), "--notes", "3", "--out", str(site.out)]
    result = CliRunner().invoke(app, command)

    assert result.exit_code == 0, result.output
    path, counts = result.stdout.splitlines()
    assert Path(path).is_file()
    assert re.fullmatch(r"3 of 4 notes, \d spans, \d to look at first, \d+ words to check", counts)
    assert result.stderr == ""


def test_page_compared_with_out_names_the_run(site: Site) -> None:
    html = write_review(site.phi, 20, 1, out=site.out).page.read_text("utf-8")
    assert "limited_dates" in html
    assert "all notes below are in OUT exactly so" in html
    assert "not compared with OUT" in write_review(site.phi, 20, 1).page.read_text("utf-8")


def change_text(folder: Path, note_id: str, text: str) -> None:
    """Put another text in a note's row, wherever it lies."""
    for path in folder.glob("*.parquet"):
        table = pq.read_table(path)
        rows = [
            row | {"text": text} if row["note_id"] == note_id else row for row in table.to_pylist()
        ]
        pq.write_table(pa.Table.from_pylist(rows, table.schema), path)


def test_out_that_holds_other_texts_is_refused(site: Site) -> None:
    change_text(site.out / "note", site.read("note")[0]["note_id"], "Another text.")
    with pytest.raises(InputError, match=r"1 of the 4 notes .* not in OUT as PHI has them"):
        write_review(site.phi, 20, 1, out=site.out)
    assert not (site.phi / "review").exists()


def test_labels_restrict_the_draw(site: Site) -> None:
    assert write_review(site.phi, 20, 1, ["patient"]).sampled == 3
    with pytest.raises(InputError, match=r"no note has a span labelled DOCTOR.*: PATIENT$"):
        write_review(site.phi, 20, 1, ["DOCTOR"])


def test_folder_without_a_run_is_refused_and_not_made(tmp_path: Path) -> None:
    for make in (lambda phi: None, create_keys):
        make(tmp_path / "phi")
        with pytest.raises(InputError, match=r"PHI holds no run; .*chartsift run"):
            write_review(tmp_path / "phi", 20, 1)
    assert sorted(path.name for path in (tmp_path / "phi").iterdir()) == ["keys"]
    result = CliRunner().invoke(app, ["review", str(tmp_path / "none")])
    assert result.exit_code == ExitCode.INPUT
    assert not (tmp_path / "none").exists()


def test_open_root_is_refused(site: Site) -> None:
    site.phi.chmod(0o750)
    with pytest.raises(SetupError, match="chmod it to 0700"):
        write_review(site.phi, 20, 1)


def test_review_waits_for_no_run(site: Site) -> None:
    with hold(Root(site.phi)), pytest.raises(LockedError, match="another run holds"):
        write_review(site.phi, 20, 1)


def test_run_cut_off_while_it_read_is_refused(site: Site) -> None:
    (site.phi / "staging" / "files.json").unlink()
    with pytest.raises(InputError, match=r"stopped while it read .* until it completes"):
        write_review(site.phi, 20, 1)


@pytest.mark.parametrize("folder", ["phi_span", "staging/note"])
def test_broken_file_is_refused_without_its_content(site: Site, folder: str) -> None:
    for path in (site.phi / folder).glob("*.parquet"):
        path.write_bytes(b"PAR1 ZQXsecret")
    with pytest.raises(InputError, match=r"work unit \d of PHI can't be read") as raised:
        write_review(site.phi, 20, 1)
    assert raised.value.__cause__ is None
    assert raised.value.__context__ is None


def test_notes_that_the_run_did_not_finish_are_counted_not_shown(site: Site) -> None:
    change_text(site.phi / "staging" / "note", "raw-crossing", "ZQX")
    made = write_review(site.phi, 20, 1)

    assert (made.sampled, made.unfinished) == (3, 1)
    assert "read 1 more notes but did not finish" in made.page.read_text("utf-8")


def reviewed(
    note_id: str, words: int, alone: int = 0, agreed: int = 0, label: str = "DATE"
) -> ReviewedNote:
    """A note whose first words are spans: some of one finder, some of two."""
    text = " ".join(["word"] * words)
    found = [
        Replaced(
            PhiSpan(5 * n, 5 * n + 4, label, 1.0, ("ner",) if n < alone else ("rules", "ner")),
            "[DATE]",
        )
        for n in range(alone + agreed)
    ]
    return ReviewedNote(CheckedRow(0, 1, note_id, text=text), "out", 0, cut(text, found), words)


def units(notes: Sequence[ReviewedNote], size: int = 7) -> Iterator[UnitNotes]:
    for start in range(0, len(notes), size):
        yield UnitNotes(tuple(notes[start : start + size]), 0)


def drawn(notes: Sequence[ReviewedNote], size: int, seed: int = 1) -> list[list[str]]:
    """The ids of the notes drawn at random, for disagreement and for sparseness."""
    sample = draw(units(notes), size, seed)
    return [[d.note.note_id for d in sample.drawn if d.reason is reason] for reason in Reason]


def test_half_is_drawn_at_random_and_half_at_risk() -> None:
    plain = [reviewed(f"plain{n}", 100, agreed=5) for n in range(1000)]  # 6 / 150 words
    risky = [
        reviewed("most alone", 150, alone=20, agreed=9),  # 20 / 200 words
        reviewed("some alone", 50, alone=8),  # 8 / 100
        reviewed("all of three words alone", 3, alone=3),  # 3 / 53, by smoothing in third place
        reviewed("bare", 350),  # 1 / 400
        reviewed("bare and long", 950),  # 1 / 1000
        reviewed("bare and short", 3),  # 1 / 53, which is more
    ]
    random, disagreement, sparse = drawn(plain + risky, 9)

    assert len(random) == 5
    assert all(note_id.startswith("plain") for note_id in random)  # 99.4 % of all are
    assert disagreement == ["most alone", "some alone"]
    assert sparse == ["bare and long", "bare"]


def test_seed_decides_the_random_half_and_the_order_of_notes_nothing() -> None:
    notes = [reviewed(f"n{n}", 100, agreed=5) for n in range(60)]
    notes += [reviewed(f"alone{n}", 100, alone=5) for n in range(60)]
    first = drawn(notes, 10, seed=1)

    assert drawn(list(reversed(notes)), 10, seed=1) == first
    assert set(drawn(notes, 10, seed=2)[0]) != set(first[0])


def test_random_half_is_uniform() -> None:
    notes = [reviewed(f"n{n}", 10) for n in range(10)]
    times = Counter(note_id for seed in range(500) for note_id in drawn(notes, 2, seed)[0])
    assert times.total() == 500
    # Each is expected 50 times, with a standard deviation of 6.7.
    assert all(25 < times[note.note_id] < 75 for note in notes)


def test_no_note_is_drawn_twice_and_all_are_if_there_are_few() -> None:
    notes = [reviewed(f"n{n}", 10 + n, alone=n) for n in range(5)]
    ids = [note_id for part in drawn(notes, 20) for note_id in part]
    assert sorted(ids) == ["n0", "n1", "n2", "n3", "n4"]


def test_nothing_to_review_is_said() -> None:
    with pytest.raises(InputError, match="held no note with text"):
        draw([], 20, 1)
    with pytest.raises(InputError, match="finished none of its 3 notes"):
        draw([UnitNotes((), 3)], 20, 1)


TEXT = "Ruth Abney, 47, seen 3/4/2024 in Marlow\nTown."
SPANS = (
    Replaced(PhiSpan(0, 10, "PATIENT", 0.75, ("ner", "rules")), "<Ida> Quint"),
    Replaced(PhiSpan(12, 14, "AGE", 1.0, ("rules", "ner")), "47"),
    Replaced(PhiSpan(21, 29, "DATE", 1.0, ("rules",)), "3/18/2024"),
    Replaced(PhiSpan(33, 44, "CITY", 1.0, ("rules", "ner")), "[CITY]"),
)


def rendered(*notes: tuple[str, Sequence[Replaced]]) -> str:
    all_notes = [
        ReviewedNote(CheckedRow(0, n, f"id{n}", text=text), f"out{n}", 0, cut(text, spans), 9)
        for n, (text, spans) in enumerate(notes)
    ]
    return render(draw(units(all_notes), 20, 1), load_lexicon(), READ, None).html


def marks(html: str, column: str) -> list[tuple[str, str | None, str | None]]:
    body = html.split("<tbody>")[-1]
    cells = "".join(re.findall(rf'<td class="{column}">(.*?)</td>', body, re.DOTALL))
    return [
        (str(values["class"]), values.get("data-label"), values.get("title"))
        for tag, values in Read(cells).tags
        if tag == "mark"
    ]


def test_spans_say_what_they_are() -> None:
    html = rendered((TEXT, SPANS))
    told = [
        "PATIENT; found by ner, rules; score 0.75; released as <Ida> Quint",
        "AGE; found by rules, ner; score 1.00; kept as it is",
        "DATE; found by rules only; score 1.00; released as 3/18/2024",
        "CITY; found by rules, ner; score 1.00; released as [CITY]",
    ]
    assert [title for _, _, title in marks(html, "raw")] == told
    assert [title for _, _, title in marks(html, "released")] == told
    assert (
        '<span class="told"> (AGE; found by rules, ner; score 1.00; kept as it is)</span>' in html
    )


def test_doubtful_and_kept_spans_are_marked_and_what_is_no_tag_is_labelled() -> None:
    found = marks(rendered((TEXT, SPANS)), "released")
    assert [classes for classes, _, _ in found] == [
        "PATIENT doubtful", "AGE kept", "DATE doubtful", "CITY"
    ]  # fmt: skip
    assert [label for _, label, _ in found] == ["PATIENT", "AGE", "DATE", None]


def test_label_without_a_colour_has_the_common_one() -> None:
    span = Replaced(PhiSpan(0, 4, "SITE<CODE", 1.0, ("rules", "ner")), "[SITE<CODE]")
    [(classes, label, _)] = marks(rendered(("Ruth", [span])), "released")
    assert (classes, label) == ("other", None)


def test_legend_counts_spans_by_label_and_finder() -> None:
    html = rendered((TEXT, SPANS))
    assert '<mark class="CITY">CITY</mark><span class="n">1 of 1</span>' in html
    cells = '</th><td class="n">4</td><td class="n">1</td><td class="n">4</td><td class="n">1</td>'
    assert f'<th scope="row">rules{cells}' in html


def test_surrogate_with_line_ends_stays_beside_its_raw_text() -> None:
    spans = [Replaced(PhiSpan(3, 8, "STREET", 1.0, ("rules",)), "1 Elm\r\n2 Oak\n3 Ash")]
    found = list(align(cut("at 9 Fir\nend", spans)))
    assert [(line.first, line.last, len(line.pieces)) for line in found] == [(1, 1, 2), (2, 2, 1)]


def test_spans_that_do_not_fit_are_refused() -> None:
    for spans in ([SPANS[1], SPANS[0]], [replace(SPANS[0], span=PhiSpan(40, 99, "DATE"))]):
        with pytest.raises(ValueError, match="spans overlap, are out of order"):
            cut(TEXT, spans)


def leftovers(text: str, *identifiers: tuple[str, str]) -> list[tuple[str, str]]:
    pieces = [
        piece
        for label, raw in identifiers
        for piece in cut(raw, [Replaced(PhiSpan(0, len(raw), label, 1.0, ("ner",)), "[X]")])
    ]
    suspicion = suspect(pieces, load_lexicon())
    return [(text[f.start : f.end], f.reason) for f in suspicion.find_leftovers(text)]


def test_words_of_identifiers_are_leftovers_elsewhere() -> None:
    known = [("PATIENT", "Dr. Zebulon Rose, MD"), ("MEDICALRECORD", "MRN 004417")]
    assert leftovers("Mr. ZEBULON rose; Rose has zebulon. MD Dr. 004417.", *known) == [
        ("ZEBULON", ELSEWHERE),
        ("Rose", ELSEWHERE),
        ("004417", NUMBER),
    ]
    assert leftovers("Chart 4417.", ("MEDICALRECORD", "4417")) == [("4417", ELSEWHERE)]


def test_words_that_tell_nothing_are_no_leftovers() -> None:
    known = [("HOSPITAL", "General Hospital"), ("DATE", "January 2024"), ("PROFESSION", "Nurse")]
    assert leftovers("General Hospital, January 2024, Nurse", *known) == []


def test_listed_names_and_long_numbers_are_leftovers() -> None:
    text = "Told Margaret of pain, margaret; call 555-0142 or 120/80. Crohn disease, Parkinson."
    assert leftovers(text) == [("Margaret", LISTED), ("555-0142", NUMBER)]


def test_leftovers_are_underlined_in_the_released_text_alone() -> None:
    name = [Replaced(PhiSpan(0, 7, "PATIENT", 1.0, ("rules", "ner")), "[PATIENT]")]
    html = rendered(("Zebulon is well. Zebulon's son.", name))
    assert html.count(f'<u title="Check: {ELSEWHERE}">Zebulon<span class="told">') == 1
    assert '<td class="released"><mark' in html.split("<tbody>")[-1]


def test_rate_that_clean_notes_bound_is_exact() -> None:
    sample = draw(units([reviewed(f"n{n}", 10) for n in range(40)]), 20, 1)
    html = render(sample, load_lexicon(), READ, None).html
    # With a rate of 25.9 %, ten notes are all clean with a probability of 0.741 ** 10 = 0.05.
    assert "fewer than 25.9 % of the 40 notes" in html
    everything = draw(units([reviewed("n", 10)]), 20, 1)
    assert "confidence" not in render(everything, load_lexicon(), READ, None).html
