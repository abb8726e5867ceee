"""Chinese: what is said at the door."""

# ruff: noqa: RUF001 - Chinese punctuation is full-width

NOT_HERE = "这里没有这样的内容。请重新加载页面再试。"
OTHER_ADDRESS = (
    "打开这个页面所用的地址，服务器并不认识。请用平常的地址打开；"
    "管理者可以在 TIMESFORMER_HOSTS 中写明其他地址。"
)
NO_LINKS = "请从这台设备上传文件；不接受链接和其他位置。"
CLIP_GONE = "这个片段已经不在这里了：各帧一读完，片段文件就会删除。请重新上传或录制。"
TWO_AT_MOST = "你有一个片段正在查看，另一个在等候。请先等第一个完成。"
BUSY = "现在等候的人太多。你的片段会在这里保留几分钟：请过一分钟再按一次按钮。"
TOO_MANY_UPLOADS = "刚才从你的网络传来的片段太多。请等一分钟再试。"
TOO_LARGE = "太大了：最多接受 50 MB。请剪短片段，或者录一段更短的。"
ONE_FILE = "请像页面那样一次只发一个文件。"
BROKEN_OFF = "你的片段没有完整传到。请检查网络，再上传一次。"
NO_ROOM = "服务器现在没有空间存放片段。请等几分钟再试。"
ON_PROCESSOR = "显卡内存不足：改用处理器继续，会慢一些"
