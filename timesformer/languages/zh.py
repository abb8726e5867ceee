"""Chinese (simplified)."""

# ruff: noqa: RUF001 - Chinese punctuation is full-width

from collections.abc import Sequence

CODE = "zh"
NAME = "简体中文"
LABELS: dict[str, str] = {  # what labels are called here, where not as their checkpoint says
    "moving left": "向左移动",
    "moving right": "向右移动",
    "moving up": "向上移动",
    "moving down": "向下移动",
    "moving toward you": "朝你靠近",
    "moving away from you": "离你远去",
    "turning clockwise": "顺时针转动",
    "turning anticlockwise": "逆时针转动",
    "shaking": "来回晃动",
    "standing still": "静止不动",
}
SCENE_TITLES = {
    "ball-rolling-left": "小球向左滚",
    "boat-sailing-right": "帆船向右行驶",
    "balloon-rising": "热气球升空",
    "penguin-coming-down": "企鹅徐徐降落",
    "bus-coming-nearer": "公共汽车越来越近",
    "rocket-flying-away": "火箭飞向远方",
    "record-turning": "唱片顺时针转动",
    "ring-turning": "游泳圈逆时针转动",
    "pendulum-swinging": "钟摆来回摆动",
    "cat-sleeping": "猫在睡觉",
    "hand-waving": "有人挥手打招呼：这算晃动吗？",
    "trams-passing": "两辆电车交会：它会跟着哪一辆？",
}
TITLE = "TimeSformer：它看哪里，何时看"

HEADING = """
# 它看哪里？何时看？

给一个视频 Transformer 看一个片段。它会说出自己认出了什么，\
并在它看到的每一帧上，把它看过的地方点亮。
"""

CLIP = "你的片段"
EXAMPLES = "或者从这些里选一段"
MODEL = "模型"
ANY_MODEL = "也可以输入 Hub 上任意一个 TimeSformer 的 id，只要它的 safetensors 不超过 1 GB。"
EMBEDDED = {
    "motion": "先看时间，再看空间",
    "motion-joint": "所有帧一起看",
    "motion-space": "每一帧单独看",
}
RUN = "看一看"
STOP = "停止"
SETTINGS = "设置"
START = "从第几秒开始"
START_INFO = "片段比模型能看的更长时使用。"
METHOD = "热力图"
METHODS = (
    ("rollout：经过所有模块，可能流到答案的内容", "rollout"),
    ("最后一个模块的空间注意力", "attention"),
    ("最后一个模块的时间注意力", "time-attention"),
    ("相关性：对某个标签起了作用的内容", "relevance"),
    ("Grad-CAM：最后一个模块为某个标签读取的内容", "gradcam"),
    ("遮挡：一块一块地遮住，看有什么变化（较慢）", "occlusion"),
)
ABOUT = "针对哪个标签"
ABOUT_INFO = "不选时，取可能性最大的标签。用于相关性、Grad-CAM 和遮挡。"
THAN = "而不是"
THAN_INFO = "为什么是那个标签，而不是这一个。"
SMOOTH = "让图块平滑过渡（其实是一个个方块）"

PRIVACY = (
    "片段只会传到本页面的服务器，不会去别处；最后一次使用的十分钟后，服务器就会把它删除，"
    "你也可以按片段下方的按钮立即删除。页面不录声音，也不在你的浏览器里保存任何东西。"
)

ANSWER = "它认出了什么"
OVERLAY = "它看了哪里"
SHEET = "全部帧的一览图（PNG）"
CHECK = "这张热力图对吗？遮住看看"
PACK = "汇集影片、图片和数据"
ARCHIVE = "全部打包（ZIP）"

READING = "正在读取各帧"
LOADING = "正在加载模型"
LOOKING = "正在看"
DRAWING = "正在绘制"
COVERING = "正在遮挡"
PACKING = "正在汇集影片、图片和数据"
PACKED = "准备好了，可以在下方下载。"
CHECKED = "遮住看过了：结果在各帧的下方。"
STOPPED = "已停止。"
FETCHING = "另一个模型正在传到这里。请等它传完，或者从列表里选一个。"
WELCOME = "上传一个片段，录一段，或者选一个示例。"
NO_CLIP = "现在还没有片段。上传或录制一段，或者选一个示例。"
TOO_STRANGE = (
    "这里出了点问题，不是你的错。请再试一次，或者换一个片段试试；"
    "运行本页面的人可以在日志里查到原因。"
)

