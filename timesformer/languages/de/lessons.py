"""German: the bar over the page, the tour, the lessons and the teacher's corner."""

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
