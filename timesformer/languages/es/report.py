"""Spanish: the page to take along."""

from .habits import percent

REPORT_LEAD = (
    "Esta página es un archivo: funciona sin red y no le pide nada a ninguna. Quien la tiene, "
    "tiene también los fotogramas del clip."
)
REPORT_MADE = "Cómo se hizo"
REPORT_ALL = "Todo lo registrado, en JSON"
REPORT_ROWS = {
    "model": "Modelo",
    "scheme": "Esquema de atención",
    "method": "Mapa de calor",
    "about": "Para la etiqueta",
    "times": "Fotogramas en (segundos)",
    "part": "Parte de la imagen que vio (píxeles)",
    "grid": "Parches de un fotograma (filas, columnas)",
    "weights": "SHA-256 de los pesos",
    "versions": "Hecho con",
    "notes": "Notas",
}


def report_title(label: str) -> str:
    """The title of a page to take along."""
    return f"«{label}»: dónde y cuándo miró el modelo"


def report_label(label: str, probability: float) -> str:
    """A label with its probability, for those who cannot see the bar."""
    return f"{label}: {percent(probability, 1)}"


def report_part(left: float, top: float, width: float, height: float) -> str:
    """Which part of the source's picture the model saw."""
    return (
        f"{width:.0f} de ancho, {height:.0f} de alto, a {left:.0f} del borde izquierdo, a "
        f"{top:.0f} del borde superior"
    )


REPORT_FILM = "Los fotogramas con su mapa de calor; lo que el modelo no vio está oscuro."
