"""HTML that is checked to be well formed while it is read."""

from html.parser import HTMLParser

VOID = {"br", "img", "input", "meta"}


class _Checker(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data + " "


def text_of(html: str) -> str:
    """Return the text of some HTML. Fail if its tags are not closed in order."""
    checker = _Checker()
    checker.feed(html)
    assert checker.open == []
    return checker.text
