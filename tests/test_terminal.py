from __future__ import annotations

import io
import json
import threading
from pathlib import Path

import pytest
from rich.console import Console, RenderableType

from pipeline.progress import PlainProgress, RichProgress, format_duration, format_rate
from pipeline.run import Summary
from pipeline.terminal import open_progress, render_summary, summary_json


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def log() -> Console:
    return Console(file=io.StringIO(), width=80)


def screen() -> Console:
    return Console(file=io.StringIO(), width=80, force_terminal=True, color_system=None)


def written(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def last_tally(console: Console) -> str:
    return [line for line in written(console).splitlines() if "notes" in line][-1]


def shown(renderable: RenderableType) -> list[str]:
    console = log()
    console.print(renderable)
    return [line.rstrip() for line in written(console).splitlines()]


@pytest.fixture(autouse=True)
def _terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    for name in ("FORCE_COLOR", "TTY_COMPATIBLE", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)


def test_open_progress_draws_a_bar_only_where_one_can_be_drawn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert isinstance(open_progress(screen()), RichProgress)
    assert isinstance(open_progress(log()), PlainProgress)
    monkeypatch.setenv("TERM", "dumb")
    assert isinstance(open_progress(screen()), PlainProgress)


def test_bar_tells_notes_done_rate_and_time_left() -> None:
    clock, console = Clock(), screen()
    with RichProgress(console, clock) as progress:
        progress.say("reading the input")
        progress.begin(1400)
        clock.now += 30
        progress.advance(100)
        clock.now += 10
        progress.advance(100)
    assert "reading the input" in written(console)
    assert "200/1,400 notes  10.0 notes/s 2 min 00 s left" in last_tally(console)


def test_bar_that_never_began_leaves_no_trace_of_notes() -> None:
    console = screen()
    with RichProgress(console, Clock()) as progress:
        progress.say("reading the input")
    assert "notes" not in written(console)


def test_lines_come_at_most_every_ten_seconds_and_at_the_end() -> None:
    clock, console = Clock(), log()
    with PlainProgress(console, clock) as progress:
        progress.say("reading the input")
        progress.begin(2000)
        for seconds, notes in ((4, 100), (5, 100), (2, 100), (9.9, 100), (0.1, 1600)):
            clock.now += seconds
            progress.advance(notes)
    assert written(console).splitlines() == [
        "reading the input",
        "2,000 notes to do",
        "300 of 2,000 notes, 28.6 notes/s, 1 min 00 s left",  # 200 in 7 s; 1,700 to do
        "2,000 of 2,000 notes, 112 notes/s",  # 1,900 in 17 s
        "2,000 of 2,000 notes in 21 s",
    ]


def test_lines_are_never_wrapped_and_never_markup() -> None:
    console = log()
    with PlainProgress(console) as progress:
        progress.say("[red]" + "x" * 100)
    assert written(console) == "[red]" + "x" * 100 + "\n"


@pytest.mark.parametrize("kind", [RichProgress, PlainProgress])
def test_notes_told_from_many_threads_all_count_and_never_pass_the_total(
    kind: type[RichProgress] | type[PlainProgress],
) -> None:
    console = screen() if kind is RichProgress else log()

    def work() -> None:
        for _ in range(250):
            progress.advance(1)

    with kind(console) as progress:
        progress.begin(2000)
        threads = [threading.Thread(target=work) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        progress.advance(500)  # a unit tried again
    assert "2,000 of 2,000 notes" in last_tally(console).replace("/", " of ")


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.4, "0 s"),
        (59.4, "59 s"),
        (59.6, "1 min 00 s"),
        (125, "2 min 05 s"),
        (3599.6, "1 h 00 min"),
        (7525, "2 h 05 min"),
        (360000, "100 h 00 min"),
    ],
)
def test_format_duration(seconds: float, text: str) -> None:
    assert format_duration(seconds) == text


@pytest.mark.parametrize(("rate", "text"), [(0.04, "0.0"), (12.34, "12.3"), (6483.2, "6,483")])
def test_format_rate(rate: float, text: str) -> None:
    assert format_rate(rate) == text


COMPLETE = Summary(
    run_id="20260102T030405Z-0a1b2c",
    status="complete",
    seconds=100.0,
    counts={
        "rows_read": 1882,
        "ok": 1662,
        "empty": 12,
        "duplicate": 203,
        "quarantined": 5,
        "failed": 1,
        "redone": 1600,
        "words": 812_345,
        "phi": 23_456,
        "mentions": 43_210,
    },
    codes={"null_text": 2, "empty_text": 10, "superseded": 203, "too_long": 4, "stage_failed": 1},
)
INCOMPLETE = Summary(
    run_id="20260102T030405Z-0a1b2c",
    status="incomplete",
    seconds=3.0,
    counts={"rows_read": 30, "ok": 20, "empty": 0, "duplicate": 0, "quarantined": 1},
    codes={"null_id": 1},
    problems=tuple(f"work unit {unit}: OSError [Errno 28]" for unit in range(7)),
)


def test_summary_accounts_for_every_row() -> None:
    lines = shown(render_summary(COMPLETE, Path("demo/out")))
    words = [line.split() for line in lines if line]
    assert lines[0] == "✓ run 20260102T030405Z-0a1b2c complete in 1 min 40 s"
    for row in (
        "ok 1,662 1,600 done by this run, 62 carried over",
        "empty 12",
        "empty_text 10 the text is empty or white space",
        "null_text 2 the text is null",
        "duplicate 203",
        "superseded 203 same id as a later revision that was taken",
        "quarantined 5 not released",
        "stage_failed 1 a stage raised an error",
        "too_long 4 the text is longer than",
        "rows read 1,882",
        "speed 16.0 notes/s, 8,123 words/s",
        "PHI 23,456 spans found",
        "mentions 43,210 found",
        "look chartsift show demo/out",
    ):
        expected = row.split()
        assert any(line[: len(expected)] == expected or row in " ".join(line) for line in words), (
            row
        )
    assert not any("not done" in line for line in lines)
    assert max(map(len, lines)) <= 80


def test_summary_of_an_incomplete_run_tells_what_is_missing_and_what_to_do() -> None:
    lines = shown(render_summary(INCOMPLETE, Path("out")))
    text = " ".join(" ".join(lines).split())
    assert lines[0].startswith("! run 20260102T030405Z-0a1b2c incomplete")
    assert "not done 9 their work units failed" in text
    assert "7 work units failed work unit 0: OSError [Errno 28] work unit 1:" in text
    assert "work unit 4: OSError [Errno 28] and 2 more" in text
    assert "run the same command again" in text
    assert "notes/s" not in text  # nothing was made, so there is no speed to tell


def test_summary_quotes_a_path_and_takes_nothing_in_it_for_markup() -> None:
    text = "\n".join(shown(render_summary(COMPLETE, Path("my [red]out"))))
    assert "note, mention, medication, note_status in my [red]out" in text
    assert "chartsift show 'my [red]out'" in text


def test_summary_json_is_the_whole_summary() -> None:
    assert json.loads(summary_json(INCOMPLETE)) == {
        "run_id": "20260102T030405Z-0a1b2c",
        "status": "incomplete",
        "seconds": 3.0,
        "counts": {"rows_read": 30, "ok": 20, "empty": 0, "duplicate": 0, "quarantined": 1},
        "codes": {"null_id": 1},
        "problems": [f"work unit {unit}: OSError [Errno 28]" for unit in range(7)],
    }
