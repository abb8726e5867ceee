"""German: the page, from its title to the frames that were seen."""

from .habits import decimal, percent

LABELS: dict[str, str] = {  # what labels are called here, where not as their checkpoint says
    "moving left": "Bewegung nach links",
    "moving right": "Bewegung nach rechts",
    "moving up": "Bewegung nach oben",
    "moving down": "Bewegung nach unten",
    "moving toward you": "Bewegung auf Sie zu",
    "moving away from you": "Bewegung von Ihnen weg",
    "turning clockwise": "Drehung im Uhrzeigersinn",
    "turning anticlockwise": "Drehung gegen den Uhrzeigersinn",
    "shaking": "Wackeln",
    "standing still": "Stillstand",
}
SCENE_TITLES = {
    "ball-rolling-left": "Ein Ball rollt nach links",
    "boat-sailing-right": "Ein Boot segelt nach rechts",
    "balloon-rising": "Ein Heißluftballon steigt auf",
    "penguin-coming-down": "Ein Pinguin schwebt herab",
    "bus-coming-nearer": "Ein Bus kommt näher",
    "rocket-flying-away": "Eine Rakete fliegt davon",
    "record-turning": "Eine Schallplatte dreht sich im Uhrzeigersinn",
    "ring-turning": "Ein Schwimmring dreht sich gegen den Uhrzeigersinn",
    "pendulum-swinging": "Ein Pendel schwingt",
    "cat-sleeping": "Eine Katze schläft",
    "hand-waving": "Jemand winkt: Ist das Wackeln?",
    "trams-passing": "Zwei Straßenbahnen begegnen sich: Welcher folgt das Modell?",
}
TITLE = "TimeSformer: wo und wann das Modell hinschaut"

HEADING = """
# Wo und wann schaut das Modell hin?

Zeigen Sie einem Video-Transformer einen Clip. Er sagt, was er erkennt, und lässt aufleuchten,
wo er hingeschaut hat, in jedem Bild, das er gesehen hat.
"""

CLIP = "Ihr Clip"
EXAMPLES = "Oder nehmen Sie einen von diesen"
MODEL = "Modell"
ANY_MODEL = (
    "Oder geben Sie die Kennung eines beliebigen TimeSformers auf dem Hub ein, "
    "mit safetensors von höchstens 1 GB."
)
EMBEDDED = {
    "motion": "erst über die Zeit, dann über den Raum",
    "motion-joint": "alle Bilder zugleich",
    "motion-space": "jedes Bild für sich",
}
RUN = "Hinschauen lassen"
STOP = "Anhalten"
SETTINGS = "Einstellungen"
START = "Beginn bei (Sekunden)"
START_INFO = "Für Clips, die länger sind als das, was sich das Modell ansieht."
NEGATIVE_START = "Ein Clip beginnt bei 0 Sekunden oder später. Wählen Sie einen anderen Beginn."
METHOD = "Heatmap"
METHODS = (
    ("Rollout: was durch alle Blöcke zur Antwort fließen konnte", "rollout"),
    ("Aufmerksamkeit des letzten Blocks, im Raum", "attention"),
    ("Aufmerksamkeit des letzten Blocks, in der Zeit", "time-attention"),
    ("Relevanz: was für ein Label gezählt hat", "relevance"),
    ("Grad-SAM: welche Aufmerksamkeit des letzten Blocks für ein Label zählte", "gradsam"),
    ("Grad-CAM: was der letzte Block für ein Label liest", "gradcam"),
    ("Verdeckung: Stück für Stück verdecken und beobachten (langsam)", "occlusion"),
)
ABOUT = "Für welches Label"
ABOUT_INFO = (
    "Ohne Auswahl das wahrscheinlichste. Gilt für Relevanz, Grad-SAM, Grad-CAM und Verdeckung."
)
THAN = "Statt"
THAN_INFO = "Warum das eine Label und nicht dieses."
SMOOTH = "Patches ineinander übergehen lassen (in Wahrheit sind es Quadrate)"

