"""German: the page to take along."""

from .habits import percent

REPORT_LEAD = (
    "Diese Seite ist eine einzelne Datei: Sie funktioniert ohne Netz und ruft von dort auch nichts "
    "ab. Wer sie hat, hat damit auch die Bilder des Clips."
)
REPORT_MADE = "Wie das entstanden ist"
REPORT_ALL = "Alles, was aufgezeichnet ist, als JSON"
REPORT_ROWS = {
    "model": "Modell",
    "scheme": "Schema",
    "method": "Heatmap",
    "about": "Für das Label",
    "times": "Bilder bei (Sekunden)",
    "part": "Ausschnitt, den das Modell sah (Pixel)",
    "grid": "Patches in einem Bild (Zeilen, Spalten)",
    "weights": "SHA-256 der Gewichte",
    "versions": "Erstellt mit",
    "notes": "Anmerkungen",
}


def report_title(label: str) -> str:
    """The title of a page to take along."""
    return f"„{label}“: wo und wann das Modell hinschaute"


def report_label(label: str, probability: float) -> str:
    """A label with its probability, for those who cannot see the bar."""
    return f"{label}: {percent(probability, 1)}"


def report_part(left: float, top: float, width: float, height: float) -> str:
    """Which part of the source's picture the model saw."""
    return f"{width:.0f} breit, {height:.0f} hoch, {left:.0f} von links, {top:.0f} von oben"


REPORT_FILM = "Die Bilder mit ihrer Heatmap; was das Modell nicht sah, ist dunkel."
