"""German: errors and notes of the package, by their English templates."""

TEMPLATES: dict[str, str] = {
    # Of a video and its clip.
    "This is not a file. Choose a video, such as an MP4 or a WebM.": (
        "Das ist keine Datei. Wählen Sie ein Video, zum Beispiel ein MP4 oder WebM."
    ),
    "The video could not be opened. Choose it again.": (
        "Das Video ließ sich nicht öffnen. Wählen Sie es noch einmal aus."
    ),
    "The video broke off while being read. Save it again as MP4.": (
        "Das Video brach beim Lesen ab. Speichern Sie es noch einmal als MP4."
    ),
    "The file is empty (0 bytes). Choose a video, or record it again.": (
        "Die Datei ist leer (0 Byte). Wählen Sie ein Video, oder nehmen Sie es noch einmal auf."
    ),
    (
        "The video is cut off: the part that says where its frames are is missing. Let the "
        "recording or download finish, then choose the file again."
    ): (
        "Das Video ist abgeschnitten: Der Teil, in dem steht, wo seine Bilder liegen, fehlt. "
        "Warten Sie, bis die Aufnahme oder das Herunterladen fertig ist, und wählen Sie die Datei "
        "dann noch einmal."
    ),
    "This file is not a video that can be read here. Choose an MP4, MOV, WebM, AVI or GIF.": (
        "Diese Datei ist kein Video, das hier gelesen werden kann. Wählen Sie ein MP4, MOV, WebM, "
        "AVI oder GIF."
    ),
    "The file holds no moving pictures, only sound or a still. Choose a video.": (
        "Die Datei enthält keine bewegten Bilder, nur Ton oder ein Standbild. Wählen Sie ein Video."
    ),
    (
        "The video's pictures are coded in a way that is not read here. Save it as MP4 (H.264) "
        "and choose that file."
    ): (
        "Die Bilder des Videos sind auf eine Art kodiert, die hier nicht gelesen wird. Speichern "
        "Sie es als MP4 (H.264), und wählen Sie diese Datei."
    ),
    (
        "A frame of the video has {width} x {height} pixels, {millions:.0f} million; at most "
        "{most} million are read. Save it smaller, 1920 x 1080 for instance."
    ): (
        "Ein Bild des Videos hat {width} x {height} Pixel, das sind {millions:.0f} Millionen; "
        "höchstens {most} Millionen werden gelesen. Speichern Sie es kleiner, zum Beispiel mit "
        "1920 x 1080."
    ),
    "The video holds no frames. Choose another, or record it again.": (
        "Das Video enthält keine Bilder. Wählen Sie ein anderes, oder nehmen Sie es noch einmal "
        "auf."
    ),
    (
        "Not one frame of the video could be read: it is damaged, or a frame has more than {most} "
        "million pixels. Save it again as MP4."
    ): (
        "Kein einziges Bild des Videos konnte gelesen werden: Es ist beschädigt, oder ein Bild "
        "hat mehr als {most} Millionen Pixel. Speichern Sie es noch einmal als MP4."
    ),
    "The file has {size:.1f} MB; at most {most} MB are read. Trim the video, or save it smaller.": (
        "Die Datei hat {size:.1f} MB; höchstens {most} MB werden gelesen. Kürzen Sie das Video, "
        "oder speichern Sie es kleiner."
    ),
    (
        "Reading the video takes longer than {most:.0f} s. Trim it, or save it smaller, 1280 x "
        "720 for instance."
    ): (
        "Das Video zu lesen dauert länger als {most:.0f} s. Kürzen Sie es, oder speichern Sie es "
        "kleiner, zum Beispiel mit 1280 x 720."
    ),
    (
        "Reading the video takes more than {most} s of computing. Trim it, or save it smaller, "
        "1280 x 720 for instance."
    ): (
        "Das Video zu lesen braucht mehr als {most} s Rechenzeit. Kürzen Sie es, oder speichern "
        "Sie es kleiner, zum Beispiel mit 1280 x 720."
    ),
    (
        "Reading the video takes more than {most} MB of memory. Save it smaller, 1280 x 720 for "
        "instance, and choose that file."
    ): (
        "Das Video zu lesen braucht mehr als {most} MB Speicher. Speichern Sie es kleiner, zum "
        "Beispiel mit 1280 x 720, und wählen Sie diese Datei."
    ),
    (
        "Reading the video went wrong and was stopped. Save it again as MP4 (H.264) and choose "
        "that file."
    ): (
        "Beim Lesen des Videos ging etwas schief, und es wurde abgebrochen. Speichern Sie es noch "
        "einmal als MP4 (H.264), und wählen Sie diese Datei."
    ),
    "No video can be read just now: the computer starts no more programs. Try again in a minute.": (
        "Gerade kann kein Video gelesen werden: Der Computer startet keine weiteren Programme. "
        "Versuchen Sie es in einer Minute noch einmal."
    ),
    "The video's colours are of high dynamic range: here they look paler than they are.": (
        "Die Farben des Videos haben einen hohen Dynamikumfang (HDR): Hier sehen sie blasser aus, "
        "als sie sind."
    ),
    (
        "The video lasts {duration:.1f} s, so no clip can start at {start:.1f} s. Choose an "
        "earlier start."
    ): (
        "Das Video dauert {duration:.1f} s, also kann kein Clip bei {start:.1f} s beginnen. "
        "Wählen Sie einen früheren Beginn."
    ),
    (
        "After {start:.1f} s the video goes on for {lasting:.1f} s and the model expects "
        "{expected:.1f} s: its last frame was repeated once."
    ): (
        "Nach {start:.1f} s geht das Video noch {lasting:.1f} s weiter, und das Modell erwartet "
        "{expected:.1f} s: Sein letztes Bild wurde einmal wiederholt."
    ),
    (
        "After {start:.1f} s the video goes on for {lasting:.1f} s and the model expects "
        "{expected:.1f} s: its last frame was repeated {repeats} times."
    ): (
        "Nach {start:.1f} s geht das Video noch {lasting:.1f} s weiter, und das Modell erwartet "
        "{expected:.1f} s: Sein letztes Bild wurde {repeats}-mal wiederholt."
    ),
    (
        "The video lasts {lasting:.1f} s and the model expects {expected:.1f} s: its last frame "
        "was repeated once."
    ): (
        "Das Video dauert {lasting:.1f} s, und das Modell erwartet {expected:.1f} s: Sein letztes "
        "Bild wurde einmal wiederholt."
    ),
    (
        "The video lasts {lasting:.1f} s and the model expects {expected:.1f} s: its last frame "
        "was repeated {repeats} times."
    ): (
        "Das Video dauert {lasting:.1f} s, und das Modell erwartet {expected:.1f} s: Sein letztes "
        "Bild wurde {repeats}-mal wiederholt."
    ),
    "The video has 1 frame and the model expects {expected}: it was repeated.": (
        "Das Video hat 1 Bild, und das Modell erwartet {expected}: Es wurde wiederholt."
    ),
    "The video has {available} frames and the model expects {expected}: some were repeated.": (
        "Das Video hat {available} Bilder, und das Modell erwartet {expected}: Einige wurden "
        "wiederholt."
    ),
    (
        "The file has more than {most} streams of pictures and sound: only the first {most} were "
        "looked at."
    ): "Die Datei hat mehr als {most} Bild- und Tonspuren: Nur die ersten {most} wurden angesehen.",
    "The video is very long: only its first {minutes:.0f} minutes ({frames:,} frames) were read.": (
        "Das Video ist sehr lang: Nur seine ersten {minutes:.0f} Minuten ({frames:,} Bilder) "
        "wurden gelesen."
    ),
    "Only the first {found:.1f} s of {declared:.1f} s hold pictures that could be found.": (
        "Nur in den ersten {found:.1f} s von {declared:.1f} s waren Bilder zu finden."
    ),
    (
        "The video could not be read after {end:.1f} s: the last readable frame stands for the "
        "remaining {unread} of {total}."
    ): (
        "Nach {end:.1f} s war das Video nicht mehr lesbar: Das letzte lesbare Bild steht für die "
        "übrigen {unread} von {total}."
    ),
    "The wanted frame could not be read; the one before it was used instead.": (
        "Das gesuchte Bild war nicht lesbar; stattdessen wurde das davor genommen."
    ),
    "{unread} of {total} frames could not be read; the frame before each was used.": (
        "{unread} von {total} Bildern waren nicht lesbar; stattdessen wurde jeweils das Bild "
        "davor genommen."
    ),
    # Of what a model does not say of itself.
    (
        "This checkpoint does not record how its frames were chosen: a clip of about {seconds} s "
        "is assumed."
    ): (
        "Bei diesem Modell ist nicht vermerkt, wie seine Bilder gewählt wurden: Angenommen wird "
        "ein Clip von etwa {seconds} s."
    ),
    (
        "This checkpoint does not record how its frames were chosen and prepared: a clip of about "
        "{seconds} s, with mean {mean} and deviation {std} as of the released models, is taken."
    ): (
        "Bei diesem Modell ist nicht vermerkt, wie seine Bilder gewählt und vorbereitet wurden: "
        "Genommen wird ein Clip von etwa {seconds} s, mit dem Mittelwert {mean} und der "
        "Abweichung {std} der veröffentlichten Modelle."
    ),
    (
        "How this checkpoint's frames are chosen and prepared could not be asked for: a clip of "
        "about {seconds} s, with mean {mean} and deviation {std} as of the released models, is "
        "taken."
    ): (
        "Wie die Bilder dieses Modells gewählt und vorbereitet werden, ließ sich nicht erfragen: "
        "Genommen wird ein Clip von etwa {seconds} s, mit dem Mittelwert {mean} und der "
        "Abweichung {std} der veröffentlichten Modelle."
    ),
    (
        "This file is of mmaction2: a clip of about {seconds} s, with mean and deviation {mean} "
        "as in its configs, is taken."
    ): (
        "Diese Datei stammt von mmaction2: Genommen wird ein Clip von etwa {seconds} s, mit "
        "Mittelwert und Abweichung {mean} wie in den Konfigurationen von dort."
    ),
    "This file has the shapes of {name}: its frames are chosen and prepared as for that.": (
        "Diese Datei hat die Formen von {name}: Ihre Bilder werden wie dafür gewählt und "
        "vorbereitet."
    ),
    "{T} frames of {W} x {H} pixels": "{T} Bilder von {W} x {H} Pixeln",
    "This model was made for {trained} and is shown {given}: trust it less.": (
        "Dieses Modell ist für {trained} gemacht und bekommt {given} zu sehen: Trauen Sie ihm "
        "weniger."
    ),
    "This checkpoint has no words for its {count} classes: they are shown as {first} and so on.": (
        "Dieses Modell hat für seine {count} Klassen keine Wörter: Sie heißen hier {first} und so "
        "weiter."
    ),
    (
        "This checkpoint has no words for its {count} classes: those of {dataset}, which has as "
        "many, are shown."
    ): (
        "Dieses Modell hat für seine {count} Klassen keine Wörter: Gezeigt werden die von "
        "{dataset}, das ebenso viele hat."
    ),
    # Of the files of a model.
    (
        "The crops of {name}, {H} x {W} pixels, do not divide into its patches of {height} x "
        "{width}."
    ): (
        "Die Ausschnitte von {name}, {H} x {W} Pixel, lassen sich nicht in seine Patches von "
        "{height} x {width} teilen."
    ),
    "The {file} of {name} cannot be used: {reason}.": (
        "{file} von {name} ist nicht zu gebrauchen: {reason}."
    ),
    "The {file} of {name} does not describe a TimeSformer: {reason}.": (
        "{file} von {name} beschreibt keinen TimeSformer: {reason}."
    ),
    "a value is of the wrong kind": "ein Wert ist von der falschen Art",
    "There is no checkpoint named {name!r} here.": (
        "Hier gibt es kein Modell mit dem Namen „{name}“."
    ),
    (
        "There is no checkpoint named {name!r} here. Give the name of an embedded model, a Hub id "
        "such as 'facebook/timesformer-base-finetuned-k400', a folder or file."
    ): (
        "Hier gibt es kein Modell mit dem Namen „{name}“. Nennen Sie ein mitgeliefertes Modell, "
        "eine Kennung des Hubs wie „facebook/timesformer-base-finetuned-k400“, einen Ordner oder "
        "eine Datei."
    ),
    "{name} names a revision already; {revision!r} is one too many.": (
        "{name} nennt schon eine Revision; „{revision}“ ist eine zu viel."
    ),
    "{name} has no further revisions; {revision!r} can be had of a Hub id alone.": (
        "{name} hat keine weiteren Revisionen; „{revision}“ gibt es nur bei einer Kennung des Hubs."
    ),
    (
        "{name} has no {file}, without which it cannot be used. Put the one it was trained with "
        "beside its weights."
    ): (
        "{name} hat keine Datei {file}, und ohne sie ist das Modell nicht zu gebrauchen. Legen "
        "Sie die, mit der es trainiert wurde, neben seine Gewichte."
    ),
    "The {file} of {name} has more than {most:,} bytes. Get it again from where it came from.": (
        "{file} von {name} hat mehr als {most:,} Byte. Holen Sie die Datei noch einmal von dort, "
        "wo sie herkam."
    ),
    "The {file} of {name} is not JSON.": "{file} von {name} ist kein JSON.",
    "The {file} of {name} holds no settings.": "{file} von {name} enthält keine Einstellungen.",
    "{name} has no weights. They are looked for in {files}.": (
        "{name} hat keine Gewichte. Gesucht werden sie in {files}."
    ),
    "{file} of {source}": "{file} von {source}",
    (
        "{file} is damaged, or holds objects besides weights, which are not opened. Get it again "
        "from where it came from, or have its weights saved as safetensors."
    ): (
        "{file} ist beschädigt oder enthält außer Gewichten noch andere Objekte, und die werden "
        "nicht geöffnet. Holen Sie die Datei noch einmal von dort, wo sie herkam, oder lassen Sie "
        "ihre Gewichte als safetensors speichern."
    ),
    "The weights of {source} do not fit the config: {faults}.": (
        "Die Gewichte von {source} passen nicht zur Konfiguration: {faults}."
    ),
    "missing: {keys}": "es fehlen: {keys}",
    "left over: {keys}": "übrig sind: {keys}",
    "of another shape: {keys}": "andere Form haben: {keys}",
    "{names} and {count} more": "{names} und {count} weitere",
    (
        "The weights of {source} are not all finite numbers, in {keys}. Get them again from where "
        "they came from."
    ): (
        "Die Gewichte von {source} sind nicht alle endliche Zahlen, und zwar in {keys}. Holen Sie "
        "sie noch einmal von dort, wo sie herkamen."
    ),
    "The weights of {source} are of {kind} and have no {key}, which its config asks for.": (
        "Die Gewichte von {source} sind von {kind} und haben kein {key}, das die Konfiguration "
        "verlangt."
    ),
    "These weights are of several kinds: {kinds}. Keep one kind.": (
        "Diese Gewichte sind von mehreren Arten: {kinds}. Behalten Sie eine Art."
    ),
    "{key} of {kind}": "{key} von {kind}",
    "These are no weights of a TimeSformer: they hold {first}. What can be read is of: {known}.": (
        "Das sind keine Gewichte eines TimeSformers: Sie enthalten {first}. Gelesen werden "
        "Gewichte von: {known}."
    ),
    "nothing": "nichts",
    "the released TimeSformer code": "dem veröffentlichten TimeSformer-Code",
    "mmaction2, divided attention": "mmaction2, geteilte Aufmerksamkeit",
    "mmaction2, joint or space-only attention": (
        "mmaction2, gemeinsame oder nur räumliche Aufmerksamkeit"
    ),
    "These weights have no {key}, which every whole TimeSformer has.": (
        "Diese Gewichte haben kein {key}, das jeder vollständige TimeSformer hat."
    ),
    "The shapes of these weights are of no TimeSformer: {reason}.": (
        "Die Formen dieser Gewichte sind nicht die eines TimeSformers: {reason}."
    ),
    (
        "int8 asks for a processor with VNNI instructions, and {device!r} here has none. "
        "Choose another dtype, or none."
    ): (
        "int8 verlangt einen Prozessor mit VNNI-Befehlen, und „{device}“ hat hier keine. "
        "Wählen Sie einen anderen dtype oder keinen."
    ),
    "{variable} is {named!r}. It may be {known}.": (
        "{variable} ist „{named}“. Möglich sind {known}."
    ),
    (
        "The model cannot be put on {device!r} here. Use 'cpu', or 'cuda' where there is an "
        "NVIDIA GPU with enough free memory."
    ): (
        "Das Modell lässt sich hier nicht auf „{device}“ laden. Nehmen Sie „cpu“, oder „cuda“, wo "
        "es eine NVIDIA-GPU mit genug freiem Speicher gibt."
    ),
    "There is no {file} in {folder}. Train or evaluate that model first.": (
        "In {folder} gibt es kein {file}. Trainieren oder evaluieren Sie dieses Modell zuerst."
    ),
    "The {file} in {folder} was written by another version. Train or evaluate that model again.": (
        "{file} in {folder} hat eine andere Version geschrieben. Trainieren oder evaluieren Sie "
        "dieses Modell noch einmal."
    ),
    # Of the Hub.
    (
        "{name} is not on this computer and the Hugging Face Hub cannot be reached. With a "
        "network, run `python -m timesformer download {repository}` once; after that it works "
        "offline."
    ): (
        "{name} ist nicht auf diesem Computer, und der Hugging Face Hub ist nicht zu erreichen. "
        "Führen Sie mit Netz einmal `python -m timesformer download {repository}` aus; danach "
        "geht es ohne."
    ),
    "{name} has no revision {revision!r} on the Hub. Without one, its newest is taken.": (
        "{name} hat auf dem Hub keine Revision „{revision}“. Ohne Angabe wird die neueste genommen."
    ),
    (
        "{name} is gated: its owner gives it to those who ask. Ask on its page on the Hub, then "
        "run `hf auth login` here."
    ): (
        "{name} ist nicht frei zugänglich: Wer es hat, gibt es denen, die fragen. Fragen Sie auf "
        "der Seite des Modells auf dem Hub danach, und führen Sie dann hier `hf auth login` aus."
    ),
    (
        "The Hub has no public model named {name!r}. Check the spelling; a private or gated model "
        "needs `hf auth login` first."
    ): (
        "Auf dem Hub gibt es kein öffentliches Modell mit dem Namen „{name}“. Prüfen Sie die "
        "Schreibweise; ein privates oder nicht frei zugängliches Modell braucht zuerst `hf auth "
        "login`."
    ),
    (
        "There is no room on the disk for {name}. Free some and try again; `hf cache rm` removes "
        "models that are no longer needed."
    ): (
        "Auf der Festplatte ist kein Platz für {name}. Schaffen Sie Platz, und versuchen Sie es "
        "noch einmal; `hf cache rm` entfernt Modelle, die nicht mehr gebraucht werden."
    ),
    (
        "{name} cannot be kept: the Hub's cache may not be written. Name a folder that may be in "
        "the environment variable HF_HOME."
    ): (
        "{name} lässt sich nicht ablegen: In den Cache des Hubs darf nicht geschrieben werden. "
        "Nennen Sie in der Umgebungsvariablen HF_HOME einen Ordner, in den geschrieben werden "
        "darf."
    ),
    (
        "The Hub refused {name}: it answered {status}. Run `hf auth login` with an account that "
        "may have it, and try again."
    ): (
        "Der Hub hat {name} verweigert: Er antwortete {status}. Führen Sie `hf auth login` mit "
        "einem Konto aus, das es haben darf, und versuchen Sie es noch einmal."
    ),
    "The Hub refused {name}: it answered {status}. Wait a little and try again.": (
        "Der Hub hat {name} verweigert: Er antwortete {status}. Warten Sie ein wenig, und "
        "versuchen Sie es noch einmal."
    ),
    # Of the page.
    "This model looks at one frame, and that has no other order.": (
        "Dieses Modell schaut auf ein einziges Bild, und das hat keine andere Reihenfolge."
    ),
    "There is no heat in this heatmap, so there is nothing to cover.": (
        "In dieser Heatmap ist keine Hitze, also gibt es nichts zu verdecken."
    ),
    "There is no folder to write to, and clips have to lie somewhere. Name one in {name}.": (
        "Es gibt keinen Ordner, in den geschrieben werden kann, und die Clips müssen irgendwo "
        "liegen. "
        "Nennen Sie einen in {name}."
    ),
    "Two models in {variable} have the same last part. Rename one.": (
        "Zwei Modelle in {variable} haben denselben letzten Teil. Benennen Sie eines um."
    ),
    "This model is not offered here. Choose one of the list.": (
        "Dieses Modell wird hier nicht angeboten. Wählen Sie eines aus der Liste."
    ),
    "This is no id of a model on the Hub. Type one as owner/name, or choose one of the list.": (
        "Das ist keine Kennung eines Modells auf dem Hub. Schreiben Sie sie als owner/name, oder "
        "wählen Sie ein Modell aus der Liste."
    ),
    (
        "The Hub does not give {name} to anybody just now. Check the spelling, or choose one of "
        "the list."
    ): (
        "Der Hub gibt {name} gerade nicht jedem. Prüfen Sie die Schreibweise, oder wählen Sie ein "
        "Modell aus der Liste."
    ),
    "{name} is not open to anybody. Choose one of the list.": (
        "{name} ist nicht für jeden frei. Wählen Sie ein Modell aus der Liste."
    ),
    "{name} has no {file}, and no other file of weights is opened here. Choose one of the list.": (
        "{name} hat keine Datei {file}, und eine andere mit Gewichten wird hier nicht geöffnet. "
        "Wählen Sie ein Modell aus der Liste."
    ),
    (
        "The {file} of {name} is too large: at most {most:,.0f} MB are fetched here. Choose one "
        "of the list."
    ): (
        "{file} von {name} ist zu groß: Hier werden höchstens {most:,.0f} MB geholt. Wählen Sie "
        "ein Modell aus der Liste."
    ),
    "No more models are fetched here. Choose one of the list.": (
        "Hier werden keine weiteren Modelle geholt. Wählen Sie eines aus der Liste."
    ),
    (
        "{name} is too large for this page: it has {asked:,} {what}, and at most {most:,} are "
        "taken here. Choose one of the list."
    ): (
        "{name} ist zu groß für diese Seite: Es hat {asked:,} {what}, und hier werden höchstens "
        "{most:,} angenommen. Wählen Sie ein Modell aus der Liste."
    ),
    "There is no such heatmap. Choose one of the list.": (
        "Eine solche Heatmap gibt es nicht. Wählen Sie eine aus der Liste."
    ),
    (
        "This model has no time attention of its own. Choose another heatmap, or a model with "
        "divided attention."
    ): (
        "Dieses Modell hat keine eigene zeitliche Aufmerksamkeit. Wählen Sie eine andere Heatmap "
        "oder ein Modell mit geteilter Aufmerksamkeit."
    ),
    "Choose for which label, too, or leave the one it is told from.": (
        "Wählen Sie auch, für welches Label, oder lassen Sie das andere weg."
    ),
    "This model has no label {label!r}. Choose one of the list.": (
        "Dieses Modell hat kein Label „{label}“. Wählen Sie eines aus der Liste."
    ),
    "A label rather than itself tells nothing. Choose another.": (
        "Ein Label statt seiner selbst sagt nichts. Wählen Sie ein anderes."
    ),
}
