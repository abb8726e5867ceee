"""What somebody asks of the page, and the line in which it is answered at once."""

from dataclasses import dataclass
from html import escape

from ..explain import METHODS, Target
from ..i18n import t


def status(
    sentence: str, *, stage: float | None = None, fault: bool = False, more: str = ""
) -> str:
    """The line over the answer, with a bar while `stage` (0..1) tells how far the work is.

    `more` are attributes, escaped.
    """
    bar = "" if stage is None else f'<progress max="1" value="{stage}"></progress>'
    role = "alert" if fault else "status"
    return f'<div class="status" role="{role}"{more}>{bar}<span>{escape(sentence)}</span></div>'


def sent_again(button: str) -> str:
    """The line while a clip whose file is gone is on its way once more, by the page's script.

    Then `button` is pressed for the visitor; where the script has the clip no more, it says so.
    """
    more = f' data-again="{button}" data-gone="{escape(t("errors.server.clip_gone"))}"'
    return status(t("status.reading"), stage=0.3, more=more)


@dataclass(frozen=True)
class Asked:
    """What somebody wants to know, in the order of the page's inputs."""

    path: str | None
    choice: str
    method: str
    start: float | None
    smooth: bool
    about: str | None = None
    than: str | None = None

    @property
    def target(self) -> Target | None:
        """The label to explain, or two for a contrast; None for the likeliest, or no label."""
        method = METHODS.get(self.method)
        if method is None or not method.is_class_specific or not self.about:
            return None
        return (self.about, self.than) if self.than else self.about
