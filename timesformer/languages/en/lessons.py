"""English: the bar over the page, the tour, the lessons and the teacher's corner."""

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
