#!/usr/bin/env python3
"""Renders captures of a terminal (`tmux capture-pane -e -p`) as one SVG: render.py OUT TITLE FILE [TITLE FILE ...]

Knows what tmux writes: SGR colours (16, 256, RGB), bold, italic, underline, reverse. Nothing is fetched; the picture
names fonts that are there or falls back to any monospaced one.
"""

import re
import sys
import unicodedata
from html import escape

CELL, LINE, SIZE = 8.4, 18, 14
GROUND, TEXT, CAPTION = "#14161b", "#e0e2ea", "#9b9ea4"
BASE = ["#07080d", "#ffc0b9", "#b3f6c0", "#fce094", "#a6dbff", "#ffcaff", "#8cf8f7", "#eef1f8"]
BRIGHT = ["#4f5258", "#ffc0b9", "#b3f6c0", "#fce094", "#a6dbff", "#ffcaff", "#8cf8f7", "#eef1f8"]
SGR = re.compile(r"\x1b\[([0-9;:]*)m")
OTHER = re.compile(r"\x1b(?:\][^\x07\x1b]*(?:\x07|\x1b\\)|[()][A-Z0-9]|\[[0-9;?]*[A-Za-ln-z])|[\x0e\x0f]")


def indexed(n):
    """The colour of a number of the 256-colour table."""
    if n < 16:
        return (BASE + BRIGHT)[n]
    if n >= 232:
        return "#" + f"{8 + 10 * (n - 232):02x}" * 3
    steps = [0, 95, 135, 175, 215, 255]
    n -= 16
    return "#" + "".join(f"{steps[part]:02x}" for part in (n // 36, n // 6 % 6, n % 6))


class Style:
    """What the next cells look like."""

    def __init__(self):
        self.fg = self.bg = None
        self.bold = self.italic = self.underline = self.reverse = False

    def take(self, codes):
        """Follows one SGR sequence."""
        codes = [int(code or 0) for code in re.split("[;:]", codes)]
        while codes:
            code = codes.pop(0)
            if code == 0:
                self.__init__()
            elif code in (38, 48):
                kind = codes.pop(0)
                colour = indexed(codes.pop(0)) if kind == 5 else "#%02x%02x%02x" % tuple(codes[:3])
                if kind == 2:
                    del codes[:3]
                setattr(self, "fg" if code == 38 else "bg", colour)
            elif 30 <= code <= 37 or 90 <= code <= 97:
                self.fg = (BASE if code < 90 else BRIGHT)[code % 10]
            elif 40 <= code <= 47 or 100 <= code <= 107:
                self.bg = (BASE if code < 100 else BRIGHT)[code % 10]
            elif code in (39, 49):
                setattr(self, "fg" if code == 39 else "bg", None)
            elif code in (1, 3, 4, 7, 22, 23, 24, 27):
                name = {1: "bold", 2: "bold", 3: "italic", 4: "underline", 7: "reverse"}[code % 20]
                setattr(self, name, code < 20)

    def colours(self):
        """Text and ground, reversed if so."""
        pair = (self.fg or TEXT, self.bg)
        return (pair[1] or GROUND, pair[0]) if self.reverse else pair


def runs(line):
    """The parts of a line that look the same: column, text, attributes."""
    style, column, at = Style(), 0, 0
    line = OTHER.sub("", line)
    for match in list(SGR.finditer(line)) + [None]:
        text = line[at : match.start() if match else len(line)]
        if text:
            yield column, text, style.colours(), (style.bold, style.italic, style.underline)
            column += sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
        if match:
            style.take(match[1])
            at = match.end()


def panel(lines, top, width):
    """One capture as SVG elements."""
    out = []
    for row, line in enumerate(lines):
        y = top + row * LINE
        for column, text, (fg, bg), (bold, italic, underline) in runs(line):
            x = 16 + column * CELL
            if bg:
                wide = min(len(text) * CELL, width - 32 - column * CELL)
                out.append(f'<rect x="{x:.1f}" y="{y}" width="{wide:.1f}" height="{LINE}" fill="{bg}"/>')
            if text.strip():
                # Spaces at the ends of a text are dropped by some renderers.
                x += (len(text) - len(text.lstrip(" "))) * CELL
                text = text.strip(" ")
                looks = (' font-weight="bold"' * bold) + (' font-style="italic"' * italic)
                looks += ' text-decoration="underline"' * underline
                length = f'textLength="{len(text) * CELL:.1f}" lengthAdjust="spacingAndGlyphs"'
                out.append(f'<text x="{x:.1f}" y="{y + 13.5}" fill="{fg}" {length}{looks}>{escape(text)}</text>')
    return out


def main(out, *arguments):
    """Stacks the captures, each below its title."""
    titles, files = arguments[::2], arguments[1::2]
    captures = []
    for name in files:
        with open(name, encoding="utf-8") as file:
            captures.append([line for line in file.read().rstrip("\n").split("\n")])
    columns = max(len(OTHER.sub("", SGR.sub("", line))) for lines in captures for line in lines)
    width, y, body = round(32 + columns * CELL), 12, []
    for title, lines in zip(titles, captures):
        body.append(f'<text x="16" y="{y + 14}" fill="{CAPTION}" font-style="italic">{escape(title)}</text>')
        y += 28
        body += panel(lines, y, width)
        y += len(lines) * LINE + 20
    fonts = "'DejaVu Sans Mono', Menlo, Consolas, monospace"
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {y}" width="{width}" height="{y}"'
    style = f'font-family="{fonts}" font-size="{SIZE}" xml:space="preserve"'
    with open(out, "w", encoding="utf-8") as file:
        file.write(f'{head} {style}>\n<rect width="100%" height="100%" rx="8" fill="{GROUND}"/>\n')
        file.write("\n".join(body) + "\n</svg>\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
