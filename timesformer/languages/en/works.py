"""English: the drawing of a block, the arithmetic of one patch, and the references."""

WORKS = "How it works, number by number"
WORKS_DRAWING = "This model, drawn from the top down. The words beside the drawing say the same."
WORKS_UNKNOWN = (
    "What is inside this model is not known before it is loaded. Choose an embedded or a published "
    "one to see it drawn."
)
WORKS_CLS = "cls"
WORKS_PATCHES = "patches"
WORKS_EMBED = "Pixels to patches"
WORKS_TIME = "Time attention"
WORKS_SPACE = "Space attention"
WORKS_JOINT = "Attention over space and time"
WORKS_MLP = "MLP"
WORKS_CLASSIFIER = "Classifier"
WORKS_NORM = "LayerNorm"
WORKS_MORE = "…"
WORKS_READS = "The outlined patch reads what is filled; the rings above are cls."
WORKS_PLACE = "+ a learned vector for its place"
WORKS_PLACE_AND_TIME = "+ learned vectors for its place and its frame"
WORKS_SOFTMAX = "softmax: logits to probabilities"
WORKS_PAPER = (
    "The paper differs in one thing: by its equation 13 a patch also reads the cls token in time "
    "attention. In the released code, and so in this drawing and in this model, it does not."
)
ACTIVATION_NAMES = {"gelu": "GELU", "gelu_new": "GELU", "relu": "ReLU", "silu": "SiLU"}


def works_model(parameters: int, blocks: int, heads: int, width: int) -> str:
    """What is said of the whole model under the heading."""
    return (
        f"{parameters:,} parameters in {blocks} blocks of {heads} heads. Every token, that is "
        f"every patch and cls, is {width} numbers long from the first block to the last."
    )


def works_blocks(blocks: int) -> str:
    """What stands at the frame that is drawn around a block."""
    return f"a block; {blocks} of them, one after another"


def works_tokens(frames: int, patches: int, width: int) -> str:
    """The shape of the patches, all the way."""
    return f"{frames} frames x {patches} patches x {width} numbers"


def works_pixels(frames: int, height: int, width: int, channels: int) -> str:
    """What goes in."""
    return f"{frames} frames of {height} x {width} pixels, {channels} colours"


def works_patch(height: int, width: int, channels: int, numbers: int) -> str:
    """How a patch becomes a token."""
    return f"each patch: linear, {height} x {width} x {channels} to {numbers} numbers"


def works_cls(numbers: int) -> str:
    """Where the cls token comes from."""
    return f"cls: a learned vector of {numbers}, + one for its place"


def works_cls_of_each(numbers: int, frames: int) -> str:
    """Where the cls tokens come from, where each frame has its own."""
    return f"cls: the same for each of {frames} frames, a learned vector of {numbers}, + its place"


def works_heads(heads: int, numbers: int) -> str:
    """How attention is split."""
    return f"{heads} heads, with queries, keys and values of {numbers} numbers"


def works_time_reads(patches: int, frames: int) -> str:
    """Which tokens read which in time attention."""
    return f"at each of {patches} places, {frames} patches read all {frames}; no cls"


def works_space_reads(frames: int, patches: int) -> str:
    """Which tokens read which in space attention."""
    return f"in each of {frames} frames, 1 + {patches} tokens read all 1 + {patches}"


def works_joint_reads(tokens: int) -> str:
    """Which tokens read which in joint attention."""
    return f"1 + {tokens:,} tokens, of all frames, read all 1 + {tokens:,}"


def works_linear(numbers: int, to: int) -> str:
    """A linear map."""
    return f"linear, {numbers} to {to}"


def works_second_linear(numbers: int, to: int) -> str:
    """The linear map that time attention has beyond any other."""
    return f"one more linear, {numbers} to {to}"


def works_cls_joins(frames: int) -> str:
    """What happens to cls before space attention."""
    return f"cls is copied into each of {frames} frames"


def works_cls_mean(frames: int) -> str:
    """What happens to what the copies of cls read."""
    return f"cls: the mean of its {frames} copies"


def works_cls_means(frames: int) -> str:
    """What happens to the cls tokens of all frames at the end."""
    return f"the mean of the {frames} cls tokens"


def works_mlp(numbers: int, within: int, activation: str) -> str:
    """What the MLP does to each token."""
    return f"linear, {numbers} to {within}; {activation}; linear, {within} to {numbers}"


WORKS_EACH_ALONE = "each token by itself"


def works_classes(numbers: int, labels: int) -> str:
    """The classifier."""
    return f"linear, {numbers} to {labels} labels"


def embed_words(rows: int, columns: int, pixels: tuple[int, int], width: int) -> str:
    """What the drawing shows of the embedding, in words."""
    return (
        f"Each frame is cut into {rows} rows of {columns} patches of {pixels[0]} x {pixels[1]} "
        f"pixels, and one linear map makes {width} numbers of each. So that the model can tell "
        "places apart, a learned vector for the patch's place is added."
    )


EMBED_TIME_WORDS = (
    "Another is added for the frame's time. The cls token, a learned vector that will gather the "
    "answer, has a place of its own, and no time."
)
EMBED_NO_TIME_WORDS = (
    "None is added for time: this model does not know which frame is which. Each frame has its own "
    "copy of the cls token, a learned vector that will gather what the frame says."
)


