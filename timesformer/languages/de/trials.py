"""German: the experiments."""

from .habits import decimal, percent, whole

TRY_HEADING = "Probieren Sie es aus"
TRY_CAPTION = (
    "Ändern Sie eine Sache am Clip, und fragen Sie das Modell noch einmal. Raten Sie zuerst; die "
    "Antwort öffnet sich auf Knopfdruck."
)
GUESS = "Erst raten, dann öffnen"
TRYING = "Es wird ausprobiert"
TRIED = "Fertig: Raten Sie, und öffnen Sie dann die Antwort unter den Experimenten."
TRY_BUTTONS = {
    "reverse": "Rückwärts abspielen",
    "shuffle": "Bilder mischen",
    "freeze": "Ein Bild einfrieren",
    "cover": "Bemalte Patches verdecken",
    "hottest": "Heißestes Zehntel verdecken",
    "frames": "Weniger und mehr Bilder nehmen",
    "schemes": "Alle drei Schemata fragen",
}
TRY_QUESTIONS = {
    "reverse": "Rückwärts abgespielt: Was wird das Modell sagen?",
    "shuffle": "Dieselben Bilder in fünf zufälligen Reihenfolgen: Wird das Modell immer noch "
    "dasselbe sagen?",
    "freeze": "Ein einziges Bild, so lange der Clip dauert: Genügt eines davon?",
    "cover": "Ohne das, was Sie verdeckt haben: Was wird das Modell sagen?",
    "hottest": "Das heißeste Zehntel der Patches verdeckt, oder ein zufälliges Zehntel: Was ändert "
    "mehr?",
    "frames": "Halb so viele Bilder, und doppelt so viele: Wird das Modell immer noch dasselbe "
    "sagen?",
    "schemes": "Ein Clip, drei Aufmerksamkeitsschemata: Welches kann es wissen, und was kostet "
    "jedes?",
}
AS_IT_IS = "Unverändert"
AFTERWARDS = {
    "reverse": "Rückwärts",
    "shuffle": "Gemischt, die erste Reihenfolge",
    "cover": "Verdeckt",
    "hottest": "Heißestes Zehntel verdeckt",
}
NOTHING_COVERED = (
    "Es ist noch nichts verdeckt. Wählen Sie „Patches verdecken“ im Explorer, bemalen Sie einige "
    "Patches, und drücken Sie hier noch einmal."
)
COVERED_ELSEWHERE = (
    "Was Sie verdeckt haben, liegt außerhalb dieses Clips. Drücken Sie „Hinschauen lassen“, "
    "verdecken Sie einige Patches, und versuchen Sie es noch einmal."
)
FLICKER = (
    "Auch das Verdecken ist etwas, das man sieht: Patches, die von Bild zu Bild kommen und gehen, "
    "können wie eine Bewegung aussehen."
)
NO_ORDER = (
    "Dieses Modell schaut jedes Bild für sich an, deshalb kann keine Reihenfolge seine Antwort "
    "ändern."
)
FRAME = "Bild"
NUMBERS = "Alle Zahlen"
NUMBER_HEADS = {"shuffle": "Reihenfolge der Bilder", "freeze": "Bild", "hottest": "Verdeckt"}
SAYS = "Das Modell sagt"
SCHEMES = {
    "divided_space_time": "geteilt",
    "joint_space_time": "gemeinsam",
    "space_only": "nur räumlich",
}
THE_THREE = "motion, motion-joint und motion-space"
RUN_ROWS = {
    "says": "Das Modell sagt",
    "comparisons": "So oft wird jeder Patch in einem Block verglichen",
    "all_comparisons": "Alle Patches des Clips zusammen",
    "seconds": "So lange hat es gedauert",
}
LOOKED = "Wo jedes hinschaute, nach Rollout, in jedem Bild"


def trying(done: int, count: int) -> str:
    """How far an experiment is."""
    return f"Es wird ausprobiert: {done} von {count}"


