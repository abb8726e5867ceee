"""Chinese (simplified): the drawing of a block, the arithmetic of one patch, and the references."""

# ruff: noqa: RUF001 - Chinese punctuation is full-width

WORKS = "工作原理：一个数一个数地看"
WORKS_DRAWING = "这个模型的图示，自上而下。图旁的文字说的是同样的内容。"
WORKS_UNKNOWN = (
    "这个模型加载之前，还不知道里面是什么样。选一个内置的或已发布的模型，就能看到它的图示。"
)
WORKS_CLS = "cls"
WORKS_PATCHES = "图块"
WORKS_EMBED = "从像素到图块"
WORKS_TIME = "时间注意力"
WORKS_SPACE = "空间注意力"
WORKS_JOINT = "时空注意力"
WORKS_MLP = "MLP"
WORKS_CLASSIFIER = "分类器"
WORKS_NORM = "LayerNorm"
WORKS_MORE = "…"
WORKS_READS = "描边的图块读取涂色部分；上方圆圈是 cls。"
WORKS_PLACE = "+ 学到的位置向量"
WORKS_PLACE_AND_TIME = "+ 学到的位置向量和时间向量"
WORKS_SOFTMAX = "softmax：logits → 概率"
WORKS_PAPER = (
    "论文有一处不同：按它的公式 13，图块在时间注意力中还会读取 cls 词元。"
    "在公开的代码里，因而在这幅图和这个模型里，都不是这样。"
)
ACTIVATION_NAMES = {"gelu": "GELU", "gelu_new": "GELU", "relu": "ReLU", "silu": "SiLU"}


def works_model(parameters: int, blocks: int, heads: int, width: int) -> str:
    """What is said of the whole model under the heading."""
    return (
        f"共有 {parameters:,} 个参数，分在 {blocks} 个模块里，每个模块有 {heads} 个头。"
        f"每个词元，也就是每个图块和 cls，从第一个模块到最后一个都是 {width} 个数。"
    )


def works_blocks(blocks: int) -> str:
    """What stands at the frame that is drawn around a block."""
    return f"一个模块；共 {blocks} 个，依次相接"


def works_tokens(frames: int, patches: int, width: int) -> str:
    """The shape of the patches, all the way."""
    return f"{frames} 帧 × {patches} 个图块 × {width} 个数"


def works_pixels(frames: int, height: int, width: int, channels: int) -> str:
    """What goes in."""
    return f"{frames} 帧，每帧 {height} × {width} 像素，{channels} 种颜色"


def works_patch(height: int, width: int, channels: int, numbers: int) -> str:
    """How a patch becomes a token."""
    return f"每个图块：线性，{height} × {width} × {channels} → {numbers} 个数"


def works_cls(numbers: int) -> str:
    """Where the cls token comes from."""
    return f"cls：学到的 {numbers} 维向量，+ 位置向量"


def works_cls_of_each(numbers: int, frames: int) -> str:
    """Where the cls tokens come from, where each frame has its own."""
    return f"cls：{frames} 帧共用学到的 {numbers} 维向量，+ 位置"


def works_heads(heads: int, numbers: int) -> str:
    """How attention is split."""
    return f"{heads} 个头，查询、键、值各 {numbers} 个数"


def works_time_reads(patches: int, frames: int) -> str:
    """Which tokens read which in time attention."""
    return f"{patches} 个位置，每处 {frames} 个图块互读；无 cls"


def works_space_reads(frames: int, patches: int) -> str:
    """Which tokens read which in space attention."""
    return f"{frames} 帧，每帧 1 + {patches} 个词元互读"


def works_joint_reads(tokens: int) -> str:
    """Which tokens read which in joint attention."""
    return f"所有帧的 1 + {tokens:,} 个词元全部互读"


def works_linear(numbers: int, to: int) -> str:
    """A linear map."""
    return f"线性，{numbers} → {to}"


def works_second_linear(numbers: int, to: int) -> str:
    """The linear map that time attention has beyond any other."""
    return f"再一次线性，{numbers} → {to}"


