"""The header with tabs, model and languages, and what the modules need to know of the models."""

import json
from collections.abc import Iterator, Sequence
from html import escape
from typing import Any

from ...checkpoints.registry import LICENCE, find_published
from ...explain import METHODS, best_method
from ...i18n import DEFAULT_LANGUAGE, LANGUAGES, language, section, t
from ...visualize.overlay import colour_table
from .. import model_choices
from ..server import limits

TABS = ("see", "experiment", "explore", "lessons", "how")


def header_html(models: Sequence[str], *, any_model: bool) -> str:
    """Return the header in the current language."""
    tabs = "".join(
        f'<button type="button" data-tab="{name}">{escape(t(f"tabs.{name}"))}</button>'
        for name in TABS
    )
    options = "".join(_model_options(models))
    other = f'<option value="">{escape(t("header.other_model"))}</option>' if any_model else ""
    model = escape(t("page.model"))
    return (
        '<header class="top"><b>TimeSformer</b>'
        f'<nav aria-label="{escape(t("header.tabs"))}">{tabs}</nav><div class="tools">'
        f'<select id="model" aria-label="{model}" title="{model}">{options}{other}</select>'
        f'<details class="languages"><summary aria-label="{escape(t("header.languages"))}">'
        f"{language().code.upper()}</summary><div>{_languages()}</div></details>"
        f'<button type="button" data-do="present" aria-pressed="false">'
        f"{escape(t('header.present'))}</button></div></header>"
        '<div id="current-clip"><img alt=""><span></span>'
        f'<button type="button" data-tab="see">{escape(t("header.clip"))}</button></div>'
    )


def other_model_html() -> str:
    """Return the dialog in which a visitor names a model of the Hub."""
    name = escape(t("header.name_model", gigabytes=limits.MAX_MODEL_BYTES / 1e9))
    return (
        f'<dialog id="other-model"><form method="dialog"><label>{name}<input type="text" '
        f'autocomplete="off" spellcheck="false"></label><button value="ok">'
        f'{escape(t("header.choose_model"))}</button><button value="cancel">'
        f"{escape(t('stage.cancel'))}</button></form></dialog>"
    )


def known_data(models: Sequence[str]) -> str:
    """Return JSON of what the modules need before the first answer: methods, models, colours."""
    known: dict[str, Any] = {
        "methods": {name: method.is_class_specific for name, method in METHODS.items()},
        "models": {name: model_data(name) for name in models},
        "unmeasured": best_method(()),
        "slow": [name for name, method in METHODS.items() if method.is_slow],
        "colours": colour_table().tobytes().hex(),
    }
    return json.dumps(known, ensure_ascii=False)


def model_data(name: str) -> dict[str, Any]:
    """Return the best method of a model, and its methods and seconds where they are known."""
    config = model_choices.known_config(name)
    methods = [
        method for method, row in METHODS.items()
        if config is None or config.attention_type in row.schemes
    ]  # fmt: skip
    return {"method": model_choices.best_method(name), "methods": methods,
            "seconds": model_choices.known_seconds(name)}  # fmt: skip


def _model_options(models: Sequence[str]) -> Iterator[str]:
    """Yield the options of models, those that have to be downloaded in a group of their own."""
    for heading, is_published in (("", False), (t("page.published_models"), True)):
        options = "".join(
            f'<option value="{escape(name)}">{escape(_model_text(name))}</option>'
            for name in models
            if (find_published(name) is not None) == is_published
        )
        if options and heading:
            options = f'<optgroup label="{escape(heading)}">{options}</optgroup>'
        yield options


def _model_text(name: str) -> str:
    published = find_published(name)
    if published is None:
        if name not in section("embedded"):
            return name
        return t("page.embedded_choice", name=name, description=t(f"embedded.{name}"))
    return t(
        "page.published_choice",
        name=name,
        num_labels=published.num_labels,
        num_frames=published.num_frames,
        size=published.size,
        licence=LICENCE,
    )


def _languages() -> str:
    """Return links to the page in every language."""
    current = {language().code: ' aria-current="page"'}
    return "".join(
        f'<a href="{page_of(code)}" lang="{code}" hreflang="{code}"{current.get(code, "")}>'
        f"{escape(catalog.name)}</a>"
        for code, catalog in LANGUAGES.items()
    )


def page_of(code: str) -> str:
    """Return the address of the page in a language, relative to any other language."""
    return "./" if code == DEFAULT_LANGUAGE else code
