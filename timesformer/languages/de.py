"""German."""

from collections.abc import Sequence

CODE = "de"
NAME = "Deutsch"
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
METHOD = "Heatmap"
METHODS = (
    ("Rollout: was durch alle Blöcke zur Antwort fließen konnte", "rollout"),
    ("Aufmerksamkeit des letzten Blocks, im Raum", "attention"),
    ("Aufmerksamkeit des letzten Blocks, in der Zeit", "time-attention"),
    ("Relevanz: was für ein Label gezählt hat", "relevance"),
    ("Grad-CAM: was der letzte Block für ein Label liest", "gradcam"),
    ("Verdeckung: Stück für Stück verdecken und beobachten (langsam)", "occlusion"),
)
ABOUT = "Für welches Label"
ABOUT_INFO = "Ohne Auswahl das wahrscheinlichste. Gilt für Relevanz, Grad-CAM und Verdeckung."
THAN = "Statt"
THAN_INFO = "Warum das eine Label und nicht dieses."
SMOOTH = "Patches ineinander übergehen lassen (in Wahrheit sind es Quadrate)"

PRIVACY = (
    "Clips gehen an den Server dieser Seite und nirgendwohin sonst. Dort werden sie zehn Minuten "
    "nach der letzten Verwendung gelöscht, oder sofort mit dem Knopf unter dem Clip. Ton wird "
    "nicht aufgenommen, und in Ihrem Browser wird nichts gespeichert."
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

# An der Tür

NOT_HERE = "So etwas gibt es hier nicht. Laden Sie die Seite neu, und versuchen Sie es noch einmal."
NO_LINKS = (
    "Laden Sie eine Datei von diesem Gerät hoch; Links und andere Orte werden nicht genommen."
)
CLIP_GONE = (
    "Dieser Clip ist nicht mehr hier: Clips verschwinden nach zehn Minuten. Laden Sie ihn noch "
    "einmal hoch, oder nehmen Sie ihn neu auf."
)
TWO_AT_MOST = (
    "Einer Ihrer Clips wird gerade angesehen, und ein zweiter wartet. Warten Sie auf den ersten."
)
BUSY = (
    "Gerade warten zu viele. Ihr Clip bleibt einige Minuten hier: Drücken Sie den Knopf in einer "
    "Minute noch einmal."
)
TOO_MANY_UPLOADS = (
    "Aus Ihrem Netz kamen gerade zu viele Clips. Warten Sie eine Minute, und versuchen Sie es noch "
    "einmal."
)
TOO_LARGE = (
    "Das ist zu groß: Höchstens 50 MB werden genommen. Kürzen Sie den Clip, oder nehmen Sie einen "
    "kürzeren auf."
)
ONE_FILE = "Schicken Sie eine Datei auf einmal, so wie die Seite es tut."
BROKEN_OFF = (
    "Ihr Clip ist nicht ganz angekommen. Prüfen Sie das Netz, und laden Sie ihn noch einmal hoch."
)
NO_ROOM = (
    "Der Server hat gerade keinen Platz für Clips. Warten Sie einige Minuten, und versuchen Sie es "
    "noch einmal."
)
ON_PROCESSOR = (
    "Die Grafikkarte hat keinen Speicher mehr: Es geht ohne sie weiter, das dauert länger"
)

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


def looked_at(label: str, probability: float, seconds: float) -> str:
    """The sentence over the answer."""
    return f"{label}, {_percent(probability)}. Beantwortet in {_decimal(seconds, 1)} s."


def recalled(label: str, probability: float) -> str:
    """The sentence over the answer to a bundled clip that was answered before."""
    return f"{label}, {_percent(probability)}. Diesen Clip hat das Modell schon einmal gesehen."


def part_seen(first: float, last: float, duration: float) -> str:
    """Which part of a longer video the answer is about; nothing where it is all but a moment."""
    if duration - (last - first) < 0.5:
        return ""
    return (
        f"Das Modell sah {_decimal(first, 1)} bis {_decimal(last, 1)} s von "
        f"{_decimal(duration, 1)} s; unter „{SETTINGS}“ lässt sich ein anderer Beginn wählen."
    )


def frame_words(number: int, time: float, share: float, peak: float) -> str:
    """What a frame of the strip shows, for those who cannot see it."""
    return (
        f"Bild {number} bei {_decimal(time, 2)} s: angeschaut mit dem {_decimal(share, 2)}-Fachen "
        f"der Gleichverteilung, der heißeste Patch mit dem {_decimal(peak, 1)}-Fachen."
    )


def curve_words(shares: list[float], times: list[float]) -> str:
    """What the curve shows, in words."""
    most = max(range(len(shares)), key=shares.__getitem__)
    least = min(range(len(shares)), key=shares.__getitem__)
    return (
        f"Am meisten schaute das Modell bei {_decimal(times[most], 2)} s hin (das "
        f"{_decimal(shares[most], 2)}-Fache der Gleichverteilung), am wenigsten bei "
        f"{_decimal(times[least], 2)} s (das {_decimal(shares[least], 2)}-Fache)."
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


NOT_MEASURED = (
    "Wie gut die Heatmaps dieses Modells stimmen, wurde nicht gemessen; für diesen Clip sagt es "
    "der Knopf unten."
)
CURVE_NAMES = ("heißeste zuerst", "zufällig")
CURVE_AXES = ("Wahrscheinlichkeit", "Anteil der verdeckten Patches")


# The bar over the page, the tour, the lessons and the teacher's corner.
BAR_LABEL = "Wegweiser durch die Seite"
BAR = {"tour": "Rundgang", "lessons": "Lektionen", "large": "Große Schrift"}
BAR_WORDS = {
    "stop": "Station {number} von {count}",
    "back": "Zurück",
    "next": "Weiter",
    "end": "Rundgang beenden",
    "copied": "Kopiert. Der Link öffnet die Seite so, wie sie jetzt ist.",
    "ownClip": "Kopiert. Ein eigener Clip steckt nicht im Link: Wählen Sie dafür ein Beispiel.",
    "uncopied": "Der Browser hat es nicht erlaubt. Kopieren Sie stattdessen die Adresse oben.",
}
TOUR = {
    "clip": (
        "Ein Clip",
        "Laden Sie einen hoch, oder nehmen Sie einen mit der Kamera auf. Die Antwort kommt sofort.",
    ),
    "examples": (
        "Oder ein Beispiel",
        "Jedes zeigt eine der zehn Bewegungen, die das Modell kennt.",
    ),
    "model": (
        "Das Modell",
        "Die ersten drei sind klein und immer da: jedes mit einem anderen Aufmerksamkeitsschema.",
    ),
    "answer": (
        "Was es erkannt hat",
        "Die fünf wahrscheinlichsten Labels mit ihren Wahrscheinlichkeiten.",
    ),
    "overlay": (
        "Wo es hingeschaut hat",
        "Helle Quadrate sind Patches, die für die Antwort zählen konnten.",
    ),
    "strip": (
        "Was es sah, und wann es hinschaute",
        "Das Modell sah diese Bilder und keine anderen. Die Kurve sagt, wie viel es jedes davon "
        "angeschaut hat.",
    ),
    "explorer": (
        "Fragen Sie einen Patch",
        "Zeigen Sie auf einen Patch: Worauf achtet er, im eigenen Bild und an der eigenen Stelle "
        "in den anderen?",
    ),
    "trials": (
        "Probieren Sie es aus",
        "Drehen Sie den Clip um, mischen Sie ihn, frieren Sie ihn ein, verdecken Sie Teile davon. "
        "Raten Sie zuerst.",
    ),
    "lessons": (
        "Lektionen",
        "Jede öffnet die Seite im richtigen Zustand, und es gibt etwas herauszufinden.",
    ),
}
LESSONS_HEADING = "Lektionen"
LESSON_NEXT = "Nächste Lektion"
LESSON_AGAIN = "Von vorn beginnen"
LESSON_END = "Lektion verlassen"
REVEAL = "Antwort zeigen"
LESSONS = {
    "predict": (
        "Vorhersagen, dann aufdecken",
        "Die Antwort ist verborgen. Spielen Sie den Clip ab, und entscheiden Sie, was sich wohin "
        "bewegt.",
        "Welches Label wird vorn liegen, und wie sicher wird das Modell sein?",
    ),
    "reverse": (
        "Rückwärts",
        "Ein Boot segelt nach rechts; das Experiment unten spielt dieselben Bilder rückwärts ab. "
        "Kein einzelnes Bild sagt, wohin es fährt.",
        "Was wird das Modell zu dem rückwärts laufenden Clip sagen?",
    ),
    "schemes": (
        "Drei Gehirne, ein Clip",
        "Derselbe Clip geht durch drei Modelle: Eines schaut über die Zeit und dann über den Raum, "
        "eines auf alle Bilder zugleich, und eines auf jedes Bild für sich. Gelernt haben sie von "
        "denselben Clips.",
        "Welches der drei kann links und rechts nicht unterscheiden, und warum?",
    ),
    "follow": (
        "Dem Ding auf der Spur",
        "Ein Patch auf dem Boot ist ausgewählt. Die zeitliche Aufmerksamkeit liest nur an "
        "derselben Stelle, die räumliche nur im selben Bild.",
        "Wie kann der Patch das Boot in einem anderen Bild finden, und in welcher Ansicht sehen "
        "Sie es?",
    ),
    "matrix": (
        "Die Zeitmatrix",
        "Jede Zeile der kleinen Tabelle ist ein Bild, das liest, jede Spalte eines, das gelesen "
        "wird. Eine Zeile ergibt zusammen 1.",
        "Finden Sie einen Kopf, der auf das Bild davor schaut, und einen, der auf alle Bilder "
        "gleich schaut.",
    ),
    "heads": (
        "Köpfe gesucht",
        "Die Wand zeigt für jeden Block und jeden Kopf eine kleine Karte, alle vom selben Patch. "
        "Sortieren Sie sie nach Entropie: Bei niedriger werden wenige Patches gelesen, bei hoher "
        "alle.",
        "Reichen die Köpfe in den ersten Blöcken weiter oder in den letzten?",
    ),
    "cover": (
        "Zudecken",
        "Das Experiment unten verdeckt das heißeste Zehntel der Patches und dann ein zufälliges "
        "Zehntel. Stimmt die Heatmap, so schadet das erste mehr.",
        "Um wie viele Prozentpunkte fällt die Antwort jeweils?",
    ),
    "labels": (
        "Zwei Antworten, ein Clip",
        "Zwei Straßenbahnen fahren aneinander vorbei. Die Heatmap zeigt, was für „Bewegung nach "
        "links“ statt „Bewegung nach rechts“ gezählt hat.",
        "Vertauschen Sie die beiden Labels in den Einstellungen: Wohin wandert die Hitze?",
    ),
    "check": (
        "Weiß die Karte etwas?",
        "Ein Bild kann richtig aussehen und nichts bedeuten. Die Prüfung verdeckt immer mehr "
        "Patches, einmal die heißesten zuerst, einmal zufällig.",
        "Wie weit liegen die beiden Kurven auseinander, und wie wäre es bei einer nutzlosen Karte?",
    ),
    "maths": (
        "Wo die Mathematik wohnt",
        "Eine Query und acht Keys, einer für jedes Bild an der gewählten Stelle: Produkte, eine "
        "Summe, eine Division, ein Softmax. Es sind genau die Zahlen des Modells.",
        "Was macht die Temperatur mit den Gewichten, und was würde 0 machen?",
    ),
}
TEACHERS = "Für Lehrkräfte"
TEACHERS_WORDS = (
    "Bringen Sie die Seite in den gewünschten Zustand, blenden Sie aus, was ablenken würde, und "
    "teilen Sie den Link. Er enthält das Beispiel, das Modell, den Patch und das Experiment und "
    "funktioniert, solange es die Seite gibt."
)
HIDE = "Ausblenden"
PANELS = {
    "settings": "Einstellungen",
    "answer": "Die Antwort",
    "explorer": "Der Explorer",
    "trials": "Die Experimente",
    "take": "Downloads und die Prüfung",
    "works": "So funktioniert es",
    "lessons": "Die Lektionen",
}
COPY = "Link zu dieser Ansicht kopieren"
DELETE = "Meinen Clip löschen"
DELETED = (
    "Ihr Clip und was die Seite davon gezeigt hat, ist vom Server gelöscht. Frühere Filme und "
    "Abbildungen davon, falls es welche gab, verschwinden innerhalb von zehn Minuten."
)
BUNDLED_STAYS = "Die Seite ist geleert. Der Clip war eines ihrer eigenen Beispiele und bleibt."


# How it works: the drawing of a block, the arithmetic of one patch, the references.
WORKS = "So funktioniert es, Zahl für Zahl"
WORKS_DRAWING = (
    "Dieses Modell, von oben nach unten gezeichnet. Der Text neben der Zeichnung sagt dasselbe."
)
WORKS_UNKNOWN = (
    "Was in diesem Modell steckt, ist erst bekannt, wenn es geladen ist. Wählen Sie ein "
    "eingebautes oder ein veröffentlichtes, um es gezeichnet zu sehen."
)
WORKS_CLS = "cls"
WORKS_PATCHES = "Patches"
WORKS_EMBED = "Von Pixeln zu Patches"
WORKS_TIME = "Zeitliche Aufmerksamkeit"
WORKS_SPACE = "Räumliche Aufmerksamkeit"
WORKS_JOINT = "Aufmerksamkeit über Raum und Zeit"
WORKS_MLP = "MLP"
WORKS_CLASSIFIER = "Klassifikator"
WORKS_NORM = "LayerNorm"
WORKS_MORE = "…"
WORKS_READS = "Der umrandete Patch liest, was ausgefüllt ist; die Ringe darüber sind cls."
WORKS_PLACE = "+ ein gelernter Vektor für die Stelle"
WORKS_PLACE_AND_TIME = "+ gelernte Vektoren für die Stelle und für das Bild"
WORKS_SOFTMAX = "Softmax: von Logits zu Wahrscheinlichkeiten"
WORKS_PAPER = (
    "Der Artikel weicht in einem Punkt ab: Nach seiner Gleichung 13 liest ein Patch in der "
    "zeitlichen Aufmerksamkeit auch das cls-Token. Im veröffentlichten Code, und daher in dieser "
    "Zeichnung und in diesem Modell, tut er das nicht."
)
ACTIVATION_NAMES = {"gelu": "GELU", "gelu_new": "GELU", "relu": "ReLU", "silu": "SiLU"}


def works_model(parameters: int, blocks: int, heads: int, width: int) -> str:
    """What is said of the whole model under the heading."""
    return (
        f"{_thousands(parameters)} Parameter in {blocks} Blöcken mit je {heads} Köpfen. Jedes "
        f"Token, also jeder Patch und cls, ist vom ersten bis zum letzten Block {width} Zahlen "
        "lang."
    )


def works_blocks(blocks: int) -> str:
    """What stands at the frame that is drawn around a block."""
    return f"ein Block; {blocks} davon, hintereinander"


def works_tokens(frames: int, patches: int, width: int) -> str:
    """The shape of the patches, all the way."""
    return f"{frames} Bilder x {patches} Patches x {width} Zahlen"


def works_pixels(frames: int, height: int, width: int, channels: int) -> str:
    """What goes in."""
    return f"{frames} Bilder von {height} x {width} Pixeln, {channels} Farben"


def works_patch(height: int, width: int, channels: int, numbers: int) -> str:
    """How a patch becomes a token."""
    return f"jeder Patch: linear, {height} x {width} x {channels} auf {numbers} Zahlen"


def works_cls(numbers: int) -> str:
    """Where the cls token comes from."""
    return f"cls: ein gelernter Vektor aus {numbers} Zahlen, + einer für seine Stelle"


def works_cls_of_each(numbers: int, frames: int) -> str:
    """Where the cls tokens come from, where each frame has its own."""
    return (
        f"cls: für jedes der {frames} Bilder gleich, ein gelernter Vektor aus {numbers} Zahlen, "
        "+ seine Stelle"
    )


def works_heads(heads: int, numbers: int) -> str:
    """How attention is split."""
    return f"{heads} Köpfe, mit Queries, Keys und Values aus {numbers} Zahlen"


def works_time_reads(patches: int, frames: int) -> str:
    """Which tokens read which in time attention."""
    return f"an jeder der {patches} Stellen lesen {frames} Patches alle {frames}; ohne cls"


def works_space_reads(frames: int, patches: int) -> str:
    """Which tokens read which in space attention."""
    return f"in jedem der {frames} Bilder lesen 1 + {patches} Tokens alle 1 + {patches}"


def works_joint_reads(tokens: int) -> str:
    """Which tokens read which in joint attention."""
    return (
        f"1 + {_thousands(tokens)} Tokens, aus allen Bildern, lesen alle 1 + {_thousands(tokens)}"
    )


def works_linear(numbers: int, to: int) -> str:
    """A linear map."""
    return f"linear, {numbers} auf {to}"


def works_second_linear(numbers: int, to: int) -> str:
    """The linear map that time attention has beyond any other."""
    return f"noch einmal linear, {numbers} auf {to}"


def works_cls_joins(frames: int) -> str:
    """What happens to cls before space attention."""
    return f"cls wird in jedes der {frames} Bilder kopiert"


def works_cls_mean(frames: int) -> str:
    """What happens to what the copies of cls read."""
    return f"cls: Mittelwert seiner {frames} Kopien"


def works_cls_means(frames: int) -> str:
    """What happens to the cls tokens of all frames at the end."""
    return f"Mittelwert der {frames} cls-Tokens"


def works_mlp(numbers: int, within: int, activation: str) -> str:
    """What the MLP does to each token."""
    return f"linear, {numbers} auf {within}; {activation}; linear, {within} auf {numbers}"


WORKS_EACH_ALONE = "jedes Token für sich"


def works_classes(numbers: int, labels: int) -> str:
    """The classifier."""
    return f"linear, {numbers} auf {labels} Labels"


def embed_words(rows: int, columns: int, pixels: tuple[int, int], width: int) -> str:
    """What the drawing shows of the embedding, in words."""
    return (
        f"Jedes Bild wird in {rows} Zeilen mit je {columns} Patches von {pixels[0]} x {pixels[1]} "
        f"Pixeln zerschnitten, und eine lineare Abbildung macht aus jedem {width} Zahlen. Damit "
        "das Modell die Stellen unterscheiden kann, wird ein gelernter Vektor für die Stelle des "
        "Patches addiert."
    )


EMBED_TIME_WORDS = (
    "Ein weiterer wird für den Zeitpunkt des Bildes addiert. Das cls-Token, ein gelernter Vektor, "
    "der die Antwort sammeln wird, hat eine eigene Stelle und keinen Zeitpunkt."
)
EMBED_NO_TIME_WORDS = (
    "Für die Zeit wird keiner addiert: Dieses Modell weiß nicht, welches Bild welches ist. Jedes "
    "Bild hat seine eigene Kopie des cls-Tokens, eines gelernten Vektors, der sammeln wird, was "
    "das Bild sagt."
)


def time_words(frames: int, numbers: int) -> str:
    """What the drawing shows of time attention, in words."""
    return (
        f"Nach einer LayerNorm liest jeder Patch die {frames} Patches an seiner eigenen Stelle, "
        "einen in jedem Bild, darunter sich selbst. Seine Query mal einem Key, geteilt durch die "
        f"Wurzel aus {numbers}, ist ein Score; ein Softmax macht aus den {frames} Scores Gewichte, "
        "deren Summe 1 ist, und gelesen wird der Mittelwert der Values mit diesen Gewichten. Es "
        "folgen zwei lineare Abbildungen, von denen nur die zeitliche Aufmerksamkeit die zweite "
        "hat, und das Ergebnis wird zum Patch addiert. Das cls-Token geht außen vorbei: Es liest "
        "hier nichts, und niemand liest es."
    )


def divided_space_words(frames: int, patches: int) -> str:
    """What the drawing shows of space attention in divided attention, in words."""
    return (
        f"Das cls-Token wird in alle {frames} Bilder kopiert. In jedem Bild lesen nach einer "
        f"LayerNorm die Kopie und die {patches} Patches, die gerade durch die Zeit gelesen haben, "
        "einander. Was ein Patch gelesen hat, wird zu ihm addiert; was die "
        f"{frames} Kopien gelesen haben, wird gemittelt und zu dem einen cls-Token addiert."
    )


def space_only_words(frames: int, patches: int) -> str:
    """What the drawing shows of space attention where there is nothing else, in words."""
    return (
        f"In jedem der {frames} Bilder lesen nach einer LayerNorm sein cls-Token und seine "
        f"{patches} Patches einander, und was jedes gelesen hat, wird zu ihm addiert. Kein Bild "
        "liest ein anderes, in keinem Block."
    )


def joint_words(tokens: int) -> str:
    """What the drawing shows of joint attention, in words."""
    return (
        f"Nach einer LayerNorm lesen alle {_thousands(tokens)} Patches aller Bilder und das "
        "cls-Token einander, und was jedes gelesen hat, wird zu ihm addiert. Eine eigene zeitliche "
        "Aufmerksamkeit gibt es nicht."
    )


def mlp_words(width: int, within: int, activation: str) -> str:
    """What the drawing shows of the MLP, in words."""
    return (
        f"Nach einer LayerNorm wird jedes Token für sich bearbeitet: von {width} Zahlen auf "
        f"{within}, {activation} auf jede, und zurück. Zwischen den Tokens wandert hier nichts. "
        "Das Ergebnis wird addiert."
    )


def classifier_words(labels: int) -> str:
    """What the drawing shows of the end, in words."""
    return (
        "Nach dem letzten Block geht nur das cls-Token weiter: eine LayerNorm, eine lineare "
        f"Abbildung auf {labels} Logits, eines für jedes Label, und ein Softmax, der daraus "
        "Wahrscheinlichkeiten macht."
    )


def classifier_mean_words(frames: int, labels: int) -> str:
    """What the drawing shows of the end where each frame has its own cls, in words."""
    return (
        f"Nach dem letzten Block werden die cls-Tokens der {frames} Bilder gemittelt; erst hier "
        "begegnen sich die Bilder, und in einem Mittelwert geht ihre Reihenfolge verloren. Eine "
        f"LayerNorm, eine lineare Abbildung auf {labels} Logits, eines für jedes Label, und ein "
        "Softmax, der daraus Wahrscheinlichkeiten macht."
    )


def divided_compared(frames: int, tokens: int, joint: int) -> str:
    """How much work a patch has in a block of divided attention."""
    return (
        f"In einem Block wird jeder Patch mit {frames} Patches in der Zeit und "
        f"{_thousands(tokens)} Tokens im Raum verglichen, zusammen {_thousands(frames + tokens)}. "
        f"Mit dem ganzen Clip zugleich wären es {_thousands(joint)}."
    )


def joint_compared(tokens: int, divided: int) -> str:
    """How much work a patch has in a block of joint attention."""
    return (
        f"In einem Block wird jeder Patch mit {_thousands(tokens)} Tokens verglichen. In Zeit und "
        f"Raum geteilt wären es {_thousands(divided)}."
    )


def space_only_compared(tokens: int) -> str:
    """How much work a patch has in a block of space attention alone."""
    return (
        f"In einem Block wird jeder Patch mit {_thousands(tokens)} Tokens verglichen, alle aus "
        "seinem eigenen Bild."
    )


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
    return f"{label}: {_percent(probability, 1)}"


def report_part(left: float, top: float, width: float, height: float) -> str:
    """Which part of the source's picture the model saw."""
    return f"{width:.0f} breit, {height:.0f} hoch, {left:.0f} von links, {top:.0f} von oben"


REPORT_FILM = "Die Bilder mit ihrer Heatmap; was das Modell nicht sah, ist dunkel."

ARITHMETIC = "Die Rechnung eines Patches, mit den Zahlen des Modells"
ARITHMETIC_COLUMNS = ("gelesen aus", "Score q·k", "geteilt", "Potenz von e", "Gewicht")
ARITHMETIC_WORDS = {
    "empty": "Zeigen Sie im Explorer auf einen Patch, und wählen Sie dort einen Block und einen "
    "Kopf. Was dieser Kopf für den Patch rechnet, steht dann hier, Zahl für Zahl. Ein Mittelwert "
    "über Köpfe hat keine eigene Query.",
    "asks": "In Block {block}, Kopf {head} fragt der Patch mit seiner Query aus {count} Zahlen, "
    "und jedes von {tokens} Tokens antwortet mit seinem Key. Am meisten liest er aus diesem: "
    "{name}.",
    "products": "Query mal Key, Zahl für Zahl",
    "zeros": "{count} weitere Produkte sind 0: Diese Zahlen hat das Modell nie in Gebrauch "
    "genommen.",
    "sum": "Alle {count} Produkte zusammen sind der Score: {score}. Geteilt durch √{count} = "
    "{root} und durch die Temperatur, {temperature}, ergibt das {scaled}.",
    "softmax": "Von Scores zu Gewichten: der Softmax",
    "others": "die übrigen {count}",
    "total": "zusammen",
    "shift": "Von jedem geteilten Score wird zuerst der größte, {most}, abgezogen; die Gewichte "
    "bleiben dieselben, und die Zahlen bleiben klein.",
    "temperature": "Temperatur",
    "sharper": "schärfer",
    "flatter": "flacher",
    "model": "Temperatur 1 ist das, was das Modell tut. Unter 1 bekommt der größte Score immer "
    "mehr, über 1 werden alle einander ähnlich. Jetzt ist das größte Gewicht {most}, ein "
    "gleichmäßiges wäre {even}.",
}

REFERENCES = "Literatur und Zitierweise"
REFERENCES_MORE = (
    "Die Seite ist mit PyTorch, Gradio, PyAV und Matplotlib gemacht; die Farben sind „inferno“ aus "
    "Matplotlib. Code der Autorinnen und Autoren der Artikel ist nicht darin."
)
CITE = "Um das Modell zu zitieren, nehmen Sie diesen BibTeX-Eintrag:"
CITE_COPY = "Kopieren"
CITE_COPIED = "Kopiert"
USED_FOR = {
    "timesformer": "Das Modell: Aufmerksamkeit, geteilt in Zeit und Raum.",
    "rollout": "Die Heatmap „Rollout“, hier in einer exakten Form für geteilte Aufmerksamkeit.",
    "relevance": "Die Heatmap „Relevanz“, mit Gradienten der Aufmerksamkeit.",
    "gradcam": "Die Heatmap „Grad-CAM“, hier auf das angewandt, was der letzte Block liest.",
    "occlusion": "Die Heatmap „Verdeckung“: ein Stück verdecken und beobachten.",
    "deletion": "Die Prüfung einer Heatmap: die heißesten Patches zuerst verdecken.",
    "attention": "Queries, Keys, Values und Köpfe.",
    "patches": "Bilder als Patches, und die Gewichte, von denen die veröffentlichten Modelle "
    "ausgingen.",
}


# The experiments.
TRY_HEADING = "Probieren Sie es aus"
TRY_CAPTION = (
    "Ändern Sie eine Sache am Clip, und fragen Sie das Modell noch einmal. Raten Sie zuerst; die "
    "Antwort öffnet sich auf Knopfdruck."
)
GUESS = "Erst raten, dann öffnen"
TRYING = "Es wird ausprobiert"
TRIED = "Fertig: Raten Sie, und öffnen Sie dann die Antwort unter den Experimenten."
TRY_BUTTONS = {
    "reverse": "Rückwärts abspielen",
    "shuffle": "Bilder mischen",
    "freeze": "Ein Bild einfrieren",
    "cover": "Bemalte Patches verdecken",
    "hottest": "Heißestes Zehntel verdecken",
    "frames": "Weniger und mehr Bilder nehmen",
    "schemes": "Alle drei Schemata fragen",
}
TRY_QUESTIONS = {
    "reverse": "Rückwärts abgespielt: Was wird das Modell sagen?",
    "shuffle": "Dieselben Bilder in fünf zufälligen Reihenfolgen: Wird das Modell immer noch "
    "dasselbe sagen?",
    "freeze": "Ein einziges Bild, so lange der Clip dauert: Genügt eines davon?",
    "cover": "Ohne das, was Sie verdeckt haben: Was wird das Modell sagen?",
    "hottest": "Das heißeste Zehntel der Patches verdeckt, oder ein zufälliges Zehntel: Was ändert "
    "mehr?",
    "frames": "Halb so viele Bilder, und doppelt so viele: Wird das Modell immer noch dasselbe "
    "sagen?",
    "schemes": "Ein Clip, drei Aufmerksamkeitsschemata: Welches kann es wissen, und was kostet "
    "jedes?",
}
AS_IT_IS = "Unverändert"
AFTERWARDS = {
    "reverse": "Rückwärts",
    "shuffle": "Gemischt, die erste Reihenfolge",
    "cover": "Verdeckt",
    "hottest": "Heißestes Zehntel verdeckt",
}
NOTHING_COVERED = (
    "Es ist noch nichts verdeckt. Wählen Sie „Patches verdecken“ im Explorer, bemalen Sie einige "
    "Patches, und drücken Sie hier noch einmal."
)
COVERED_ELSEWHERE = (
    "Was Sie verdeckt haben, liegt außerhalb dieses Clips. Drücken Sie „Hinschauen lassen“, "
    "verdecken Sie einige Patches, und versuchen Sie es noch einmal."
)
FLICKER = (
    "Auch das Verdecken ist etwas, das man sieht: Patches, die von Bild zu Bild kommen und gehen, "
    "können wie eine Bewegung aussehen."
)
NO_ORDER = (
    "Dieses Modell schaut jedes Bild für sich an, deshalb kann keine Reihenfolge seine Antwort "
    "ändern."
)
FRAME = "Bild"
NUMBERS = "Alle Zahlen"
NUMBER_HEADS = {"shuffle": "Reihenfolge der Bilder", "freeze": "Bild", "hottest": "Verdeckt"}
SAYS = "Das Modell sagt"
SCHEMES = {
    "divided_space_time": "geteilt",
    "joint_space_time": "gemeinsam",
    "space_only": "nur räumlich",
}
THE_THREE = "motion, motion-joint und motion-space"
RUN_ROWS = {
    "says": "Das Modell sagt",
    "comparisons": "So oft wird jeder Patch in einem Block verglichen",
    "all_comparisons": "Alle Patches des Clips zusammen",
    "seconds": "So lange hat es gedauert",
}
LOOKED = "Wo jedes hinschaute, nach Rollout, in jedem Bild"


def trying(done: int, count: int) -> str:
    """How far an experiment is."""
    return f"Es wird ausprobiert: {done} von {count}"


def tried_with(model: str) -> str:
    """Whose answers they are."""
    return f"Ausprobiert mit {model}."


def only_frame(number: int) -> str:
    """What stands over the answer to a frozen frame."""
    return f"Nur Bild {number}"


def random_tenth(number: int) -> str:
    """One of the random tenths that are covered."""
    return f"Zufälliges Zehntel {number}"


def in_points(before: float, after: float) -> str:
    """The change of a probability, as a number with its sign."""
    points = _points(before, after)
    sign = "+" if points > 0 else "\N{MINUS SIGN}" if points < 0 else ""
    return f"{sign}{abs(points)}"


def changed(label: str, before: float, after: float) -> str:
    """The change of a probability in words."""
    points = _points(before, after)
    noun = "Prozentpunkt" if abs(points) == 1 else "Prozentpunkte"
    if not points:
        return f"„{label}“: {_percent(before)} vorher und nachher."
    much = f"{abs(points)} {noun} {'mehr' if points > 0 else 'weniger'}"
    return f"„{label}“: von {_percent(before)} auf {_percent(after)}, {much}."


def _points(before: float, after: float) -> int:
    """A change in hundredths, such that the rounded numbers add up."""
    return round(100 * after) - round(100 * before)


def probability_of(label: str) -> str:
    """What a column of numbers or a line is about."""
    return f"Wahrscheinlichkeit von „{label}“"


def backwards_means(first: str, then: str, mirrored: str | None) -> str:
    """What it means that the answer is `then` backwards, where `mirrored` would be right."""
    if mirrored is None and then == first:
        return (
            "Rückwärts sagt das Modell dasselbe: In welcher Richtung der Clip abgespielt wird, "
            "entscheidet hier nicht."
        )
    if then == mirrored == first:
        return f"Rückwärts bleibt „{first}“ auch „{first}“, und genau das sagt das Modell."
    if then == mirrored:
        return (
            f"Rückwärts wird „{first}“ zu „{then}“, und genau das sagt das Modell: Hier richtet es "
            "sich nach der Reihenfolge der Bilder."
        )
    if then == first:
        return (
            f"Rückwärts wird „{first}“ zu „{mirrored}“, aber das Modell sagt dasselbe wie vorher: "
            "Entweder entscheidet die Reihenfolge der Bilder hier nicht, oder es richtet sich nun "
            "nach etwas anderem."
        )
    return f"Rückwärts sagt das Modell „{then}“: Hier zählt die Reihenfolge der Bilder."


def shuffled_means(alike: int, count: int, label: str, low: float, high: float) -> str:
    """What it means that so many random orders have the same answer."""
    orders = f"Bei {alike} von {count} zufälligen Reihenfolgen sagt das Modell weiterhin „{label}“"
    span = f"dessen Wahrscheinlichkeit je nach Reihenfolge {_percent(low)} bis {_percent(high)} ist"
    if alike == count:
        return f"{orders}, {span}: Hier entscheidet die Reihenfolge der Bilder nicht."
    if alike == 0:
        return f"{orders}, {span}: Hier braucht es die Bilder in ihrer Reihenfolge."
    return (
        f"{orders}, {span}: Hier zählt die Reihenfolge der Bilder, entscheidet aber nicht allein."
    )


def frozen_caption(label: str) -> str:
    """What the bars of frozen frames show."""
    return (
        f"Wahrscheinlichkeit von „{label}“ mit jedem Bild allein; gestrichelt mit dem "
        "unveränderten Clip."
    )


def frozen_means(enough: list[int], T: int, label: str) -> str:
    """What it means that these frames, alone, have the same answer as the clip."""
    if not enough:
        return f"Mit keinem Bild allein sagt das Modell „{label}“: Es braucht mehr als eines."
    if len(enough) == T:
        return f"Mit jedem Bild allein sagt das Modell „{label}“: Hier muss sich nichts bewegen."
    frames = ", ".join(map(str, enough))
    return f"Mit {len(enough)} von {T} Bildern, je für sich, sagt das Modell „{label}“: {frames}."


def covered_means(share: float, first: str, then: str) -> str:
    """What it means that the answer is `then` with a share of the patches covered."""
    part = f"weniger als {_percent(0.01)}" if share < 0.01 else _percent(share)
    if then == first:
        return (
            f"Sind {part} der Patches verdeckt, sagt das Modell dasselbe: Was noch zu sehen ist, "
            "genügt."
        )
    return (
        f"Sind {part} der Patches verdeckt, sagt das Modell „{then}“: Entweder zählte, was "
        "verdeckt ist, oder das Verdecken selbst sieht danach aus."
    )


def hottest_means(hot: float, low: float, high: float, before: float) -> str:
    """What it means that a probability is `hot` after the hottest tenth, `low` to `high` else."""
    points, least, most = (_points(before, one) for one in (hot, low, high))
    numbers = (
        f"Das heißeste Zehntel ändert die Wahrscheinlichkeit um {in_points(before, hot)} "
        f"Prozentpunkte, zufällige Zehntel um {in_points(before, low)} bis "
        f"{in_points(before, high)}"
    )
    if points < least:
        return f"{numbers}: Diese Patches zählen mehr als zufällige."
    if points > most:
        return f"{numbers}: Diese Patches zählen weniger als zufällige."
    return f"{numbers}: Diese Patches zählen nicht mehr und nicht weniger als zufällige."


def line_words(label: str, before: float, after: list[float]) -> str:
    """What a line with dots shows, in words."""
    numbers = ", ".join(_percent(one) for one in after)
    return (
        f"Die Wahrscheinlichkeit von „{label}“ ist {_percent(before)} beim unveränderten Clip, und "
        f"danach {numbers}."
    )


def frozen_words(number: int, says: str, probability: float) -> str:
    """What is said of one frozen frame."""
    return f"Bild {number}: {says}, {_percent(probability)}"


def scheme_head(model: str, scheme: str) -> str:
    """The head of a column of a run with a scheme."""
    return f"{model} ({SCHEMES[scheme]})"


def frames_head(T: int) -> str:
    """The head of a column of a run with T frames."""
    return f"{T} Bilder" if T > 1 else "1 Bild"


def all_alike(label: str) -> str:
    """That every run has the same likeliest label."""
    return f"Alle sagen „{label}“."


def not_alike(said: list[tuple[str, str]]) -> str:
    """What each run says, where they differ."""
    return "Sie sind uneins. " + "; ".join(f"{head}: „{label}“" for head, label in said) + "."


def frames_cost(T: int, comparisons: float, seconds: float) -> str:
    """What T frames cost beside what the model is made for."""
    return (
        f"{T} Bilder brauchen {_decimal(comparisons, 1)}-mal so viele Vergleiche und "
        f"{_decimal(seconds, 1)}-mal so viel Zeit wie der Clip selbst."
    )


def frames_caveat(T: int) -> str:
    """What is to be kept in mind of other numbers of frames."""
    return (
        f"Das Modell hat von Clips mit {T} Bildern gelernt: Trauen Sie ihm bei anderen Anzahlen "
        "weniger."
    )


def schemes_cost(N: int, T: int) -> str:
    """What the schemes compare."""
    return (
        f"Bei {T} Bildern mit {N} Patches wird jeder Patch in der geteilten Aufmerksamkeit mit "
        f"{N} + {T} = {_thousands(N + T)} verglichen, in der gemeinsamen mit {N} x {T} = "
        f"{_thousands(N * T)} und in der nur räumlichen mit {N}; diese vergleicht nie zwei Bilder "
        "und kann ihre Reihenfolge deshalb nicht kennen."
    )


def schemes_chosen(model: str) -> str:
    """That the chosen model is none of the three."""
    return f"Das sind die drei kleinen Modelle dieser Seite; {model} ist keines davon."


def took(number: float) -> str:
    """A time that an answer took."""
    return f"{_decimal(number, 2)} s"


# The explorer: in braces stand numbers.
EXPLORER_HEADING = "Zeigen Sie auf einen Patch: Was liest er?"
BLOCK_TOO_LARGE = (
    "Ein Block dieses Modells ist zu viel, um ihn an einen Browser zu senden. Die Kommandozeile "
    "zeichnet ihn: python -m timesformer explain, mit --method attention, --patch, --block und "
    "--heads."
)
EXPLORER = {
    "heading": EXPLORER_HEADING,
    "lead": "Aufmerksamkeit heißt, dass jeder Patch die anderen liest, manche mehr als andere. "
    "Zeigen Sie auf einen Patch in einem der Bilder, oder berühren Sie ihn, und sehen Sie, was er "
    "liest; ein Klick hält ihn fest. Auf der Tastatur bewegen die Pfeiltasten den Patch, und "
    "„Bild auf“ und „Bild ab“ wechseln das Bild.",
    "picture": "Das Bild mit dem gewählten Patch. Die Pfeiltasten bewegen den Patch, „Bild auf“ "
    "und „Bild ab“ wechseln das Bild.",
    "frames": "Alle Bilder",
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
    "fetch": "Diesen Block holen",
    "fetchWords": "Dieses Modell ist groß: Seine Aufmerksamkeit kommt Block für Block, je etwa "
    "{megabytes} MB.",
    "fetching": "Der Block wird geholt",
    "other": "Dieser Block gehört zu einem anderen Clip oder Modell als die Bilder hier. Drücken "
    "Sie „Hinschauen lassen“, und holen Sie ihn noch einmal.",
    "unreachable": "Die Zahlen konnten nicht geholt werden. Drücken Sie noch einmal „Hinschauen "
    "lassen“.",
    "tooLarge": BLOCK_TOO_LARGE,
}
ATTENTION_FILE = "Queries und Keys aller Köpfe (safetensors)"
NO_BLOCK = "Dieses Modell hat keinen solchen Block. Wählen Sie einen, den der Explorer zeigt."


def fetched_block(number: int) -> str:
    """What is said once one block of a large model is here."""
    return f"Block {number} ist im Explorer."


# Heatmaps in words.
CAVEATS = {
    "rollout": "Was durch die Aufmerksamkeit aller Blöcke zur Antwort fließen konnte, gleich für "
    "welches Label. Über die Zeit ist das schon durch die Bauart fast flach.",
    "attention": "Was ein Block in der räumlichen Aufmerksamkeit las, gleich für welches Label; "
    "was er daraus machte, und die anderen Blöcke, fehlen darin.",
    "time-attention": "Wie viel von jedem Patch die Bilder an seiner Stelle lasen, in der "
    "zeitlichen Aufmerksamkeit eines Blocks; ob die Antwort es nutzte, steht nicht darin.",
    "relevance": "Wo mehr Aufmerksamkeit den Score des Labels erhöht hätte, nach Gradienten: Das "
    "gilt für kleine Änderungen und allein für die Aufmerksamkeit.",
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
        f"{_percent(share)}, bei gleichmäßiger Verteilung wären es "
        f"{_percent((last - first + 1) / T)}; am dichtesten ist es dort {zone}, mit dem "
        f"{_decimal(density, 1)}-Fachen der Gleichverteilung."
    )


def counts(
    name: str, label: str, points: int, random_points: int, gap: float, random_gap: float
) -> str:
    """What covering the hottest tenth takes off a probability, beside a random tenth."""
    return (
        f"Nach {name}: Die Wahrscheinlichkeit von „{label}“ {_taken(points)}, wenn das heißeste "
        f"Zehntel der Patches verdeckt ist; sie {_taken(random_points)}, wenn es ein zufälliges "
        "Zehntel ist. Verdeckt man das Heißeste zuerst, oder zeigt man es stattdessen zuerst, so "
        f"liegt zwischen den beiden Kurven eine Fläche von {_decimal(gap, 2)}, bei zufälligen "
        f"Karten von {_decimal(random_gap, 2)}."
    )


def _taken(points: int) -> str:
    if not points:
        return "ändert sich kaum"
    noun = "Prozentpunkt" if abs(points) == 1 else "Prozentpunkte"
    return f"sinkt um {points} {noun}" if points > 0 else f"steigt um {-points} {noun}"


def _percent(share: float, digits: int = 0) -> str:
    return f"{_decimal(100 * share, digits)}\N{NO-BREAK SPACE}%"


def _decimal(number: float, digits: int) -> str:
    return f"{number:.{digits}f}".replace(".", ",")


def _thousands(number: int) -> str:
    return f"{number:,}".replace(",", ".")
