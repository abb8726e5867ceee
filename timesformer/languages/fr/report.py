"""French: the page to take along."""

# ruff: noqa: RUF001
# What stands before : ; ? ! % and units, and within « », is a no-break space.

from .habits import percent, quoted

REPORT_LEAD = (
    "Cette page est un fichier : elle marche sans réseau, et n’y demande rien. Qui possède ce "
    "fichier possède aussi les images du clip."
)
REPORT_MADE = "Comment c’est fait"
REPORT_ALL = "Tout ce qui est noté, en JSON"
REPORT_ROWS = {
    "model": "Modèle",
    "scheme": "Schéma d’attention",
    "method": "Carte de chaleur",
    "about": "Pour l’étiquette",
    "times": "Images à (secondes)",
    "part": "Partie de l’image qu’il a vue (pixels)",
    "grid": "Patchs dans une image (lignes, colonnes)",
    "weights": "SHA-256 des poids",
    "versions": "Fait avec",
    "notes": "Remarques",
}


def report_title(label: str) -> str:
    """The title of a page to take along."""
    return f"{quoted(label)} : où et quand le modèle a regardé"


def report_label(label: str, probability: float) -> str:
    """A label with its probability, for those who cannot see the bar."""
    return f"{label} : {percent(probability, 1)}"


def report_part(left: float, top: float, width: float, height: float) -> str:
    """Which part of the source's picture the model saw."""
    return (
        f"{width:.0f} de large, {height:.0f} de haut, à {left:.0f} du bord gauche, à {top:.0f} du "
        "bord supérieur"
    )


REPORT_FILM = "Les images avec leur carte de chaleur ; ce que le modèle n’a pas vu est sombre."
