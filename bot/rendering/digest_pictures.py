"""The picture beside a digest: its data becomes words and numbers in one language, ready to be drawn."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from bot.rendering.render import Reader
from config.inert import SEAM
from config.texts import END, ISOLATE, Texts
from flows.actions.impact import Scale
from flows.digests.digest import Digest
from flows.digests.picture import Bar, DigestPicture, Shift
from flows.digests.sheet import Telling, called, counted_dimensions, impact_lines, when
from flows.moves import Arg, Lines

MARKS: Final = str.maketrans("", "", ISOLATE + END + SEAM)
"""What sets words apart in a message, to be left out elsewhere."""


@dataclass(frozen=True, slots=True)
class _Words:
    """Texts as one reader reads them, without what sets names apart in a message."""

    texts: Texts
    reader: Reader

    def __call__(self, key: str, args: Mapping[str, Arg] | None = None) -> str:
        who = self.reader
        return self.texts.plain(who.language, key, args or {}, zone=who.zone, default=who.default).translate(
            MARKS
        )

    def name(self, name: Arg) -> str:
        """A name, whatever it is made of."""
        who = self.reader
        label = self.texts.label(who.language, name, zone=who.zone, default=who.default)
        return label.translate(MARKS)


def pictured(
    texts: Texts, digest: Digest, telling: Telling, scales: Mapping[str, Scale], reader: Reader
) -> DigestPicture:
    """What is drawn of a digest; where that is nothing, the picture is empty."""
    words = _Words(texts, reader)
    scale = scales.get(next((action.scale for action in digest.actions if action.scale), ""), Scale(""))
    lowest, highest = (min(scale.steps), max(scale.steps)) if scale.steps else (0, 0)
    period = words(when(digest).key, when(digest).args)
    lines = Lines((*counted_dimensions(digest.heard, telling), *impact_lines(digest.actions, telling)))
    return DigestPicture(
        language=reader.language,
        title=words.name(telling.panel),
        period=period,
        bars=tuple(_bars(digest, telling, words)),
        bars_title=words("digest.bars"),
        shifts=tuple(_shifts(digest, telling, scale, words)),
        shifts_title=words("digest.shifts"),
        before=words("digest.before"),
        after=words("digest.after"),
        scale=(lowest, highest),
        scale_words=(words.name(scale.steps.get(lowest, {})), words.name(scale.steps.get(highest, {})))
        if scale.steps
        else ("", ""),
        new=words("digest.new"),
        few=words("digest.no_number"),
        note=words("digest.note", {"smallest": digest.smallest}) if digest.hides else "",
        alt=words("digest.picture_words", {"panel": telling.panel, "when": when(digest), "lines": lines}),
    )


def _bars(digest: Digest, telling: Telling, words: _Words) -> Iterator[Bar]:
    for each in digest.heard.dimensions:
        yield Bar(words.name(telling.component(each.code)), each.statements, each.is_new)


def _shifts(digest: Digest, telling: Telling, scale: Scale, words: _Words) -> Iterator[Shift]:
    """What the same people said before and after; on one scale alone, so that they can be compared."""
    for action in digest.actions:
        for impact in action.impacts if action.scale == scale.version else ():
            if impact.before is not None and impact.after is not None:
                args = {
                    "title": called(action.title, telling),
                    "component": telling.component(impact.component),
                }
                yield Shift(words("digest.shift", args), impact.before, impact.after, impact.again)
