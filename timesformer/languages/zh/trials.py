"""Chinese (simplified): the experiments."""

# ruff: noqa: RUF001 - Chinese punctuation is full-width

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
