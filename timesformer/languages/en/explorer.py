"""English: the explorer; in braces stand numbers."""

EXPLORER_HEADING = "Point at a patch: what does it read?"
PART_TOO_LARGE = {
    "block": "One block of this model is too much to send to a browser. The command line draws it: "
    "python -m timesformer explain, with --method attention, --patch, --block and --heads.",
    "frame": "What the patches of one frame draw through all blocks of this model is too much to "
    "send to a browser. The command line draws that of one patch: python -m timesformer explain, "
    "with --method rollout and --patch.",
}
EXPLORER = {
    "heading": EXPLORER_HEADING,
    "lead": "Attention means that each patch reads the others, some more than others. Point at any "
    "patch of any frame, or touch it, and see what it reads; press to keep it. With the keyboard, "
    "arrows move the patch, and page up and page down change the frame.",
    "picture": "The frame with the chosen patch. Arrows move the patch, page up and page down "
    "change the frame.",
    "frames": "All frames",
    "figure": "{frame} · {time} s",
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
    "fetch": {
        "block": "Fetch this block",
        "frame": "Fetch it for this frame",
    },
    "fetchWords": {
        "block": "This model is large: its attention comes block by block, about {megabytes} MB "
        "each.",
        "frame": "This model is large: this view comes for the patches of one frame at a time, "
        "about {megabytes} MB each.",
    },
    "fetching": {
        "block": "Fetching the block",
        "frame": "Fetching it for the frame",
    },
    "other": "What came is of another clip or model than the frames here. Press “Look at it” and "
    "fetch it again.",
    "unreachable": "The numbers could not be fetched. Press “Look at it” again.",
    "tooLarge": PART_TOO_LARGE,
}
ATTENTION_FILE = "Queries and keys of all heads (safetensors)"
NO_PART = {
    "block": "This model has no such block. Choose one that the explorer shows.",
    "frame": "This clip has no such frame. Choose one that the explorer shows.",
}
FETCHED = {
    "block": "Block {number} was fetched.",
    "frame": "Frame {number}, through all blocks, was fetched.",
}