def tried_with(model: str) -> str:
    """Whose answers they are."""
    return f"Ausprobiert mit {model}."


def only_frame(number: int) -> str:
    """What stands over the answer to a frozen frame."""
    return f"Nur Bild {number}"


def random_tenth(number: int) -> str:
    """One of the random tenths that are covered."""
    return f"Zufälliges Zehntel {number}"


def in_points(before: float, after: float) -> str:
    """The change of a probability, as a number with its sign."""
    points = _points(before, after)
    sign = "+" if points > 0 else "\N{MINUS SIGN}" if points < 0 else ""
    return f"{sign}{abs(points)}"


def changed(label: str, before: float, after: float) -> str:
    """The change of a probability in words."""
    points = _points(before, after)
    noun = "Prozentpunkt" if abs(points) == 1 else "Prozentpunkte"
    if not points:
        return f"„{label}“: {percent(before)} vorher und nachher."
    much = f"{abs(points)} {noun} {'mehr' if points > 0 else 'weniger'}"
    return f"„{label}“: von {percent(before)} auf {percent(after)}, {much}."


def _points(before: float, after: float) -> int:
    """A change in hundredths, such that the rounded numbers add up."""
    return round(100 * after) - round(100 * before)


def probability_of(label: str) -> str:
    """What a column of numbers or a line is about."""
    return f"Wahrscheinlichkeit von „{label}“"


def backwards_means(first: str, then: str, mirrored: str | None) -> str:
    """What it means that the answer is `then` backwards, where `mirrored` would be right."""
    if mirrored is None and then == first:
        return (
            "Rückwärts sagt das Modell dasselbe: In welcher Richtung der Clip abgespielt wird, "
            "entscheidet hier nicht."
        )
    if then == mirrored == first:
        return f"Rückwärts bleibt „{first}“ auch „{first}“, und genau das sagt das Modell."
    if then == mirrored:
        return (
            f"Rückwärts wird „{first}“ zu „{then}“, und genau das sagt das Modell: Hier richtet es "
            "sich nach der Reihenfolge der Bilder."
        )
    if then == first:
        return (
            f"Rückwärts wird „{first}“ zu „{mirrored}“, aber das Modell sagt dasselbe wie vorher: "
            "Entweder entscheidet die Reihenfolge der Bilder hier nicht, oder es richtet sich nun "
            "nach etwas anderem."
        )
    return f"Rückwärts sagt das Modell „{then}“: Hier zählt die Reihenfolge der Bilder."


def shuffled_means(alike: int, count: int, label: str, low: float, high: float) -> str:
    """What it means that so many random orders have the same answer."""
    orders = f"Bei {alike} von {count} zufälligen Reihenfolgen sagt das Modell weiterhin „{label}“"
    span = f"dessen Wahrscheinlichkeit je nach Reihenfolge {percent(low)} bis {percent(high)} ist"
    if alike == count:
        return f"{orders}, {span}: Hier entscheidet die Reihenfolge der Bilder nicht."
    if alike == 0:
        return f"{orders}, {span}: Hier braucht es die Bilder in ihrer Reihenfolge."
    return (
        f"{orders}, {span}: Hier zählt die Reihenfolge der Bilder, entscheidet aber nicht allein."
    )


def frozen_caption(label: str) -> str:
    """What the bars of frozen frames show."""
    return (
        f"Wahrscheinlichkeit von „{label}“ mit jedem Bild allein; gestrichelt mit dem "
        "unveränderten Clip."
    )


def frozen_means(enough: list[int], T: int, label: str) -> str:
    """What it means that these frames, alone, have the same answer as the clip."""
    if not enough:
        return f"Mit keinem Bild allein sagt das Modell „{label}“: Es braucht mehr als eines."
    if len(enough) == T:
        return f"Mit jedem Bild allein sagt das Modell „{label}“: Hier muss sich nichts bewegen."
    frames = ", ".join(map(str, enough))
    return f"Mit {len(enough)} von {T} Bildern, je für sich, sagt das Modell „{label}“: {frames}."


