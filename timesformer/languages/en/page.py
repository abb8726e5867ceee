"""English: the page, from its title to the frames that were seen."""

LABELS: dict[str, str] = {}  # what labels are called here, where not as their checkpoint says
SCENE_TITLES = {
    "ball-rolling-left": "A ball rolls left",
    "boat-sailing-right": "A boat sails right",
    "balloon-rising": "A hot-air balloon rises",
    "penguin-coming-down": "A penguin comes down",
    "bus-coming-nearer": "A bus comes nearer",
    "rocket-flying-away": "A rocket flies away",
    "record-turning": "A record turns clockwise",
    "ring-turning": "A swim ring turns anticlockwise",
    "pendulum-swinging": "A pendulum swings",
    "cat-sleeping": "A cat sleeps",
    "hand-waving": "Someone waves hello: is that shaking?",
    "trams-passing": "Two trams pass: which one does it follow?",
}
TITLE = "TimeSformer: where and when it looks"

HEADING = """
# Where and when does it look?

Show a clip to a video transformer. It says what it recognises, and lights up what it looked at,
in every frame it saw.
"""

CLIP = "Your clip"
EXAMPLES = "Or take one of these"
MODEL = "Model"
ANY_MODEL = "Or type the id of any TimeSformer on the Hub that has safetensors of at most 1 GB."
EMBEDDED = {
    "motion": "over time, then space",
    "motion-joint": "all frames at once",
    "motion-space": "each frame by itself",
}
RUN = "Look at it"
STOP = "Stop"
SETTINGS = "Settings"
START = "Start at (seconds)"
START_INFO = "For a clip longer than the model looks at."
NEGATIVE_START = "A clip starts at 0 seconds or later. Choose another start in the settings."
METHOD = "Heatmap"
METHODS = (
    ("Rollout: what could flow to the answer through all blocks", "rollout"),
    ("Attention of the last block, in space", "attention"),
    ("Attention of the last block, in time", "time-attention"),
    ("Relevance: what counted for a label", "relevance"),
    ("Grad-SAM: which attention of the last block counted for a label", "gradsam"),
    ("Grad-CAM: what the last block reads for a label", "gradcam"),
    ("Occlusion: cover piece by piece and watch (slow)", "occlusion"),
)
ABOUT = "For which label"
ABOUT_INFO = "The likeliest, if none is chosen. Of relevance, Grad-SAM, Grad-CAM and occlusion."
THAN = "Rather than"
THAN_INFO = "Why the one label and not this one."
SMOOTH = "Blend the patches (the truth is squares)"

PRIVACY = (
    "Clips go to the server of this page and nowhere else: there the file is deleted as soon as "
    "its frames are read, and the frames and all that is made of them within ten minutes of their "
    "last use, or at once by the button below. No sound is recorded, and nothing is stored in your "
    "browser."
)

ANSWER = "What it recognised"
OVERLAY = "Where it looked"
SHEET = "Contact sheet (PNG)"
CHECK = "Is this heatmap right? Cover and see"
PACK = "Gather films, figures and numbers"
ARCHIVE = "All of it (ZIP)"

READING = "Reading the frames"
LOADING = "Loading the model"
LOOKING = "Looking"
DRAWING = "Drawing"
COVERING = "Covering"
PACKING = "Gathering films, figures and numbers"
PACKED = "Ready to download, below."
CHECKED = "Covered and seen: the result is below the frames."
STOPPED = "Stopped."
FETCHING = "Another model is on its way here. Wait for it, or choose one of the list."
WELCOME = "Upload a clip, record one, or pick an example."
NO_CLIP = "There is no clip yet. Upload or record one, or pick an example."
TOO_STRANGE = (
    "Something went wrong here, not with you. Try again, or try another clip; "
    "whoever runs this page finds the reason in its log."
)

NO_GPU = "No GPU was to be had just now. Wait a minute and press the button again."
NO_PREVIEW = "Your browser cannot play this kind of video; the model reads it all the same."

STRIP_HEADING = "The frames it saw, and when it looked"
STRIP_CAPTION = (
    "Above, the frames the model was given; below, the same with its heatmap. Colours share one "
    "scale for the whole clip: 1 is what every patch would get if it looked everywhere alike. "
    "The curve is the mean of each frame; the dashed line is 1."
)

