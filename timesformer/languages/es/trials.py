"""Spanish: the experiments."""

from .habits import decimal, percent, whole

TRY_HEADING = "Haz la prueba"
TRY_CAPTION = (
    "Cambia una sola cosa del clip y vuelve a preguntar al modelo. Adivina primero; la respuesta "
    "se abre al pulsar."
)
GUESS = "Adivina primero y luego abre"
TRYING = "Probando"
TRIED = "Hecho: adivina y luego abre la respuesta, debajo de los experimentos."
TRY_BUTTONS = {
    "reverse": "Reproducirlo al revés",
    "shuffle": "Barajar los fotogramas",
    "freeze": "Congelar un fotograma",
    "cover": "Cubrir lo que pinté",
    "hottest": "Cubrir la décima parte más caliente",
    "frames": "Tomar menos y más fotogramas",
    "schemes": "Preguntar a los tres esquemas",
}
TRY_QUESTIONS = {
    "reverse": "Reproducido al revés: ¿qué dirá?",
    "shuffle": "Los mismos fotogramas en cinco órdenes al azar: ¿seguirá diciendo lo mismo?",
    "freeze": "Un solo fotograma durante todo el clip: ¿basta con alguno?",
    "cover": "Sin lo que cubriste: ¿qué dirá?",
    "hottest": "Cubierta la décima parte más caliente de los parches, o una décima parte al azar: "
    "¿cuál cambia más la respuesta?",
    "frames": "La mitad de fotogramas, y el doble: ¿seguirá diciendo lo mismo?",
    "schemes": "Un clip, tres esquemas de atención: ¿cuál puede saberlo y cuánto cuesta cada uno?",
}
AS_IT_IS = "Tal cual"
AFTERWARDS = {
    "reverse": "Al revés",
    "shuffle": "Barajado, el primer orden",
    "cover": "Cubierto",
    "hottest": "Cubierta la décima parte más caliente",
}
NOTHING_COVERED = (
    "Todavía no hay nada cubierto. Elige «Cubrir parches» en el explorador, pinta sobre algunos "
    "parches y vuelve a pulsar aquí."
)
COVERED_ELSEWHERE = (
    "Lo que cubriste queda fuera de este clip. Pulsa «Mirar el clip», cubre algunos parches e "
    "inténtalo de nuevo."
)
FLICKER = (
    "Lo cubierto también se ve: unos parches que aparecen y desaparecen de un fotograma a otro "
    "pueden parecer un movimiento."
)
NO_ORDER = (
    "Este modelo mira cada fotograma por separado, así que ningún orden puede cambiar su respuesta."
)
FRAME = "Fotograma"
NUMBERS = "Todos los números"
NUMBER_HEADS = {
    "shuffle": "Orden de los fotogramas",
    "freeze": "Fotograma",
    "hottest": "Cubierto",
}
SAYS = "Dice"
SCHEMES = {
    "divided_space_time": "dividida",
    "joint_space_time": "conjunta",
    "space_only": "solo espacial",
}
THE_THREE = "motion, motion-joint y motion-space"
RUN_ROWS = {
    "says": "Dice",
    "comparisons": "Con cuántos se compara cada parche en un bloque",
    "all_comparisons": "Todos los parches del clip juntos",
    "seconds": "Tardó",
}
LOOKED = "Dónde miró cada uno, según el rollout, en cada fotograma"


def trying(done: int, count: int) -> str:
    """How far an experiment is."""
    return f"Probando: {done} de {count}"


def tried_with(model: str) -> str:
    """Whose answers they are."""
    return f"Probado con {model}."


def only_frame(number: int) -> str:
    """What stands over the answer to a frozen frame."""
    return f"Solo el fotograma {number}"


def random_tenth(number: int) -> str:
    """One of the random tenths that are covered."""
    return f"Décima parte al azar {number}"


def in_points(before: float, after: float) -> str:
    """The change of a probability, as a number with its sign."""
    points = _points(before, after)
    sign = "+" if points > 0 else "\N{MINUS SIGN}" if points < 0 else ""
    return f"{sign}{abs(points)}"


def changed(label: str, before: float, after: float) -> str:
    """The change of a probability in words."""
    points = _points(before, after)
    noun = "punto" if abs(points) == 1 else "puntos"
    if not points:
        return f"«{label}»: {percent(before)} antes y después."
    much = f"{abs(points)} {noun} {'más' if points > 0 else 'menos'}"
    return f"«{label}»: del {percent(before)} al {percent(after)}, {much}."


def _points(before: float, after: float) -> int:
    """A change in hundredths, such that the rounded numbers add up."""
    return round(100 * after) - round(100 * before)


def probability_of(label: str) -> str:
    """What a column of numbers or a line is about."""
    return f"Probabilidad de «{label}»"


def backwards_means(first: str, then: str, mirrored: str | None) -> str:
    """What it means that the answer is `then` backwards, where `mirrored` would be right."""
    if mirrored is None and then == first:
        return "Al revés dice lo mismo: aquí no decide en qué sentido se reproduce el clip."
    if then == mirrored == first:
        return f"Al revés, «{first}» sigue siendo «{first}», y eso es lo que dice."
    if then == mirrored:
        return (
            f"Al revés, «{first}» se convierte en «{then}», y eso es lo que dice: aquí se guía por "
            "el orden de los fotogramas."
        )
    if then == first:
        return (
            f"Al revés, «{first}» se convierte en «{mirrored}», pero dice lo mismo que antes: o "
            "bien aquí no decide el orden de los fotogramas, o bien ahora se guía por otra cosa."
        )
    return f"Al revés dice «{then}»: aquí cuenta el orden de los fotogramas."


