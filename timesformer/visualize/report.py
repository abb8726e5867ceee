"""Report of an explanation: one HTML file that works without a server and a network."""

import base64
import json
from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path
from typing import Any

from ..explain import Explanation, Prediction
from ..i18n import format_number, label_text, language, t
from ..paths import WEB_FOLDER
from ..video.clip import Clip
from .captions import TOP_K
from .explorer import arithmetic_html
from .javascript import catalog_html, join_modules
from .strip import strip_html

STYLES = ("page.css", "architecture.css", "explorer.css", "report.css")
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; img-src data: blob:; media-src data:; "
    "style-src 'unsafe-inline'; script-src 'unsafe-inline'"
)


def write_html(
    file: Path,
    clip: Clip,
    explanation: Explanation,
    *,
    record: Mapping[str, Any],
    overlay: Path,
    smooth: bool = False,
    explorer: str = "",
    queries: bytes | None = None,
) -> None:
    """Write labels, video, frames with heatmaps, curve, and the record of an explanation.

    `record` is the result of `record_of`; `overlay` is an MP4. With `queries`, the result of
    `queries_file`, the report contains the `explorer`.
    """
    best = explanation.predictions[0]
    body = (
        f"<header><h1>{escape(t('report.title', label=label_text(best.label)))}</h1>"
        f'<p>{escape(t("report.lead"))}</p></header><main><div class="answer">'
        f"{_labels(explanation)}{_video(overlay)}</div>"
        f"{strip_html(clip, explanation, smooth=smooth, remarks=_remarks(explanation, record))}"
        f"{_explorer(explorer, queries) if queries else ''}{_record(record, explanation)}</main>"
    )
    file.write_text(_page(t("report.title", label=label_text(best.label)), body), "utf-8")


def _page(title: str, body: str) -> str:
    return (
        f'<!doctype html>\n<html lang="{language().code}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta http-equiv="Content-Security-Policy" content="{CONTENT_SECURITY_POLICY}">'
        f"<title>{escape(title)}</title><style>{_styles()}</style></head>"
        f"<body>{body}</body></html>\n"
    )


def _labels(explanation: Explanation) -> str:
    bars = "".join(map(_label, explanation.predictions[:TOP_K]))
    title = escape(t("report.predictions"))
    return f'<section><h2>{title}</h2><ol class="labels">{bars}</ol></section>'


def _label(prediction: Prediction) -> str:
    text = t("report.label", label=label_text(prediction.label), probability=prediction.probability)
    return f'<li style="--share:{prediction.share:.4f}">{escape(text)}</li>'


def _video(overlay: Path) -> str:
    video = base64.b64encode(overlay.read_bytes()).decode()
    return (
        f"<section><h2>{escape(t('report.overlay'))}</h2><video controls loop muted playsinline "
        f'aria-label="{escape(t("report.overlay"))}" src="data:video/mp4;base64,{video}"></video>'
        f"<p>{escape(t('report.video'))}</p></section>"
    )


def _remarks(explanation: Explanation, record: Mapping[str, Any]) -> tuple[str, ...]:
    check = (record["check"]["summary"],) if "check" in record else ()
    return (record["summary"], *check, t(f"methods.{explanation.method}.caveat"))


def _explorer(explorer: str, queries: bytes) -> str:
    """Return the explorer with its data and its scripts."""
    numbers = base64.b64encode(queries).decode()
    return (
        f"{catalog_html()}{explorer}{arithmetic_html()}"
        f'<script type="text/plain" id="queries">{numbers}</script>'
        f'<script type="module">{join_modules(WEB_FOLDER / "js", "report")}</script>'
    )


def _record(record: Mapping[str, Any], explanation: Explanation) -> str:
    rows = "".join(
        f"<dt>{escape(t(f'report.rows.{name}'))}</dt><dd>{escape(value)}</dd>"
        for name, value in _rows(record, explanation)
        if value
    )
    full = json.dumps(record, indent=1, ensure_ascii=False)
    return (
        f'<section class="made"><h2>{escape(t("report.made"))}</h2><dl>{rows}</dl>'
        f"<details><summary>{escape(t('report.all'))}</summary>"
        f'<pre tabindex="0">{escape(full)}</pre></details></section>'
    )


def _rows(record: Mapping[str, Any], explanation: Explanation) -> Iterator[tuple[str, str]]:
    yield "model", record["model"]
    yield "scheme", t(f"schemes.{record['scheme']}")
    yield "method", t(f"methods.{explanation.method}.name")
    yield "labels", ", ".join(map(label_text, record["labels"]))
    yield "times", "; ".join(format_number(time, ".2f") for time in record["times"])
    yield "part", t("report.part", **record["box"])
    yield "grid", ", ".join(map(str, record["grid"]))
    yield "weights", record["weights"]
    versions = (f"{name} {version}" for name, version in record["versions"].items())
    yield "versions", ", ".join((*versions, record["processor"]))
    yield "notes", " ".join(record["notes"])


def _styles() -> str:
    return "\n".join((WEB_FOLDER / "css" / name).read_text("utf-8") for name in STYLES)
