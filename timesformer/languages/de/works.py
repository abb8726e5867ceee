"""German: the drawing of a block, the arithmetic of one patch, and the references."""

from .habits import whole

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
        f"{whole(parameters)} Parameter in {blocks} Blöcken mit je {heads} Köpfen. Jedes "
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
    return f"1 + {whole(tokens)} Tokens, aus allen Bildern, lesen alle 1 + {whole(tokens)}"


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
        f"Nach einer LayerNorm lesen alle {whole(tokens)} Patches aller Bilder und das "
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
        f"{whole(tokens)} Tokens im Raum verglichen, zusammen {whole(frames + tokens)}. "
        f"Mit dem ganzen Clip zugleich wären es {whole(joint)}."
    )


def joint_compared(tokens: int, divided: int) -> str:
    """How much work a patch has in a block of joint attention."""
    return (
        f"In einem Block wird jeder Patch mit {whole(tokens)} Tokens verglichen. In Zeit und "
        f"Raum geteilt wären es {whole(divided)}."
    )


def space_only_compared(tokens: int) -> str:
    """How much work a patch has in a block of space attention alone."""
    return (
        f"In einem Block wird jeder Patch mit {whole(tokens)} Tokens verglichen, alle aus "
        "seinem eigenen Bild."
    )


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
    "gradsam": "Die Heatmap „Grad-SAM“, hier vom letzten Block.",
    "gradcam": "Die Heatmap „Grad-CAM“, hier auf das angewandt, was der letzte Block liest.",
    "occlusion": "Die Heatmap „Verdeckung“: ein Stück verdecken und beobachten.",
    "deletion": "Die Prüfung einer Heatmap: die heißesten Patches zuerst verdecken.",
    "attention": "Queries, Keys, Values und Köpfe.",
    "patches": "Bilder als Patches, und die Gewichte, von denen die veröffentlichten Modelle "
    "ausgingen.",
}
