"""The words of an HTML mail. Nothing of its markup is ever shown: a link's address is written beside its words."""

import re
from html.parser import HTMLParser

import nh3

_TAGS = {"p", "div", "br", "hr", "tr", "td", "th", "table", "ul", "ol", "li", "blockquote", "pre", "a"} | {
    f"h{level}" for level in range(1, 7)
}
_BLOCKS = _TAGS - {"a", "br", "td", "th", "li"}
_SPACE = re.compile(r"[ \t\r\n\f\v\xa0]+")


def text_of_html(html: str) -> str:
    """The text, with lines where the page had them; scripts, styles, forms and pictures are gone."""
    clean = nh3.clean(
        html,
        tags=_TAGS,
        clean_content_tags={"script", "style", "title", "template", "noscript", "head"} - _TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel=None,
    )
    reader = _Reader()
    reader.feed(clean)
    reader.close()
    lines = (_SPACE.sub(" ", line).strip() for line in "".join(reader.parts).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._links: list[tuple[str, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self.parts.append("\n")
        elif tag == "li":
            self.parts.append("\n- ")
        elif tag in {"td", "th"}:
            self.parts.append(" ")
        elif tag == "a":
            self._links.append((dict(attrs).get("href") or "", len(self.parts)))
        elif tag in _BLOCKS:
            self.parts.append("\n\n" if tag in {"p", "table", "ul", "ol", "pre", "blockquote"} else "\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._links:
            address, start = self._links.pop()
            words = "".join(self.parts[start:]).strip()
            if address and address.removeprefix("mailto:") != words and address.rstrip("/") != words.rstrip("/"):
                self.parts.append(f" ({address})" if words else address)
        elif tag in _BLOCKS:
            self.parts.append("\n\n" if tag in {"p", "table", "pre", "blockquote"} else "\n")

    def handle_data(self, data: str) -> None:
        self.parts.append(_SPACE.sub(" ", data))