NO_GPU = "刚才没有可用的 GPU。请等一分钟，再按一次按钮。"
NO_PREVIEW = "你的浏览器播放不了这种视频，不过模型照样能读。"

# 入口处

NOT_HERE = "这里没有这样的内容。请重新加载页面再试。"
NO_LINKS = "请从这台设备上传文件；不接受链接和其他位置。"
CLIP_GONE = "这个片段已经不在这里了：片段十分钟后会删除。请重新上传或录制。"
TWO_AT_MOST = "你有一个片段正在查看，另一个在等候。请先等第一个完成。"
BUSY = "现在等候的人太多。你的片段会在这里保留几分钟：请过一分钟再按一次按钮。"
TOO_MANY_UPLOADS = "刚才从你的网络传来的片段太多。请等一分钟再试。"
TOO_LARGE = "太大了：最多接受 50 MB。请剪短片段，或者录一段更短的。"
ONE_FILE = "请像页面那样一次只发一个文件。"
BROKEN_OFF = "你的片段没有完整传到。请检查网络，再上传一次。"
NO_ROOM = "服务器现在没有空间存放片段。请等几分钟再试。"
ON_PROCESSOR = "显卡内存不足：改用处理器继续，会慢一些"

STRIP_HEADING = "它看到的各帧，以及它何时在看"
STRIP_CAPTION = (
    "上面是交给模型的各帧，下面是同样的帧加上热力图。整个片段的颜色共用一把标尺："
    "1 是均匀值，也就是它对各处一视同仁时每个图块得到的值。"
    "曲线是每一帧的平均值，虚线是 1。"
)

CAMERA_HELP = {
    "NotAllowedError": "摄像头被拒绝了。请在页面地址旁允许使用，或者上传一个片段。",
    "NotFoundError": "没有找到摄像头。请接上一个，或者上传一个片段。",
    "NotReadableError": "另一个程序正占用摄像头。请把它关掉，或者上传一个片段。",
    "insecure": "浏览器只有在 https 页面上，或者页面就在这台电脑上运行时，才会打开摄像头。"
    "请改为上传一个片段。",
}


def other_choice(name: str) -> str:
    """How a model that is not a published one reads in the list."""
    return f"{name}：{EMBEDDED[name]}" if name in EMBEDDED else name


def published_choice(name: str, num_frames: int, size: int, num_labels: int, licence: str) -> str:
    """How a published checkpoint reads in the list."""
    return (
        f"{name}：{num_labels} 个标签，{num_frames} 帧，每帧 {size} × {size}，"
        f"从 Hub 下载 0.5 GB，{licence}"
    )


def downloading(name: str, done: int, total: int | None) -> str:
    """How far a download is, in bytes."""
    of = "" if total is None else f" / {total / 1e6:.0f}"
    return f"正在下载 {name}：{done / 1e6:.0f}{of} MB"


def looked_at(label: str, probability: float, seconds: float) -> str:
    """The sentence over the answer."""
    return f"{label}，{probability:.0%}。用了 {seconds:.1f} 秒作答。"


def recalled(label: str, probability: float) -> str:
    """The sentence over the answer to a bundled clip that was answered before."""
    return f"{label}，{probability:.0%}。这一段以前看过了。"


def part_seen(first: float, last: float, duration: float) -> str:
    """Which part of a longer video the answer is about; nothing where it is all but a moment."""
    if duration - (last - first) < 0.5:
        return ""
    return (
        f"全长 {duration:.1f} 秒，它看了第 {first:.1f} 到 {last:.1f} 秒；"
        f"在“{SETTINGS}”里可以换个起点。"
    )


def frame_words(number: int, time: float, share: float, peak: float) -> str:
    """What a frame of the strip shows, for those who cannot see it."""
    return (
        f"第 {number} 帧，{time:.2f} 秒：它看这一帧的程度是均匀值的 {share:.2f} 倍，"
        f"其中最热的图块是 {peak:.1f} 倍。"
    )


def curve_words(shares: list[float], times: list[float]) -> str:
    """What the curve shows, in words."""
    most = max(range(len(shares)), key=shares.__getitem__)
    least = min(range(len(shares)), key=shares.__getitem__)
    return (
        f"它在 {times[most]:.2f} 秒看得最多（均匀值的 {shares[most]:.2f} 倍），"
        f"在 {times[least]:.2f} 秒看得最少（{shares[least]:.2f} 倍）。"
    )


