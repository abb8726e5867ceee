"""French: the experiments."""

# ruff: noqa: RUF001
# What stands before : ; ? ! % and units, and within « », is a no-break space.

from .habits import decimal, percent, quoted, whole

TRY_HEADING = "Essayez"
TRY_CAPTION = (
    "Changez une seule chose au clip et interrogez de nouveau le modèle. Devinez d’abord ; la "
    "réponse s’ouvre quand vous appuyez."
)
GUESS = "Devinez d’abord, puis ouvrez"
TRYING = "Essai en cours"
TRIED = "C’est fait : devinez, puis ouvrez la réponse sous les expériences."
TRY_BUTTONS = {
    "reverse": "Le passer à l’envers",
    "shuffle": "Mélanger ses images",
    "freeze": "Figer une image",
    "cover": "Couvrir ce que j’ai peint",
    "hottest": "Couvrir le dixième le plus chaud",
    "frames": "Prendre moins d’images, puis plus",
    "schemes": "Interroger les trois schémas",
}
TRY_QUESTIONS = {
    "reverse": "Passé à l’envers : que dira-t-il ?",
    "shuffle": "Les mêmes images dans cinq ordres au hasard : dira-t-il encore la même chose ?",
    "freeze": "Une seule image pendant tout le clip : l’une d’elles suffit-elle ?",
    "cover": "Sans ce que vous avez couvert : que dira-t-il ?",
    "hottest": "Le dixième le plus chaud des patchs, ou un dixième au hasard, est couvert : lequel "
    "change le plus la réponse ?",
    "frames": "Deux fois moins d’images, et deux fois plus : dira-t-il encore la même chose ?",
    "schemes": "Un clip, trois schémas d’attention : lesquels peuvent savoir, et que coûte "
    "chacun ?",
}
AS_IT_IS = "Tel quel"
AFTERWARDS = {
    "reverse": "À l’envers",
    "shuffle": "Mélangé, le premier ordre",
    "cover": "Couvert",
    "hottest": "Dixième le plus chaud couvert",
}
NOTHING_COVERED = (
    "Rien n’est encore couvert. Choisissez « Couvrir des patchs » dans l’explorateur, peignez "
    "quelques patchs, et appuyez de nouveau ici."
)
COVERED_ELSEWHERE = (
    "Ce que vous avez couvert est en dehors de ce clip. Appuyez sur « Regarder », couvrez quelques "
    "patchs, et réessayez."
)
FLICKER = (
    "Ce qui couvre se voit aussi : des patchs qui vont et viennent d’une image à l’autre peuvent "
    "ressembler à un mouvement."
)
NO_ORDER = (
    "Ce modèle regarde chaque image séparément : aucun ordre ne peut donc changer sa réponse."
)
FRAME = "Image"
NUMBERS = "Tous les nombres"
NUMBER_HEADS = {"shuffle": "Ordre des images", "freeze": "Image", "hottest": "Couvert"}
SAYS = "Il dit"
SCHEMES = {
    "divided_space_time": "divisée",
    "joint_space_time": "conjointe",
    "space_only": "spatiale seule",
}
THE_THREE = "motion, motion-joint et motion-space"
RUN_ROWS = {
    "says": "Il dit",
    "comparisons": "Comparaisons de chaque patch, dans un bloc",
    "all_comparisons": "Tous les patchs du clip ensemble",
    "seconds": "Temps passé",
}
LOOKED = "Où chacun a regardé, selon le rollout, dans chaque image"


def trying(done: int, count: int) -> str:
    """How far an experiment is."""
    return f"Essai en cours : {done} sur {count}"


def tried_with(model: str) -> str:
    """Whose answers they are."""
    return f"Essayé avec {model}."


def only_frame(number: int) -> str:
    """What stands over the answer to a frozen frame."""
    return f"Image {number} seule"


def random_tenth(number: int) -> str:
    """One of the random tenths that are covered."""
    return f"Dixième au hasard {number}"


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
        return f"{quoted(label)} : {percent(before)} avant et après."
    much = f"{abs(points)} {noun} de {'plus' if points > 0 else 'moins'}"
    return f"{quoted(label)} : de {percent(before)} à {percent(after)}, {much}."


def _points(before: float, after: float) -> int:
    """A change in hundredths, such that the rounded numbers add up."""
    return round(100 * after) - round(100 * before)


def probability_of(label: str) -> str:
    """What a column of numbers or a line is about."""
    return f"Probabilité de {quoted(label)}"


def backwards_means(first: str, then: str, mirrored: str | None) -> str:
    """What it means that the answer is `then` backwards, where `mirrored` would be right."""
    if mirrored is None and then == first:
        return (
            "Il dit la même chose à l’envers : ce n’est pas le sens dans lequel passe le clip qui "
            "décide ici."
        )
    if then == mirrored == first:
        return f"À l’envers, {quoted(first)} reste {quoted(first)}, et c’est bien ce qu’il dit."
    if then == mirrored:
        return (
            f"À l’envers, {quoted(first)} devient {quoted(then)}, et c’est bien ce qu’il dit : "
            "ici, il se fie à l’ordre des images."
        )
    if then == first:
        return (
            f"À l’envers, {quoted(first)} devient « {mirrored} », mais il dit la même "
            "chose qu’avant : ou bien l’ordre des images ne décide pas ici, ou bien il se fie "
            "maintenant à autre chose."
        )
    return f"À l’envers, il dit {quoted(then)} : ici, l’ordre des images compte."


