"""Chinese (simplified): errors and notes of the package, by their English templates."""

# ruff: noqa: RUF001 - Chinese punctuation is full-width

TEMPLATES: dict[str, str] = {
    # Of a video and its clip.
    "This is not a file. Choose a video, such as an MP4 or a WebM.": (
        "这不是一个文件。请选一个视频，例如 MP4 或 WebM。"
    ),
    "The video could not be opened. Choose it again.": "视频打不开。请重新选一次。",
    "The video broke off while being read. Save it again as MP4.": (
        "视频读到一半就断了。请重新存成 MP4。"
    ),
    "The file is empty (0 bytes). Choose a video, or record it again.": (
        "文件是空的（0 字节）。请选一个视频，或者重新录一段。"
    ),
    (
        "The video is cut off: the part that says where its frames are is missing. Let the "
        "recording or download finish, then choose the file again."
    ): "视频不完整：缺了说明各帧位置的那一部分。请等录制或下载结束，再重新选这个文件。",
    "This file is not a video that can be read here. Choose an MP4, MOV, WebM, AVI or GIF.": (
        "这个文件不是这里能读的视频。请选 MP4、MOV、WebM、AVI 或 GIF。"
    ),
    "The file holds no moving pictures, only sound or a still. Choose a video.": (
        "文件里没有活动画面，只有声音或静止图片。请选一个视频。"
    ),
    (
        "The video's pictures are coded in a way that is not read here. Save it as MP4 (H.264) "
        "and choose that file."
    ): "视频画面的编码方式这里读不了。请存成 MP4（H.264），再选那个文件。",
    (
        "A frame of the video has {width} x {height} pixels, {millions:.0f} million; at most "
        "{most} million are read. Save it smaller, 1920 x 1080 for instance."
    ): (
        "视频的一帧有 {width} × {height} 像素，即 {millions:.0f} 百万像素；最多只读 {most} "
        "百万像素。请存得小一些，例如 1920 × 1080。"
    ),
    "The video holds no frames. Choose another, or record it again.": (
        "视频里一帧也没有。请另选一个，或者重新录一段。"
    ),
    (
        "Not one frame of the video could be read: it is damaged, or a frame has more than {most} "
        "million pixels. Save it again as MP4."
    ): "视频一帧也读不出来：要么已损坏，要么一帧超过 {most} 百万像素。请重新存成 MP4。",
    "The file has {size:.1f} MB; at most {most} MB are read. Trim the video, or save it smaller.": (
        "文件有 {size:.1f} MB，最多只读 {most} MB。请剪短视频，或存得小一些。"
    ),
    (
        "Reading the video takes longer than {most:.0f} s. Trim it, or save it smaller, 1280 x "
        "720 for instance."
    ): "读这个视频要超过 {most:.0f} 秒。请剪短它，或存得小一些，例如 1280 × 720。",
    (
        "Reading the video takes more than {most} s of computing. Trim it, or save it smaller, "
        "1280 x 720 for instance."
    ): "读这个视频要超过 {most} 秒的计算时间。请剪短它，或存得小一些，例如 1280 × 720。",
    (
        "Reading the video takes more than {most} MB of memory. Save it smaller, 1280 x 720 for "
        "instance, and choose that file."
    ): "读这个视频要超过 {most} MB 内存。请存得小一些，例如 1280 × 720，再选那个文件。",
    (
        "Reading the video went wrong and was stopped. Save it again as MP4 (H.264) and choose "
        "that file."
    ): "读这个视频时出了错，已经停下。请重新存成 MP4（H.264），再选那个文件。",
    "No video can be read just now: the computer starts no more programs. Try again in a minute.": (
        "现在读不了视频：电脑不能再启动程序。请一分钟后再试。"
    ),
    "The video's colours are of high dynamic range: here they look paler than they are.": (
        "视频的颜色是高动态范围（HDR）的：在这里看起来比实际的淡。"
    ),
    (
        "The video lasts {duration:.1f} s, so no clip can start at {start:.1f} s. Choose an "
        "earlier start."
    ): "视频长 {duration:.1f} 秒，片段不能从 {start:.1f} 秒开始。请选早一些的起点。",
    (
        "After {start:.1f} s the video goes on for {lasting:.1f} s and the model expects "
        "{expected:.1f} s: its last frame was repeated once."
    ): (
        "从 {start:.1f} 秒起，视频还有 {lasting:.1f} 秒，而模型要 {expected:.1f} 秒："
        "最后一帧重复了一次。"
    ),
    (
        "After {start:.1f} s the video goes on for {lasting:.1f} s and the model expects "
        "{expected:.1f} s: its last frame was repeated {repeats} times."
    ): (
        "从 {start:.1f} 秒起，视频还有 {lasting:.1f} 秒，而模型要 {expected:.1f} 秒："
        "最后一帧重复了 {repeats} 次。"
    ),
    (
        "The video lasts {lasting:.1f} s and the model expects {expected:.1f} s: its last frame "
        "was repeated once."
    ): "视频长 {lasting:.1f} 秒，而模型要 {expected:.1f} 秒：最后一帧重复了一次。",
    (
        "The video lasts {lasting:.1f} s and the model expects {expected:.1f} s: its last frame "
        "was repeated {repeats} times."
    ): "视频长 {lasting:.1f} 秒，而模型要 {expected:.1f} 秒：最后一帧重复了 {repeats} 次。",
    "The video has 1 frame and the model expects {expected}: it was repeated.": (
        "视频只有 1 帧，而模型要 {expected} 帧：这一帧重复使用了。"
    ),
    "The video has {available} frames and the model expects {expected}: some were repeated.": (
        "视频有 {available} 帧，而模型要 {expected} 帧：有些帧重复使用了。"
    ),
    (
        "The file has more than {most} streams of pictures and sound: only the first {most} were "
        "looked at."
    ): "文件里的画面和声音流超过 {most} 个：只看了前 {most} 个。",
    "The video is very long: only its first {minutes:.0f} minutes ({frames:,} frames) were read.": (
        "视频很长：只读了最前面的 {minutes:.0f} 分钟（{frames:,} 帧）。"
    ),
    "Only the first {found:.1f} s of {declared:.1f} s hold pictures that could be found.": (
        "全长 {declared:.1f} 秒，只在前 {found:.1f} 秒里找到画面。"
    ),
    (
        "The video could not be read after {end:.1f} s: the last readable frame stands for the "
        "remaining {unread} of {total}."
    ): "{end:.1f} 秒以后视频读不出来：用最后能读的一帧代替了 {total} 帧中余下的 {unread} 帧。",
    "The wanted frame could not be read; the one before it was used instead.": (
        "要用的那一帧读不出来，改用了它前面的一帧。"
    ),
    "{unread} of {total} frames could not be read; the frame before each was used.": (
        "{total} 帧中有 {unread} 帧读不出来，各用它前面的一帧代替。"
    ),
    # Of what a model does not say of itself.
    (
        "This checkpoint does not record how its frames were chosen: a clip of about {seconds} s "
        "is assumed."
    ): "这个模型没有记录它的帧是怎样选的：假定片段约为 {seconds} 秒。",
    (
        "This checkpoint does not record how its frames were chosen and prepared: a clip of about "
        "{seconds} s, with mean {mean} and deviation {std} as of the released models, is taken."
    ): (
        "这个模型没有记录它的帧是怎样选取和处理的：取约 {seconds} 秒的片段，均值 {mean}、标准差 "
        "{std}，与发布的模型相同。"
    ),
    (
        "How this checkpoint's frames are chosen and prepared could not be asked for: a clip of "
        "about {seconds} s, with mean {mean} and deviation {std} as of the released models, is "
        "taken."
    ): (
        "查不到这个模型的帧是怎样选取和处理的：取约 {seconds} 秒的片段，均值 {mean}、标准差 "
        "{std}，与发布的模型相同。"
    ),
    (
        "This file is of mmaction2: a clip of about {seconds} s, with mean and deviation {mean} "
        "as in its configs, is taken."
    ): "这个文件来自 mmaction2：取约 {seconds} 秒的片段，均值和标准差都是 {mean}，与它的配置相同。",
    "This file has the shapes of {name}: its frames are chosen and prepared as for that.": (
        "这个文件的形状与 {name} 相同：帧的选取和处理也照它来。"
    ),
    "{T} frames of {W} x {H} pixels": "{T} 帧 {W} × {H} 像素",
    "This model was made for {trained} and is shown {given}: trust it less.": (
        "这个模型是为 {trained} 做的，现在看到的是 {given}：不要太相信它。"
    ),
    "This checkpoint has no words for its {count} classes: they are shown as {first} and so on.": (
        "这个模型的 {count} 个类别没有名称：显示为 {first} 等等。"
    ),
    (
        "This checkpoint has no words for its {count} classes: those of {dataset}, which has as "
        "many, are shown."
    ): "这个模型的 {count} 个类别没有名称：显示的是类别数相同的 {dataset} 的名称。",
    # Of the files of a model.
    (
        "The crops of {name}, {H} x {W} pixels, do not divide into its patches of {height} x "
        "{width}."
    ): "{name} 的裁剪为 {H} × {W} 像素，不能正好分成它的 {height} × {width} 图块。",
    "The {file} of {name} cannot be used: {reason}.": "{name} 的 {file} 不能用：{reason}。",
    "The {file} of {name} does not describe a TimeSformer: {reason}.": (
        "{name} 的 {file} 描述的不是 TimeSformer：{reason}。"
    ),
    "a value is of the wrong kind": "有一个值的类型不对",
    "There is no checkpoint named {name!r} here.": "这里没有名为“{name}”的模型。",
    (
        "There is no checkpoint named {name!r} here. Give the name of an embedded model, a Hub id "
        "such as 'facebook/timesformer-base-finetuned-k400', a folder or file."
    ): (
        "这里没有名为“{name}”的模型。请给出自带模型的名称、Hub 上的 "
        "id（例如“facebook/timesformer-base-finetuned-k400”）、文件夹或文件。"
    ),
    "{name} names a revision already; {revision!r} is one too many.": (
        "{name} 已经指定了版本，“{revision}”是多余的。"
    ),
    "{name} has no further revisions; {revision!r} can be had of a Hub id alone.": (
        "{name} 没有别的版本；只有 Hub 上的 id 才能指定“{revision}”。"
    ),
    (
        "{name} has no {file}, without which it cannot be used. Put the one it was trained with "
        "beside its weights."
    ): "{name} 没有 {file}，少了它就不能用。请把训练时用的那个文件放到权重旁边。",
    "The {file} of {name} has more than {most:,} bytes. Get it again from where it came from.": (
        "{name} 的 {file} 超过 {most:,} 字节。请从原来的地方重新取一份。"
    ),
    "The {file} of {name} is not JSON.": "{name} 的 {file} 不是 JSON。",
    "The {file} of {name} holds no settings.": "{name} 的 {file} 里没有设置。",
    "{name} has no weights. They are looked for in {files}.": (
        "{name} 没有权重。查找的文件是 {files}。"
    ),
    "{file} of {source}": "{source} 的 {file}",
    (
        "{file} is damaged, or holds objects besides weights, which are not opened. Get it again "
        "from where it came from, or have its weights saved as safetensors."
    ): (
        "{file} 已损坏，或者除权重外还含有这里不会打开的对象。请从原来的地方重新取一份，"
        "或请人把权重存成 safetensors。"
    ),
    "The weights of {source} do not fit the config: {faults}.": (
        "{source} 的权重与配置不符：{faults}。"
    ),
    "missing: {keys}": "缺少：{keys}",
    "left over: {keys}": "多出：{keys}",
    "of another shape: {keys}": "形状不同：{keys}",
    "{names} and {count} more": "{names} 以及另外 {count} 个",
    (
        "The weights of {source} are not all finite numbers, in {keys}. Get them again from where "
        "they came from."
    ): "{source} 的权重不全是有限的数，问题在 {keys}。请从原来的地方重新取一份。",
    "The weights of {source} are of {kind} and have no {key}, which its config asks for.": (
        "{source} 的权重属于 {kind}，没有配置所要求的 {key}。"
    ),
    "These weights are of several kinds: {kinds}. Keep one kind.": (
        "这些权重有好几种：{kinds}。请只留一种。"
    ),
    "{key} of {kind}": "{kind} 的 {key}",
    "These are no weights of a TimeSformer: they hold {first}. What can be read is of: {known}.": (
        "这不是 TimeSformer 的权重：里面是 {first}。能读的有：{known}。"
    ),
    "nothing": "空的",
    "the released TimeSformer code": "已发布的 TimeSformer 代码",
    "mmaction2, divided attention": "mmaction2（分离注意力）",
    "mmaction2, joint or space-only attention": "mmaction2（联合注意力或仅空间注意力）",
    "These weights have no {key}, which every whole TimeSformer has.": (
        "这些权重没有 {key}，而完整的 TimeSformer 都有它。"
    ),
    "The shapes of these weights are of no TimeSformer: {reason}.": (
        "这些权重的形状不是 TimeSformer 的：{reason}。"
    ),
    (
        "int8 asks for a processor with VNNI instructions, and {device!r} here has none. "
        "Choose another dtype, or none."
    ): ("int8 需要带 VNNI 指令的处理器，而这里的“{device}”没有。请选别的 dtype，或不选。"),
    "{variable} is {named!r}. It may be {known}.": ("{variable} 是“{named}”。可以是 {known}。"),
    (
        "The model cannot be put on {device!r} here. Use 'cpu', or 'cuda' where there is an "
        "NVIDIA GPU with enough free memory."
    ): "模型在这里不能放到“{device}”上。请用“cpu”；如果有显存足够的 NVIDIA GPU，也可以用“cuda”。",
    "There is no {file} in {folder}. Train or evaluate that model first.": (
        "{folder} 里没有 {file}。请先训练或评测那个模型。"
    ),
    "The {file} in {folder} was written by another version. Train or evaluate that model again.": (
        "{folder} 里的 {file} 是别的版本写的。请重新训练或评测那个模型。"
    ),
    # Of the Hub.
    (
        "{name} is not on this computer and the Hugging Face Hub cannot be reached. With a "
        "network, run `python -m timesformer download {repository}` once; after that it works "
        "offline."
    ): (
        "{name} 不在这台电脑上，又连不上 Hugging Face Hub。请在有网络时运行一次 `python -m "
        "timesformer download {repository}`，之后没有网络也能用。"
    ),
    "{name} has no revision {revision!r} on the Hub. Without one, its newest is taken.": (
        "{name} 在 Hub 上没有版本“{revision}”。不指定时取最新的版本。"
    ),
    (
        "{name} is gated: its owner gives it to those who ask. Ask on its page on the Hub, then "
        "run `hf auth login` here."
    ): (
        "{name} 需要申请：它的所有者会给提出申请的人。请先在它的 Hub 页面上申请，再在这里运行 `hf "
        "auth login`。"
    ),
    (
        "The Hub has no public model named {name!r}. Check the spelling; a private or gated model "
        "needs `hf auth login` first."
    ): (
        "Hub 上没有名为“{name}”的公开模型。请检查拼写；私有或需要申请的模型，要先运行 `hf auth "
        "login`。"
    ),
    (
        "There is no room on the disk for {name}. Free some and try again; `hf cache rm` removes "
        "models that are no longer needed."
    ): "磁盘上放不下 {name}。请腾出空间再试；`hf cache rm` 可以删掉不再需要的模型。",
    (
        "{name} cannot be kept: the Hub's cache may not be written. Name a folder that may be in "
        "the environment variable HF_HOME."
    ): "{name} 没法保存：Hub 的缓存不可写。请在环境变量 HF_HOME 里指定一个可写的文件夹。",
    (
        "The Hub refused {name}: it answered {status}. Run `hf auth login` with an account that "
        "may have it, and try again."
    ): "Hub 拒绝提供 {name}：它回答 {status}。请用有权限的账号运行 `hf auth login`，然后再试。",
    "The Hub refused {name}: it answered {status}. Wait a little and try again.": (
        "Hub 拒绝提供 {name}：它回答 {status}。请稍等再试。"
    ),
    # Of the page.
    "This model looks at one frame, and that has no other order.": (
        "这个模型只看一帧，一帧没有别的顺序。"
    ),
    "There is no heat in this heatmap, so there is nothing to cover.": (
        "这张热力图里没有热度，所以没有可遮的。"
    ),
    "There is no folder to write to, and clips have to lie somewhere. Name one in {name}.": (
        "没有可以写入的文件夹，而片段总得放在某个地方。请在 {name} 里指定一个。"
    ),
    "Two models in {variable} have the same last part. Rename one.": (
        "{variable} 里有两个模型的最后一段相同。请给其中一个改名。"
    ),
    "This model is not offered here. Choose one of the list.": (
        "这里不提供这个模型。请从列表里选一个。"
    ),
    "This is no id of a model on the Hub. Type one as owner/name, or choose one of the list.": (
        "这不是 Hub 上模型的 id。请写成 owner/name 的形式，或从列表里选一个。"
    ),
    (
        "The Hub does not give {name} to anybody just now. Check the spelling, or choose one of "
        "the list."
    ): "Hub 现在不对所有人提供 {name}。请检查拼写，或从列表里选一个。",
    "{name} is not open to anybody. Choose one of the list.": (
        "{name} 不对所有人开放。请从列表里选一个。"
    ),
    "{name} has no {file}, and no other file of weights is opened here. Choose one of the list.": (
        "{name} 没有 {file}，而这里不打开别的权重文件。请从列表里选一个模型。"
    ),
    (
        "The {file} of {name} is too large: at most {most:,.0f} MB are fetched here. Choose one "
        "of the list."
    ): "{name} 的 {file} 太大：这里最多下载 {most:,.0f} MB。请从列表里选一个模型。",
    "No more models are fetched here. Choose one of the list.": (
        "这里不再下载别的模型。请从列表里选一个。"
    ),
    (
        "{name} is too large for this page: it has {asked:,} {what}, and at most {most:,} are "
        "taken here. Choose one of the list."
    ): (
        "{name} 对这个页面来说太大：{what}有 {asked:,}，这里最多接受 {most:,}。"
        "请从列表里选一个模型。"
    ),
    "There is no such heatmap. Choose one of the list.": "没有这种热力图。请从列表里选一种。",
    (
        "This model has no time attention of its own. Choose another heatmap, or a model with "
        "divided attention."
    ): "这个模型没有单独的时间注意力。请换一种热力图，或选一个用分离注意力的模型。",
    "Choose for which label, too, or leave the one it is told from.": (
        "请也选好针对哪个标签，或者不选与之对比的标签。"
    ),
    "This model has no label {label!r}. Choose one of the list.": (
        "这个模型没有“{label}”这个标签。请从列表里选一个。"
    ),
    "A label rather than itself tells nothing. Choose another.": (
        "标签和它自己对比，什么也看不出来。请换一个。"
    ),
}