def covering(done: int, pieces: int) -> str:
    """How far the covering of a clip is."""
    return f"正在遮挡：{done} / {pieces}"


def too_long(seconds: float, most: float) -> str:
    """Why something is not done here."""
    return (
        f"用这个模型在这台电脑上大约要 {seconds / 60:.0f} 分钟，"
        f"而这里最多 {most / 60:.0f} 分钟。请选一个小一些的模型，或换一种热力图，"
        "也可以在命令行里运行。"
    )


WARNINGS = {
    "alike": "在一个什么都不懂的模型上也差不多是这样",
    "random": "并不比随机的更好",
    "difference": "找出运动的东西并不比简单的帧间差更准",
}


def measured(warnings: list[str]) -> str:
    """What the measurements of this model say against the method, by the keys of WARNINGS."""
    found = "；".join(WARNINGS[warning] for warning in warnings)
    return f"用已知答案的片段测量过：这种热力图{found}。"


NOT_MEASURED = "这个模型的热力图有多可信，还没有测量过；按下方的按钮，可以知道在这个片段上如何。"
CURVE_NAMES = ("从最热的开始", "随机")
CURVE_AXES = ("概率", "被遮住的图块所占的比例")


# The bar over the page, the tour, the lessons and the teacher's corner.
BAR_LABEL = "页面导航"
BAR = {"tour": "参观导览", "lessons": "小课堂", "large": "大号文字"}
BAR_WORDS = {
    "stop": "第 {number} 站，共 {count} 站",
    "back": "上一站",
    "next": "下一站",
    "end": "结束导览",
    "copied": "已复制。打开这个链接，看到的就是页面现在的样子。",
    "ownClip": "已复制。链接里不含你自己的片段；想让链接带上片段，请选一个示例。",
    "uncopied": "浏览器不允许复制。请直接复制上方的地址。",
}
TOUR = {
    "clip": ("一个片段", "上传一段，或者用摄像头录一段，马上就有回答。"),
    "examples": ("或者一个示例", "模型认识十种运动，每个示例演示其中一种。"),
    "model": (
        "模型",
        "前三个模型很小，随时可用：三种注意力方案，一种一个。",
    ),
    "answer": ("它认出了什么", "可能性最大的五个标签，以及它们的概率。"),
    "overlay": ("它看了哪里", "明亮的方块，是可能对答案起作用的图块。"),
    "strip": (
        "它看到了什么，何时在看",
        "模型看到的就是这些帧，没有别的。曲线表示每一帧被看了多少。",
    ),
    "explorer": (
        "问问任意一个图块",
        "指一个图块：在自己所在的帧里，以及在其他帧的同一位置上，它关注什么？",
    ),
    "trials": (
        "动手试试",
        "把片段倒放、打乱、定格，或者遮住一部分。先猜猜结果。",
    ),
    "lessons": ("小课堂", "每一课都会把页面调到合适的状态，再留一个问题让你去弄清楚。"),
}
LESSONS_HEADING = "小课堂"
LESSON_NEXT = "下一课"
LESSON_AGAIN = "从头再来"
LESSON_END = "离开这一课"
REVEAL = "显示答案"
LESSONS = {
    "predict": (
        "先预测，再揭晓",
        "答案藏起来了。播放片段，判断是什么东西在往哪里动。",
        "排在第一的会是哪个标签？模型会有多大把握？",
    ),
    "reverse": (
        "倒过来放",
        "一艘帆船向右行驶；下面的实验把同样的帧倒着播放。单看任何一帧，都看不出它在往哪边走。",
        "片段倒着放，模型会怎么说？",
    ),
    "schemes": (
        "三个大脑，一个片段",
        "同一个片段交给三个模型：一个先看时间再看空间，一个把所有帧一起看，"
        "一个每一帧单独看。它们学习用的片段是一样的。",
        "三个当中，哪一个不可能分清左右？为什么？",
    ),
    "follow": (
        "跟着它走",
        "船上的一个图块已经选好了。时间注意力只在同一位置读取，空间注意力只在同一帧里读取。",
        "这个图块怎样才能在另一帧里找到船？在哪种视图里能看到？",
    ),
    "matrix": (
        "时间矩阵",
        "小表格里，每一行是一个在读取的帧，每一列是一个被读取的帧。每一行的和都是 1。",
        "找出一个看前一帧的头，再找出一个对所有帧一视同仁的头。",
    ),
    "heads": (
        "寻找注意力头",
        "墙上是同一个图块的许多小图，每个模块的每个头各一张。请按熵排序："
        "熵低的只读少数图块，熵高的什么都读。",
        "是前面几个模块的头读得更远，还是最后几个？",
    ),
    "cover": (
        "把它遮住",
        "下面的实验先遮住最热的十分之一图块，再随机遮住十分之一。"
        "如果热力图是对的，前一种的影响应该更大。",
        "两种遮法，各让答案的概率下降几个百分点？",
    ),
    "labels": (
        "两个答案，一个片段",
        "两辆电车交会而过。热力图显示的，是什么支持“向左移动”而非“向右移动”。",
        "在设置里把两个标签对调：热的地方会移到哪里？",
    ),
    "check": (
        "这张图真的懂点什么吗？",
        "一张图可以看着像样，却毫无意义。这项检验遮住越来越多的图块，"
        "一次从最热的开始，一次随机地遮。",
        "两条曲线相差多远？如果是一张毫无用处的图，又会怎样？",
    ),
    "maths": (
        "数学就在这里",
        "一个查询和八个键，所选位置上每帧一个键：相乘、求和、相除，再做 softmax。"
        "这些就是模型里真正的数。",
        "温度对权重有什么影响？温度如果是 0，又会怎样？",
    ),
}
TEACHERS = "给老师"
TEACHERS_WORDS = (
    "把页面调到你想要的状态，隐藏会让人分心的部分，再把链接分享出去。"
    "链接里记着示例、模型、图块和实验；页面还在，链接就一直有效。"
)
HIDE = "隐藏"
PANELS = {
    "settings": "设置",
    "answer": "答案",
    "explorer": "探索区",
    "trials": "实验",
    "take": "下载与检验",
    "works": "工作原理",
    "lessons": "小课堂",
}
COPY = "复制这个画面的链接"
DELETE = "删除我的片段"
DELETED = (
    "你的片段，以及页面上由它得到的内容，已经从服务器上删除。"
    "更早由它做出的影片和图片，如果有的话，也会在十分钟内删除。"
)
BUNDLED_STAYS = "页面已清空。刚才的片段是页面自带的示例，会保留下来。"


