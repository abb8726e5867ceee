"""Spanish: heatmaps in words."""

from collections.abc import Sequence

from .habits import decimal, percent

CAVEATS = {
    "rollout": "Lo que pudo llegar a la respuesta a través de la atención de todos los bloques, "
    "sea cual sea la etiqueta. Por construcción, es casi plano en el tiempo.",
    "attention": "Lo que leyó un bloque en la atención espacial, sea cual sea la etiqueta; lo que "
    "hizo con ello, y los demás bloques, quedan fuera.",
    "time-attention": "Cuánto leyeron de cada parche los fotogramas, en su misma posición, en la "
    "atención temporal de un bloque; no dice si la respuesta lo usó.",
    "relevance": "Dónde más atención habría subido la puntuación de la etiqueta, según los "
    "gradientes: vale para cambios pequeños, y solo para la atención.",
    "gradsam": "Qué parte de la atención de la respuesta en el último bloque subió la puntuación "
    "de la etiqueta, según los gradientes; lo que bloques anteriores habían llevado de un sitio "
    "a otro queda fuera.",
    "gradcam": "Dónde lo que lee el último bloque habla a favor de la etiqueta, con el mismo peso "
    "en todos los fotogramas: lugares más que momentos.",
    "occlusion": "Cuánto baja la puntuación de la etiqueta al cubrir un trozo con el color medio "
    "del clip; ningún clip con el que aprendió el modelo tenía ese aspecto.",
}
HEAT_NAMES = {
    "rollout": "rollout",
    "attention": "atención",
    "time-attention": "atención temporal",
    "relevance": "relevancia",
    "gradsam": "Grad-SAM",
    "gradcam": "Grad-CAM",
    "occlusion": "oclusión",
}
ZONES = {
    "upper left": "arriba a la izquierda",
    "upper centre": "arriba en el centro",
    "upper right": "arriba a la derecha",
    "middle left": "a la izquierda, a media altura",
    "middle centre": "en el centro",
    "middle right": "a la derecha, a media altura",
    "lower left": "abajo a la izquierda",
    "lower centre": "abajo en el centro",
    "lower right": "abajo a la derecha",
}


def heat_about(name: str, labels: Sequence[str], against: bool) -> str:
    """What the heat is, and for or against which label, or rather than which other."""
    about = " y no de ".join(f"«{label}»" for label in labels)
    return f"{name} {'en contra' if against else 'a favor'} de {about}"


def nowhere(name: str) -> str:
    """That there is no heat."""
    return f"No hay {name} en ninguna parte."


def densest(
    name: str, first: int, last: int, T: int, share: float, zone: str, density: float
) -> str:
    """In which frames most of the heat is, and where it is densest in those."""
    frames = f"El fotograma {first}" if first == last else f"Los fotogramas {first} a {last}"
    return (
        f"{frames} de {T} {'reúne' if first == last else 'reúnen'} el {percent(share)} del calor "
        f"({name}), cuando un reparto igual daría el {percent((last - first + 1) / T)}; allí se "
        f"concentra sobre todo {zone}, {decimal(density, 1)} veces el valor uniforme."
    )


def counts(
    name: str, label: str, points: int, random_points: int, gap: float, random_gap: float
) -> str:
    """What covering the hottest tenth takes off a probability, beside a random tenth."""
    return (
        f"Probabilidad de «{label}», según este mapa de calor ({name}): cubrir la décima parte más "
        f"caliente de los parches {_taken(points)}; cubrir una décima parte al azar "
        f"{_taken(random_points)}. El área entre mostrar primero lo más caliente y "
        f"cubrirlo primero es {decimal(gap, 2)}; con mapas al azar, {decimal(random_gap, 2)}."
    )


def _taken(points: int) -> str:
    if not points:
        return "apenas la cambia"
    noun = "punto" if abs(points) == 1 else "puntos"
    return f"la baja {points} {noun}" if points > 0 else f"la sube {-points} {noun}"
