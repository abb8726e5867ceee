"""German: what is said at the door."""

NOT_HERE = "So etwas gibt es hier nicht. Laden Sie die Seite neu, und versuchen Sie es noch einmal."
OTHER_ADDRESS = (
    "Diese Seite wurde unter einer Adresse geöffnet, die ihr Server nicht kennt. Öffnen Sie sie "
    "unter der üblichen; wer sie betreibt, kann in TIMESFORMER_HOSTS weitere nennen."
)
NO_LINKS = (
    "Laden Sie eine Datei von diesem Gerät hoch; Links und andere Orte werden nicht genommen."
)
CLIP_GONE = (
    "Dieser Clip ist nicht mehr hier: Seine Datei verschwindet, sobald die Bilder gelesen sind. "
    "Laden Sie ihn noch einmal hoch, oder nehmen Sie ihn neu auf."
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
