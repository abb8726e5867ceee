"""Chinese (simplified): heatmaps in words."""

# ruff: noqa: RUF001 - Chinese punctuation is full-width

from collections.abc import Sequence

CAVEATS = {
    "rollout": "经过所有模块的注意力，可能流到答案的内容，与标签无关。"
    "由于算法本身的原因，它在时间上几乎是平的。",
    "attention": "一个模块在空间注意力里读取的内容，与标签无关；"
    "它拿这些内容做了什么，以及其他模块，都没有算进来。",
    "time-attention": "在一个模块的时间注意力里，各帧从每个图块的位置上把它读了多少；"
    "答案有没有用到，这里看不出来。",
    "relevance": "用梯度找出：哪里的注意力再多一些，标签的分数就会更高；"
    "这只对微小的变化成立，也只涉及注意力。",
    "gradsam": "用梯度找出：最后一个模块里，答案的哪些注意力提高了标签的分数；前面的模块把什么搬"
    "到了哪里，没有算进来。",
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
    "gradsam": "Grad-SAM",
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
