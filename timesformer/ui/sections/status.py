"""The status line over the answer."""

from html import escape

from ...i18n import t


def status_html(
    sentence: str, *, stage: float | None = None, is_error: bool = False, attributes: str = ""
) -> str:
    """Return the status line, with a progress bar and "Cancel" if `stage` (0 to 1) is given.

    `attributes` are further HTML attributes, already escaped.
    """
    bar = cancel = ""
    if stage is not None:
        bar = f'<progress max="1" value="{stage}"></progress>'
        cancel = f'<button type="button" data-do="cancel">{escape(t("stage.cancel"))}</button>'
    role = "alert" if is_error else "status"
    return (
        f'<div class="status" role="{role}"{attributes}>{bar}<span>{escape(sentence)}</span>'
        f"{cancel}</div>"
    )


def resend_html(event: str) -> str:
    """Return the status line that makes the page's script upload a deleted clip again.

    The script then repeats the event. If it no longer has the clip, it shows `data-gone`.
    """
    gone = escape(t("errors.server.clip_gone"))
    attributes = f' data-again="{event}" data-gone="{gone}"'
    return status_html(t("status.reading"), stage=0.3, attributes=attributes)
