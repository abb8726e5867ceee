"""Chinese (simplified): the page to take along."""

# ruff: noqa: RUF001 - Chinese punctuation is full-width

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
