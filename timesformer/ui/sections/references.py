"""The papers behind the page, with what each is used for, and how to cite the model."""

from dataclasses import dataclass
from html import escape

from ...i18n import t


@dataclass(frozen=True)
class Paper:
    """A paper; what it is used for is in the catalog's `references.papers`."""

    name: str
    authors: str
    title: str
    place: str
    arxiv: str


PAPERS = (
    Paper("timesformer", "Bertasius, Wang, Torresani",
          "Is Space-Time Attention All You Need for Video Understanding?", "ICML 2021",
          "2102.05095"),
    Paper("rollout", "Abnar, Zuidema", "Quantifying Attention Flow in Transformers", "ACL 2020",
          "2005.00928"),
    Paper("relevance", "Chefer, Gur, Wolf",
          "Generic Attention-model Explainability for Interpreting Bi-Modal and Encoder-Decoder "
          "Transformers", "ICCV 2021", "2103.15679"),
    Paper("gradsam", "Barkan, Hauon, Caciularu, Katz, Malkiel, Armstrong, Koenigstein",
          "Grad-SAM: Explaining Transformers via Gradient Self-Attention Maps", "CIKM 2021",
          "2204.11073"),
    Paper("gradcam", "Selvaraju, Cogswell, Das, Vedantam, Parikh, Batra",
          "Grad-CAM: Visual Explanations from Deep Networks via Gradient-based Localization",
          "ICCV 2017", "1610.02391"),
    Paper("occlusion", "Zeiler, Fergus",
          "Visualizing and Understanding Convolutional Networks", "ECCV 2014", "1311.2901"),
    Paper("deletion", "Petsiuk, Das, Saenko",
          "RISE: Randomized Input Sampling for Explanation of Black-box Models", "BMVC 2018",
          "1806.07421"),
    Paper("attention", "Vaswani and others", "Attention Is All You Need", "NeurIPS 2017",
          "1706.03762"),
    Paper("patches", "Dosovitskiy and others",
          "An Image is Worth 16x16 Words: Transformers for Image Recognition at Scale",
          "ICLR 2021", "2010.11929"),
)  # fmt: skip
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
    """The papers as links, and the BibTeX entry with a button that copies it."""
    papers = "".join(_paper(paper) for paper in PAPERS)
    return (
        '<details class="works" id="references">'
        f"<summary>{escape(t('references.heading'))}</summary>"
        f"<ul>{papers}</ul><p>{escape(t('references.more'))}</p>"
        f"<p>{escape(t('references.cite'))}</p>"
        f'<div class="cite"><pre tabindex="0">{escape(BIBTEX)}</pre>'
        f'<button type="button" data-copied="{escape(t("references.copied"))}">'
        f"{escape(t('references.copy'))}</button></div></details>"
    )


def _paper(paper: Paper) -> str:
    return (
        f"<li>{escape(paper.authors)}, <cite>{escape(paper.title)}</cite>, {escape(paper.place)}, "
        f'<a href="https://arxiv.org/abs/{paper.arxiv}" rel="noopener noreferrer" target="_blank">'
        f"arXiv:{paper.arxiv}</a>. {escape(t(f'references.papers.{paper.name}'))}</li>"
    )