# How it works: the drawing of a block, the arithmetic of one patch, the references.
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


REPORT_LEAD = (
    "这个页面就是一个文件：没有网络也能用，也不会向网络要任何东西。"
    "谁拿到它，谁也就拿到了片段的各帧画面。"
)
REPORT_MADE = "它是怎样做成的"
REPORT_ALL = "全部记录，JSON 格式"
REPORT_ROWS = {
    "model": "模型",
    "scheme": "方案",
    "method": "热力图",
    "about": "针对的标签",
    "times": "各帧的时刻（秒）",
    "part": "它看到的画面部分（像素）",
    "grid": "每帧的图块（行数、列数）",
    "weights": "权重的 SHA-256",
    "versions": "所用软件",
    "notes": "备注",
}


def report_title(label: str) -> str:
    """The title of a page to take along."""
    return f"“{label}”：模型看了哪里，何时在看"


def report_label(label: str, probability: float) -> str:
    """A label with its probability, for those who cannot see the bar."""
    return f"{label}：{probability:.1%}"


def report_part(left: float, top: float, width: float, height: float) -> str:
    """Which part of the source's picture the model saw."""
    return f"宽 {width:.0f}，高 {height:.0f}，距左边 {left:.0f}，距上边 {top:.0f}"


REPORT_FILM = "各帧和它们的热力图；模型没有看到的部分是暗的。"

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
    "gradcam": "热力图“Grad-CAM”，这里用在最后一个模块读取的内容上。",
    "occlusion": "热力图“遮挡”：遮住一块，看有什么变化。",
    "deletion": "热力图的检验：先遮住最热的图块。",
    "attention": "查询、键、值和头。",
    "patches": "把图像看作图块；已发布的模型也是从它的权重开始训练的。",
}


