"""Where things stand: from an offset in a paragraph's content back to line and column of the file.

markdown-it gives an inline token its content and its first line only. But each line of the content is the
tail of its source line (blanks at its end aside), so the columns can be found again, and only when asked for.
"""

from __future__ import annotations

from bisect import bisect_right

from markdown_it.token import Token


class Places:
    """The source's lines; the first one is line `first_line` of its file."""

    def __init__(self, source: str, first_line: int) -> None:
        self._lines = source.split("\n")
        self._first = first_line

    def line(self, number: int) -> str:
        """Return the text of the source's line `number`, from 0."""
        return self._lines[number] if number < len(self._lines) else ""

    def index(self, line: int) -> int:
        """Return the number of the file's line `line` in the source, from 0."""
        return line - self._first

    def line_at(self, spot: tuple[int, int]) -> str:
        """Return the text of the line in which `spot` is."""
        return self.line(spot[0] - self._first)

    def spot(self, line: int, column: int) -> tuple[int, int]:
        """Return line and column of the file for a line and column of the source that count from 0."""
        return self._first + line, column + 1

    def of(self, inline: Token) -> InlinePlaces:
        """Return the places of what stands in `inline`; a snippet's are all where it is `pinned`."""
        if "pinned" in inline.meta:
            return PinnedPlaces(self, *inline.meta["pinned"])
        first = inline.map[0] if inline.map else 0
        contents = inline.content.split("\n")
        if "column" in inline.meta:
            margins = [inline.meta["column"]]
        else:
            margins = [margin(self.line(first + i), content) for i, content in enumerate(contents)]
        return InlinePlaces(self, first, contents, margins, inline.meta.get("dropped", ()))


class InlinePlaces:
    """The places of one inline token's content; `margins` are the columns at which its lines start."""

    def __init__(
        self, places: Places, first: int, contents: list[str], margins: list[int], dropped: tuple[int, ...]
    ) -> None:
        self._places = places
        self._first = first
        self._margins = margins
        self._dropped = dropped
        self._starts = [0]
        for content in contents[:-1]:
            self._starts.append(self._starts[-1] + len(content) + 1)

    def spot(self, offset: int) -> tuple[int, int]:
        """Return line and column of the file for the content's `offset`."""
        line = bisect_right(self._starts, offset) - 1
        offset += bisect_right(self._dropped, offset)
        return self._places.spot(self._first + line, self._margins[line] + offset - self._starts[line])

    def width(self, offset: int, width: int) -> int:
        """Return how much of the `width` characters from `offset` on stands in the same line, at least one."""
        line = bisect_right(self._starts, offset)
        end = self._starts[line] - 1 if line < len(self._starts) else offset + width
        return max(1, min(width, end - offset))

    def indented(self, tex: str, offset: int) -> str:
        """Return `tex` from `offset` with its lines' columns restored, so that they are the file's."""
        lines = tex.split("\n")
        line = bisect_right(self._starts, offset) - 1
        margins = self._margins[line + 1 : line + len(lines)]
        return "\n".join([lines[0], *(" " * margin + text for margin, text in zip(margins, lines[1:], strict=True))])


class PinnedPlaces(InlinePlaces):
    """The places of a text that stands elsewhere: all of it is at one spot."""

    def __init__(self, places: Places, line: int, column: int) -> None:
        super().__init__(places, line, [""], [column], ())
        self._spot = places.spot(line, column)

    def spot(self, offset: int) -> tuple[int, int]:
        """Return the spot."""
        return self._spot

    def indented(self, tex: str, offset: int) -> str:
        """Return `tex` as it is."""
        return tex


def margin(source: str, content: str) -> int:
    """Return the column (from 0) at which `content` starts in its source line.

    It is the line's tail, or, in a heading, the tail but for closing `#`s and attributes, or, in a title, somewhere.
    """
    content = content.rstrip()
    source = source.rstrip()
    if source.endswith(content):
        return len(source) - len(content)
    if content[:1].isspace():  # blanks that stand for a part of a tab
        bare = content.lstrip()
        return margin(source, bare) - (len(content) - len(bare))
    return max(source.rfind(content), 0)
