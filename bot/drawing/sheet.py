"""A sheet of paper for a phone: words, boxes and marks, from the side on which its language begins.

The one file that knows matplotlib. Only the fonts that come with it are used, so that the same data gives the
same bytes wherever it is drawn.
"""

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import matplotlib
from babel import Locale
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, FancyBboxPatch

WIDTH: Final = 1080  # pixels; what telephones show as wide as they are
DOTS: Final = 100  # in an inch
POINT: Final = 72 / DOTS  # points in a pixel
LEADING: Final = 1.3  # from line to line, of the size of a font

_FONTS: Final = Path(matplotlib.get_data_path()) / "fonts/ttf"


@dataclass(frozen=True, slots=True)
class Font:
    """How words are written. DejaVu Sans knows Latin, Greek, Cyrillic and Arabic letters."""

    size: float  # pixels
    bold: bool = False
    colour: str = "#1a1a1a"

    @property
    def leading(self) -> float:
        """Pixels from line to line."""
        return self.size * LEADING

    def properties(self) -> FontProperties:
        """The same for matplotlib."""
        name = "DejaVuSans-Bold.ttf" if self.bold else "DejaVuSans.ttf"
        return FontProperties(fname=_FONTS / name, size=self.size * POINT)


class Sheet:
    """One sheet; `x` is pixels from the side where reading begins, `y` from the top."""

    def __init__(self, language: str) -> None:
        """
        language  BCP 47; tells where reading begins, and how its letters join
        """
        self.is_rtl = Locale.parse(language, sep="-").text_direction == "rtl"
        self._direction = "\N{RIGHT-TO-LEFT MARK}" if self.is_rtl else "\N{LEFT-TO-RIGHT MARK}"
        self._language = language
        self._figure = Figure(dpi=DOTS, facecolor="white")
        canvas: Any = FigureCanvasAgg(self._figure)
        self._renderer = canvas.get_renderer()
        self._page: Any = self._figure.add_axes((0, 0, 1, 1))
        self._page.set_axis_off()

    def width(self, words: str, font: Font) -> float:
        """How wide words are, in pixels."""
        width, _, _ = self._renderer.get_text_width_height_descent(words, font.properties(), ismath=False)
        return float(width)

    def lines(self, words: str, font: Font, room: float) -> list[str]:
        """Words broken into lines no wider than `room`, where spaces allow it."""
        lines: list[str] = []
        for word in words.split():
            longer = f"{lines[-1]} {word}" if lines else word
            if lines and self.width(longer, font) <= room:
                lines[-1] = longer
            else:
                lines.append(word)
        return lines

    def write(self, words: str, font: Font, x: float, y: float, *, at: str = "start") -> None:
        """One line of words whose middle is at height `y`.

        at  what lies at `x`: their start, their middle, or their end
        """
        side = "center" if at == "middle" else "right" if self.is_rtl == (at == "start") else "left"
        self._page.text(
            self._across(x), y, self._direction + words, fontproperties=font.properties(), color=font.colour,
            parse_math=False,
            ha=side, va="center_baseline", language=self._language,
        )  # fmt: skip

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        fill: str,
        *,
        pattern: str = "",
        corner: float = 0,
    ) -> None:
        """A filled box with `x` and `y` at its first upper corner.

        pattern  over the colour: matplotlib's hatches
        corner   radius of its corners
        """
        left = self._across(x + width if self.is_rtl else x)
        shape = f"round,pad=0,rounding_size={corner}" if corner else "square,pad=0"
        box = FancyBboxPatch((left, y), width, height, boxstyle=shape, facecolor=fill, linewidth=0)
        box.set(hatch=pattern, hatchcolor="white", hatch_linewidth=4 * POINT)
        self._page.add_patch(box)

    def line(self, begin: float, end: float, y: float, colour: str, *, thick: float) -> None:
        """A level line from one `x` to another."""
        across = self._across(begin), self._across(end)
        self._page.add_line(Line2D(across, (y, y), color=colour, linewidth=thick * POINT))

    def dot(self, x: float, y: float, radius: float, fill: str, edge: str) -> None:
        """A disc with an edge, before any line."""
        self._page.add_patch(
            Circle(
                (self._across(x), y), radius, facecolor=fill, edgecolor=edge, linewidth=4 * POINT, zorder=3
            )
        )

    def png(self, height: float) -> bytes:
        """The sheet down to `height`, the same bytes for the same contents."""
        self._figure.set_size_inches(WIDTH / DOTS, round(height) / DOTS)
        self._page.set_xlim(0, WIDTH)
        self._page.set_ylim(round(height), 0)
        stream = io.BytesIO()
        self._figure.savefig(stream, format="png", dpi=DOTS, metadata={"Software": None})
        return stream.getvalue()

    def _across(self, x: float) -> float:
        return WIDTH - x if self.is_rtl else x
