"""German: the explorer; in braces stand numbers."""

EXPLORER_HEADING = "Zeigen Sie auf einen Patch: Was liest er?"
PART_TOO_LARGE = {
    "block": "Ein Block dieses Modells ist zu viel, um ihn an einen Browser zu senden. Die "
    "Kommandozeile zeichnet ihn: python -m timesformer explain, mit --method attention, --patch, "
    "--block und --heads.",
    "frame": "Was die Patches eines Bildes durch alle Blöcke dieses Modells beziehen, ist zu "
    "viel, um es an einen Browser zu senden. Die Kommandozeile zeichnet es für einen Patch: "
    "python -m timesformer explain, mit --method rollout und --patch.",
}
EXPLORER = {
    "heading": EXPLORER_HEADING,
    "lead": "Aufmerksamkeit heißt, dass jeder Patch die anderen liest, manche mehr als andere. "
    "Zeigen Sie auf einen Patch in einem der Bilder, oder berühren Sie ihn, und sehen Sie, was er "
    "liest; ein Klick hält ihn fest. Auf der Tastatur bewegen die Pfeiltasten den Patch, und "
    "„Bild auf“ und „Bild ab“ wechseln das Bild.",
    "picture": "Das Bild mit dem gewählten Patch. Die Pfeiltasten bewegen den Patch, „Bild auf“ "
    "und „Bild ab“ wechseln das Bild.",
    "frames": "Alle Bilder",
    "figure": "{frame} · {time} s",
    "frame": "Bild",
    "row": "Zeile",
    "column": "Spalte",
    "scale": "Farben von 0 bis zum {top}-Fachen der Gleichverteilung",
    "top": "{top}+ mal gleichverteilt",
    "views": "Was gezeigt wird",
    "space": "Raum: sein eigenes Bild",
    "time": "Zeit: seine eigene Stelle",
    "hops": "Beide Schritte",
    "joint": "Alle Bilder zugleich",
    "rollout": "Durch alle Blöcke",
    "means": {
        "space": "Was der Patch in seinem eigenen Bild liest, im unten gewählten Block und Kopf.",
        "time": "Was der Patch an seiner eigenen Stelle in allen Bildern liest, im unten gewählten "
        "Block und Kopf.",
        "hops": "Der ganze Block: Der Patch liest in seinem eigenen Bild aus Patches, die alle "
        "gerade durch die Zeit gelesen haben.",
        "joint": "Was der Patch in allen Bildern liest, im unten gewählten Block und Kopf.",
        "rollout": "Was durch alle Blöcke in den Patch geflossen sein könnte, im Mittel der Köpfe: "
        "In jedem Block bleibt die Hälfte, wie sie war, und die Hälfte ist, was gelesen wurde.",
    },
    "how": "Wie dieser Schritt funktioniert",
    "without": {
        "joint_space_time": "Dieses Modell achtet auf alle Bilder zugleich: Raum und Zeit sind "
        "darin nicht getrennt.",
        "space_only": "Dieses Modell schaut jedes Bild für sich an: Es hat keine Aufmerksamkeit "
        "über die Zeit.",
        "large": "„Durch alle Blöcke“ fehlt hier: Dieses Modell ist zu groß, um es ganz im Browser "
        "zu haben.",
    },
    "block": "Block",
    "head": "Kopf",
    "mean": "Mittel",
    "patch": "Bild {frame}, Zeile {row}, Spalte {column}.",
    "nameFrame": "Bild {frame}",
    "namePatch": "Bild {frame}, Zeile {row}, Spalte {column}",
    "nameCls": "cls-Token",
    "one": "Block {block}, Kopf {head}.",
    "all": "Block {block}, Mittel aller Köpfe.",
    "through": "Durch alle {blocks} Blöcke, Mittel aller Köpfe.",
    "most": {
        "space": "Am meisten liest er aus Zeile {row}, Spalte {column}: {percent} %, das "
        "{times}-Fache der Gleichverteilung.",
        "time": "Am meisten liest er aus Bild {frame}: {percent} %, das {times}-Fache der "
        "Gleichverteilung.",
        "hops": "Am meisten liest er aus Bild {frame}, Zeile {row}, Spalte {column}: {percent} %, "
        "das {times}-Fache der Gleichverteilung.",
    },
    "cls": "{percent} % gehen an das cls-Token.",
    "bits": "Entropie: {bits} Bit. Bei Gleichverteilung wären es {most} Bit.",
    "matrix": "Wie die Bilder an dieser Stelle einander lesen",
    "matrixWords": "Jede Zeile ist ein Bild, das liest, jede Spalte ein Bild, das gelesen wird; "
    "eine Zeile ergibt zusammen 100 %.",
    "matrixScale": "Farben von 0 bis {percent} %",
    "matrixLabel": "Welches Bild an dieser Stelle welches liest. Die Pfeiltasten gehen von Feld zu "
    "Feld.",
    "cell": "An dieser Stelle liest Bild {reading} {percent} % aus Bild {read}.",
    "reading": "liest",
    "read": "wird gelesen",
    "wall": "Alle Köpfe auf einmal",
    "wallWords": "Derselbe Patch in allen Köpfen, jeder mit eigener Farbskala; wer dunkel bleibt, "
    "gibt fast alles an das cls-Token. Drücken Sie auf einen, um ihn zu wählen.",
    "sort": "Sortiert nach",
    "byPlace": "Platz im Modell",
    "byBits": "Entropie, kleinste zuerst",
    "byDistance": "Entfernung, kleinste zuerst",
    "wallHead": "Block {block}, Kopf {head}",
    "wallBits": "Block {block}, Kopf {head}: {bits} Bit",
    "wallDistance": "Block {block}, Kopf {head}: {distance} Patches",
    "wallBoth": "Block {block}, Kopf {head}. Über den ganzen Clip: Entropie {bits} Bit, und "
    "{distance} Patches zwischen einem Patch und dem, was er liest.",
    "working": "Wird aus allen Patches berechnet: {percent} %",
    "cover": "Patches verdecken",
    "coverWords": "Drücken Sie auf Patches, oder ziehen Sie über sie, um sie zu verdecken; oder "
    "gehen Sie mit den Pfeiltasten, und drücken Sie die Leertaste. Ganze Bilder lassen sich "
    "darunter verdecken.",
    "coverFrame": "Bild {frame} verdecken",
    "coverShort": "verdecken",
    "covered": "Verdeckte Patches: {count}. „Bemalte Patches verdecken“, weiter unten, fragt das "
    "Modell noch einmal.",
    "uncover": "Alle aufdecken",
    "fetch": {
        "block": "Diesen Block holen",
        "frame": "Für dieses Bild holen",
    },
    "fetchWords": {
        "block": "Dieses Modell ist groß: Seine Aufmerksamkeit kommt Block für Block, je etwa "
        "{megabytes} MB.",
        "frame": "Dieses Modell ist groß: Diese Ansicht kommt für die Patches je eines Bildes, "
        "etwa {megabytes} MB.",
    },
    "fetching": {
        "block": "Der Block wird geholt",
        "frame": "Es wird für das Bild geholt",
    },
    "other": "Was kam, gehört zu einem anderen Clip oder Modell als die Bilder hier. Drücken Sie "
    "„Hinschauen lassen“, und holen Sie es noch einmal.",
    "unreachable": "Die Zahlen konnten nicht geholt werden. Drücken Sie noch einmal „Hinschauen "
    "lassen“.",
    "tooLarge": PART_TOO_LARGE,
}
ATTENTION_FILE = "Queries und Keys aller Köpfe (safetensors)"
NO_PART = {
    "block": "Dieses Modell hat keinen solchen Block. Wählen Sie einen, den der Explorer zeigt.",
    "frame": "Dieser Clip hat kein solches Bild. Wählen Sie eines, das der Explorer zeigt.",
}
FETCHED = {
    "block": "Block {number} ist geholt.",
    "frame": "Bild {number}, durch alle Blöcke, ist geholt.",
}