def shuffled_means(alike: int, count: int, label: str, low: float, high: float) -> str:
    """What it means that so many random orders have the same answer."""
    says, times = ("il ne dit", "dans aucun") if alike == 0 else ("il dit encore", f"dans {alike}")
    orders = f"Sur {count} ordres au hasard, {says} {quoted(label)} {times}"
    span = f"la probabilité de cette étiquette y va de {percent(low)} à {percent(high)}"
    if alike == count:
        return f"{orders} ; {span}. Ici, l’ordre des images ne décide pas."
    if alike == 0:
        return f"{orders} ; {span}. Ici, il lui faut les images dans leur ordre."
    return f"{orders} ; {span}. Ici, l’ordre des images compte, mais ne décide pas seul."


def frozen_caption(label: str) -> str:
    """What the bars of frozen frames show."""
    return (
        f"Probabilité de {quoted(label)} avec chaque image seule ; en tirets, avec le clip tel "
        "quel."
    )


def frozen_means(enough: list[int], T: int, label: str) -> str:
    """What it means that these frames, alone, have the same answer as the clip."""
    if not enough:
        return f"Aucune image seule ne lui fait dire {quoted(label)} : il lui en faut plusieurs."
    if len(enough) == T:
        return f"Chaque image seule lui fait dire {quoted(label)} : ici, rien n’a besoin de bouger."
    frames = ", ".join(map(str, enough))
    if len(enough) == 1:
        return f"1 image sur {T}, seule, lui fait dire {quoted(label)} : la n° {frames}."
    return (
        f"{len(enough)} images sur {T}, chacune seule, lui font dire {quoted(label)} : "
        f"les n° {frames}."
    )


def covered_means(share: float, first: str, then: str) -> str:
    """What it means that the answer is `then` with a share of the patches covered."""
    part = "moins de 1 %" if share < 0.01 else percent(share)
    if then == first:
        return (
            f"Avec {part} des patchs couverts, il dit la même chose : ce qui reste à voir suffit."
        )
    return (
        f"Avec {part} des patchs couverts, il dit {quoted(then)} : ou bien ce qui est couvert "
        "comptait, ou bien ce qui couvre ressemble à cela."
    )


def hottest_means(hot: float, low: float, high: float, before: float) -> str:
    """What it means that a probability is `hot` after the hottest tenth, `low` to `high` else."""
    points, least, most = (_points(before, one) for one in (hot, low, high))
    numbers = (
        "En points de probabilité, le dixième le plus chaud change la réponse de "
        f"{in_points(before, hot)}, des dixièmes au hasard de {in_points(before, low)} à "
        f"{in_points(before, high)}"
    )
    if points < least:
        return f"{numbers} : ces patchs comptent plus que des patchs au hasard."
    if points > most:
        return f"{numbers} : ces patchs comptent moins que des patchs au hasard."
    return f"{numbers} : ces patchs ne comptent ni plus ni moins que des patchs au hasard."


def line_words(label: str, before: float, after: list[float]) -> str:
    """What a line with dots shows, in words."""
    numbers = ", ".join(percent(one) for one in after)
    return (
        f"La probabilité de {quoted(label)} est de {percent(before)} avec le clip tel quel, et "
        f"ensuite de {numbers}."
    )


def frozen_words(number: int, says: str, probability: float) -> str:
    """What is said of one frozen frame."""
    return f"Image {number} : {says}, {percent(probability)}"


def scheme_head(model: str, scheme: str) -> str:
    """The head of a column of a run with a scheme."""
    return f"{model} ({SCHEMES[scheme]})"


def frames_head(T: int) -> str:
    """The head of a column of a run with T frames."""
    return f"{T} images" if T > 1 else "1 image"


def all_alike(label: str) -> str:
    """That every run has the same likeliest label."""
    return f"La réponse est partout {quoted(label)}."


def not_alike(said: list[tuple[str, str]]) -> str:
    """What each run says, where they differ."""
    answers = " ; ".join(f"{head} : {quoted(label)}" for head, label in said)
    return f"Les réponses diffèrent. {answers}."


def frames_cost(T: int, comparisons: float, seconds: float) -> str:
    """What T frames cost beside what the model is made for."""
    return (
        f"{T} images demandent {decimal(comparisons, 1)} fois autant de comparaisons et "
        f"{decimal(seconds, 1)} fois autant de temps que le clip tel quel."
    )


def frames_caveat(T: int) -> str:
    """What is to be kept in mind of other numbers of frames."""
    return (
        f"Le modèle a appris avec des clips de {T} images : avec d’autres nombres d’images, "
        "fiez-vous moins à lui."
    )


def schemes_cost(N: int, T: int) -> str:
    """What the schemes compare."""
    return (
        f"Avec {T} images de {N} patchs, chaque patch est comparé à {N} + {T} = {whole(N + T)} "
        f"patchs dans l’attention divisée, à {N} × {T} = {whole(N * T)} dans l’attention "
        f"conjointe, et à {N} dans l’attention spatiale seule, qui ne compare jamais deux images "
        "et ne peut donc pas connaître leur ordre."
    )


def schemes_chosen(model: str) -> str:
    """That the chosen model is none of the three."""
    return f"Ce sont les trois petits modèles de cette page ; {model} n’en fait pas partie."


def took(number: float) -> str:
    """A time that an answer took."""
    return f"{decimal(number, 2)} s"
