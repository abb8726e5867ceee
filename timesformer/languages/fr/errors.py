"""French: errors and notes of the package, by their English templates."""

# ruff: noqa: RUF001
# What stands before : ; ? ! % and units, and within « », is a no-break space.

TEMPLATES: dict[str, str] = {
    # Of a video and its clip.
    "This is not a file. Choose a video, such as an MP4 or a WebM.": (
        "Ce n’est pas un fichier. Choisissez une vidéo, par exemple un MP4 ou un WebM."
    ),
    "The video could not be opened. Choose it again.": (
        "La vidéo n’a pas pu être ouverte. Choisissez-la de nouveau."
    ),
    "The video broke off while being read. Save it again as MP4.": (
        "La vidéo s’est interrompue pendant la lecture. Enregistrez-la de nouveau en MP4."
    ),
    "The file is empty (0 bytes). Choose a video, or record it again.": (
        "Le fichier est vide (0 octet). Choisissez une vidéo, ou filmez-la de nouveau."
    ),
    (
        "The video is cut off: the part that says where its frames are is missing. Let the "
        "recording or download finish, then choose the file again."
    ): (
        "La vidéo est tronquée : il manque la partie qui dit où se trouvent ses images. Laissez "
        "l’enregistrement ou le téléchargement se terminer, puis choisissez de nouveau le "
        "fichier."
    ),
    "This file is not a video that can be read here. Choose an MP4, MOV, WebM, AVI or GIF.": (
        "Ce fichier n’est pas une vidéo lisible ici. Choisissez un MP4, MOV, WebM, AVI ou GIF."
    ),
    "The file holds no moving pictures, only sound or a still. Choose a video.": (
        "Le fichier ne contient pas d’images animées, seulement du son ou une image fixe. "
        "Choisissez une vidéo."
    ),
    (
        "The video's pictures are coded in a way that is not read here. Save it as MP4 (H.264) "
        "and choose that file."
    ): (
        "Les images de la vidéo sont codées d’une façon qui n’est pas lue ici. Enregistrez-la en "
        "MP4 (H.264) et choisissez ce fichier."
    ),
    (
        "A frame of the video has {width} x {height} pixels, {millions:.0f} million; at most "
        "{most} million are read. Save it smaller, 1920 x 1080 for instance."
    ): (
        "Une image de la vidéo compte {width} × {height} pixels, soit {millions:.0f} millions ; "
        "on en lit au plus {most} millions. Enregistrez-la en plus petit, par exemple en "
        "1920 × 1080."
    ),
    "The video holds no frames. Choose another, or record it again.": (
        "La vidéo ne contient aucune image. Choisissez-en une autre, ou filmez-la de nouveau."
    ),
    (
        "Not one frame of the video could be read: it is damaged, or a frame has more than {most} "
        "million pixels. Save it again as MP4."
    ): (
        "Aucune image de la vidéo n’a pu être lue : elle est abîmée, ou une image compte plus de "
        "{most} millions de pixels. Enregistrez-la de nouveau en MP4."
    ),
    "The file has {size:.1f} MB; at most {most} MB are read. Trim the video, or save it smaller.": (
        "Le fichier fait {size:.1f} Mo ; on en lit au plus {most} Mo. Raccourcissez la vidéo, ou "
        "enregistrez-la en plus petit."
    ),
    (
        "Reading the video takes longer than {most:.0f} s. Trim it, or save it smaller, 1280 x "
        "720 for instance."
    ): (
        "Lire la vidéo prend plus de {most:.0f} s. Raccourcissez-la, ou enregistrez-la en plus "
        "petit, par exemple en 1280 × 720."
    ),
    (
        "Reading the video takes more than {most} s of computing. Trim it, or save it smaller, "
        "1280 x 720 for instance."
    ): (
        "Lire la vidéo demande plus de {most} s de calcul. Raccourcissez-la, ou enregistrez-la en "
        "plus petit, par exemple en 1280 × 720."
    ),
    (
        "Reading the video takes more than {most} MB of memory. Save it smaller, 1280 x 720 for "
        "instance, and choose that file."
    ): (
        "Lire la vidéo demande plus de {most} Mo de mémoire. Enregistrez-la en plus petit, par "
        "exemple en 1280 × 720, et choisissez ce fichier."
    ),
    (
        "Reading the video went wrong and was stopped. Save it again as MP4 (H.264) and choose "
        "that file."
    ): (
        "La lecture de la vidéo a mal tourné et a été arrêtée. Enregistrez-la de nouveau en MP4 "
        "(H.264) et choisissez ce fichier."
    ),
    "No video can be read just now: the computer starts no more programs. Try again in a minute.": (
        "Aucune vidéo ne peut être lue en ce moment : l’ordinateur ne lance plus de programmes. "
        "Réessayez dans une minute."
    ),
    "The video's colours are of high dynamic range: here they look paler than they are.": (
        "Les couleurs de la vidéo sont à grande gamme dynamique (HDR) : elles paraissent ici plus "
        "pâles qu’elles ne sont."
    ),
    (
        "The video lasts {duration:.1f} s, so no clip can start at {start:.1f} s. Choose an "
        "earlier start."
    ): (
        "La vidéo dure {duration:.1f} s, aucun clip ne peut donc commencer à {start:.1f} s. "
        "Choisissez un début plus tôt."
    ),
    (
        "After {start:.1f} s the video goes on for {lasting:.1f} s and the model expects "
        "{expected:.1f} s: its last frame was repeated once."
    ): (
        "Après {start:.1f} s, la vidéo dure encore {lasting:.1f} s et le modèle attend "
        "{expected:.1f} s : sa dernière image a été répétée une fois."
    ),
    (
        "After {start:.1f} s the video goes on for {lasting:.1f} s and the model expects "
        "{expected:.1f} s: its last frame was repeated {repeats} times."
    ): (
        "Après {start:.1f} s, la vidéo dure encore {lasting:.1f} s et le modèle attend "
        "{expected:.1f} s : sa dernière image a été répétée {repeats} fois."
    ),
    (
        "The video lasts {lasting:.1f} s and the model expects {expected:.1f} s: its last frame "
        "was repeated once."
    ): (
        "La vidéo dure {lasting:.1f} s et le modèle attend {expected:.1f} s : sa dernière image a "
        "été répétée une fois."
    ),
    (
        "The video lasts {lasting:.1f} s and the model expects {expected:.1f} s: its last frame "
        "was repeated {repeats} times."
    ): (
        "La vidéo dure {lasting:.1f} s et le modèle attend {expected:.1f} s : sa dernière image a "
        "été répétée {repeats} fois."
    ),
    "The video has 1 frame and the model expects {expected}: it was repeated.": (
        "La vidéo compte 1 image et le modèle en attend {expected} : elle a été répétée."
    ),
    "The video has {available} frames and the model expects {expected}: some were repeated.": (
        "La vidéo compte {available} images et le modèle en attend {expected} : certaines ont été "
        "répétées."
    ),
    (
        "The file has more than {most} streams of pictures and sound: only the first {most} were "
        "looked at."
    ): (
        "Le fichier a plus de {most} pistes d’image et de son : seules les {most} premières ont "
        "été examinées."
    ),
    "The video is very long: only its first {minutes:.0f} minutes ({frames:,} frames) were read.": (
        "La vidéo est très longue : seules ses {minutes:.0f} premières minutes "
        "({frames:,} images) ont été lues."
    ),
    "Only the first {found:.1f} s of {declared:.1f} s hold pictures that could be found.": (
        "Des images n’ont été trouvées que dans les {found:.1f} premières secondes sur "
        "{declared:.1f}."
    ),
    (
        "The video could not be read after {end:.1f} s: the last readable frame stands for the "
        "remaining {unread} of {total}."
    ): (
        "La vidéo n’a pas pu être lue après {end:.1f} s : la dernière image lisible remplace les "
        "{unread} restantes, sur {total}."
    ),
    "The wanted frame could not be read; the one before it was used instead.": (
        "L’image voulue n’a pas pu être lue ; la précédente a pris sa place."
    ),
    "{unread} of {total} frames could not be read; the frame before each was used.": (
        "{unread} images sur {total} n’ont pas pu être lues ; la précédente a pris la place de "
        "chacune."
    ),
    # Of what a model does not say of itself.
    (
        "This checkpoint does not record how its frames were chosen: a clip of about {seconds} s "
        "is assumed."
    ): (
        "Ce modèle ne dit pas comment ses images ont été choisies : on suppose un clip d’environ "
        "{seconds} s."
    ),
    (
        "This checkpoint does not record how its frames were chosen and prepared: a clip of about "
        "{seconds} s, with mean {mean} and deviation {std} as of the released models, is taken."
    ): (
        "Ce modèle ne dit pas comment ses images ont été choisies et préparées : on prend un clip "
        "d’environ {seconds} s, avec la moyenne {mean} et l’écart type {std} des modèles publiés."
    ),
    (
        "How this checkpoint's frames are chosen and prepared could not be asked for: a clip of "
        "about {seconds} s, with mean {mean} and deviation {std} as of the released models, is "
        "taken."
    ): (
        "Impossible de savoir comment les images de ce modèle sont choisies et préparées : on "
        "prend un clip d’environ {seconds} s, avec la moyenne {mean} et l’écart type {std} des "
        "modèles publiés."
    ),
    (
        "This file is of mmaction2: a clip of about {seconds} s, with mean and deviation {mean} "
        "as in its configs, is taken."
    ): (
        "Ce fichier vient de mmaction2 : on prend un clip d’environ {seconds} s, avec une moyenne "
        "et un écart type de {mean}, comme dans ses configurations."
    ),
    "This file has the shapes of {name}: its frames are chosen and prepared as for that.": (
        "Ce fichier a les formes de {name} : ses images sont choisies et préparées comme pour ce "
        "modèle."
    ),
    "{T} frames of {W} x {H} pixels": "{T} images de {W} × {H} pixels",
    "This model was made for {trained} and is shown {given}: trust it less.": (
        "Ce modèle est fait pour {trained} et on lui montre {given} : fiez-vous moins à lui."
    ),
    "This checkpoint has no words for its {count} classes: they are shown as {first} and so on.": (
        "Ce modèle n’a pas de mots pour ses {count} classes : elles s’affichent comme {first}, etc."
    ),
    (
        "This checkpoint has no words for its {count} classes: those of {dataset}, which has as "
        "many, are shown."
    ): (
        "Ce modèle n’a pas de mots pour ses {count} classes : on affiche ceux de {dataset}, qui "
        "en a autant."
    ),
    # Of the files of a model.
    (
        "The crops of {name}, {H} x {W} pixels, do not divide into its patches of {height} x "
        "{width}."
    ): (
        "Les recadrages de {name}, de {H} × {W} pixels, ne se divisent pas en ses patchs de "
        "{height} × {width}."
    ),
    "The {file} of {name} cannot be used: {reason}.": (
        "Le fichier {file} de {name} est inutilisable : {reason}."
    ),
    "The {file} of {name} does not describe a TimeSformer: {reason}.": (
        "Le fichier {file} de {name} ne décrit pas un TimeSformer : {reason}."
    ),
    "a value is of the wrong kind": "une valeur n’est pas du bon type",
    "There is no checkpoint named {name!r} here.": "Il n’y a ici aucun modèle nommé « {name} ».",
    (
        "There is no checkpoint named {name!r} here. Give the name of an embedded model, a Hub id "
        "such as 'facebook/timesformer-base-finetuned-k400', a folder or file."
    ): (
        "Il n’y a ici aucun modèle nommé « {name} ». Donnez le nom d’un modèle fourni, un "
        "identifiant du Hub comme « facebook/timesformer-base-finetuned-k400 », un dossier ou un "
        "fichier."
    ),
    "{name} names a revision already; {revision!r} is one too many.": (
        "{name} indique déjà une révision ; « {revision} » est de trop."
    ),
    "{name} has no further revisions; {revision!r} can be had of a Hub id alone.": (
        "{name} n’a pas d’autres révisions ; « {revision} » ne peut se demander qu’avec un "
        "identifiant du Hub."
    ),
    (
        "{name} has no {file}, without which it cannot be used. Put the one it was trained with "
        "beside its weights."
    ): (
        "{name} n’a pas de fichier {file}, sans lequel il est inutilisable. Placez à côté de ses "
        "poids celui avec lequel il a été entraîné."
    ),
    "The {file} of {name} has more than {most:,} bytes. Get it again from where it came from.": (
        "Le fichier {file} de {name} dépasse {most:,} octets. Reprenez-le là d’où il vient."
    ),
    "The {file} of {name} is not JSON.": "Le fichier {file} de {name} n’est pas du JSON.",
    "The {file} of {name} holds no settings.": (
        "Le fichier {file} de {name} ne contient pas de réglages."
    ),
    "{name} has no weights. They are looked for in {files}.": (
        "{name} n’a pas de poids. On les cherche dans {files}."
    ),
    "{file} of {source}": "{file} de {source}",
    (
        "{file} is damaged, or holds objects besides weights, which are not opened. Get it again "
        "from where it came from, or have its weights saved as safetensors."
    ): (
        "{file} est abîmé, ou contient, outre des poids, des objets qu’on n’ouvre pas ici. "
        "Reprenez-le là d’où il vient, ou faites enregistrer ses poids en safetensors."
    ),
    "The weights of {source} do not fit the config: {faults}.": (
        "Les poids de {source} ne correspondent pas à la configuration : {faults}."
    ),
    "missing: {keys}": "il manque : {keys}",
    "left over: {keys}": "en trop : {keys}",
    "of another shape: {keys}": "d’une autre forme : {keys}",
    "{names} and {count} more": "{names} et {count} de plus",
    (
        "The weights of {source} are not all finite numbers, in {keys}. Get them again from where "
        "they came from."
    ): (
        "Les poids de {source} ne sont pas tous des nombres finis, dans {keys}. Reprenez-les là "
        "d’où ils viennent."
    ),
    "The weights of {source} are of {kind} and have no {key}, which its config asks for.": (
        "Les poids de {source} sont de {kind} et n’ont pas {key}, que leur configuration demande."
    ),
    "These weights are of several kinds: {kinds}. Keep one kind.": (
        "Ces poids sont de plusieurs sortes : {kinds}. Gardez-en une."
    ),
    "{key} of {kind}": "{key} de {kind}",
    "These are no weights of a TimeSformer: they hold {first}. What can be read is of: {known}.": (
        "Ce ne sont pas des poids de TimeSformer : ils contiennent {first}. On peut lire ceux "
        "de : {known}."
    ),
    "nothing": "rien",
    "the released TimeSformer code": "le code publié de TimeSformer",
    "mmaction2, divided attention": "mmaction2, attention divisée",
    "mmaction2, joint or space-only attention": "mmaction2, attention conjointe ou spatiale seule",
    "These weights have no {key}, which every whole TimeSformer has.": (
        "Ces poids n’ont pas {key}, que tout TimeSformer complet possède."
    ),
    "The shapes of these weights are of no TimeSformer: {reason}.": (
        "Les formes de ces poids ne sont pas celles d’un TimeSformer : {reason}."
    ),
    (
        "int8 asks for a processor with VNNI instructions, and {device!r} here has none. "
        "Choose another dtype, or none."
    ): (
        "int8 demande un processeur avec les instructions VNNI, que « {device} » n'a pas ici. "
        "Choisissez un autre dtype, ou aucun."
    ),
    "{variable} is {named!r}. It may be {known}.": (
        "{variable} vaut « {named} ». Les valeurs possibles sont {known}."
    ),
    (
        "The model cannot be put on {device!r} here. Use 'cpu', or 'cuda' where there is an "
        "NVIDIA GPU with enough free memory."
    ): (
        "Le modèle ne peut pas être placé ici sur « {device} ». Utilisez « cpu », ou « cuda » là "
        "où il y a un GPU NVIDIA avec assez de mémoire libre."
    ),
    "There is no {file} in {folder}. Train or evaluate that model first.": (
        "Il n’y a pas de fichier {file} dans {folder}. Entraînez ou évaluez d’abord ce modèle."
    ),
    "The {file} in {folder} was written by another version. Train or evaluate that model again.": (
        "Le fichier {file} de {folder} a été écrit par une autre version. Entraînez ou évaluez de "
        "nouveau ce modèle."
    ),
    # Of the Hub.
    (
        "{name} is not on this computer and the Hugging Face Hub cannot be reached. With a "
        "network, run `python -m timesformer download {repository}` once; after that it works "
        "offline."
    ): (
        "{name} n’est pas sur cet ordinateur et le Hugging Face Hub est injoignable. Avec un "
        "réseau, lancez une fois `python -m timesformer download {repository}` ; ensuite, tout "
        "marche hors ligne."
    ),
    "{name} has no revision {revision!r} on the Hub. Without one, its newest is taken.": (
        "{name} n’a pas de révision « {revision} » sur le Hub. Sans précision, la plus récente "
        "est prise."
    ),
    (
        "{name} is gated: its owner gives it to those who ask. Ask on its page on the Hub, then "
        "run `hf auth login` here."
    ): (
        "L’accès à {name} est restreint : son propriétaire le donne à qui le demande. Demandez-le "
        "sur sa page du Hub, puis lancez ici `hf auth login`."
    ),
    (
        "The Hub has no public model named {name!r}. Check the spelling; a private or gated model "
        "needs `hf auth login` first."
    ): (
        "Le Hub n’a pas de modèle public nommé « {name} ». Vérifiez l’orthographe ; un modèle "
        "privé ou restreint demande d’abord `hf auth login`."
    ),
    (
        "There is no room on the disk for {name}. Free some and try again; `hf cache rm` removes "
        "models that are no longer needed."
    ): (
        "Il n’y a pas de place sur le disque pour {name}. Libérez-en et réessayez ; `hf cache rm` "
        "enlève les modèles qui ne servent plus."
    ),
    (
        "{name} cannot be kept: the Hub's cache may not be written. Name a folder that may be in "
        "the environment variable HF_HOME."
    ): (
        "{name} ne peut pas être conservé : il n’est pas permis d’écrire dans le cache du Hub. "
        "Indiquez dans la variable d’environnement HF_HOME un dossier où c’est permis."
    ),
    (
        "The Hub refused {name}: it answered {status}. Run `hf auth login` with an account that "
        "may have it, and try again."
    ): (
        "Le Hub a refusé {name} : il a répondu {status}. Lancez `hf auth login` avec un compte "
        "qui y a droit, et réessayez."
    ),
    "The Hub refused {name}: it answered {status}. Wait a little and try again.": (
        "Le Hub a refusé {name} : il a répondu {status}. Attendez un peu et réessayez."
    ),
    # Of the page.
    "This model looks at one frame, and that has no other order.": (
        "Ce modèle regarde une seule image, et elle n’a pas d’autre ordre."
    ),
    "There is no heat in this heatmap, so there is nothing to cover.": (
        "Il n’y a pas de chaleur dans cette carte, il n’y a donc rien à couvrir."
    ),
    "There is no folder to write to, and clips have to lie somewhere. Name one in {name}.": (
        "Il n’y a aucun dossier où écrire, et il faut bien que les clips soient quelque part. "
        "Indiquez-en un dans {name}."
    ),
    "Two models in {variable} have the same last part. Rename one.": (
        "Deux modèles de {variable} ont la même dernière partie. Renommez-en un."
    ),
    "This model is not offered here. Choose one of the list.": (
        "Ce modèle n’est pas proposé ici. Choisissez-en un dans la liste."
    ),
    "This is no id of a model on the Hub. Type one as owner/name, or choose one of the list.": (
        "Ce n’est pas l’identifiant d’un modèle du Hub. Écrivez-le sous la forme owner/name, ou "
        "choisissez un modèle dans la liste."
    ),
    (
        "The Hub does not give {name} to anybody just now. Check the spelling, or choose one of "
        "the list."
    ): (
        "Le Hub ne donne pas {name} à tout le monde en ce moment. Vérifiez l’orthographe, ou "
        "choisissez un modèle dans la liste."
    ),
    "{name} is not open to anybody. Choose one of the list.": (
        "{name} n’est pas ouvert à tous. Choisissez un modèle dans la liste."
    ),
    "{name} has no {file}, and no other file of weights is opened here. Choose one of the list.": (
        "{name} n’a pas de fichier {file}, et aucun autre fichier de poids n’est ouvert ici. "
        "Choisissez un modèle dans la liste."
    ),
    (
        "The {file} of {name} is too large: at most {most:,.0f} MB are fetched here. Choose one "
        "of the list."
    ): (
        "Le fichier {file} de {name} est trop gros : on télécharge ici au plus {most:,.0f} Mo. "
        "Choisissez un modèle dans la liste."
    ),
    "No more models are fetched here. Choose one of the list.": (
        "On ne télécharge plus d’autres modèles ici. Choisissez-en un dans la liste."
    ),
    (
        "{name} is too large for this page: it has {asked:,} {what}, and at most {most:,} are "
        "taken here. Choose one of the list."
    ): (
        "{name} est trop gros pour cette page : il compte {asked:,} {what}, et on en accepte ici "
        "au plus {most:,}. Choisissez un modèle dans la liste."
    ),
    "There is no such heatmap. Choose one of the list.": (
        "Cette carte de chaleur n’existe pas. Choisissez-en une dans la liste."
    ),
    (
        "This model has no time attention of its own. Choose another heatmap, or a model with "
        "divided attention."
    ): (
        "Ce modèle n’a pas d’attention temporelle à part. Choisissez une autre carte de chaleur, "
        "ou un modèle à attention divisée."
    ),
    "Choose for which label, too, or leave the one it is told from.": (
        "Choisissez aussi pour quelle étiquette, ou enlevez celle dont elle doit se distinguer."
    ),
    "This model has no label {label!r}. Choose one of the list.": (
        "Ce modèle n’a pas d’étiquette « {label} ». Choisissez-en une dans la liste."
    ),
    "A label rather than itself tells nothing. Choose another.": (
        "Comparer une étiquette à elle-même n’apprend rien. Choisissez-en une autre."
    ),
}
