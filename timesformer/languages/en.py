"""English."""

from collections.abc import Sequence

CODE = "en"
NAME = "English"
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
METHOD = "Heatmap"
METHODS = (
    ("Rollout: what could flow to the answer through all blocks", "rollout"),
    ("Attention of the last block, in space", "attention"),
    ("Attention of the last block, in time", "time-attention"),
    ("Relevance: what counted for a label", "relevance"),
    ("Grad-CAM: what the last block reads for a label", "gradcam"),
    ("Occlusion: cover piece by piece and watch (slow)", "occlusion"),
)
ABOUT = "For which label"
ABOUT_INFO = "The likeliest, if none is chosen. Of relevance, Grad-CAM and occlusion."
THAN = "Rather than"
THAN_INFO = "Why the one label and not this one."
SMOOTH = "Blend the patches (the truth is squares)"

PRIVACY = (
    "Clips go to the server of this page and nowhere else, and are deleted there ten minutes after "
    "their last use, or at once by the button below them. No sound is recorded, and nothing is "
    "stored in your browser."
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

# At the door

NOT_HERE = "There is nothing like that here. Reload the page and try again."
NO_LINKS = "Upload a file from this device; links and other places are not taken."
CLIP_GONE = (
    "This clip is no longer here: clips go after ten minutes. Upload or record it once more."
)
TWO_AT_MOST = "One of your clips is being looked at and another waits. Wait for the first."
BUSY = (
    "Too many people are waiting just now. Your clip stays here for some minutes: press the "
    "button again in one."
)
TOO_MANY_UPLOADS = "Too many clips came from your network just now. Wait a minute and try again."
TOO_LARGE = "This is too large: at most 50 MB are taken. Trim the clip, or record a shorter one."
ONE_FILE = "Send one file at a time, as the page does."
BROKEN_OFF = "Your clip did not arrive whole. Check the network and upload it again."
NO_ROOM = "The server has no room for clips just now. Wait some minutes and try again."
ON_PROCESSOR = "The graphics card has no memory left: going on without it, which takes longer"

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


def looked_at(label: str, probability: float, seconds: float) -> str:
    """The sentence over the answer."""
    return f"{label}, {probability:.0%}. Answered in {seconds:.1f} s."


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


NOT_MEASURED = (
    "How true heatmaps of this model are was not measured; the button below tells it of this clip."
)
CURVE_NAMES = ("hottest first", "at random")
CURVE_AXES = ("probability", "share of patches covered")


# The bar over the page, the tour, the lessons and the teacher's corner.
BAR_LABEL = "Around the page"
BAR = {"tour": "Take the tour", "lessons": "Lessons", "large": "Large type"}
BAR_WORDS = {
    "stop": "Stop {number} of {count}",
    "back": "Back",
    "next": "Next",
    "end": "End the tour",
    "copied": "Copied. The link opens the page as it is now.",
    "ownClip": "Copied. A clip of your own is not in the link: choose an example for that.",
    "uncopied": "The browser did not allow it. Copy the address above instead.",
}
TOUR = {
    "clip": ("A clip", "Upload one, or record one with the camera. It is answered at once."),
    "examples": ("Or an example", "Each shows one of the ten motions that the model knows."),
    "model": (
        "The model",
        "The first three are small and always here: one scheme of attention each.",
    ),
    "answer": ("What it recognised", "The five likeliest labels, with their probabilities."),
    "overlay": ("Where it looked", "Bright squares are patches that could count for the answer."),
    "strip": (
        "What it saw, and when it looked",
        "The model saw these frames and no others. The curve says how much each was looked at.",
    ),
    "explorer": (
        "Ask any patch",
        "Point at a patch: what does it attend to, in its own frame and at its own place in the "
        "others?",
    ),
    "trials": (
        "Try it out",
        "Reverse the clip, shuffle it, freeze it, cover parts of it. Guess first.",
    ),
    "lessons": ("Lessons", "Each opens the page in the right state, with one thing to find out."),
}
LESSONS_HEADING = "Lessons"
LESSON_NEXT = "Next lesson"
LESSON_AGAIN = "Start over"
LESSON_END = "Leave the lesson"
REVEAL = "Show the answer"
LESSONS = {
    "predict": (
        "Predict, then reveal",
        "The answer is hidden. Play the clip and decide what moves where.",
        "Which label will come first, and how sure will the model be?",
    ),
    "reverse": (
        "Reverse it",
        "A boat sails to the right; the experiment below plays the same frames backwards. No "
        "single frame says which way it goes.",
        "What will the model say to the clip backwards?",
    ),
    "schemes": (
        "Three brains, one clip",
        "The same clip goes through three models: one looks over time and then over space, one at "
        "all frames at once, and one at each frame by itself. They learned from the same clips.",
        "Which of the three cannot know left from right, and why?",
    ),
    "follow": (
        "Follow the thing",
        "A patch on the boat is chosen. Time attention reads at the same place only; space "
        "attention reads in the same frame only.",
        "How can the patch find the boat in another frame, and in which view do you see it?",
    ),
    "matrix": (
        "The time matrix",
        "Each row of the small table is a frame that reads, each column one that is read. A row "
        "sums to 1.",
        "Find a head that looks at the frame before, and one that looks at all frames alike.",
    ),
    "heads": (
        "Head hunt",
        "The wall shows one small map for each block and head, all of the same patch. Sort it by "
        "entropy: a low one reads few patches, a high one reads all.",
        "Do heads reach farther in the first blocks or in the last?",
    ),
    "cover": (
        "Cover it up",
        "The experiment below covers the hottest tenth of the patches, and then a random tenth. If "
        "the heatmap is right, the first hurts more.",
        "By how many points does the answer fall for each?",
    ),
    "labels": (
        "Two answers, one clip",
        "Two trams pass each other. The heatmap shows what counted for moving left rather than "
        "moving right.",
        "Swap the two labels in the settings: where does the heat go?",
    ),
    "check": (
        "Does the map know anything?",
        "A picture can look right and mean nothing. The check covers ever more patches, hottest "
        "first, and at random.",
        "How far apart are the two curves, and what would they be for a useless map?",
    ),
    "maths": (
        "Where the maths lives",
        "A query and eight keys, one for each frame at the chosen place: products, a sum, a "
        "division, a softmax. These are the very numbers of the model.",
        "What does the temperature do to the weights, and what would 0 do?",
    ),
}
TEACHERS = "For teachers"
TEACHERS_WORDS = (
    "Bring the page into the state that you want, hide what would distract, and share the link. It "
    "holds the example, the model, the patch and the experiment, and works for as long as the page "
    "does."
)
HIDE = "Hide"
PANELS = {
    "settings": "Settings",
    "answer": "The answer",
    "explorer": "The explorer",
    "trials": "The experiments",
    "take": "Downloads and the check",
    "works": "How it works",
    "lessons": "The lessons",
}
COPY = "Copy a link to this view"
DELETE = "Delete my clip"
DELETED = (
    "Your clip and what the page showed of it are deleted from the server. Earlier films and "
    "figures of it, if there were any, go within ten minutes."
)
BUNDLED_STAYS = "The page is cleared. The clip was one of its own examples, and stays."


# How it works: the drawing of a block, the arithmetic of one patch, the references.
WORKS = "How it works, number by number"
WORKS_DRAWING = "This model, drawn from the top down. The words beside the drawing say the same."
WORKS_UNKNOWN = (
    "What is inside this model is not known before it is loaded. Choose an embedded or a published "
    "one to see it drawn."
)
WORKS_CLS = "cls"
WORKS_PATCHES = "patches"
WORKS_EMBED = "Pixels to patches"
WORKS_TIME = "Time attention"
WORKS_SPACE = "Space attention"
WORKS_JOINT = "Attention over space and time"
WORKS_MLP = "MLP"
WORKS_CLASSIFIER = "Classifier"
WORKS_NORM = "LayerNorm"
WORKS_MORE = "…"
WORKS_READS = "The outlined patch reads what is filled; the rings above are cls."
WORKS_PLACE = "+ a learned vector for its place"
WORKS_PLACE_AND_TIME = "+ learned vectors for its place and its frame"
WORKS_SOFTMAX = "softmax: logits to probabilities"
WORKS_PAPER = (
    "The paper differs in one thing: by its equation 13 a patch also reads the cls token in time "
    "attention. In the released code, and so in this drawing and in this model, it does not."
)
ACTIVATION_NAMES = {"gelu": "GELU", "gelu_new": "GELU", "relu": "ReLU", "silu": "SiLU"}


def works_model(parameters: int, blocks: int, heads: int, width: int) -> str:
    """What is said of the whole model under the heading."""
    return (
        f"{parameters:,} parameters in {blocks} blocks of {heads} heads. Every token, that is "
        f"every patch and cls, is {width} numbers long from the first block to the last."
    )


def works_blocks(blocks: int) -> str:
    """What stands at the frame that is drawn around a block."""
    return f"a block; {blocks} of them, one after another"


def works_tokens(frames: int, patches: int, width: int) -> str:
    """The shape of the patches, all the way."""
    return f"{frames} frames x {patches} patches x {width} numbers"


def works_pixels(frames: int, height: int, width: int, channels: int) -> str:
    """What goes in."""
    return f"{frames} frames of {height} x {width} pixels, {channels} colours"


def works_patch(height: int, width: int, channels: int, numbers: int) -> str:
    """How a patch becomes a token."""
    return f"each patch: linear, {height} x {width} x {channels} to {numbers} numbers"


def works_cls(numbers: int) -> str:
    """Where the cls token comes from."""
    return f"cls: a learned vector of {numbers}, + one for its place"


def works_cls_of_each(numbers: int, frames: int) -> str:
    """Where the cls tokens come from, where each frame has its own."""
    return f"cls: the same for each of {frames} frames, a learned vector of {numbers}, + its place"


def works_heads(heads: int, numbers: int) -> str:
    """How attention is split."""
    return f"{heads} heads, with queries, keys and values of {numbers} numbers"


def works_time_reads(patches: int, frames: int) -> str:
    """Which tokens read which in time attention."""
    return f"at each of {patches} places, {frames} patches read all {frames}; no cls"


def works_space_reads(frames: int, patches: int) -> str:
    """Which tokens read which in space attention."""
    return f"in each of {frames} frames, 1 + {patches} tokens read all 1 + {patches}"


def works_joint_reads(tokens: int) -> str:
    """Which tokens read which in joint attention."""
    return f"1 + {tokens:,} tokens, of all frames, read all 1 + {tokens:,}"


def works_linear(numbers: int, to: int) -> str:
    """A linear map."""
    return f"linear, {numbers} to {to}"


def works_second_linear(numbers: int, to: int) -> str:
    """The linear map that time attention has beyond any other."""
    return f"one more linear, {numbers} to {to}"


def works_cls_joins(frames: int) -> str:
    """What happens to cls before space attention."""
    return f"cls is copied into each of {frames} frames"


def works_cls_mean(frames: int) -> str:
    """What happens to what the copies of cls read."""
    return f"cls: the mean of its {frames} copies"


def works_cls_means(frames: int) -> str:
    """What happens to the cls tokens of all frames at the end."""
    return f"the mean of the {frames} cls tokens"


def works_mlp(numbers: int, within: int, activation: str) -> str:
    """What the MLP does to each token."""
    return f"linear, {numbers} to {within}; {activation}; linear, {within} to {numbers}"


WORKS_EACH_ALONE = "each token by itself"


def works_classes(numbers: int, labels: int) -> str:
    """The classifier."""
    return f"linear, {numbers} to {labels} labels"


def embed_words(rows: int, columns: int, pixels: tuple[int, int], width: int) -> str:
    """What the drawing shows of the embedding, in words."""
    return (
        f"Each frame is cut into {rows} rows of {columns} patches of {pixels[0]} x {pixels[1]} "
        f"pixels, and one linear map makes {width} numbers of each. So that the model can tell "
        "places apart, a learned vector for the patch's place is added."
    )


EMBED_TIME_WORDS = (
    "Another is added for the frame's time. The cls token, a learned vector that will gather the "
    "answer, has a place of its own, and no time."
)
EMBED_NO_TIME_WORDS = (
    "None is added for time: this model does not know which frame is which. Each frame has its own "
    "copy of the cls token, a learned vector that will gather what the frame says."
)


def time_words(frames: int, numbers: int) -> str:
    """What the drawing shows of time attention, in words."""
    return (
        f"After a LayerNorm each patch reads the {frames} patches at its own place, one in each "
        "frame, itself among them. Its query times a key, divided by the square root of "
        f"{numbers}, is a score; a softmax makes weights of the {frames} scores that sum to 1, and "
        "what is read is the mean of the values by these weights. Two linear maps follow, of which "
        "only time attention has the second, and the outcome is added to the patch. The cls token "
        "passes by: it reads nothing here, and nothing reads it."
    )


def divided_space_words(frames: int, patches: int) -> str:
    """What the drawing shows of space attention in divided attention, in words."""
    return (
        f"The cls token is copied into all {frames} frames. In each frame, after a LayerNorm, the "
        f"copy and the {patches} patches, which have just read through time, read each other. What "
        f"a patch read is added to the patch; what the {frames} copies read is averaged, and added "
        "to the one cls token."
    )


def space_only_words(frames: int, patches: int) -> str:
    """What the drawing shows of space attention where there is nothing else, in words."""
    return (
        f"In each of the {frames} frames, after a LayerNorm, its cls token and its {patches} "
        "patches read each other, and what each has read is added to it. No frame reads another, "
        "in any block."
    )


def joint_words(tokens: int) -> str:
    """What the drawing shows of joint attention, in words."""
    return (
        f"After a LayerNorm all {tokens:,} patches of all frames, and the cls token, read each "
        "other, and what each has read is added to it. There is no time attention apart."
    )


def mlp_words(width: int, within: int, activation: str) -> str:
    """What the drawing shows of the MLP, in words."""
    return (
        f"After a LayerNorm each token is worked on by itself: from {width} numbers to {within}, "
        f"{activation} on each, and back. Nothing moves between tokens here. The outcome is added."
    )


def classifier_words(labels: int) -> str:
    """What the drawing shows of the end, in words."""
    return (
        f"After the last block only the cls token goes on: a LayerNorm, one linear map to {labels} "
        "logits, one for each label, and a softmax that makes probabilities of them."
    )


def classifier_mean_words(frames: int, labels: int) -> str:
    """What the drawing shows of the end where each frame has its own cls, in words."""
    return (
        f"After the last block the cls tokens of the {frames} frames are averaged; only here do "
        "the frames meet, and in a mean their order is lost. A LayerNorm, one linear map to "
        f"{labels} logits, one for each label, and a softmax that makes probabilities of them."
    )


def divided_compared(frames: int, tokens: int, joint: int) -> str:
    """How much work a patch has in a block of divided attention."""
    return (
        f"In a block each patch is compared with {frames} patches in time and {tokens:,} tokens in "
        f"space, {frames + tokens:,} in all. With all of the clip at once it would be {joint:,}."
    )


def joint_compared(tokens: int, divided: int) -> str:
    """How much work a patch has in a block of joint attention."""
    return (
        f"In a block each patch is compared with {tokens:,} tokens. Divided into time and space it "
        f"would be {divided:,}."
    )


def space_only_compared(tokens: int) -> str:
    """How much work a patch has in a block of space attention alone."""
    return f"In a block each patch is compared with {tokens:,} tokens, all of its own frame."


REPORT_LEAD = (
    "This page is a file: it works without a network, and asks none for anything. Whoever has it "
    "has the frames of the clip, too."
)
REPORT_MADE = "How it was made"
REPORT_ALL = "All that is on record, as JSON"
REPORT_ROWS = {
    "model": "Model",
    "scheme": "Scheme",
    "method": "Heatmap",
    "about": "For the label",
    "times": "Frames at (seconds)",
    "part": "Part of the picture that it saw (pixels)",
    "grid": "Patches in a frame (rows, columns)",
    "weights": "SHA-256 of the weights",
    "versions": "Made with",
    "notes": "Notes",
}


def report_title(label: str) -> str:
    """The title of a page to take along."""
    return f"“{label}”: where and when the model looked"


def report_label(label: str, probability: float) -> str:
    """A label with its probability, for those who cannot see the bar."""
    return f"{label}: {probability:.1%}"


def report_part(left: float, top: float, width: float, height: float) -> str:
    """Which part of the source's picture the model saw."""
    return f"{width:.0f} wide, {height:.0f} high, {left:.0f} from the left, {top:.0f} from the top"


REPORT_FILM = "The frames with their heatmap; what the model did not see is dark."

ARITHMETIC = "The arithmetic of one patch, with the numbers of the model"
ARITHMETIC_COLUMNS = ("read from", "score q·k", "divided", "power of e", "weight")
ARITHMETIC_WORDS = {
    "empty": "Point at a patch in the explorer, and choose one block and one head there. What that "
    "head computes for the patch will stand here, number by number. A mean of heads has no query "
    "of its own.",
    "asks": "In block {block}, head {head}, the patch asks by its query of {count} numbers, and "
    "each of {tokens} tokens answers by its key. It reads most from this one: {name}.",
    "products": "Query times key, number by number",
    "zeros": "{count} more products are 0: these numbers the model never took into use.",
    "sum": "All {count} products together are the score: {score}. Divided by √{count} = {root}, "
    "and by the temperature, {temperature}, that is {scaled}.",
    "softmax": "From scores to weights: the softmax",
    "others": "the other {count}",
    "total": "together",
    "shift": "From each divided score the greatest, {most}, is taken away first; the weights stay "
    "the same, and the numbers small.",
    "temperature": "Temperature",
    "sharper": "sharper",
    "flatter": "flatter",
    "model": "Temperature 1 is what the model does. Below 1 the greatest score takes ever more, "
    "above 1 all become alike. Now the greatest weight is {most}, and an even one would be {even}.",
}

REFERENCES = "References, and how to cite"
REFERENCES_MORE = (
    "The page is made with PyTorch, Gradio, PyAV and Matplotlib; the colours are Matplotlib's "
    "inferno. No code of the papers' authors is in it."
)
CITE = "To cite the model, take this BibTeX entry:"
CITE_COPY = "Copy"
CITE_COPIED = "Copied"
USED_FOR = {
    "timesformer": "The model: attention divided into time and space.",
    "rollout": "The heatmap “rollout”, here in an exact form for divided attention.",
    "relevance": "The heatmap “relevance”, by gradients of attention.",
    "gradcam": "The heatmap “Grad-CAM”, here on what the last block reads.",
    "occlusion": "The heatmap “occlusion”: cover a piece and watch.",
    "deletion": "The check of a heatmap: cover the hottest patches first.",
    "attention": "Queries, keys, values and heads.",
    "patches": "Pictures as patches, and the weights that the published models began from.",
}


# The experiments.
TRY_HEADING = "Try it"
TRY_CAPTION = (
    "Change one thing about the clip and ask the model again. Guess first; the answer opens by a "
    "press."
)
GUESS = "Guess first, then open"
TRYING = "Trying"
TRIED = "It is done: guess, then open the answer below the experiments."
TRY_BUTTONS = {
    "reverse": "Play it backwards",
    "shuffle": "Shuffle its frames",
    "freeze": "Freeze one frame",
    "cover": "Cover what I painted",
    "hottest": "Cover the hottest tenth",
    "frames": "Take fewer and more frames",
    "schemes": "Ask all three schemes",
}
TRY_QUESTIONS = {
    "reverse": "Played backwards: what will it say?",
    "shuffle": "The same frames in five random orders: will it still say the same?",
    "freeze": "One frame for as long as the clip lasts: is any of them enough?",
    "cover": "Without what you covered: what will it say?",
    "hottest": "The hottest tenth of the patches covered, or a random tenth: which changes more?",
    "frames": "Half as many frames, and twice as many: will it still say the same?",
    "schemes": "One clip, three schemes of attention: which can know, and what does each cost?",
}
AS_IT_IS = "As it is"
AFTERWARDS = {
    "reverse": "Backwards",
    "shuffle": "Shuffled, the first order",
    "cover": "Covered",
    "hottest": "Hottest tenth covered",
}
NOTHING_COVERED = (
    "Nothing is covered yet. Choose “Cover patches” in the explorer, paint over some patches, and "
    "press this again."
)
COVERED_ELSEWHERE = (
    "What you covered is outside of this clip. Press “Look at it”, cover some patches, and try "
    "again."
)
FLICKER = (
    "Covering is something to see as well: patches that come and go from frame to frame can look "
    "like a motion."
)
NO_ORDER = "This model looks at each frame by itself, so no order can change its answer."
FRAME = "Frame"
NUMBERS = "All the numbers"
NUMBER_HEADS = {"shuffle": "Order of the frames", "freeze": "Frame", "hottest": "Covered"}
SAYS = "It says"
SCHEMES = {
    "divided_space_time": "divided",
    "joint_space_time": "joint",
    "space_only": "space-only",
}
THE_THREE = "motion, motion-joint and motion-space"
RUN_ROWS = {
    "says": "It says",
    "comparisons": "Each patch is compared with, in a block",
    "all_comparisons": "All patches of the clip together",
    "seconds": "It took",
}
LOOKED = "Where each looked, by rollout, in every frame"


def trying(done: int, count: int) -> str:
    """How far an experiment is."""
    return f"Trying: {done} of {count}"


def tried_with(model: str) -> str:
    """Whose answers they are."""
    return f"Tried with {model}."


def only_frame(number: int) -> str:
    """What stands over the answer to a frozen frame."""
    return f"Frame {number} alone"


def random_tenth(number: int) -> str:
    """One of the random tenths that are covered."""
    return f"Random tenth {number}"


def in_points(before: float, after: float) -> str:
    """The change of a probability, as a number with its sign."""
    points = _points(before, after)
    sign = "+" if points > 0 else "\N{MINUS SIGN}" if points < 0 else ""
    return f"{sign}{abs(points)}"


def changed(label: str, before: float, after: float) -> str:
    """The change of a probability in words."""
    points = _points(before, after)
    noun = "point" if abs(points) == 1 else "points"
    if not points:
        return f"“{label}”: {before:.0%} before and after."
    much = f"{abs(points)} {noun} {'more' if points > 0 else 'less'}"
    return f"“{label}”: from {before:.0%} to {after:.0%}, {much}."


def _points(before: float, after: float) -> int:
    """A change in hundredths, such that the rounded numbers add up."""
    return round(100 * after) - round(100 * before)


def probability_of(label: str) -> str:
    """What a column of numbers or a line is about."""
    return f"Probability of “{label}”"


def backwards_means(first: str, then: str, mirrored: str | None) -> str:
    """What it means that the answer is `then` backwards, where `mirrored` would be right."""
    if mirrored is None and then == first:
        return "It says the same backwards: which way the clip is played does not decide here."
    if then == mirrored == first:
        return f"Backwards, “{first}” stays “{first}”, and so it says."
    if then == mirrored:
        return (
            f"Backwards, “{first}” becomes “{then}”, and so it says: here it goes by the order of "
            "the frames."
        )
    if then == first:
        return (
            f"Backwards, “{first}” becomes “{mirrored}”, but it says the same as before: either "
            "the order of the frames does not decide here, or it goes by something else now."
        )
    return f"Backwards it says “{then}”: here the order of the frames counts."


def shuffled_means(alike: int, count: int, label: str, low: float, high: float) -> str:
    """What it means that so many random orders have the same answer."""
    orders = f"In {alike} of {count} random orders it still says “{label}”"
    span = f"whose probability is {low:.0%} to {high:.0%} in them"
    if alike == count:
        return f"{orders}, {span}: here the order of the frames does not decide."
    if alike == 0:
        return f"{orders}, {span}: here it needs the frames in their order."
    return f"{orders}, {span}: here the order of the frames counts, but does not decide alone."


def frozen_caption(label: str) -> str:
    """What the bars of frozen frames show."""
    return f"Probability of “{label}” with each frame alone; dashed, with the clip as it is."


def frozen_means(enough: list[int], T: int, label: str) -> str:
    """What it means that these frames, alone, have the same answer as the clip."""
    if not enough:
        return f"No frame alone makes it say “{label}”: it needs more than one."
    if len(enough) == T:
        return f"Every frame alone makes it say “{label}”: here nothing has to move."
    frames = ", ".join(map(str, enough))
    return f"{len(enough)} of {T} frames, alone, make it say “{label}”: {frames}."


def covered_means(share: float, first: str, then: str) -> str:
    """What it means that the answer is `then` with a share of the patches covered."""
    part = "under 1%" if share < 0.01 else f"{share:.0%}"
    if then == first:
        return (
            f"With {part} of the patches covered it says the same: what is left to see is enough."
        )
    return (
        f"With {part} of the patches covered it says “{then}”: either what is covered counted, or "
        "the covering itself looks like that."
    )


def hottest_means(hot: float, low: float, high: float, before: float) -> str:
    """What it means that a probability is `hot` after the hottest tenth, `low` to `high` else."""
    points, least, most = (_points(before, one) for one in (hot, low, high))
    numbers = (
        f"The hottest tenth changes the probability by {in_points(before, hot)}, random tenths by "
        f"{in_points(before, low)} to {in_points(before, high)} points"
    )
    if points < least:
        return f"{numbers}: these patches count more than random ones."
    if points > most:
        return f"{numbers}: these patches count less than random ones."
    return f"{numbers}: these patches count no more and no less than random ones."


def line_words(label: str, before: float, after: list[float]) -> str:
    """What a line with dots shows, in words."""
    numbers = ", ".join(f"{one:.0%}" for one in after)
    return f"The probability of “{label}” is {before:.0%} as it is, and afterwards {numbers}."


def frozen_words(number: int, says: str, probability: float) -> str:
    """What is said of one frozen frame."""
    return f"Frame {number}: {says}, {probability:.0%}"


def scheme_head(model: str, scheme: str) -> str:
    """The head of a column of a run with a scheme."""
    return f"{model} ({SCHEMES[scheme]})"


def frames_head(T: int) -> str:
    """The head of a column of a run with T frames."""
    return f"{T} frames" if T > 1 else "1 frame"


def all_alike(label: str) -> str:
    """That every run has the same likeliest label."""
    return f"All say “{label}”."


def not_alike(said: list[tuple[str, str]]) -> str:
    """What each run says, where they differ."""
    return "They differ. " + "; ".join(f"{head}: “{label}”" for head, label in said) + "."


def frames_cost(T: int, comparisons: float, seconds: float) -> str:
    """What T frames cost beside what the model is made for."""
    return (
        f"{T} frames take {comparisons:.1f} times as many comparisons and {seconds:.1f} times as "
        "long as the clip does."
    )


def frames_caveat(T: int) -> str:
    """What is to be kept in mind of other numbers of frames."""
    return f"The model learned from clips of {T} frames: trust it less with others."


def schemes_cost(N: int, T: int) -> str:
    """What the schemes compare."""
    return (
        f"With {T} frames of {N} patches, each patch is compared with {N} + {T} = {N + T:,} in "
        f"divided attention, with {N} x {T} = {N * T:,} in joint attention, and with {N} in "
        "space-only attention, which never compares two frames and so cannot know their order."
    )


def schemes_chosen(model: str) -> str:
    """That the chosen model is none of the three."""
    return f"These are the three small models of this page; {model} is not one of them."


def took(number: float) -> str:
    """A time that an answer took."""
    return f"{number:.2f} s"


# The explorer: in braces stand numbers.
EXPLORER_HEADING = "Point at a patch: what does it read?"
BLOCK_TOO_LARGE = (
    "One block of this model is too much to send to a browser. The command line draws it: "
    "python -m timesformer explain, with --method attention, --patch, --block and --heads."
)
EXPLORER = {
    "heading": EXPLORER_HEADING,
    "lead": "Attention means that each patch reads the others, some more than others. Point at any "
    "patch of any frame, or touch it, and see what it reads; press to keep it. With the keyboard, "
    "arrows move the patch, and page up and page down change the frame.",
    "picture": "The frame with the chosen patch. Arrows move the patch, page up and page down "
    "change the frame.",
    "frames": "All frames",
    "frame": "Frame",
    "row": "Row",
    "column": "Column",
    "scale": "Colours from 0 to {top} times uniform",
    "top": "{top}+ times uniform",
    "views": "What to show",
    "space": "Space: its own frame",
    "time": "Time: its own place",
    "hops": "Both hops",
    "joint": "All frames at once",
    "rollout": "Through all blocks",
    "means": {
        "space": "What the patch reads in its own frame, in the block and head below.",
        "time": "What the patch reads at its own place in all frames, in the block and head below.",
        "hops": "The whole block: the patch reads in its own frame from patches that have each "
        "just read through time.",
        "joint": "What the patch reads in all frames, in the block and head below.",
        "rollout": "What could have flowed into the patch through all blocks, as the mean of "
        "heads: in each block half stays as it was, and half is what was read.",
    },
    "how": "How this step works",
    "without": {
        "joint_space_time": "This model attends to all frames at once: it has no space and no time "
        "apart.",
        "space_only": "This model looks at each frame by itself: it has no attention over time.",
        "large": "Through all blocks is left out here: this model is too large to have all of it "
        "in the browser.",
    },
    "block": "Block",
    "head": "Head",
    "mean": "mean",
    "patch": "Frame {frame}, row {row}, column {column}.",
    "nameFrame": "frame {frame}",
    "namePatch": "frame {frame}, row {row}, column {column}",
    "nameCls": "the cls token",
    "one": "Block {block}, head {head}.",
    "all": "Block {block}, mean of all heads.",
    "through": "Through all {blocks} blocks, mean of all heads.",
    "most": {
        "space": "It reads most from row {row}, column {column}: {percent} %, which is {times} "
        "times uniform.",
        "time": "It reads most from frame {frame}: {percent} %, which is {times} times uniform.",
        "hops": "It reads most from frame {frame}, row {row}, column {column}: {percent} %, which "
        "is {times} times uniform.",
    },
    "cls": "{percent} % goes to the cls token.",
    "bits": "Entropy: {bits} bits. All alike would be {most} bits.",
    "matrix": "Frames that read each other at this place",
    "matrixWords": "Each row is a frame that reads, each column a frame that is read; a row sums "
    "to 100 %.",
    "matrixScale": "Colours from 0 to {percent} %",
    "matrixLabel": "Which frame reads which at this place. Arrows move from cell to cell.",
    "cell": "At this place, frame {reading} reads {percent} % from frame {read}.",
    "reading": "reads",
    "read": "is read",
    "wall": "Every head at once",
    "wallWords": "The same patch in all heads, each with a scale of its own; one that stays dark "
    "gives nearly all to the cls token. Press one to choose it.",
    "sort": "In the order of",
    "byPlace": "place in the model",
    "byBits": "entropy, most focused first",
    "byDistance": "distance, nearest first",
    "wallHead": "Block {block}, head {head}",
    "wallBits": "Block {block}, head {head}: {bits} bits",
    "wallDistance": "Block {block}, head {head}: {distance} patches",
    "wallBoth": "Block {block}, head {head}. Over the whole clip: entropy {bits} bits, and "
    "{distance} patches between a patch and what it reads.",
    "working": "Working it out from all patches: {percent} %",
    "cover": "Cover patches",
    "coverWords": "Press or drag over patches to cover them, or move with the arrows and press the "
    "space key. Frames can be covered whole, below them.",
    "coverFrame": "Cover frame {frame}",
    "coverShort": "cover",
    "covered": "Covered patches: {count}. “Cover what I painted”, below, asks the model again.",
    "uncover": "Uncover all",
    "fetch": "Fetch this block",
    "fetchWords": "This model is large: its attention comes block by block, about {megabytes} MB "
    "each.",
    "fetching": "Fetching the block",
    "other": "That block is of another clip or model than the frames here. Press “Look at it” and "
    "fetch it again.",
    "unreachable": "The numbers could not be fetched. Press “Look at it” again.",
    "tooLarge": BLOCK_TOO_LARGE,
}
ATTENTION_FILE = "Queries and keys of all heads (safetensors)"
NO_BLOCK = "This model has no such block. Choose one that the explorer shows."


def fetched_block(number: int) -> str:
    """What is said once one block of a large model is here."""
    return f"Block {number} is in the explorer."


# Heatmaps in words.
CAVEATS = {
    "rollout": "What could flow to the answer through the attention of all blocks, whatever "
    "the label. It is almost flat over time by construction.",
    "attention": "What one block read in space attention, whatever the label; what it made of "
    "that, and the other blocks, are left out.",
    "time-attention": "How much of each patch the frames read at its place in time attention of "
    "one block; whether the answer used it is not in it.",
    "relevance": "Where more attention would have raised the score of the label, by gradients: "
    "true of small changes, and of attention alone.",
    "gradcam": "Where what the last block reads speaks for the label, weighed alike in all "
    "frames: places rather than moments.",
    "occlusion": "How far the score of the label falls when a piece is covered in the mean "
    "colour of the clip; none that the model learned from looked like that.",
}
HEAT_NAMES = {
    "rollout": "rollout",
    "attention": "attention",
    "time-attention": "time attention",
    "relevance": "relevance",
    "gradcam": "Grad-CAM",
    "occlusion": "occlusion",
}
ZONES = {
    "upper left": "upper left",
    "upper centre": "upper centre",
    "upper right": "upper right",
    "middle left": "middle left",
    "middle centre": "middle",
    "middle right": "middle right",
    "lower left": "lower left",
    "lower centre": "lower centre",
    "lower right": "lower right",
}


def heat_about(name: str, labels: Sequence[str], against: bool) -> str:
    """What the heat is, and for or against which label, or rather than which other."""
    about = " rather than ".join(f"“{label}”" for label in labels)
    return f"{name} {'against' if against else 'for'} {about}"


def nowhere(name: str) -> str:
    """That there is no heat."""
    return f"There is no {name} anywhere."


def densest(
    name: str, first: int, last: int, T: int, share: float, zone: str, density: float
) -> str:
    """In which frames most of the heat is, and where it is densest in those."""
    frames = f"Frame {first}" if first == last else f"Frames {first} to {last}"
    return (
        f"{frames} of {T} {'holds' if first == last else 'hold'} {share:.0%} of the {name}, where "
        f"an even share is {(last - first + 1) / T:.0%}; it is densest in the {zone} there, "
        f"{density:.1f} times uniform."
    )


def counts(
    name: str, label: str, points: int, random_points: int, gap: float, random_gap: float
) -> str:
    """What covering the hottest tenth takes off a probability, beside a random tenth."""
    return (
        f"By {name}: covering the hottest tenth of the patches {_taken(points)} the probability of "
        f"“{label}”; covering a random tenth {_taken(random_points)} it. Shown hottest first "
        f"rather than covered, the area between is {gap:.2f}, of random maps {random_gap:.2f}."
    )


def _taken(points: int) -> str:
    if not points:
        return "hardly changes"
    noun = "point" if abs(points) == 1 else "points"
    return f"takes {points} {noun} off" if points > 0 else f"adds {-points} {noun} to"
