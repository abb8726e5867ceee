"""Chinese (simplified): the explorer; in braces stand numbers."""

# ruff: noqa: RUF001 - Chinese punctuation is full-width

EXPLORER_HEADING = "指一个图块：它在读什么？"
PART_TOO_LARGE = {
    "block": "这个模型的一个模块就太大，没法传给浏览器。可以用命令行画出来："
    "python -m timesformer explain，并加上 --method attention、--patch、--block 和 --heads。",
    "frame": "这个模型的一帧里各图块经过所有模块得到的内容太大，没法传给浏览器。可以用命令行画出一"
    "个图块的结果：python -m timesformer explain，并加上 --method rollout 和 --patch。",
}
EXPLORER = {
    "heading": EXPLORER_HEADING,
    "lead": "注意力的意思是：每个图块都读取其他图块，有的读得多，有的读得少。"
    "指向或触摸任意一帧的任意一个图块，看看它读什么；按一下就固定住。"
    "用键盘时，方向键移动图块，Page Up 和 Page Down 换帧。",
    "picture": "所选图块所在的帧。方向键移动图块，Page Up 和 Page Down 换帧。",
    "frames": "所有帧",
    "figure": "{frame} · {time} 秒",
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
    "fetch": {
        "block": "取来这个模块",
        "frame": "取来这一帧的结果",
    },
    "fetchWords": {
        "block": "这个模型很大：它的注意力要一个模块一个模块地取，每个约 {megabytes} MB。",
        "frame": "这个模型很大：这个视图要一帧一帧地取，每帧约 {megabytes} MB。",
    },
    "fetching": {
        "block": "正在取这个模块",
        "frame": "正在取这一帧的结果",
    },
    "other": "取来的内容与这里的帧不属于同一个片段或同一个模型。请按“看一看”，再取一次。",
    "unreachable": "没能取到这些数据。请再按一次“看一看”。",
    "tooLarge": PART_TOO_LARGE,
}
ATTENTION_FILE = "所有头的查询和键（safetensors）"
NO_PART = {
    "block": "这个模型没有这个模块。请在探索区显示的模块里选一个。",
    "frame": "这个片段没有这一帧。请在探索区显示的帧里选一个。",
}
FETCHED = {
    "block": "已取来模块 {number}。",
    "frame": "已取来第 {number} 帧经过所有模块的结果。",
}
