"""Figures of an evaluation for a model card: small SVG files that read on white and on dark."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from math import sqrt
from pathlib import Path

from pipeline.evaluate.calibration import Bin, Calibration, LabelCalibration, Point
from pipeline.storage.files import Root

RELIABILITY = "reliability.svg"
PRECISION_RECALL = "precision_recall.svg"

_GREY = "#767676"
_COLOURS = ("#d1600f", "#2f81d6", "#1a936f", "#a35cc9")
"""Of labels, in alphabetical order; each has a contrast above 3 to white and to near black."""

_DASHES = ("", "7 3", "2 3", "8 3 2 3")
_SIDE = 200
"""Width and height of a diagram, in pixels."""

_LEFT, _TOP, _BELOW, _GAP = 48, 34, 46, 24


def write_figures(calibration: Calibration, folder: Path) -> tuple[Path, Path]:
    """Write ``reliability.svg`` and ``precision_recall.svg``.

    Args:
        calibration: Of mentions that no model was trained on or calibrated by.
        folder: Where to, an existing folder.

    Returns:
        The two files.
    """
    root = Root(folder, file_mode=0o644)
    reliability, curves = folder / RELIABILITY, folder / PRECISION_RECALL
    root.write_text(reliability, draw_reliability(calibration))
    root.write_text(curves, draw_precision_recall(calibration))
    return reliability, curves


def draw_reliability(calibration: Calibration) -> str:
    """Draw for each label the share of right mentions over their score, as an SVG.

    A dot is a bin of scores, larger the more mentions it holds; the line through it is the 95 %
    interval of its share (Wilson, 1927). Dots on the diagonal mean what they say.
    """
    labels = {name: label for name, label in calibration.labels.items() if label.count}
    told = [_tell_error(name, label) for name, label in labels.items()]
    frame = _Frame("What scores mean", ". ".join(told) or "No mentions", max(1, len(labels)))
    body: list[str] = []
    for place, (name, label) in enumerate(labels.items()):
        body += frame.axes(place, name, "score", "share right" if place == 0 else "")
        body.append(frame.line(place, [(0, 0), (1, 1)], _GREY, dash="3 3"))
        colour = _COLOURS[place % len(_COLOURS)]
        body += _draw_bins(frame, place, label.bins, colour)
        ece = f"ECE {label.ece or 0:.3f}"
        body.append(frame.text(place, 0.97, 0.05, ece, "end"))
    return frame.svg(body)


def draw_precision_recall(calibration: Calibration) -> str:
    """Draw each label's precision over its recall for all thresholds, as an SVG.

    A dot marks the threshold of the best F1.
    """
    labels = {name: label for name, label in calibration.labels.items() if label.curve}
    told = [_tell_best(name, label.best) for name, label in labels.items()]
    frame = _Frame("Precision and recall by threshold", ". ".join(told) or "No mentions", 1, 150)
    body = frame.axes(0, "", "recall", "precision")
    for place, (name, label) in enumerate(labels.items()):
        colour, dash = _COLOURS[place % len(_COLOURS)], _DASHES[place % len(_DASHES)]
        curve = [(point.recall, point.precision) for point in label.curve]
        body.append(frame.line(0, curve, colour, 2, dash))
        if label.best is not None:
            body.append(frame.dot(0, label.best.recall, label.best.precision, 4, colour))
        body += _draw_legend(frame, name, label.best, 0.9 - 0.22 * place, colour, dash)
    return frame.svg(body)


def _draw_bins(frame: _Frame, place: int, bins: Sequence[Bin], colour: str) -> Iterator[str]:
    most = max((one.count for one in bins), default=1)
    for one in bins:
        low, high = _interval(one.share_right, one.count)
        yield frame.line(place, [(one.mean_score, low), (one.mean_score, high)], colour)
        radius = 2 + 5 * sqrt(one.count / most)
        yield frame.dot(place, one.mean_score, one.share_right, radius, colour)


def _draw_legend(
    frame: _Frame, name: str, best: Point | None, y: float, colour: str, dash: str
) -> Iterator[str]:
    """Name a curve to the right of the diagram, with its best F1."""
    yield frame.line(0, [(1.06, y), (1.18, y)], colour, 2, dash)
    yield frame.text(0, 1.22, y - 0.02, name)
    if best is not None:
        yield frame.text(0, 1.22, y - 0.1, f"F1 {best.f1:.3f} at {best.threshold:.2f}")


def _interval(share: float, count: int) -> tuple[float, float]:
    """Return the Wilson interval of a share, at 95 %."""
    z = 1.96
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = sqrt(share * (1 - share) / count + z * z / (4 * count * count)) / (1 + z * z / count) * z
    return max(0.0, middle - half), min(1.0, middle + half)


def _tell_error(name: str, label: LabelCalibration) -> str:
    return (
        f"{name}: {label.count} mentions, mean score {label.mean_score or 0:.3f}, "
        f"share right {label.share_right or 0:.3f}, expected calibration error {label.ece or 0:.3f}"
    )


def _tell_best(name: str, best: Point | None) -> str:
    if best is None:
        return f"{name}: no curve"
    return (
        f"{name}: best F1 {best.f1:.3f} at threshold {best.threshold:.2f}, "
        f"precision {best.precision:.3f}, recall {best.recall:.3f}"
    )


@dataclass(frozen=True, slots=True)
class _Frame:
    """Square diagrams side by side, each from 0 to 1 in both directions.

    Attributes:
        title: For readers of the screen.
        description: The figure in words.
        diagrams: How many.
        margin: Pixels to the right of the last.
    """

    title: str
    description: str
    diagrams: int
    margin: int = 12

    def svg(self, body: Sequence[str]) -> str:
        """Return the whole document."""
        width = _LEFT + self.diagrams * (_SIDE + _GAP) - _GAP + self.margin
        height = _TOP + _SIDE + _BELOW
        return "\n".join(
            [
                f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"'
                f' width="{width}" height="{height}" role="img" aria-labelledby="title desc"'
                f' font-family="system-ui, sans-serif" font-size="12" fill="{_GREY}">',
                f'<title id="title">{escape(self.title)}</title>',
                f'<desc id="desc">{escape(self.description)}.</desc>',
                *body,
                "</svg>\n",
            ]
        )

    def axes(self, place: int, title: str, x: str, y: str) -> list[str]:
        """Draw a diagram's frame, its ticks and names of its axes."""
        left, top = self._at(place, 0, 1)
        lines = [
            f'<rect x="{left:g}" y="{top:g}" width="{_SIDE}" height="{_SIDE}" fill="none"'
            f' stroke="{_GREY}" stroke-opacity=".5"/>',
            self.text(place, 0.5, 1.06, title, "middle", ' font-weight="600"'),
            self.text(place, 0.5, -0.19, x, "middle"),
        ]
        for tick in (0, 0.5, 1):
            lines.append(self.text(place, tick, -0.09, f"{tick:g}", "middle"))
            if place == 0:
                lines.append(self.text(place, -0.03, tick - 0.02, f"{tick:g}", "end"))
            if tick == 0.5:
                lines += [
                    self.line(place, [(tick, 0), (tick, 1)], _GREY, 0.3),
                    self.line(place, [(0, tick), (1, tick)], _GREY, 0.3),
                ]
        across, up = self._at(place, -0.17, 0.5)
        turned = f' transform="rotate(-90 {across:g} {up:g})"'
        lines.append(self.text(place, -0.17, 0.5, y, "middle", turned))
        return [line for line in lines if line]

    def line(
        self,
        place: int,
        points: Sequence[tuple[float, float]],
        colour: str,
        width: float = 1,
        dash: str = "",
    ) -> str:
        """Draw a line through points of a diagram."""
        path = " ".join("{:g},{:g}".format(*self._at(place, x, y)) for x, y in points)
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        return (
            f'<polyline points="{path}" fill="none" stroke="{colour}"'
            f' stroke-width="{width:g}"{dashes}/>'
        )

    def dot(self, place: int, x: float, y: float, radius: float, colour: str) -> str:
        """Draw a dot."""
        across, up = self._at(place, x, y)
        return f'<circle cx="{across:g}" cy="{up:g}" r="{radius:.1f}" fill="{colour}"/>'

    def text(
        self, place: int, x: float, y: float, text: str, anchor: str = "start", more: str = ""
    ) -> str:
        """Write text with its base line at a point; nothing for no text."""
        across, up = self._at(place, x, y)
        if not text:
            return ""
        at = f'x="{across:g}" y="{up:g}" text-anchor="{anchor}"'
        return f"<text {at}{more}>{escape(text)}</text>"

    def _at(self, place: int, x: float, y: float) -> tuple[float, float]:
        """Return a diagram's point in pixels, to tenths."""
        across = _LEFT + place * (_SIDE + _GAP) + x * _SIDE
        return round(across, 1), round(_TOP + (1 - y) * _SIDE, 1)
