"""English: the experiments."""

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