# The experiments.
TRY_HEADING = "试一试"
TRY_CAPTION = "把片段改动一处，再问一次模型。先猜猜看；按一下就能揭晓答案。"
GUESS = "先猜，再打开"
TRYING = "正在试"
TRIED = "试完了：先猜一猜，再打开实验下方的答案。"
TRY_BUTTONS = {
    "reverse": "倒着放",
    "shuffle": "打乱各帧",
    "freeze": "定格一帧",
    "cover": "遮住我涂的部分",
    "hottest": "遮住最热的十分之一",
    "frames": "减少和增加帧数",
    "schemes": "三种方案都问一遍",
}
TRY_QUESTIONS = {
    "reverse": "倒着放：它会怎么说？",
    "shuffle": "同样的帧，五种随机顺序：它还会这么说吗？",
    "freeze": "整个片段都停在同一帧：有没有哪一帧就足够了？",
    "cover": "没有了你遮住的部分：它会怎么说？",
    "hottest": "遮住最热的十分之一图块，或随机的十分之一：哪一种变化更大？",
    "frames": "帧数减半，帧数加倍：它还会这么说吗？",
    "schemes": "一个片段，三种注意力方案：哪些可能答得出，各要花多少代价？",
}
AS_IT_IS = "原样"
AFTERWARDS = {
    "reverse": "倒放",
    "shuffle": "打乱，第一种顺序",
    "cover": "遮住后",
    "hottest": "遮住最热的十分之一",
}
NOTHING_COVERED = "还没有遮住任何东西。请在探索区里选“遮住图块”，涂掉一些图块，再按一次这个按钮。"
COVERED_ELSEWHERE = "你遮住的部分不在这个片段里。请按“看一看”，遮住一些图块，再试一次。"
FLICKER = "遮挡本身也是看得见的东西：图块在各帧之间时隐时现，看起来可能就像一种运动。"
NO_ORDER = "这个模型每一帧单独看，所以无论什么顺序，都改变不了它的回答。"
FRAME = "帧"
NUMBERS = "全部数据"
NUMBER_HEADS = {"shuffle": "各帧的顺序", "freeze": "帧", "hottest": "遮住的部分"}
SAYS = "它说"
SCHEMES = {
    "divided_space_time": "分离",
    "joint_space_time": "联合",
    "space_only": "仅空间",
}
THE_THREE = "motion、motion-joint 和 motion-space"
RUN_ROWS = {
    "says": "它说",
    "comparisons": "一个模块里，每个图块要比较的个数",
    "all_comparisons": "片段的所有图块合计",
    "seconds": "用时",
}
LOOKED = "它们各自看了每一帧的哪里（rollout）"


def trying(done: int, count: int) -> str:
    """How far an experiment is."""
    return f"正在试：{done} / {count}"


def tried_with(model: str) -> str:
    """Whose answers they are."""
    return f"用 {model} 试的。"


def only_frame(number: int) -> str:
    """What stands over the answer to a frozen frame."""
    return f"只有第 {number} 帧"


def random_tenth(number: int) -> str:
    """One of the random tenths that are covered."""
    return f"随机的十分之一，第 {number} 次"


def in_points(before: float, after: float) -> str:
    """The change of a probability, as a number with its sign."""
    points = _points(before, after)
    sign = "+" if points > 0 else "\N{MINUS SIGN}" if points < 0 else ""
    return f"{sign}{abs(points)}"


def changed(label: str, before: float, after: float) -> str:
    """The change of a probability in words."""
    points = _points(before, after)
    if not points:
        return f"“{label}”：前后都是 {before:.0%}。"
    much = f"{'上升' if points > 0 else '下降'} {abs(points)} 个百分点"
    return f"“{label}”：从 {before:.0%} 到 {after:.0%}，{much}。"


def _points(before: float, after: float) -> int:
    """A change in hundredths, such that the rounded numbers add up."""
    return round(100 * after) - round(100 * before)


def probability_of(label: str) -> str:
    """What a column of numbers or a line is about."""
    return f"“{label}”的概率"


def backwards_means(first: str, then: str, mirrored: str | None) -> str:
    """What it means that the answer is `then` backwards, where `mirrored` would be right."""
    if mirrored is None and then == first:
        return "倒着放它也这么说：片段朝哪个方向播放，在这里不起决定作用。"
    if then == mirrored == first:
        return f"倒着放，“{first}”还是“{first}”，它也是这么说的。"
    if then == mirrored:
        return f"倒着放，“{first}”变成“{then}”，它也是这么说的：在这里，它依据的是各帧的顺序。"
    if then == first:
        return (
            f"倒着放，“{first}”应变成“{mirrored}”，它却还是原来的回答："
            "要么各帧的顺序在这里不起决定作用，要么它现在依据的是别的东西。"
        )
    return f"倒着放，它说是“{then}”：各帧的顺序在这里起作用。"


