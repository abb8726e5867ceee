"""French: heatmaps in words."""

# ruff: noqa: RUF001
# What stands before : ; ? ! % and units, and within « », is a no-break space.

from collections.abc import Sequence

from .habits import decimal, percent, quoted

CAVEATS = {
    "rollout": "Ce qui a pu parvenir à la réponse à travers l’attention de tous les blocs, quelle "
    "que soit l’étiquette. Par construction, la carte est presque plate dans le temps.",
    "attention": "Ce qu’un bloc a lu dans l’attention spatiale, quelle que soit l’étiquette ; ce "
    "qu’il en a fait, et les autres blocs, n’y sont pas.",
    "time-attention": "Combien les images ont lu de chaque patch, à sa place, dans l’attention "
    "temporelle d’un bloc ; si la réponse s’en est servie, la carte ne le dit pas.",
    "relevance": "Là où plus d’attention aurait fait monter le score de l’étiquette, d’après les "
    "gradients : vrai pour de petits changements, et pour l’attention seule.",
    "gradsam": "Quelle part de l’attention de la réponse, dans le dernier bloc, a fait monter le "
    "score de l’étiquette, d’après les gradients ; ce que les blocs précédents avaient "
    "transporté d’un endroit à l’autre n’y est pas.",
    "gradcam": "Là où ce que lit le dernier bloc parle en faveur de l’étiquette, avec les mêmes "
    "poids dans toutes les images : des lieux plutôt que des moments.",
    "occlusion": "De combien baisse le score de l’étiquette quand un morceau est couvert par la "
    "couleur moyenne du clip ; rien de ce que le modèle a vu en apprenant n’y ressemblait.",
}
HEAT_NAMES = {
    "rollout": "rollout",
    "attention": "attention",
    "time-attention": "attention temporelle",
    "relevance": "pertinence",
    "gradsam": "Grad-SAM",
    "gradcam": "Grad-CAM",
    "occlusion": "occlusion",
}
ZONES = {
    "upper left": "en haut à gauche",
    "upper centre": "en haut au centre",
    "upper right": "en haut à droite",
    "middle left": "à mi-hauteur à gauche",
    "middle centre": "au centre",
    "middle right": "à mi-hauteur à droite",
    "lower left": "en bas à gauche",
    "lower centre": "en bas au centre",
    "lower right": "en bas à droite",
}


def heat_about(name: str, labels: Sequence[str], against: bool) -> str:
    """What the heat is, and for or against which label, or rather than which other."""
    about = " plutôt que ".join(map(quoted, labels))
    return f"{name} {'contre' if against else 'pour'} {about}"


def nowhere(name: str) -> str:
    """That there is no heat."""
    return f"Il n’y a de chaleur nulle part ({name})."


def densest(
    name: str, first: int, last: int, T: int, share: float, zone: str, density: float
) -> str:
    """In which frames most of the heat is, and where it is densest in those."""
    frames = f"L’image {first}" if first == last else f"Les images {first} à {last}"
    return (
        f"{frames} sur {T} {'réunit' if first == last else 'réunissent'} {percent(share)} de la "
        f"chaleur ({name}), là où une part égale serait {percent((last - first + 1) / T)} ; elle "
        f"y est la plus dense {zone}, {decimal(density, 1)} fois la valeur uniforme."
    )


def counts(
    name: str, label: str, points: int, random_points: int, gap: float, random_gap: float
) -> str:
    """What covering the hottest tenth takes off a probability, beside a random tenth."""
    return (
        f"D’après la carte ({name}) : couvrir le dixième le plus chaud des patchs {_taken(points)} "
        f"à la probabilité de {quoted(label)} ; couvrir un dixième au hasard "
        f"{_taken(random_points)}. Entre montrer et couvrir les plus chauds d’abord, l’aire entre "
        f"les courbes est de {decimal(gap, 2)} ; pour des cartes au hasard, de "
        f"{decimal(random_gap, 2)}."
    )


def _taken(points: int) -> str:
    if not points:
        return "ne change presque rien"
    noun = "point" if abs(points) == 1 else "points"
    return f"enlève {points} {noun}" if points > 0 else f"ajoute {-points} {noun}"