def shuffled_means(alike: int, count: int, label: str, low: float, high: float) -> str:
    """What it means that so many random orders have the same answer."""
    orders = f"En {alike} de {count} órdenes al azar sigue diciendo «{label}»"
    span = f"cuya probabilidad va en ellos del {percent(low)} al {percent(high)}"
    if alike == count:
        return f"{orders}, {span}: aquí no decide el orden de los fotogramas."
    if alike == 0:
        return f"{orders}, {span}: aquí necesita los fotogramas en su orden."
    return f"{orders}, {span}: aquí el orden de los fotogramas cuenta, pero no lo decide todo."


def frozen_caption(label: str) -> str:
    """What the bars of frozen frames show."""
    return (
        f"Probabilidad de «{label}» con cada fotograma solo; en línea discontinua, con el clip tal "
        "cual."
    )


def frozen_means(enough: list[int], T: int, label: str) -> str:
    """What it means that these frames, alone, have the same answer as the clip."""
    if not enough:
        return f"Ningún fotograma por sí solo le hace decir «{label}»: necesita más de uno."
    if len(enough) == T:
        return f"Cualquier fotograma por sí solo le hace decir «{label}»: aquí nada debe moverse."
    frames = ", ".join(map(str, enough))
    return f"Fotogramas que por sí solos le hacen decir «{label}» ({len(enough)} de {T}): {frames}."


def covered_means(share: float, first: str, then: str) -> str:
    """What it means that the answer is `then` with a share of the patches covered."""
    part = f"menos del {percent(0.01)}" if share < 0.01 else f"el {percent(share)}"
    if then == first:
        return (
            f"Con {part} de los parches cubierto dice lo mismo: le basta lo que queda a la vista."
        )
    return (
        f"Con {part} de los parches cubierto dice «{then}»: o bien contaba lo que se cubrió, o "
        "bien lo cubierto ya parece eso por sí mismo."
    )


def hottest_means(hot: float, low: float, high: float, before: float) -> str:
    """What it means that a probability is `hot` after the hottest tenth, `low` to `high` else."""
    points, least, most = (_points(before, one) for one in (hot, low, high))
    numbers = (
        "Cubrir la décima parte más caliente cambia la probabilidad en "
        f"{in_points(before, hot)} puntos; cubrir décimas partes al azar, entre "
        f"{in_points(before, low)} y {in_points(before, high)}"
    )
    if points < least:
        return f"{numbers}: estos parches cuentan más que otros al azar."
    if points > most:
        return f"{numbers}: estos parches cuentan menos que otros al azar."
    return f"{numbers}: estos parches no cuentan ni más ni menos que otros al azar."


def line_words(label: str, before: float, after: list[float]) -> str:
    """What a line with dots shows, in words."""
    numbers = ", ".join(percent(one) for one in after)
    return f"La probabilidad de «{label}» es {percent(before)} tal cual y, después, {numbers}."


def frozen_words(number: int, says: str, probability: float) -> str:
    """What is said of one frozen frame."""
    return f"Fotograma {number}: {says}, {percent(probability)}"


def scheme_head(model: str, scheme: str) -> str:
    """The head of a column of a run with a scheme."""
    return f"{model} ({SCHEMES[scheme]})"


def frames_head(T: int) -> str:
    """The head of a column of a run with T frames."""
    return f"{T} fotogramas" if T > 1 else "1 fotograma"


def all_alike(label: str) -> str:
    """That every run has the same likeliest label."""
    return f"Todos dicen «{label}»."


def not_alike(said: list[tuple[str, str]]) -> str:
    """What each run says, where they differ."""
    return "No coinciden. " + "; ".join(f"{head}: «{label}»" for head, label in said) + "."


def frames_cost(T: int, comparisons: float, seconds: float) -> str:
    """What T frames cost beside what the model is made for."""
    return (
        f"{T} fotogramas exigen {decimal(comparisons, 1)} veces las comparaciones y "
        f"{decimal(seconds, 1)} veces el tiempo que exige el clip tal cual."
    )


def frames_caveat(T: int) -> str:
    """What is to be kept in mind of other numbers of frames."""
    return f"El modelo aprendió con clips de {T} fotogramas: con otros números, fíate menos de él."


def schemes_cost(N: int, T: int) -> str:
    """What the schemes compare."""
    return (
        f"Con {T} fotogramas de {N} parches, cada parche se compara con {N} + {T} = "
        f"{whole(N + T)} en la atención dividida, con {N} x {T} = {whole(N * T)} en la "
        f"conjunta y con {N} en la atención solo espacial, que nunca compara dos fotogramas y "
        "por eso no puede saber su orden."
    )


def schemes_chosen(model: str) -> str:
    """That the chosen model is none of the three."""
    return f"Estos son los tres modelos pequeños de esta página; {model} no es uno de ellos."


def took(number: float) -> str:
    """A time that an answer took."""
    return f"{decimal(number, 2)} s"
