"""The table of explanation methods.

The command line, the page and the evaluation read METHODS. Keys of the catalogs are
`methods.NAME` and `references.papers.NAME`.
"""

import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor

from ..models.timesformer import TimesformerForVideoClassification
from ..progress import Progress, ignore_progress
from .attention import attention, time_attention
from .gradcam import gradcam
from .gradsam import gradsam
from .libra import libra, libra_pointed
from .moved import moved
from .occlusion import MAX_CELLS, occlusion
from .relevance import relevance
from .rollout import rollout
from .sharper import SHIFTS, sharpen
from .target import most_likely, target_weights
from .types import Heatmap, Options, Paper

ALL_SCHEMES = frozenset({"divided_space_time", "joint_space_time", "space_only"})
OF_A_CLASS = frozenset({"target", "negative"})


@dataclass(frozen=True)
class Method:
    """An explanation method: `function(model, pixel_values, **options)` returns a Heatmap.

    options: fields of `Options` that the function takes. schemes: attention types it works with.
    variants: options that the evaluation measures besides the defaults, by name. num_predictions:
    upper bound for a clip of T frames; a function with more than one also takes `on_progress`.
    on_page: False for methods that are the best at nothing that was measured.
    """

    function: Callable[..., Heatmap]
    options: frozenset[str]
    paper: Paper | None = None
    schemes: frozenset[str] = ALL_SCHEMES
    variants: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    num_predictions: Callable[[int], int] = lambda T: 1
    on_page: bool = True

    @property
    def is_class_specific(self) -> bool:
        """True if the heatmap explains a class, so that another class has another heatmap."""
        return "target" in self.options

    @property
    def is_slow(self) -> bool:
        """True if a heatmap takes many predictions."""
        return self.num_predictions(1) > 1

    def explain(
        self,
        model: TimesformerForVideoClassification,
        pixel_values: Tensor,
        arguments: Mapping[str, object],
        on_progress: Progress,
    ) -> Heatmap:
        """Call the function with keyword `arguments`, and with `on_progress` if it takes that."""
        progress = {"on_progress": on_progress} if self.is_slow else {}
        return self.function(model, pixel_values, **arguments, **progress)


METHODS: Mapping[str, Method] = {
    "rollout": Method(
        rollout, frozenset({"patch", "heads", "norm_aware"}),
        Paper("Abnar, Zuidema", "Quantifying Attention Flow in Transformers", "ACL 2020",
              "2005.00928"),
        variants={"norm-aware": {"norm_aware": True}},
    ),
    "attention": Method(attention, frozenset({"patch", "heads", "block"})),
    "time-attention": Method(
        time_attention, frozenset({"patch", "heads", "block"}),
        schemes=frozenset({"divided_space_time"}), on_page=False,
    ),
    "relevance": Method(
        relevance, OF_A_CLASS,
        Paper("Chefer, Gur, Wolf",
              "Generic Attention-model Explainability for Interpreting Bi-Modal and "
              "Encoder-Decoder Transformers", "ICCV 2021", "2103.15679"),
        on_page=False,
    ),
    "gradsam": Method(
        gradsam, OF_A_CLASS,
        Paper("Barkan, Hauon, Caciularu, Katz, Malkiel, Armstrong, Koenigstein",
              "Grad-SAM: Explaining Transformers via Gradient Self-Attention Maps", "CIKM 2021",
              "2204.11073"),
    ),
    "gradcam": Method(
        gradcam, OF_A_CLASS,
        Paper("Selvaraju, Cogswell, Das, Vedantam, Parikh, Batra",
              "Grad-CAM: Visual Explanations from Deep Networks via Gradient-based Localization",
              "ICCV 2017", "1610.02391"),
        on_page=False,
    ),
    "libra": Method(
        libra, OF_A_CLASS,
        Paper("Mehri, Baghshah, Pilehvar",
              "LibraGrad: Balancing Gradient Flow for Universally Better Vision Transformer "
              "Attributions", "CVPR 2025", "2411.16760"),
    ),
    "libra-pointed": Method(libra_pointed, OF_A_CLASS),
    "moved": Method(moved, OF_A_CLASS, num_predictions=lambda T: 2 * T + 3),
    "occlusion": Method(
        occlusion, OF_A_CLASS,
        Paper("Zeiler, Fergus", "Visualizing and Understanding Convolutional Networks",
              "ECCV 2014", "1311.2901"),
        num_predictions=lambda T: math.prod(MAX_CELLS), on_page=False,
    ),
}  # fmt: skip


# Methods where none were measured: the most faithful of `motion`, and one for each option.
UNMEASURED = ("libra", "rollout", "attention")


def best_method(
    ranking: Iterable[str], scheme: str | None = None, given: Collection[str] = ()
) -> str:
    """Return the first method of a ranking that fits, or else the first of UNMEASURED.

    It fits if it works with an attention scheme and takes all options whose names are `given`.
    """
    names = [name for name in (*ranking, *UNMEASURED) if name in METHODS]
    fitting = (
        name for name in names
        if set(given) <= METHODS[name].options and scheme in {None, *METHODS[name].schemes}
    )  # fmt: skip
    return next(fitting, names[0])


@torch.inference_mode(False)  # a tensor made in inference mode takes no gradients
def explain(
    model: TimesformerForVideoClassification,
    pixel_values: Tensor,
    options: Options,
    *,
    labels: Sequence[str],
    on_progress: Progress = ignore_progress,
) -> Heatmap:
    """Return the logits and heatmaps of pixel values (B, T, C, H, W) by the method of `options`.

    With `sharper` the heatmaps are (B, T, 4*N), of quarters of patches.
    Raises ValueError for options that do not fit the method, the labels or the clip.
    """
    method = _method_of(options)
    arguments = {name: getattr(options, name) for name in method.options}
    if options.target is not None:
        arguments["target"] = target_weights(options.target, labels).to(pixel_values)
    if not options.sharper:
        return method.explain(model, pixel_values, arguments, on_progress)

    def compute(clips: Tensor, number: int) -> Heatmap:
        def counted(done: int, total: int | None) -> None:
            on_progress(number * (total or 0) + done, total and len(SHIFTS) * total)

        heatmap = method.explain(model, clips, arguments, counted)
        if not method.is_slow:
            on_progress(number + 1, len(SHIFTS))
        if method.is_class_specific and arguments["target"] is None:  # one class for all shifts
            arguments["target"] = most_likely(heatmap.logits)
        return heatmap

    return sharpen(compute, pixel_values, model.config)


def _method_of(options: Options) -> Method:
    """Return the method. Raises ValueError for an unknown one, or an option it does not take."""
    name = options.method
    if not isinstance(name, str) or name not in METHODS:
        raise ValueError(f"method is {name!r}; choose one of {', '.join(METHODS)}")
    takes = METHODS[name].options
    if others := sorted(options.given - takes):
        raise ValueError(f"{name} takes no {others[0]}, only {', '.join(sorted(takes))}")
    return METHODS[name]


def class_methods() -> list[str]:
    """Return the names of the methods that explain a class."""
    return [name for name, method in METHODS.items() if method.is_class_specific]