def shuffled_means(alike: int, count: int, label: str, low: float, high: float) -> str:
    """What it means that so many random orders have the same answer."""
    orders = f"{count} 种随机顺序中，有 {alike} 种它仍然说“{label}”"
    span = f"这个标签的概率在 {low:.0%} 到 {high:.0%} 之间"
    if alike == count:
        return f"{orders}，{span}：各帧的顺序在这里不起决定作用。"
    if alike == 0:
        return f"{orders}，{span}：在这里，各帧必须按原来的顺序。"
    return f"{orders}，{span}：各帧的顺序在这里起作用，但不是唯一的决定因素。"


def frozen_caption(label: str) -> str:
    """What the bars of frozen frames show."""
    return f"只用一帧时“{label}”的概率，每帧一条；虚线是片段原样时的概率。"


def frozen_means(enough: list[int], T: int, label: str) -> str:
    """What it means that these frames, alone, have the same answer as the clip."""
    if not enough:
        return f"没有哪一帧能单独让它说“{label}”：它需要不止一帧。"
    if len(enough) == T:
        return f"每一帧单独都能让它说“{label}”：在这里，什么都不必动。"
    frames = "、".join(map(str, enough))
    return f"{T} 帧中有 {len(enough)} 帧，单独一帧就能让它说“{label}”：第 {frames} 帧。"


def covered_means(share: float, first: str, then: str) -> str:
    """What it means that the answer is `then` with a share of the patches covered."""
    part = "不到 1%" if share < 0.01 else f" {share:.0%}"
    if then == first:
        return f"遮住{part} 的图块，它的回答没有变：剩下看得见的就足够了。"
    return (
        f"遮住{part} 的图块，它说是“{then}”：要么被遮住的部分起了作用，要么遮挡本身看起来就像那样。"
    )


def hottest_means(hot: float, low: float, high: float, before: float) -> str:
    """What it means that a probability is `hot` after the hottest tenth, `low` to `high` else."""
    points, least, most = (_points(before, one) for one in (hot, low, high))
    numbers = (
        f"遮住最热的十分之一，概率变化 {in_points(before, hot)} 个百分点；"
        f"随机遮住十分之一，变化 {in_points(before, low)} 到 {in_points(before, high)} 个百分点"
    )
    if points < least:
        return f"{numbers}：这些图块比随机的图块更重要。"
    if points > most:
        return f"{numbers}：这些图块不如随机的图块重要。"
    return f"{numbers}：这些图块和随机的图块一样重要，不多也不少。"


def line_words(label: str, before: float, after: list[float]) -> str:
    """What a line with dots shows, in words."""
    numbers = "、".join(f"{one:.0%}" for one in after)
    return f"“{label}”的概率原样时是 {before:.0%}，之后依次是 {numbers}。"


def frozen_words(number: int, says: str, probability: float) -> str:
    """What is said of one frozen frame."""
    return f"第 {number} 帧：{says}，{probability:.0%}"


def scheme_head(model: str, scheme: str) -> str:
    """The head of a column of a run with a scheme."""
    return f"{model}（{SCHEMES[scheme]}）"


def frames_head(T: int) -> str:
    """The head of a column of a run with T frames."""
    return f"{T} 帧"


def all_alike(label: str) -> str:
    """That every run has the same likeliest label."""
    return f"全都说“{label}”。"


def not_alike(said: list[tuple[str, str]]) -> str:
    """What each run says, where they differ."""
    return "它们说的不一样。" + "；".join(f"{head}：“{label}”" for head, label in said) + "。"


def frames_cost(T: int, comparisons: float, seconds: float) -> str:
    """What T frames cost beside what the model is made for."""
    return (
        f"用 {T} 帧时，比较的次数是原片段的 {comparisons:.1f} 倍，"
        f"花的时间是原片段的 {seconds:.1f} 倍。"
    )


def frames_caveat(T: int) -> str:
    """What is to be kept in mind of other numbers of frames."""
    return f"模型学习用的片段是 {T} 帧的：换成别的帧数，就不要太相信它。"


def schemes_cost(N: int, T: int) -> str:
    """What the schemes compare."""
    return (
        f"共 {T} 帧，每帧 {N} 个图块。分离注意力里，每个图块要和 {N} + {T} = {N + T:,} 个比较；"
        f"联合注意力里，要和 {N} × {T} = {N * T:,} 个比较；仅空间注意力里，只和 {N} 个比较，"
        "从不拿两帧互相比较，所以不可能知道它们的先后。"
    )


def schemes_chosen(model: str) -> str:
    """That the chosen model is none of the three."""
    return f"这是本页面的三个小模型，{model} 不在其中。"


