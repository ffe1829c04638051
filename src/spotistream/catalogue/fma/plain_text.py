"""HTML, as written into descriptions by their authors, to plain text."""

from __future__ import annotations

from html.parser import HTMLParser

_PARAGRAPHS = frozenset(
    ("p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "blockquote", "pre", "hr", "section")
)
_LINES = frozenset(("br", "li", "tr", "dt", "dd"))
_UNSEEN = frozenset(("script", "style", "head", "title", "object", "template"))
_BREAK, _GAP = "\x01", "\x02"


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._unseen: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag in _UNSEEN:
            self._unseen.append(tag)
        self._break(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._unseen:
            del self._unseen[self._unseen.index(tag) :]
        self._break(tag)

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.parts.append(data.replace(_BREAK, " ").replace(_GAP, " "))

    def _break(self, tag: str) -> None:
        if tag in _PARAGRAPHS:
            self.parts.append(_GAP)
        elif tag in _LINES:
            self.parts.append(_BREAK)


def plain_text(markup: str) -> str:
    """The text of HTML: paragraphs apart by an empty line, no tags, scripts or entities, single spaces.

    >>> plain_text("<p>One &amp; two,<br>three.</p><script>four()</script><p>Five</p>")
    'One & two,\\nthree.\\n\\nFive'
    >>> plain_text("1 < 2"), plain_text("<p></p>")
    ('1 < 2', '')
    """
    words = _Words()
    words.feed(markup)
    words.close()
    paragraphs = (_lines(paragraph) for paragraph in "".join(words.parts).split(_GAP))
    return "\n\n".join(filter(None, paragraphs))


def _lines(paragraph: str) -> str:
    return "\n".join(filter(None, (" ".join(line.split()) for line in paragraph.split(_BREAK))))