def time_words(frames: int, numbers: int) -> str:
    """What the drawing shows of time attention, in words."""
    return (
        f"After a LayerNorm each patch reads the {frames} patches at its own place, one in each "
        "frame, itself among them. Its query times a key, divided by the square root of "
        f"{numbers}, is a score; a softmax makes weights of the {frames} scores that sum to 1, and "
        "what is read is the mean of the values by these weights. Two linear maps follow, of which "
        "only time attention has the second, and the outcome is added to the patch. The cls token "
        "passes by: it reads nothing here, and nothing reads it."
    )


def divided_space_words(frames: int, patches: int) -> str:
    """What the drawing shows of space attention in divided attention, in words."""
    return (
        f"The cls token is copied into all {frames} frames. In each frame, after a LayerNorm, the "
        f"copy and the {patches} patches, which have just read through time, read each other. What "
        f"a patch read is added to the patch; what the {frames} copies read is averaged, and added "
        "to the one cls token."
    )


def space_only_words(frames: int, patches: int) -> str:
    """What the drawing shows of space attention where there is nothing else, in words."""
    return (
        f"In each of the {frames} frames, after a LayerNorm, its cls token and its {patches} "
        "patches read each other, and what each has read is added to it. No frame reads another, "
        "in any block."
    )


def joint_words(tokens: int) -> str:
    """What the drawing shows of joint attention, in words."""
    return (
        f"After a LayerNorm all {tokens:,} patches of all frames, and the cls token, read each "
        "other, and what each has read is added to it. There is no time attention apart."
    )


def mlp_words(width: int, within: int, activation: str) -> str:
    """What the drawing shows of the MLP, in words."""
    return (
        f"After a LayerNorm each token is worked on by itself: from {width} numbers to {within}, "
        f"{activation} on each, and back. Nothing moves between tokens here. The outcome is added."
    )


def classifier_words(labels: int) -> str:
    """What the drawing shows of the end, in words."""
    return (
        f"After the last block only the cls token goes on: a LayerNorm, one linear map to {labels} "
        "logits, one for each label, and a softmax that makes probabilities of them."
    )


def classifier_mean_words(frames: int, labels: int) -> str:
    """What the drawing shows of the end where each frame has its own cls, in words."""
    return (
        f"After the last block the cls tokens of the {frames} frames are averaged; only here do "
        "the frames meet, and in a mean their order is lost. A LayerNorm, one linear map to "
        f"{labels} logits, one for each label, and a softmax that makes probabilities of them."
    )


def divided_compared(frames: int, tokens: int, joint: int) -> str:
    """How much work a patch has in a block of divided attention."""
    return (
        f"In a block each patch is compared with {frames} patches in time and {tokens:,} tokens in "
        f"space, {frames + tokens:,} in all. With all of the clip at once it would be {joint:,}."
    )


def joint_compared(tokens: int, divided: int) -> str:
    """How much work a patch has in a block of joint attention."""
    return (
        f"In a block each patch is compared with {tokens:,} tokens. Divided into time and space it "
        f"would be {divided:,}."
    )


def space_only_compared(tokens: int) -> str:
    """How much work a patch has in a block of space attention alone."""
    return f"In a block each patch is compared with {tokens:,} tokens, all of its own frame."


ARITHMETIC = "The arithmetic of one patch, with the numbers of the model"
ARITHMETIC_COLUMNS = ("read from", "score q·k", "divided", "power of e", "weight")
ARITHMETIC_WORDS = {
    "empty": "Point at a patch in the explorer, and choose one block and one head there. What that "
    "head computes for the patch will stand here, number by number. A mean of heads has no query "
    "of its own.",
    "asks": "In block {block}, head {head}, the patch asks by its query of {count} numbers, and "
    "each of {tokens} tokens answers by its key. It reads most from this one: {name}.",
    "products": "Query times key, number by number",
    "zeros": "{count} more products are 0: these numbers the model never took into use.",
    "sum": "All {count} products together are the score: {score}. Divided by √{count} = {root}, "
    "and by the temperature, {temperature}, that is {scaled}.",
    "softmax": "From scores to weights: the softmax",
    "others": "the other {count}",
    "total": "together",
    "shift": "From each divided score the greatest, {most}, is taken away first; the weights stay "
    "the same, and the numbers small.",
    "temperature": "Temperature",
    "sharper": "sharper",
    "flatter": "flatter",
    "model": "Temperature 1 is what the model does. Below 1 the greatest score takes ever more, "
    "above 1 all become alike. Now the greatest weight is {most}, and an even one would be {even}.",
}

REFERENCES = "References, and how to cite"
REFERENCES_MORE = (
    "The page is made with PyTorch, Gradio, PyAV and Matplotlib; the colours are Matplotlib's "
    "inferno. No code of the papers' authors is in it."
)
CITE = "To cite the model, take this BibTeX entry:"
CITE_COPY = "Copy"
CITE_COPIED = "Copied"
USED_FOR = {
    "timesformer": "The model: attention divided into time and space.",
    "rollout": "The heatmap “rollout”, here in an exact form for divided attention.",
    "relevance": "The heatmap “relevance”, by gradients of attention.",
    "gradsam": "The heatmap “Grad-SAM”, here of the last block.",
    "gradcam": "The heatmap “Grad-CAM”, here on what the last block reads.",
    "occlusion": "The heatmap “occlusion”: cover a piece and watch.",
    "deletion": "The check of a heatmap: cover the hottest patches first.",
    "attention": "Queries, keys, values and heads.",
    "patches": "Pictures as patches, and the weights that the published models began from.",
}