CAMERA_HELP = {
    "NotAllowedError": "The camera was refused. Allow it beside the address of the page, "
    "or upload a clip.",
    "NotFoundError": "No camera was found. Plug one in, or upload a clip.",
    "NotReadableError": "Another program holds the camera. Close it, or upload a clip.",
    "insecure": "Browsers open the camera only on https or on this very computer. "
    "Upload a clip instead.",
}


def other_choice(name: str) -> str:
    """How a model that is not a published one reads in the list."""
    return f"{name}: {EMBEDDED[name]}" if name in EMBEDDED else name


def published_choice(name: str, num_frames: int, size: int, num_labels: int, licence: str) -> str:
    """How a published checkpoint reads in the list."""
    return (
        f"{name}: {num_labels} labels, {num_frames} frames of {size} x {size}, "
        f"0.5 GB from the Hub, {licence}"
    )


def downloading(name: str, done: int, total: int | None) -> str:
    """How far a download is, in bytes."""
    of = "" if total is None else f" of {total / 1e6:.0f}"
    return f"Downloading {name}: {done / 1e6:.0f}{of} MB"


def looked_at(label: str, probability: float, seconds: float, on: str) -> str:
    """The sentence over the answer."""
    return f"{label}, {probability:.0%}. Answered in {seconds:.1f} s ({on})."


def recalled(label: str, probability: float) -> str:
    """The sentence over the answer to a bundled clip that was answered before."""
    return f"{label}, {probability:.0%}. This one was looked at before."


def part_seen(first: float, last: float, duration: float) -> str:
    """Which part of a longer video the answer is about; nothing where it is all but a moment."""
    if duration - (last - first) < 0.5:
        return ""
    return (
        f"It saw {first:.1f} to {last:.1f} s of {duration:.1f} s; "
        f"{SETTINGS} can start it elsewhere."
    )


def frame_words(number: int, time: float, share: float, peak: float) -> str:
    """What a frame of the strip shows, for those who cannot see it."""
    return (
        f"Frame {number} at {time:.2f} s: looked at {share:.2f} times uniform, "
        f"its hottest patch {peak:.1f} times."
    )


def curve_words(shares: list[float], times: list[float]) -> str:
    """What the curve shows, in words."""
    most = max(range(len(shares)), key=shares.__getitem__)
    least = min(range(len(shares)), key=shares.__getitem__)
    return (
        f"It looked most at {times[most]:.2f} s ({shares[most]:.2f} times uniform) and least at "
        f"{times[least]:.2f} s ({shares[least]:.2f})."
    )


def covering(done: int, pieces: int) -> str:
    """How far the covering of a clip is."""
    return f"Covering: {done} of {pieces}"


def too_long(seconds: float, most: float) -> str:
    """Why something is not done here."""
    return (
        f"This would take about {seconds / 60:.0f} minutes with this model on this computer, and "
        f"{most / 60:.0f} is the most here. Choose a smaller model or another heatmap, or run it "
        "from the command line."
    )


WARNINGS = {
    "alike": "is much the same for a model that knows nothing",
    "random": "is no better than a random one",
    "difference": "finds what moves no better than the plain difference of frames",
}


def measured(warnings: list[str]) -> str:
    """What the measurements of this model say against the method, by the keys of WARNINGS."""
    found = " and ".join(WARNINGS[warning] for warning in warnings)
    return f"Measured on clips whose answer is known, this heatmap {found}."


WORK = {  # what a model asks of a computer
    "frames": "frames",
    "pixels": "pixels",
    "parameters": "parameters",
    "multiplications": "multiplications",
    "activations_of_a_block": "activations of a block",
    "attention_weights_of_a_block": "attention weights of a block",
    "attention_weights_of_all_blocks": "attention weights of all blocks",
}
NOT_MEASURED = (
    "How true heatmaps of this model are was not measured; the button below tells it of this clip."
)
CURVE_NAMES = ("hottest first", "at random")
CURVE_AXES = ("probability", "share of patches covered")