def covered_means(share: float, first: str, then: str) -> str:
    """What it means that the answer is `then` with a share of the patches covered."""
    part = f"weniger als {percent(0.01)}" if share < 0.01 else percent(share)
    if then == first:
        return (
            f"Sind {part} der Patches verdeckt, sagt das Modell dasselbe: Was noch zu sehen ist, "
            "genügt."
        )
    return (
        f"Sind {part} der Patches verdeckt, sagt das Modell „{then}“: Entweder zählte, was "
        "verdeckt ist, oder das Verdecken selbst sieht danach aus."
    )


def hottest_means(hot: float, low: float, high: float, before: float) -> str:
    """What it means that a probability is `hot` after the hottest tenth, `low` to `high` else."""
    points, least, most = (_points(before, one) for one in (hot, low, high))
    numbers = (
        f"Das heißeste Zehntel ändert die Wahrscheinlichkeit um {in_points(before, hot)} "
        f"Prozentpunkte, zufällige Zehntel um {in_points(before, low)} bis "
        f"{in_points(before, high)}"
    )
    if points < least:
        return f"{numbers}: Diese Patches zählen mehr als zufällige."
    if points > most:
        return f"{numbers}: Diese Patches zählen weniger als zufällige."
    return f"{numbers}: Diese Patches zählen nicht mehr und nicht weniger als zufällige."


def line_words(label: str, before: float, after: list[float]) -> str:
    """What a line with dots shows, in words."""
    numbers = ", ".join(percent(one) for one in after)
    return (
        f"Die Wahrscheinlichkeit von „{label}“ ist {percent(before)} beim unveränderten Clip, und "
        f"danach {numbers}."
    )


def frozen_words(number: int, says: str, probability: float) -> str:
    """What is said of one frozen frame."""
    return f"Bild {number}: {says}, {percent(probability)}"


def scheme_head(model: str, scheme: str) -> str:
    """The head of a column of a run with a scheme."""
    return f"{model} ({SCHEMES[scheme]})"


def frames_head(T: int) -> str:
    """The head of a column of a run with T frames."""
    return f"{T} Bilder" if T > 1 else "1 Bild"


def all_alike(label: str) -> str:
    """That every run has the same likeliest label."""
    return f"Alle sagen „{label}“."


def not_alike(said: list[tuple[str, str]]) -> str:
    """What each run says, where they differ."""
    return "Sie sind uneins. " + "; ".join(f"{head}: „{label}“" for head, label in said) + "."


def frames_cost(T: int, comparisons: float, seconds: float) -> str:
    """What T frames cost beside what the model is made for."""
    return (
        f"{T} Bilder brauchen {decimal(comparisons, 1)}-mal so viele Vergleiche und "
        f"{decimal(seconds, 1)}-mal so viel Zeit wie der Clip selbst."
    )


def frames_caveat(T: int) -> str:
    """What is to be kept in mind of other numbers of frames."""
    return (
        f"Das Modell hat von Clips mit {T} Bildern gelernt: Trauen Sie ihm bei anderen Anzahlen "
        "weniger."
    )


def schemes_cost(N: int, T: int) -> str:
    """What the schemes compare."""
    return (
        f"Bei {T} Bildern mit {N} Patches wird jeder Patch in der geteilten Aufmerksamkeit mit "
        f"{N} + {T} = {whole(N + T)} verglichen, in der gemeinsamen mit {N} x {T} = "
        f"{whole(N * T)} und in der nur räumlichen mit {N}; diese vergleicht nie zwei Bilder "
        "und kann ihre Reihenfolge deshalb nicht kennen."
    )


def schemes_chosen(model: str) -> str:
    """That the chosen model is none of the three."""
    return f"Das sind die drei kleinen Modelle dieser Seite; {model} ist keines davon."


def took(number: float) -> str:
    """A time that an answer took."""
    return f"{decimal(number, 2)} s"