def works_cls_joins(frames: int) -> str:
    """What happens to cls before space attention."""
    return f"cls 复制到 {frames} 帧中，每帧一份"


def works_cls_mean(frames: int) -> str:
    """What happens to what the copies of cls read."""
    return f"cls：{frames} 份副本取平均"


def works_cls_means(frames: int) -> str:
    """What happens to the cls tokens of all frames at the end."""
    return f"{frames} 个 cls 词元取平均"


def works_mlp(numbers: int, within: int, activation: str) -> str:
    """What the MLP does to each token."""
    return f"线性 {numbers} → {within}；{activation}；线性 {within} → {numbers}"


WORKS_EACH_ALONE = "每个词元单独处理"


def works_classes(numbers: int, labels: int) -> str:
    """The classifier."""
    return f"线性，{numbers} → {labels} 个标签"


def embed_words(rows: int, columns: int, pixels: tuple[int, int], width: int) -> str:
    """What the drawing shows of the embedding, in words."""
    return (
        f"每一帧切成 {rows} 行 {columns} 列图块，每个图块 {pixels[0]} × {pixels[1]} 像素，"
        f"再用一个线性映射把每个图块变成 {width} 个数。"
        "为了让模型分得清位置，还要加上一个学到的向量，表示图块在哪里。"
    )


EMBED_TIME_WORDS = (
    "另外再加一个向量，表示这一帧的时间。cls 词元是一个学到的向量，将来由它汇集答案；"
    "它有自己的位置，但没有时间。"
)
EMBED_NO_TIME_WORDS = (
    "时间则什么也不加：这个模型不知道哪一帧是哪一帧。"
    "每一帧都有自己的一份 cls 词元，这是一个学到的向量，将来由它汇集这一帧所说的内容。"
)


def time_words(frames: int, numbers: int) -> str:
    """What the drawing shows of time attention, in words."""
    return (
        f"经过 LayerNorm，每个图块读取自己位置上的 {frames} 个图块，每帧一个，"
        f"其中也有它自己。它的查询乘以一个键，再除以 {numbers} 的平方根，就是一个分数；"
        f"softmax 把这 {frames} 个分数变成和为 1 的权重，"
        "读到的内容，就是各个值按这些权重的加权平均。随后是两个线性映射，"
        "其中第二个只有时间注意力才有；结果加到图块上。"
        "cls 词元只是路过：它在这里什么也不读，也没有谁读它。"
    )


def divided_space_words(frames: int, patches: int) -> str:
    """What the drawing shows of space attention in divided attention, in words."""
    return (
        f"cls 词元复制到全部 {frames} 帧里。在每一帧中，经过 LayerNorm，"
        f"这份副本和刚刚沿时间读取过的 {patches} 个图块互相读取。"
        f"图块读到的内容加到图块上；{frames} 份副本读到的内容取平均，加到唯一的 cls 词元上。"
    )


def space_only_words(frames: int, patches: int) -> str:
    """What the drawing shows of space attention where there is nothing else, in words."""
    return (
        f"在 {frames} 帧的每一帧里，经过 LayerNorm，这一帧的 cls 词元和 {patches} 个图块"
        "互相读取，各自读到的内容加到自己身上。在任何一个模块里，都没有哪一帧读取另一帧。"
    )


def joint_words(tokens: int) -> str:
    """What the drawing shows of joint attention, in words."""
    return (
        f"经过 LayerNorm，所有帧的全部 {tokens:,} 个图块和 cls 词元互相读取，"
        "各自读到的内容加到自己身上。没有单独的时间注意力。"
    )


def mlp_words(width: int, within: int, activation: str) -> str:
    """What the drawing shows of the MLP, in words."""
    return (
        f"经过 LayerNorm，每个词元单独处理：从 {width} 个数变成 {within} 个，"
        f"对每个数做 {activation}，再变回来。这里词元之间没有任何交流。结果加到词元上。"
    )


def classifier_words(labels: int) -> str:
    """What the drawing shows of the end, in words."""
    return (
        "最后一个模块之后，只有 cls 词元继续往前：先是 LayerNorm，"
        f"再用一个线性映射得到 {labels} 个 logits，每个标签一个，最后由 softmax 把它们变成概率。"
    )