PRIVACY = (
    "Clips gehen an den Server dieser Seite und nirgendwohin sonst: Dort wird die Datei gelöscht, "
    "sobald ihre Bilder gelesen sind, und die Bilder und alles daraus Gemachte binnen zehn Minuten "
    "nach der letzten Verwendung, oder sofort mit dem Knopf unter dem Clip. Ton wird nicht "
    "aufgenommen, und in Ihrem Browser wird nichts gespeichert."
)

ANSWER = "Was das Modell erkannt hat"
OVERLAY = "Wo es hingeschaut hat"
SHEET = "Bildübersicht (PNG)"
CHECK = "Stimmt diese Heatmap? Verdecken und nachsehen"
PACK = "Filme, Abbildungen und Zahlen zusammenstellen"
ARCHIVE = "Alles zusammen (ZIP)"

READING = "Die Bilder werden gelesen"
LOADING = "Das Modell wird geladen"
LOOKING = "Das Modell schaut hin"
DRAWING = "Die Bilder werden gezeichnet"
COVERING = "Es wird verdeckt"
PACKING = "Filme, Abbildungen und Zahlen werden zusammengestellt"
PACKED = "Unten bereit zum Herunterladen."
CHECKED = "Verdeckt und nachgesehen: Das Ergebnis steht unter den Bildern."
STOPPED = "Angehalten."
FETCHING = (
    "Ein anderes Modell ist gerade hierher unterwegs. Warten Sie darauf, oder wählen Sie eines "
    "aus der Liste."
)
WELCOME = "Laden Sie einen Clip hoch, nehmen Sie einen auf, oder wählen Sie ein Beispiel."
NO_CLIP = (
    "Es gibt noch keinen Clip. Laden Sie einen hoch, nehmen Sie einen auf, oder wählen Sie ein "
    "Beispiel."
)
TOO_STRANGE = (
    "Hier ist etwas schiefgegangen, und nicht durch Sie. Versuchen Sie es noch einmal oder mit "
    "einem anderen Clip; wer diese Seite betreibt, findet den Grund im Protokoll."
)

NO_GPU = (
    "Gerade war keine GPU zu bekommen. Warten Sie eine Minute, und drücken Sie den Knopf noch "
    "einmal."
)
NO_PREVIEW = "Ihr Browser kann diese Art von Video nicht abspielen; das Modell liest es trotzdem."

STRIP_HEADING = "Die Bilder, die das Modell gesehen hat, und wann es hingeschaut hat"
STRIP_CAPTION = (
    "Oben die Bilder, die das Modell bekam; darunter dieselben mit ihrer Heatmap. Für die Farben "
    "gilt im ganzen Clip dieselbe Skala: 1 ist, was jeder Patch bekäme, wenn das Modell überall "
    "gleich viel hinschaute (Gleichverteilung). Die Kurve ist der Mittelwert jedes Bildes; die "
    "gestrichelte Linie ist 1."
)

CAMERA_HELP = {
    "NotAllowedError": "Die Kamera wurde nicht freigegeben. Erlauben Sie sie neben der Adresse der "
    "Seite, oder laden Sie einen Clip hoch.",
    "NotFoundError": "Es wurde keine Kamera gefunden. Schließen Sie eine an, oder laden Sie einen "
    "Clip hoch.",
    "NotReadableError": "Ein anderes Programm benutzt die Kamera. Schließen Sie es, oder laden Sie "
    "einen Clip hoch.",
    "insecure": "Browser öffnen die Kamera nur über https oder auf genau diesem Computer. "
    "Laden Sie stattdessen einen Clip hoch.",
}


def other_choice(name: str) -> str:
    """How a model that is not a published one reads in the list."""
    return f"{name}: {EMBEDDED[name]}" if name in EMBEDDED else name


def published_choice(name: str, num_frames: int, size: int, num_labels: int, licence: str) -> str:
    """How a published checkpoint reads in the list."""
    return (
        f"{name}: {num_labels} Labels, {num_frames} Bilder von {size} x {size}, "
        f"0,5 GB vom Hub, {licence}"
    )


