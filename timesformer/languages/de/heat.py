"""German: heatmaps in words."""

from collections.abc import Sequence

from .habits import decimal, percent

CAVEATS = {
    "rollout": "Was durch die Aufmerksamkeit aller Blöcke zur Antwort fließen konnte, gleich für "
    "welches Label. Über die Zeit ist das schon durch die Bauart fast flach.",
    "attention": "Was ein Block in der räumlichen Aufmerksamkeit las, gleich für welches Label; "
    "was er daraus machte, und die anderen Blöcke, fehlen darin.",
    "time-attention": "Wie viel von jedem Patch die Bilder an seiner Stelle lasen, in der "
    "zeitlichen Aufmerksamkeit eines Blocks; ob die Antwort es nutzte, steht nicht darin.",
    "relevance": "Wo mehr Aufmerksamkeit den Score des Labels erhöht hätte, nach Gradienten: Das "
    "gilt für kleine Änderungen und allein für die Aufmerksamkeit.",
    "gradsam": "Welche Aufmerksamkeit der Antwort im letzten Block den Score des Labels erhöht "
    "hat, nach Gradienten; was frühere Blöcke wohin getragen hatten, fehlt darin.",
    "gradcam": "Wo das, was der letzte Block liest, für das Label spricht, in allen Bildern gleich "
    "gewichtet: eher Orte als Zeitpunkte.",
    "occlusion": "Wie weit der Score des Labels fällt, wenn ein Stück mit der mittleren Farbe des "
    "Clips verdeckt wird; so sah keiner der Clips aus, von denen das Modell gelernt hat.",
}
HEAT_NAMES = {
    "rollout": "Rollout",
    "attention": "Aufmerksamkeit",
    "time-attention": "Aufmerksamkeit in der Zeit",
    "relevance": "Relevanz",
    "gradsam": "Grad-SAM",
    "gradcam": "Grad-CAM",
    "occlusion": "Verdeckung",
}
ZONES = {
    "upper left": "oben links",
    "upper centre": "oben in der Mitte",
    "upper right": "oben rechts",
    "middle left": "links in der Mitte",
    "middle centre": "in der Mitte",
    "middle right": "rechts in der Mitte",
    "lower left": "unten links",
    "lower centre": "unten in der Mitte",
    "lower right": "unten rechts",
}


def heat_about(name: str, labels: Sequence[str], against: bool) -> str:
    """What the heat is, and for or against which label, or rather than which other."""
    about = " statt ".join(f"„{label}“" for label in labels)
    return f"{name} {'gegen' if against else 'für'} {about}"


def nowhere(name: str) -> str:
    """That there is no heat."""
    return f"{name}: Davon gibt es nirgends etwas."


def densest(
    name: str, first: int, last: int, T: int, share: float, zone: str, density: float
) -> str:
    """In which frames most of the heat is, and where it is densest in those."""
    frames = f"Bild {first}" if first == last else f"Die Bilder {first} bis {last}"
    return (
        f"{name}: {frames} von {T} {'enthält' if first == last else 'enthalten'} davon "
        f"{percent(share)}, bei gleichmäßiger Verteilung wären es "
        f"{percent((last - first + 1) / T)}; am dichtesten ist es dort {zone}, mit dem "
        f"{decimal(density, 1)}-Fachen der Gleichverteilung."
    )


def counts(
    name: str, label: str, points: int, random_points: int, gap: float, random_gap: float
) -> str:
    """What covering the hottest tenth takes off a probability, beside a random tenth."""
    return (
        f"Nach {name}: Die Wahrscheinlichkeit von „{label}“ {_taken(points)}, wenn das heißeste "
        f"Zehntel der Patches verdeckt ist; sie {_taken(random_points)}, wenn es ein zufälliges "
        "Zehntel ist. Verdeckt man das Heißeste zuerst, oder zeigt man es stattdessen zuerst, so "
        f"liegt zwischen den beiden Kurven eine Fläche von {decimal(gap, 2)}, bei zufälligen "
        f"Karten von {decimal(random_gap, 2)}."
    )


def _taken(points: int) -> str:
    if not points:
        return "ändert sich kaum"
    noun = "Prozentpunkt" if abs(points) == 1 else "Prozentpunkte"
    return f"sinkt um {points} {noun}" if points > 0 else f"steigt um {-points} {noun}"