def took(number: float) -> str:
    """A time that an answer took."""
    return f"{number:.2f} 秒"


# The explorer: in braces stand numbers.
EXPLORER_HEADING = "指一个图块：它在读什么？"
BLOCK_TOO_LARGE = (
    "这个模型的一个模块就太大，没法传给浏览器。可以用命令行画出来："
    "python -m timesformer explain，并加上 --method attention、--patch、--block 和 --heads。"
)
EXPLORER = {
    "heading": EXPLORER_HEADING,
    "lead": "注意力的意思是：每个图块都读取其他图块，有的读得多，有的读得少。"
    "指向或触摸任意一帧的任意一个图块，看看它读什么；按一下就固定住。"
    "用键盘时，方向键移动图块，Page Up 和 Page Down 换帧。",
    "picture": "所选图块所在的帧。方向键移动图块，Page Up 和 Page Down 换帧。",
    "frames": "所有帧",
    "frame": "帧",
    "row": "行",
    "column": "列",
    "scale": "颜色从 0 到均匀值的 {top} 倍",
    "top": "均匀值的 {top} 倍以上",
    "views": "显示什么",
    "space": "空间：自己的帧",
    "time": "时间：自己的位置",
    "hops": "两步合起来",
    "joint": "所有帧一起",
    "rollout": "经过所有模块",
    "means": {
        "space": "在下面选定的模块和头里，图块在自己的帧中读取的内容。",
        "time": "在下面选定的模块和头里，图块在其他帧的同一位置读取的内容。",
        "hops": "整个模块：图块在自己的帧里读取其他图块，而那些图块刚刚各自沿时间读取过。",
        "joint": "在下面选定的模块和头里，图块在所有帧中读取的内容。",
        "rollout": "经过所有模块，可能流进这个图块的内容，对各个头取平均："
        "在每个模块里，一半保持原样，一半是读取来的。",
    },
    "how": "这一步是怎么工作的",
    "without": {
        "joint_space_time": "这个模型同时关注所有帧：它不把空间和时间分开。",
        "space_only": "这个模型每一帧单独看：它没有时间上的注意力。",
        "large": "这里略去“经过所有模块”：这个模型太大，浏览器里放不下全部内容。",
    },
    "block": "模块",
    "head": "头",
    "mean": "平均",
    "patch": "第 {frame} 帧，第 {row} 行，第 {column} 列。",
    "nameFrame": "第 {frame} 帧",
    "namePatch": "第 {frame} 帧，第 {row} 行，第 {column} 列",
    "nameCls": "cls 词元",
    "one": "模块 {block}，头 {head}。",
    "all": "模块 {block}，所有头的平均。",
    "through": "经过全部 {blocks} 个模块，所有头的平均。",
    "most": {
        "space": "它读得最多的是第 {row} 行第 {column} 列：{percent}%，是均匀值的 {times} 倍。",
        "time": "它读得最多的是第 {frame} 帧：{percent}%，是均匀值的 {times} 倍。",
        "hops": "它读得最多的是第 {frame} 帧第 {row} 行第 {column} 列：{percent}%，"
        "是均匀值的 {times} 倍。",
    },
    "cls": "有 {percent}% 给了 cls 词元。",
    "bits": "熵：{bits} 比特。如果一视同仁，则是 {most} 比特。",
    "matrix": "在这个位置上互相读取的帧",
    "matrixWords": "每一行是一个在读取的帧，每一列是一个被读取的帧；每一行的和是 100%。",
    "matrixScale": "颜色从 0 到 {percent}%",
    "matrixLabel": "在这个位置上，哪一帧读取哪一帧。用方向键在格子之间移动。",
    "cell": "在这个位置上，第 {reading} 帧有 {percent}% 读自第 {read} 帧。",
    "reading": "读取",
    "read": "被读",
    "wall": "一次看全所有的头",
    "wallWords": "同一个图块在所有头里的样子，每张小图有自己的标尺；"
    "如果一张图一直是暗的，说明它几乎全给了 cls 词元。按一张就选中它。",
    "sort": "排列顺序",
    "byPlace": "在模型中的位置",
    "byBits": "熵，最集中的在前",
    "byDistance": "距离，最近的在前",
    "wallHead": "模块 {block}，头 {head}",
    "wallBits": "模块 {block}，头 {head}：{bits} 比特",
    "wallDistance": "模块 {block}，头 {head}：{distance} 个图块",
    "wallBoth": "模块 {block}，头 {head}。就整个片段而言：熵为 {bits} 比特，"
    "图块与它读取的内容相距 {distance} 个图块。",
    "working": "正在根据所有图块计算：{percent}%",
    "cover": "遮住图块",
    "coverWords": "在图块上按下或拖动，就能遮住它们；也可以用方向键移动，再按空格键。"
    "各帧下方可以把整帧遮住。",
    "coverFrame": "遮住第 {frame} 帧",
    "coverShort": "遮住",
    "covered": "已遮住 {count} 个图块。按下方的“遮住我涂的部分”，就会再问一次模型。",
    "uncover": "全部揭开",
    "fetch": "取来这个模块",
    "fetchWords": "这个模型很大：它的注意力要一个模块一个模块地取，每个约 {megabytes} MB。",
    "fetching": "正在取这个模块",
    "other": "取来的模块与这里的帧不属于同一个片段或同一个模型。请按“看一看”，再取一次。",
    "unreachable": "没能取到这些数据。请再按一次“看一看”。",
    "tooLarge": BLOCK_TOO_LARGE,
}
ATTENTION_FILE = "所有头的查询和键（safetensors）"
NO_BLOCK = "这个模型没有这个模块。请在探索区显示的模块里选一个。"