def classifier_mean_words(frames: int, labels: int) -> str:
    """What the drawing shows of the end where each frame has its own cls, in words."""
    return (
        f"最后一个模块之后，{frames} 帧的 cls 词元取平均；各帧直到这里才相遇，"
        "而一取平均，它们的先后顺序就丢失了。然后是 LayerNorm，"
        f"再用一个线性映射得到 {labels} 个 logits，每个标签一个，最后由 softmax 把它们变成概率。"
    )


def divided_compared(frames: int, tokens: int, joint: int) -> str:
    """How much work a patch has in a block of divided attention."""
    return (
        f"在一个模块里，每个图块在时间上与 {frames} 个图块比较，在空间上与 {tokens:,} 个词元比较，"
        f"一共 {frames + tokens:,} 个。如果一次就和整个片段比较，则要 {joint:,} 个。"
    )


def joint_compared(tokens: int, divided: int) -> str:
    """How much work a patch has in a block of joint attention."""
    return (
        f"在一个模块里，每个图块与 {tokens:,} 个词元比较。"
        f"如果分成时间和空间两步，只要 {divided:,} 个。"
    )


def space_only_compared(tokens: int) -> str:
    """How much work a patch has in a block of space attention alone."""
    return f"在一个模块里，每个图块与 {tokens:,} 个词元比较，都在它自己的帧里。"


ARITHMETIC = "一个图块的计算，用的就是模型里的数"
ARITHMETIC_COLUMNS = ("读取自", "分数 q·k", "相除之后", "e 的幂", "权重")
ARITHMETIC_WORDS = {
    "empty": "在探索区里指一个图块，再选一个模块和一个头。那个头为这个图块做的计算，"
    "会一个数一个数地列在这里。多个头的平均没有自己的查询。",
    "asks": "在模块 {block} 的头 {head} 里，图块用它的查询（{count} 个数）提问，"
    "{tokens} 个词元各用自己的键回答。它读得最多的是这一个：{name}。",
    "products": "查询乘以键，一个数一个数地乘",
    "zeros": "另有 {count} 个乘积是 0：这些数，模型从来没有用起来。",
    "sum": "全部 {count} 个乘积加在一起就是分数：{score}。除以 √{count} = {root}，"
    "再除以温度 {temperature}，得到 {scaled}。",
    "softmax": "从分数到权重：softmax",
    "others": "其余 {count} 个",
    "total": "合计",
    "shift": "先从每个相除之后的分数里减去其中最大的 {most}；这样权重不变，数却不会太大。",
    "temperature": "温度",
    "sharper": "更尖锐",
    "flatter": "更平坦",
    "model": "模型用的温度是 1。低于 1 时，最大的分数占得越来越多；高于 1 时，大家越来越接近。"
    "现在最大的权重是 {most}，如果平均分配则是 {even}。",
}

REFERENCES = "参考文献与引用方式"
REFERENCES_MORE = (
    "本页面用 PyTorch、Gradio、PyAV 和 Matplotlib 制作，配色是 Matplotlib 的 inferno。"
    "页面里没有论文作者的代码。"
)
CITE = "引用这个模型时，请用这条 BibTeX："
CITE_COPY = "复制"
CITE_COPIED = "已复制"
USED_FOR = {
    "timesformer": "模型：把注意力分成时间和空间两步。",
    "rollout": "热力图“rollout”，这里针对分离注意力采用精确的形式。",
    "relevance": "热力图“相关性”，用注意力的梯度计算。",
    "gradsam": "热力图“Grad-SAM”，这里用在最后一个模块上。",
    "gradcam": "热力图“Grad-CAM”，这里用在最后一个模块读取的内容上。",
    "occlusion": "热力图“遮挡”：遮住一块，看有什么变化。",
    "deletion": "热力图的检验：先遮住最热的图块。",
    "attention": "查询、键、值和头。",
    "patches": "把图像看作图块；已发布的模型也是从它的权重开始训练的。",
}