def downloading(name: str, done: int, total: int | None) -> str:
    """How far a download is, in bytes."""
    of = "" if total is None else f" von {total / 1e6:.0f}"
    return f"{name} wird heruntergeladen: {done / 1e6:.0f}{of} MB"


def looked_at(label: str, probability: float, seconds: float, on: str) -> str:
    """The sentence over the answer."""
    return f"{label}, {percent(probability)}. Beantwortet in {decimal(seconds, 1)} s ({on})."


def recalled(label: str, probability: float) -> str:
    """The sentence over the answer to a bundled clip that was answered before."""
    return f"{label}, {percent(probability)}. Diesen Clip hat das Modell schon einmal gesehen."


def part_seen(first: float, last: float, duration: float) -> str:
    """Which part of a longer video the answer is about; nothing where it is all but a moment."""
    if duration - (last - first) < 0.5:
        return ""
    return (
        f"Das Modell sah {decimal(first, 1)} bis {decimal(last, 1)} s von "
        f"{decimal(duration, 1)} s; unter „{SETTINGS}“ lässt sich ein anderer Beginn wählen."
    )


def frame_words(number: int, time: float, share: float, peak: float) -> str:
    """What a frame of the strip shows, for those who cannot see it."""
    return (
        f"Bild {number} bei {decimal(time, 2)} s: angeschaut mit dem {decimal(share, 2)}-Fachen "
        f"der Gleichverteilung, der heißeste Patch mit dem {decimal(peak, 1)}-Fachen."
    )


def curve_words(shares: list[float], times: list[float]) -> str:
    """What the curve shows, in words."""
    most = max(range(len(shares)), key=shares.__getitem__)
    least = min(range(len(shares)), key=shares.__getitem__)
    return (
        f"Am meisten schaute das Modell bei {decimal(times[most], 2)} s hin (das "
        f"{decimal(shares[most], 2)}-Fache der Gleichverteilung), am wenigsten bei "
        f"{decimal(times[least], 2)} s (das {decimal(shares[least], 2)}-Fache)."
    )


def covering(done: int, pieces: int) -> str:
    """How far the covering of a clip is."""
    return f"Es wird verdeckt: {done} von {pieces}"


def too_long(seconds: float, most: float) -> str:
    """Why something is not done here."""
    return (
        f"Das würde mit diesem Modell auf diesem Computer etwa {seconds / 60:.0f} Minuten dauern, "
        f"und mehr als {most / 60:.0f} sind hier nicht möglich. Wählen Sie ein kleineres Modell "
        "oder eine andere Heatmap, oder starten Sie es auf der Kommandozeile."
    )


WARNINGS = {
    "alike": "sieht bei einem Modell, das nichts weiß, fast genauso aus",
    "random": "ist nicht besser als eine zufällige",
    "difference": "findet, was sich bewegt, nicht besser als der bloße Unterschied zwischen den "
    "Bildern",
}


def measured(warnings: list[str]) -> str:
    """What the measurements of this model say against the method, by the keys of WARNINGS."""
    found = " und ".join(WARNINGS[warning] for warning in warnings)
    return f"Gemessen an Clips, deren Antwort bekannt ist: Diese Heatmap {found}."


WORK = {  # what a model asks of a computer
    "frames": "Bilder",
    "pixels": "Pixel",
    "parameters": "Parameter",
    "multiplications": "Multiplikationen",
    "activations_of_a_block": "Aktivierungen eines Blocks",
    "attention_weights_of_a_block": "Aufmerksamkeitsgewichte eines Blocks",
    "attention_weights_of_all_blocks": "Aufmerksamkeitsgewichte aller Blöcke",
}
NOT_MEASURED = (
    "Wie gut die Heatmaps dieses Modells stimmen, wurde nicht gemessen; für diesen Clip sagt es "
    "der Knopf unten."
)
CURVE_NAMES = ("heißeste zuerst", "zufällig")
CURVE_AXES = ("Wahrscheinlichkeit", "Anteil der verdeckten Patches")