def fetched_block(number: int) -> str:
    """What is said once one block of a large model is here."""
    return f"模块 {number} 已在探索区里。"


# Heatmaps in words.
CAVEATS = {
    "rollout": "经过所有模块的注意力，可能流到答案的内容，与标签无关。"
    "由于算法本身的原因，它在时间上几乎是平的。",
    "attention": "一个模块在空间注意力里读取的内容，与标签无关；"
    "它拿这些内容做了什么，以及其他模块，都没有算进来。",
    "time-attention": "在一个模块的时间注意力里，各帧从每个图块的位置上把它读了多少；"
    "答案有没有用到，这里看不出来。",
    "relevance": "用梯度找出：哪里的注意力再多一些，标签的分数就会更高；"
    "这只对微小的变化成立，也只涉及注意力。",
    "gradcam": "最后一个模块读取的内容里，哪些地方支持这个标签，各帧用同样的权衡："
    "更能说明位置，而不是时刻。",
    "occlusion": "用片段的平均颜色遮住一块之后，标签的分数下降多少；"
    "模型学习用的片段里，没有一段是那个样子的。",
}
HEAT_NAMES = {
    "rollout": "rollout",
    "attention": "注意力",
    "time-attention": "时间注意力",
    "relevance": "相关性",
    "gradcam": "Grad-CAM",
    "occlusion": "遮挡",
}
ZONES = {
    "upper left": "左上",
    "upper centre": "中上",
    "upper right": "右上",
    "middle left": "左侧中部",
    "middle centre": "正中",
    "middle right": "右侧中部",
    "lower left": "左下",
    "lower centre": "中下",
    "lower right": "右下",
}


def heat_about(name: str, labels: Sequence[str], against: bool) -> str:
    """What the heat is, and for or against which label, or rather than which other."""
    about = "而非".join(f"“{label}”" for label in labels)
    return f"{name}（{'反对' if against else '支持'}{about}）"


def nowhere(name: str) -> str:
    """That there is no heat."""
    return f"{name}：任何地方都没有。"


def densest(
    name: str, first: int, last: int, T: int, share: float, zone: str, density: float
) -> str:
    """In which frames most of the heat is, and where it is densest in those."""
    frames = f"第 {first} 帧" if first == last else f"第 {first} 到 {last} 帧"
    return (
        f"{name}：{T} 帧中，{frames}占了 {share:.0%}，而平均分配应是 {(last - first + 1) / T:.0%}；"
        f"在那里，画面{zone}最密集，为均匀值的 {density:.1f} 倍。"
    )


def counts(
    name: str, label: str, points: int, random_points: int, gap: float, random_gap: float
) -> str:
    """What covering the hottest tenth takes off a probability, beside a random tenth."""
    return (
        f"{name}：遮住最热的十分之一图块，“{label}”的概率{_taken(points)}；"
        f"随机遮住十分之一，概率{_taken(random_points)}。从最热的开始逐步显示与逐步遮住，"
        f"两条曲线之间的面积是 {gap:.2f}，随机的热力图是 {random_gap:.2f}。"
    )


def _taken(points: int) -> str:
    if not points:
        return "几乎不变"
    return f"下降 {points} 个百分点" if points > 0 else f"上升 {-points} 个百分点"
