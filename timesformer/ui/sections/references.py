"""Section with the papers behind the page, the use of each, and a BibTeX entry of the model."""

from collections.abc import Mapping
from html import escape

from ...explain import METHODS, Paper
from ...i18n import t
from ...visualize.overlay import COLOURS

# Keys are those under `references.papers` in the catalogs, which say what each paper is used for.
PAPERS: Mapping[str, Paper] = {
    "timesformer": Paper(
        "Bertasius, Wang, Torresani",
        "Is Space-Time Attention All You Need for Video Understanding?", "ICML 2021", "2102.05095",
    ),
    **{name: method.paper for name, method in METHODS.items() if method.paper},
    "deletion": Paper(
        "Petsiuk, Das, Saenko",
        "RISE: Randomized Input Sampling for Explanation of Black-box Models", "BMVC 2018",
        "1806.07421",
    ),
    "attention": Paper(
        "Vaswani and others", "Attention Is All You Need", "NeurIPS 2017", "1706.03762"
    ),
    "patches": Paper(
        "Dosovitskiy and others",
        "An Image is Worth 16x16 Words: Transformers for Image Recognition at Scale", "ICLR 2021",
        "2010.11929",
    ),
}  # fmt: skip
BIBTEX = """\
@inproceedings{bertasius2021spacetime,
  title     = {Is Space-Time Attention All You Need for Video Understanding?},
  author    = {Bertasius, Gedas and Wang, Heng and Torresani, Lorenzo},
  booktitle = {Proceedings of the 38th International Conference on Machine Learning (ICML)},
  year      = {2021},
  eprint    = {2102.05095},
  archivePrefix = {arXiv}
}"""


def references_html() -> str:
    """Return the section: papers as links, and the BibTeX entry with a button that copies it."""
    papers = "".join(_paper(name, paper) for name, paper in PAPERS.items())
    return (
        '<section class="collapsible" id="references">'
        f"<h2>{escape(t('references.heading'))}</h2>"
        f"<ul>{papers}</ul><p>{escape(t('references.more', colours=COLOURS))}</p>"
        f"<p>{escape(t('references.cite'))}</p>"
        f'<div class="cite"><pre tabindex="0">{escape(BIBTEX)}</pre>'
        f'<button type="button" data-copied="{escape(t("references.copied"))}">'
        f"{escape(t('references.copy'))}</button></div></section>"
    )


def _paper(name: str, paper: Paper) -> str:
    return (
        f"<li>{escape(paper.authors)}, <cite>{escape(paper.title)}</cite>, {escape(paper.venue)}, "
        f'<a href="https://arxiv.org/abs/{paper.arxiv}" rel="noopener noreferrer" target="_blank">'
        f"arXiv:{paper.arxiv}</a>. {escape(t(f'references.papers.{name}'))}</li>"
    )
