"""Chinese (simplified): the page, from its title to the frames that were seen."""

# ruff: noqa: RUF001 - Chinese punctuation is full-width

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
NEGATIVE_START = "片段从第 0 秒或更晚开始。请在设置中选择另一个起点。"
METHOD = "热力图"
METHODS = (
    ("rollout：经过所有模块，可能流到答案的内容", "rollout"),
    ("最后一个模块的空间注意力", "attention"),
    ("最后一个模块的时间注意力", "time-attention"),
    ("相关性：对某个标签起了作用的内容", "relevance"),
    ("Grad-SAM：最后一个模块的哪些注意力对某个标签起了作用", "gradsam"),
    ("Grad-CAM：最后一个模块为某个标签读取的内容", "gradcam"),
    ("遮挡：一块一块地遮住，看有什么变化（较慢）", "occlusion"),
)
ABOUT = "针对哪个标签"
ABOUT_INFO = "不选时，取可能性最大的标签。用于相关性、Grad-SAM、Grad-CAM 和遮挡。"
THAN = "而不是"
THAN_INFO = "为什么是那个标签，而不是这一个。"
SMOOTH = "让图块平滑过渡（其实是一个个方块）"

PRIVACY = (
    "片段只会传到本页面的服务器，不会去别处：各帧一读完，服务器就删除片段文件；"
    "读出的各帧和由它们做出的一切，在最后一次使用后十分钟内删除，"
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


def looked_at(label: str, probability: float, seconds: float, on: str) -> str:
    """The sentence over the answer."""
    return f"{label}，{probability:.0%}。用了 {seconds:.1f} 秒作答（{on}）。"


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


WORK = {  # what a model asks of a computer
    "frames": "帧数",
    "pixels": "像素",
    "parameters": "参数",
    "multiplications": "乘法次数",
    "activations_of_a_block": "一个模块的激活值",
    "attention_weights_of_a_block": "一个模块的注意力权重",
    "attention_weights_of_all_blocks": "全部模块的注意力权重",
}
NOT_MEASURED = "这个模型的热力图有多可信，还没有测量过；按下方的按钮，可以知道在这个片段上如何。"
CURVE_NAMES = ("从最热的开始", "随机")
CURVE_AXES = ("概率", "被遮住的图块所占的比例")
