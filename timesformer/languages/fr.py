"""French."""

# ruff: noqa: RUF001
# What stands before : ; ? ! % and units, and within « », is a no-break space.

from collections.abc import Sequence

CODE = "fr"
NAME = "Français"
LABELS: dict[str, str] = {  # what labels are called here, where not as their checkpoint says
    "moving left": "va vers la gauche",
    "moving right": "va vers la droite",
    "moving up": "monte",
    "moving down": "descend",
    "moving toward you": "s’approche de vous",
    "moving away from you": "s’éloigne de vous",
    "turning clockwise": "tourne dans le sens horaire",
    "turning anticlockwise": "tourne dans le sens antihoraire",
    "shaking": "oscille",
    "standing still": "reste immobile",
}
SCENE_TITLES = {
    "ball-rolling-left": "Une balle roule vers la gauche",
    "boat-sailing-right": "Un bateau navigue vers la droite",
    "balloon-rising": "Une montgolfière monte",
    "penguin-coming-down": "Un manchot descend",
    "bus-coming-nearer": "Un bus s’approche",
    "rocket-flying-away": "Une fusée s’éloigne",
    "record-turning": "Un disque tourne dans le sens horaire",
    "ring-turning": "Une bouée tourne dans le sens antihoraire",
    "pendulum-swinging": "Un pendule oscille",
    "cat-sleeping": "Un chat dort",
    "hand-waving": "Quelqu’un fait coucou : est-ce que cela oscille ?",
    "trams-passing": "Deux trams se croisent : lequel suit-il ?",
}
TITLE = "TimeSformer : où et quand il regarde"

HEADING = """
# Où et quand regarde-t-il ?

Montrez un clip à un transformer vidéo. Il dit ce qu’il reconnaît, et éclaire ce qu’il a regardé,
dans chacune des images qu’il a vues.
"""

CLIP = "Votre clip"
EXAMPLES = "Ou prenez l’un de ceux-ci"
MODEL = "Modèle"
ANY_MODEL = (
    "Ou tapez l’identifiant de n’importe quel TimeSformer du Hub "
    "dont les safetensors font 1 Go au plus."
)
EMBEDDED = {
    "motion": "à travers le temps, puis l’espace",
    "motion-joint": "toutes les images à la fois",
    "motion-space": "chaque image séparément",
}
RUN = "Regarder"
STOP = "Arrêter"
SETTINGS = "Réglages"
START = "Commencer à (secondes)"
START_INFO = "Pour un clip plus long que ce que le modèle regarde."
METHOD = "Carte de chaleur"
METHODS = (
    ("Rollout : ce qui a pu parvenir à la réponse à travers tous les blocs", "rollout"),
    ("Attention du dernier bloc, dans l’espace", "attention"),
    ("Attention du dernier bloc, dans le temps", "time-attention"),
    ("Pertinence : ce qui a compté pour une étiquette", "relevance"),
    ("Grad-CAM : ce que le dernier bloc lit en faveur d’une étiquette", "gradcam"),
    ("Occlusion : couvrir morceau par morceau et observer (lent)", "occlusion"),
)
ABOUT = "Pour quelle étiquette"
ABOUT_INFO = (
    "La plus probable, si aucune n’est choisie. Vaut pour la pertinence, Grad-CAM et l’occlusion."
)
THAN = "Plutôt que"
THAN_INFO = "Pourquoi la première étiquette et pas celle-ci."
SMOOTH = "Fondre les patchs (en vérité, ce sont des carrés)"

PRIVACY = (
    "Les clips vont au serveur de cette page et nulle part ailleurs ; ils y sont effacés dix "
    "minutes après leur dernière utilisation, ou tout de suite par le bouton placé au-dessous. "
    "Aucun son n’est enregistré, et rien n’est conservé dans votre navigateur."
)

ANSWER = "Ce qu’il a reconnu"
OVERLAY = "Où il a regardé"
SHEET = "Planche-contact (PNG)"
CHECK = "Cette carte dit-elle vrai ? Couvrir pour voir"
PACK = "Rassembler films, figures et nombres"
ARCHIVE = "Le tout (ZIP)"

READING = "Lecture des images"
LOADING = "Chargement du modèle"
LOOKING = "Le modèle regarde"
DRAWING = "Dessin des cartes"
COVERING = "Recouvrement en cours"
PACKING = "Rassemblement des films, des figures et des nombres"
PACKED = "Prêt à télécharger, plus bas."
CHECKED = "Test terminé : le résultat est sous les images."
STOPPED = "Arrêté."
FETCHING = "Un autre modèle est en route. Attendez qu’il arrive, ou choisissez-en un dans la liste."
WELCOME = "Envoyez un clip, filmez-en un, ou prenez un exemple."
NO_CLIP = "Il n’y a pas encore de clip. Envoyez-en un, filmez-en un, ou prenez un exemple."
TOO_STRANGE = (
    "Quelque chose s’est mal passé ici, pas chez vous. Réessayez, ou essayez un autre clip ; "
    "la personne qui s’occupe de cette page en trouvera la raison dans le journal."
)

NO_GPU = (
    "Aucun GPU n’était libre à l’instant. Attendez une minute et appuyez de nouveau sur le bouton."
)
NO_PREVIEW = "Votre navigateur ne sait pas lire ce type de vidéo ; le modèle la lit quand même."

# À la porte

NOT_HERE = "Il n’y a rien de tel ici. Rechargez la page et réessayez."
NO_LINKS = "Envoyez un fichier de cet appareil ; les liens et autres lieux ne sont pas acceptés."
CLIP_GONE = (
    "Ce clip n’est plus ici : les clips disparaissent après dix minutes. Envoyez-le ou filmez-le "
    "de nouveau."
)
TWO_AT_MOST = "Un de vos clips est en cours d’examen et un autre attend. Attendez le premier."
BUSY = (
    "Trop de personnes attendent en ce moment. Votre clip reste ici quelques minutes : appuyez de "
    "nouveau sur le bouton dans une minute."
)
TOO_MANY_UPLOADS = (
    "Trop de clips sont arrivés de votre réseau à l’instant. Attendez une minute et réessayez."
)
TOO_LARGE = (
    "C’est trop grand : 50 Mo au plus sont acceptés. Raccourcissez le clip, ou filmez-en un plus "
    "court."
)
ONE_FILE = "Envoyez un fichier à la fois, comme le fait la page."
BROKEN_OFF = "Votre clip n’est pas arrivé en entier. Vérifiez le réseau et envoyez-le de nouveau."
NO_ROOM = (
    "Le serveur n’a plus de place pour des clips en ce moment. Attendez quelques minutes et "
    "réessayez."
)
ON_PROCESSOR = "La carte graphique n’a plus de mémoire : on continue sans elle, c’est plus long"

STRIP_HEADING = "Les images qu’il a vues, et quand il a regardé"
STRIP_CAPTION = (
    "En haut, les images données au modèle ; en bas, les mêmes avec leur carte de chaleur. Les "
    "couleurs suivent une seule échelle pour tout le clip : 1 est ce que recevrait chaque patch "
    "s’il regardait autant partout. La courbe est la moyenne de chaque image ; la ligne en tirets "
    "est à 1."
)

CAMERA_HELP = {
    "NotAllowedError": "La caméra a été refusée. Autorisez-la à côté de l’adresse de la page, "
    "ou envoyez un clip.",
    "NotFoundError": "Aucune caméra n’a été trouvée. Branchez-en une, ou envoyez un clip.",
    "NotReadableError": "Un autre programme utilise la caméra. Fermez-le, ou envoyez un clip.",
    "insecure": "Les navigateurs n’ouvrent la caméra qu’en https ou sur cet ordinateur même. "
    "Envoyez plutôt un clip.",
}


def other_choice(name: str) -> str:
    """How a model that is not a published one reads in the list."""
    return f"{name} : {EMBEDDED[name]}" if name in EMBEDDED else name


def published_choice(name: str, num_frames: int, size: int, num_labels: int, licence: str) -> str:
    """How a published checkpoint reads in the list."""
    return (
        f"{name} : {num_labels} étiquettes, {num_frames} images de {size} × {size}, "
        f"0,5 Go depuis le Hub, {licence}"
    )


def downloading(name: str, done: int, total: int | None) -> str:
    """How far a download is, in bytes."""
    of = "" if total is None else f" sur {total / 1e6:.0f}"
    return f"Téléchargement de {name} : {done / 1e6:.0f}{of} Mo"


def looked_at(label: str, probability: float, seconds: float) -> str:
    """The sentence over the answer."""
    return f"{label}, {_percent(probability)}. Réponse en {_decimal(seconds, 1)} s."


def recalled(label: str, probability: float) -> str:
    """The sentence over the answer to a bundled clip that was answered before."""
    return f"{label}, {_percent(probability)}. Celui-ci avait déjà été regardé."


def part_seen(first: float, last: float, duration: float) -> str:
    """Which part of a longer video the answer is about; nothing where it is all but a moment."""
    if duration - (last - first) < 0.5:
        return ""
    return (
        f"Il a vu de {_decimal(first, 1)} à {_decimal(last, 1)} s, sur {_decimal(duration, 1)} s ; "
        f"« {SETTINGS} » permet de commencer ailleurs."
    )


def frame_words(number: int, time: float, share: float, peak: float) -> str:
    """What a frame of the strip shows, for those who cannot see it."""
    return (
        f"Image {number} à {_decimal(time, 2)} s : regardée {_decimal(share, 2)} fois la valeur "
        f"uniforme, son patch le plus chaud {_decimal(peak, 1)} fois."
    )


def curve_words(shares: list[float], times: list[float]) -> str:
    """What the curve shows, in words."""
    most = max(range(len(shares)), key=shares.__getitem__)
    least = min(range(len(shares)), key=shares.__getitem__)
    return (
        f"Il a regardé le plus à {_decimal(times[most], 2)} s ({_decimal(shares[most], 2)} fois la "
        f"valeur uniforme) et le moins à {_decimal(times[least], 2)} s "
        f"({_decimal(shares[least], 2)})."
    )


def covering(done: int, pieces: int) -> str:
    """How far the covering of a clip is."""
    return f"Morceaux couverts : {done} sur {pieces}"


def too_long(seconds: float, most: float) -> str:
    """Why something is not done here."""
    return (
        f"Avec ce modèle, sur cet ordinateur, cela prendrait environ {seconds / 60:.0f} min, et "
        f"le maximum est ici de {most / 60:.0f} min. Choisissez un modèle plus petit ou une autre "
        "carte de chaleur, ou passez par la ligne de commande."
    )


WARNINGS = {
    "alike": "est presque la même pour un modèle qui ne sait rien",
    "random": "ne vaut pas mieux qu’une carte au hasard",
    "difference": "ne trouve pas mieux ce qui bouge que la simple différence entre images",
}


def measured(warnings: list[str]) -> str:
    """What the measurements of this model say against the method, by the keys of WARNINGS."""
    found = " et ".join(WARNINGS[warning] for warning in warnings)
    return f"Mesurée sur des clips dont la réponse est connue, cette carte de chaleur {found}."


NOT_MEASURED = (
    "On n’a pas mesuré si les cartes de chaleur de ce modèle disent vrai ; le bouton ci-dessous le "
    "dit pour ce clip."
)
CURVE_NAMES = ("les plus chauds d’abord", "au hasard")
CURVE_AXES = ("probabilité", "part des patchs couverts")


# The bar over the page, the tour, the lessons and the teacher's corner.
BAR_LABEL = "Parcourir la page"
BAR = {"tour": "Visite guidée", "lessons": "Leçons", "large": "Grands caractères"}
BAR_WORDS = {
    "stop": "Étape {number} sur {count}",
    "back": "Précédent",
    "next": "Suivant",
    "end": "Terminer la visite",
    "copied": "Copié. Le lien ouvre la page telle qu’elle est maintenant.",
    "ownClip": "Copié. Un clip à vous n’est pas dans le lien : pour cela, prenez un exemple.",
    "uncopied": "Le navigateur ne l’a pas permis. Copiez plutôt l’adresse, en haut.",
}
TOUR = {
    "clip": (
        "Un clip",
        "Envoyez-en un, ou filmez-en un avec la caméra. La réponse vient aussitôt.",
    ),
    "examples": (
        "Ou un exemple",
        "Chacun montre l’un des dix mouvements que le modèle connaît.",
    ),
    "model": (
        "Le modèle",
        "Les trois premiers sont petits et toujours là : chacun a son schéma d’attention.",
    ),
    "answer": (
        "Ce qu’il a reconnu",
        "Les cinq étiquettes les plus probables, avec leurs probabilités.",
    ),
    "overlay": (
        "Où il a regardé",
        "Les carrés clairs sont les patchs qui ont pu compter pour la réponse.",
    ),
    "strip": (
        "Ce qu’il a vu, et quand il a regardé",
        "Le modèle a vu ces images et aucune autre. La courbe dit combien chacune a été regardée.",
    ),
    "explorer": (
        "Interrogez un patch",
        "Pointez un patch : à quoi fait-il attention, dans sa propre image et à sa propre place "
        "dans les autres ?",
    ),
    "trials": (
        "Essayez",
        "Passez le clip à l’envers, mélangez-le, figez-le, couvrez-en des parties. Devinez "
        "d’abord.",
    ),
    "lessons": (
        "Leçons",
        "Chacune ouvre la page dans le bon état, avec une chose à découvrir.",
    ),
}
LESSONS_HEADING = "Leçons"
LESSON_NEXT = "Leçon suivante"
LESSON_AGAIN = "Recommencer"
LESSON_END = "Quitter la leçon"
REVEAL = "Montrer la réponse"
LESSONS = {
    "predict": (
        "Prédire, puis découvrir",
        "La réponse est cachée. Lancez le clip et décidez ce qui bouge, et vers où.",
        "Quelle étiquette viendra en premier, et à quel point le modèle sera-t-il sûr de lui ?",
    ),
    "reverse": (
        "À l’envers",
        "Un bateau navigue vers la droite ; l’expérience ci-dessous passe les mêmes images à "
        "l’envers. Aucune image, à elle seule, ne dit dans quel sens il va.",
        "Que dira le modèle du clip à l’envers ?",
    ),
    "schemes": (
        "Trois cerveaux, un clip",
        "Le même clip passe par trois modèles : l’un regarde à travers le temps, puis l’espace ; "
        "un autre, toutes les images à la fois ; le dernier, chaque image séparément. Ils ont "
        "appris avec les mêmes clips.",
        "Lequel des trois ne peut pas distinguer la gauche de la droite, et pourquoi ?",
    ),
    "follow": (
        "Suivre l’objet",
        "Un patch du bateau est choisi. L’attention temporelle ne lit qu’à la même place ; "
        "l’attention spatiale ne lit que dans la même image.",
        "Comment le patch peut-il retrouver le bateau dans une autre image, et dans quelle vue le "
        "voyez-vous ?",
    ),
    "matrix": (
        "La matrice du temps",
        "Dans le petit tableau, chaque ligne est une image qui lit, chaque colonne une image qui "
        "est lue. La somme d’une ligne vaut 1.",
        "Trouvez une tête qui regarde l’image d’avant, et une qui regarde toutes les images "
        "autant.",
    ),
    "heads": (
        "La chasse aux têtes",
        "Le mur montre une petite carte pour chaque bloc et chaque tête, toutes du même patch. "
        "Triez-le par entropie : avec une entropie basse, une tête lit peu de patchs ; avec une "
        "haute, elle les lit tous.",
        "Les têtes portent-elles plus loin dans les premiers blocs ou dans les derniers ?",
    ),
    "cover": (
        "Couvrir pour voir",
        "L’expérience ci-dessous couvre le dixième le plus chaud des patchs, puis un dixième au "
        "hasard. Si la carte de chaleur dit vrai, le premier fait plus de dégâts.",
        "De combien de points la réponse baisse-t-elle dans chaque cas ?",
    ),
    "labels": (
        "Deux réponses, un clip",
        "Deux trams se croisent. La carte de chaleur montre ce qui a compté pour « va vers la "
        "gauche » plutôt que pour « va vers la droite ».",
        "Échangez les deux étiquettes dans les réglages : où va la chaleur ?",
    ),
    "check": (
        "La carte sait-elle quelque chose ?",
        "Une carte peut avoir l’air juste et ne rien vouloir dire. Le test couvre de plus en plus "
        "de patchs, une fois les plus chauds d’abord, une fois au hasard.",
        "Quel écart y a-t-il entre les deux courbes, et quel serait-il pour une carte inutile ?",
    ),
    "maths": (
        "Là où sont les maths",
        "Une requête et huit clés, une pour chaque image à la place choisie : des produits, une "
        "somme, une division, un softmax. Ce sont les nombres mêmes du modèle.",
        "Que fait la température aux poids, et que ferait une température de 0 ?",
    ),
}
TEACHERS = "Pour enseigner"
TEACHERS_WORDS = (
    "Mettez la page dans l’état voulu, masquez ce qui distrairait, et partagez le lien. Il "
    "contient l’exemple, le modèle, le patch et l’expérience, et marche aussi longtemps que la "
    "page."
)
HIDE = "Masquer"
PANELS = {
    "settings": "Réglages",
    "answer": "La réponse",
    "explorer": "L’explorateur",
    "trials": "Les expériences",
    "take": "Les téléchargements et le test",
    "works": "Comment ça marche",
    "lessons": "Les leçons",
}
COPY = "Copier un lien vers cette vue"
DELETE = "Effacer mon clip"
DELETED = (
    "Votre clip, et ce que la page en montrait, sont effacés du serveur. Ses films et figures "
    "d’avant, s’il y en avait, disparaîtront dans les dix minutes."
)
BUNDLED_STAYS = "La page est vidée. Le clip était l’un de ses propres exemples, et reste."


# How it works: the drawing of a block, the arithmetic of one patch, the references.
WORKS = "Comment ça marche, nombre par nombre"
WORKS_DRAWING = "Ce modèle, dessiné de haut en bas. Le texte à côté du dessin dit la même chose."
WORKS_UNKNOWN = (
    "On ne sait pas ce qu’il y a dans ce modèle avant de l’avoir chargé. Choisissez un modèle "
    "intégré ou publié pour le voir dessiné."
)
WORKS_CLS = "cls"
WORKS_PATCHES = "patchs"
WORKS_EMBED = "Des pixels aux patchs"
WORKS_TIME = "Attention temporelle"
WORKS_SPACE = "Attention spatiale"
WORKS_JOINT = "Attention dans l’espace et le temps"
WORKS_MLP = "MLP"
WORKS_CLASSIFIER = "Classifieur"
WORKS_NORM = "LayerNorm"
WORKS_MORE = "…"
WORKS_READS = "Le patch entouré lit ce qui est rempli ; les ronds au-dessus sont les cls."
WORKS_PLACE = "+ un vecteur appris pour sa place"
WORKS_PLACE_AND_TIME = "+ des vecteurs appris pour sa place et son image"
WORKS_SOFTMAX = "softmax : des logits aux probabilités"
WORKS_PAPER = (
    "L’article diffère sur un point : selon son équation 13, un patch lit aussi le token cls dans "
    "l’attention temporelle. Dans le code publié, donc dans ce dessin et dans ce modèle, il ne le "
    "lit pas."
)
ACTIVATION_NAMES = {"gelu": "GELU", "gelu_new": "GELU", "relu": "ReLU", "silu": "SiLU"}


def works_model(parameters: int, blocks: int, heads: int, width: int) -> str:
    """What is said of the whole model under the heading."""
    return (
        f"{_whole(parameters)} paramètres, en {blocks} blocs de {heads} têtes. Chaque token, "
        f"c’est-à-dire chaque patch et cls, est fait de {width} nombres, du premier bloc au "
        "dernier."
    )


def works_blocks(blocks: int) -> str:
    """What stands at the frame that is drawn around a block."""
    return f"un bloc ; il y en a {blocks}, à la suite"


def works_tokens(frames: int, patches: int, width: int) -> str:
    """The shape of the patches, all the way."""
    return f"{frames} images × {patches} patchs × {width} nombres"


def works_pixels(frames: int, height: int, width: int, channels: int) -> str:
    """What goes in."""
    return f"{frames} images de {height} × {width} pixels, {channels} couleurs"


def works_patch(height: int, width: int, channels: int, numbers: int) -> str:
    """How a patch becomes a token."""
    return f"chaque patch : linéaire, de {height} × {width} × {channels} à {numbers} nombres"


def works_cls(numbers: int) -> str:
    """Where the cls token comes from."""
    return f"cls : un vecteur appris de {numbers} nombres, + un pour sa place"


def works_cls_of_each(numbers: int, frames: int) -> str:
    """Where the cls tokens come from, where each frame has its own."""
    return (
        f"cls : le même pour chacune des {frames} images, un vecteur appris de {numbers} nombres, "
        "+ un pour sa place"
    )


def works_heads(heads: int, numbers: int) -> str:
    """How attention is split."""
    return f"{heads} têtes, avec des requêtes, clés et valeurs de {numbers} nombres"


def works_time_reads(patches: int, frames: int) -> str:
    """Which tokens read which in time attention."""
    return f"à chacune des {patches} places, {frames} patchs lisent les {frames} ; sans cls"


def works_space_reads(frames: int, patches: int) -> str:
    """Which tokens read which in space attention."""
    return f"dans chacune des {frames} images, 1 + {patches} tokens lisent les 1 + {patches}"


def works_joint_reads(tokens: int) -> str:
    """Which tokens read which in joint attention."""
    return f"1 + {_whole(tokens)} tokens, de toutes les images, lisent les 1 + {_whole(tokens)}"


def works_linear(numbers: int, to: int) -> str:
    """A linear map."""
    return f"linéaire, de {numbers} à {to}"


def works_second_linear(numbers: int, to: int) -> str:
    """The linear map that time attention has beyond any other."""
    return f"encore une fois linéaire, de {numbers} à {to}"


def works_cls_joins(frames: int) -> str:
    """What happens to cls before space attention."""
    return f"cls est copié dans chacune des {frames} images"


def works_cls_mean(frames: int) -> str:
    """What happens to what the copies of cls read."""
    return f"cls : la moyenne de ses {frames} copies"


def works_cls_means(frames: int) -> str:
    """What happens to the cls tokens of all frames at the end."""
    return f"la moyenne des {frames} tokens cls"


def works_mlp(numbers: int, within: int, activation: str) -> str:
    """What the MLP does to each token."""
    return f"linéaire, de {numbers} à {within} ; {activation} ; linéaire, de {within} à {numbers}"


WORKS_EACH_ALONE = "chaque token séparément"


def works_classes(numbers: int, labels: int) -> str:
    """The classifier."""
    return f"linéaire, de {numbers} à {labels} étiquettes"


def embed_words(rows: int, columns: int, pixels: tuple[int, int], width: int) -> str:
    """What the drawing shows of the embedding, in words."""
    return (
        f"Chaque image est découpée en {rows} lignes de {columns} patchs de {pixels[0]} × "
        f"{pixels[1]} pixels, et une même application linéaire fait de chacun {width} nombres. "
        "Pour que le modèle puisse distinguer les places, on ajoute un vecteur appris pour celle "
        "du patch."
    )


EMBED_TIME_WORDS = (
    "On en ajoute un autre pour le moment de l’image. Le token cls, un vecteur appris qui "
    "rassemblera la réponse, a une place à lui, et pas de moment."
)
EMBED_NO_TIME_WORDS = (
    "On n’en ajoute aucun pour le temps : ce modèle ne sait pas quelle image est laquelle. Chaque "
    "image a sa propre copie du token cls, un vecteur appris qui rassemblera ce que dit l’image."
)


def time_words(frames: int, numbers: int) -> str:
    """What the drawing shows of time attention, in words."""
    return (
        f"Après un LayerNorm, chaque patch lit les {frames} patchs qui sont à sa place, un dans "
        "chaque image, lui-même compris. Sa requête multipliée par une clé, puis divisée par la "
        f"racine carrée de {numbers}, donne un score ; un softmax fait des {frames} scores des "
        "poids dont la somme vaut 1, et ce qui est lu est la moyenne des valeurs selon ces poids. "
        "Deux applications linéaires suivent, dont la seconde n’existe que dans l’attention "
        "temporelle, et le résultat est ajouté au patch. Le token cls reste à l’écart : il ne lit "
        "rien ici, et rien ne le lit."
    )


def divided_space_words(frames: int, patches: int) -> str:
    """What the drawing shows of space attention in divided attention, in words."""
    return (
        f"Le token cls est copié dans chacune des {frames} images. Dans chaque image, après un "
        f"LayerNorm, la copie et les {patches} patchs, qui viennent de lire à travers le temps, se "
        "lisent les uns les autres. Ce qu’un patch a lu est ajouté au patch ; de ce que les "
        f"{frames} copies ont lu, on prend la moyenne, et on l’ajoute à l’unique token cls."
    )


def space_only_words(frames: int, patches: int) -> str:
    """What the drawing shows of space attention where there is nothing else, in words."""
    return (
        f"Dans chacune des {frames} images, après un LayerNorm, son token cls et ses {patches} "
        "patchs se lisent les uns les autres, et ce que chacun a lu lui est ajouté. Aucune image "
        "n’en lit une autre, dans aucun bloc."
    )


def joint_words(tokens: int) -> str:
    """What the drawing shows of joint attention, in words."""
    return (
        f"Après un LayerNorm, les {_whole(tokens)} patchs de toutes les images, et le token cls, "
        "se lisent les uns les autres, et ce que chacun a lu lui est ajouté. Il n’y a pas "
        "d’attention temporelle à part."
    )


def mlp_words(width: int, within: int, activation: str) -> str:
    """What the drawing shows of the MLP, in words."""
    return (
        f"Après un LayerNorm, chaque token est traité séparément : de {width} nombres à {within}, "
        f"{activation} sur chacun, et retour. Rien ne passe ici d’un token à l’autre. Le résultat "
        "est ajouté."
    )


def classifier_words(labels: int) -> str:
    """What the drawing shows of the end, in words."""
    return (
        "Après le dernier bloc, seul le token cls continue : un LayerNorm, une application "
        f"linéaire vers {labels} logits, un pour chaque étiquette, et un softmax qui en fait des "
        "probabilités."
    )


def classifier_mean_words(frames: int, labels: int) -> str:
    """What the drawing shows of the end where each frame has its own cls, in words."""
    return (
        f"Après le dernier bloc, on prend la moyenne des tokens cls des {frames} images ; c’est "
        "seulement ici que les images se rencontrent, et dans une moyenne leur ordre se perd. "
        f"Puis un LayerNorm, une application linéaire vers {labels} logits, un pour chaque "
        "étiquette, et un softmax qui en fait des probabilités."
    )


def divided_compared(frames: int, tokens: int, joint: int) -> str:
    """How much work a patch has in a block of divided attention."""
    return (
        f"Dans un bloc, chaque patch est comparé à {frames} patchs dans le temps et à "
        f"{_whole(tokens)} tokens dans l’espace, {_whole(frames + tokens)} en tout. Avec tout le "
        f"clip à la fois, ce serait {_whole(joint)}."
    )


def joint_compared(tokens: int, divided: int) -> str:
    """How much work a patch has in a block of joint attention."""
    return (
        f"Dans un bloc, chaque patch est comparé à {_whole(tokens)} tokens. En divisant le temps "
        f"et l’espace, ce serait {_whole(divided)}."
    )


def space_only_compared(tokens: int) -> str:
    """How much work a patch has in a block of space attention alone."""
    return (
        f"Dans un bloc, chaque patch est comparé à {_whole(tokens)} tokens, tous de sa propre "
        "image."
    )


REPORT_LEAD = (
    "Cette page est un fichier : elle marche sans réseau, et n’y demande rien. Qui possède ce "
    "fichier possède aussi les images du clip."
)
REPORT_MADE = "Comment c’est fait"
REPORT_ALL = "Tout ce qui est noté, en JSON"
REPORT_ROWS = {
    "model": "Modèle",
    "scheme": "Schéma d’attention",
    "method": "Carte de chaleur",
    "about": "Pour l’étiquette",
    "times": "Images à (secondes)",
    "part": "Partie de l’image qu’il a vue (pixels)",
    "grid": "Patchs dans une image (lignes, colonnes)",
    "weights": "SHA-256 des poids",
    "versions": "Fait avec",
    "notes": "Remarques",
}


def report_title(label: str) -> str:
    """The title of a page to take along."""
    return f"{_quoted(label)} : où et quand le modèle a regardé"


def report_label(label: str, probability: float) -> str:
    """A label with its probability, for those who cannot see the bar."""
    return f"{label} : {_percent(probability, 1)}"


def report_part(left: float, top: float, width: float, height: float) -> str:
    """Which part of the source's picture the model saw."""
    return (
        f"{width:.0f} de large, {height:.0f} de haut, à {left:.0f} du bord gauche, à {top:.0f} du "
        "bord supérieur"
    )


REPORT_FILM = "Les images avec leur carte de chaleur ; ce que le modèle n’a pas vu est sombre."

ARITHMETIC = "Les calculs d’un patch, avec les nombres du modèle"
ARITHMETIC_COLUMNS = ("lu dans", "score q·k", "divisé", "puissance de e", "poids")
ARITHMETIC_WORDS = {
    "empty": "Pointez un patch dans l’explorateur, et choisissez-y un bloc et une tête. Ce que "
    "cette tête calcule pour le patch apparaîtra ici, nombre par nombre. Une moyenne de têtes n’a "
    "pas de requête à elle.",
    "asks": "Dans le bloc {block}, tête {head}, le patch interroge par sa requête (q) de {count} "
    "nombres, et chacun des {tokens} tokens répond par sa clé (k). Voici ce qu’il lit le plus : "
    "{name}.",
    "products": "Requête fois clé, nombre par nombre",
    "zeros": "Autres produits, qui valent 0 : {count}. Ce sont des nombres dont le modèle ne s’est "
    "jamais servi.",
    "sum": "La somme des {count} produits est le score : {score}. Divisé par √{count} = {root}, "
    "et par la température, {temperature}, il devient {scaled}.",
    "softmax": "Des scores aux poids : le softmax",
    "others": "les {count} autres",
    "total": "ensemble",
    "shift": "De chaque score divisé, on retire d’abord le plus grand, {most} ; les poids restent "
    "les mêmes, et les nombres petits.",
    "temperature": "Température",
    "sharper": "plus concentré",
    "flatter": "plus étalé",
    "model": "La température 1 est celle du modèle. Au-dessous de 1, le plus grand score prend de "
    "plus en plus ; au-dessus de 1, tous finissent par se ressembler. En ce moment, le plus grand "
    "poids est {most} ; à parts égales, chacun serait {even}.",
}

REFERENCES = "Références, et comment citer"
REFERENCES_MORE = (
    "La page est faite avec PyTorch, Gradio, PyAV et Matplotlib ; les couleurs sont celles "
    "d’inferno, de Matplotlib. Elle ne contient aucun code des auteurs des articles."
)
CITE = "Pour citer le modèle, prenez cette entrée BibTeX :"
CITE_COPY = "Copier"
CITE_COPIED = "Copié"
USED_FOR = {
    "timesformer": "Le modèle : une attention divisée entre le temps et l’espace.",
    "rollout": "La carte de chaleur « rollout », ici sous une forme exacte pour l’attention "
    "divisée.",
    "relevance": "La carte de chaleur « pertinence », par les gradients de l’attention.",
    "gradcam": "La carte de chaleur « Grad-CAM », ici sur ce que lit le dernier bloc.",
    "occlusion": "La carte de chaleur « occlusion » : couvrir un morceau et observer.",
    "deletion": "Le test d’une carte de chaleur : couvrir d’abord les patchs les plus chauds.",
    "attention": "Requêtes, clés, valeurs et têtes.",
    "patches": "Les images en patchs, et les poids dont sont partis les modèles publiés.",
}


# The experiments.
TRY_HEADING = "Essayez"
TRY_CAPTION = (
    "Changez une seule chose au clip et interrogez de nouveau le modèle. Devinez d’abord ; la "
    "réponse s’ouvre quand vous appuyez."
)
GUESS = "Devinez d’abord, puis ouvrez"
TRYING = "Essai en cours"
TRIED = "C’est fait : devinez, puis ouvrez la réponse sous les expériences."
TRY_BUTTONS = {
    "reverse": "Le passer à l’envers",
    "shuffle": "Mélanger ses images",
    "freeze": "Figer une image",
    "cover": "Couvrir ce que j’ai peint",
    "hottest": "Couvrir le dixième le plus chaud",
    "frames": "Prendre moins d’images, puis plus",
    "schemes": "Interroger les trois schémas",
}
TRY_QUESTIONS = {
    "reverse": "Passé à l’envers : que dira-t-il ?",
    "shuffle": "Les mêmes images dans cinq ordres au hasard : dira-t-il encore la même chose ?",
    "freeze": "Une seule image pendant tout le clip : l’une d’elles suffit-elle ?",
    "cover": "Sans ce que vous avez couvert : que dira-t-il ?",
    "hottest": "Le dixième le plus chaud des patchs, ou un dixième au hasard, est couvert : lequel "
    "change le plus la réponse ?",
    "frames": "Deux fois moins d’images, et deux fois plus : dira-t-il encore la même chose ?",
    "schemes": "Un clip, trois schémas d’attention : lesquels peuvent savoir, et que coûte "
    "chacun ?",
}
AS_IT_IS = "Tel quel"
AFTERWARDS = {
    "reverse": "À l’envers",
    "shuffle": "Mélangé, le premier ordre",
    "cover": "Couvert",
    "hottest": "Dixième le plus chaud couvert",
}
NOTHING_COVERED = (
    "Rien n’est encore couvert. Choisissez « Couvrir des patchs » dans l’explorateur, peignez "
    "quelques patchs, et appuyez de nouveau ici."
)
COVERED_ELSEWHERE = (
    "Ce que vous avez couvert est en dehors de ce clip. Appuyez sur « Regarder », couvrez quelques "
    "patchs, et réessayez."
)
FLICKER = (
    "Ce qui couvre se voit aussi : des patchs qui vont et viennent d’une image à l’autre peuvent "
    "ressembler à un mouvement."
)
NO_ORDER = (
    "Ce modèle regarde chaque image séparément : aucun ordre ne peut donc changer sa réponse."
)
FRAME = "Image"
NUMBERS = "Tous les nombres"
NUMBER_HEADS = {"shuffle": "Ordre des images", "freeze": "Image", "hottest": "Couvert"}
SAYS = "Il dit"
SCHEMES = {
    "divided_space_time": "divisée",
    "joint_space_time": "conjointe",
    "space_only": "spatiale seule",
}
THE_THREE = "motion, motion-joint et motion-space"
RUN_ROWS = {
    "says": "Il dit",
    "comparisons": "Comparaisons de chaque patch, dans un bloc",
    "all_comparisons": "Tous les patchs du clip ensemble",
    "seconds": "Temps passé",
}
LOOKED = "Où chacun a regardé, selon le rollout, dans chaque image"


def trying(done: int, count: int) -> str:
    """How far an experiment is."""
    return f"Essai en cours : {done} sur {count}"


def tried_with(model: str) -> str:
    """Whose answers they are."""
    return f"Essayé avec {model}."


def only_frame(number: int) -> str:
    """What stands over the answer to a frozen frame."""
    return f"Image {number} seule"


def random_tenth(number: int) -> str:
    """One of the random tenths that are covered."""
    return f"Dixième au hasard {number}"


def in_points(before: float, after: float) -> str:
    """The change of a probability, as a number with its sign."""
    points = _points(before, after)
    sign = "+" if points > 0 else "\N{MINUS SIGN}" if points < 0 else ""
    return f"{sign}{abs(points)}"


def changed(label: str, before: float, after: float) -> str:
    """The change of a probability in words."""
    points = _points(before, after)
    noun = "point" if abs(points) == 1 else "points"
    if not points:
        return f"{_quoted(label)} : {_percent(before)} avant et après."
    much = f"{abs(points)} {noun} de {'plus' if points > 0 else 'moins'}"
    return f"{_quoted(label)} : de {_percent(before)} à {_percent(after)}, {much}."


def _points(before: float, after: float) -> int:
    """A change in hundredths, such that the rounded numbers add up."""
    return round(100 * after) - round(100 * before)


def probability_of(label: str) -> str:
    """What a column of numbers or a line is about."""
    return f"Probabilité de {_quoted(label)}"


def backwards_means(first: str, then: str, mirrored: str | None) -> str:
    """What it means that the answer is `then` backwards, where `mirrored` would be right."""
    if mirrored is None and then == first:
        return (
            "Il dit la même chose à l’envers : ce n’est pas le sens dans lequel passe le clip qui "
            "décide ici."
        )
    if then == mirrored == first:
        return f"À l’envers, {_quoted(first)} reste {_quoted(first)}, et c’est bien ce qu’il dit."
    if then == mirrored:
        return (
            f"À l’envers, {_quoted(first)} devient {_quoted(then)}, et c’est bien ce qu’il dit : "
            "ici, il se fie à l’ordre des images."
        )
    if then == first:
        return (
            f"À l’envers, {_quoted(first)} devient « {mirrored} », mais il dit la même "
            "chose qu’avant : ou bien l’ordre des images ne décide pas ici, ou bien il se fie "
            "maintenant à autre chose."
        )
    return f"À l’envers, il dit {_quoted(then)} : ici, l’ordre des images compte."


def shuffled_means(alike: int, count: int, label: str, low: float, high: float) -> str:
    """What it means that so many random orders have the same answer."""
    says, times = ("il ne dit", "dans aucun") if alike == 0 else ("il dit encore", f"dans {alike}")
    orders = f"Sur {count} ordres au hasard, {says} {_quoted(label)} {times}"
    span = f"la probabilité de cette étiquette y va de {_percent(low)} à {_percent(high)}"
    if alike == count:
        return f"{orders} ; {span}. Ici, l’ordre des images ne décide pas."
    if alike == 0:
        return f"{orders} ; {span}. Ici, il lui faut les images dans leur ordre."
    return f"{orders} ; {span}. Ici, l’ordre des images compte, mais ne décide pas seul."


def frozen_caption(label: str) -> str:
    """What the bars of frozen frames show."""
    return (
        f"Probabilité de {_quoted(label)} avec chaque image seule ; en tirets, avec le clip tel "
        "quel."
    )


def frozen_means(enough: list[int], T: int, label: str) -> str:
    """What it means that these frames, alone, have the same answer as the clip."""
    if not enough:
        return f"Aucune image seule ne lui fait dire {_quoted(label)} : il lui en faut plusieurs."
    if len(enough) == T:
        return (
            f"Chaque image seule lui fait dire {_quoted(label)} : ici, rien n’a besoin de bouger."
        )
    frames = ", ".join(map(str, enough))
    if len(enough) == 1:
        return f"1 image sur {T}, seule, lui fait dire {_quoted(label)} : la n° {frames}."
    return (
        f"{len(enough)} images sur {T}, chacune seule, lui font dire {_quoted(label)} : "
        f"les n° {frames}."
    )


def covered_means(share: float, first: str, then: str) -> str:
    """What it means that the answer is `then` with a share of the patches covered."""
    part = "moins de 1 %" if share < 0.01 else _percent(share)
    if then == first:
        return (
            f"Avec {part} des patchs couverts, il dit la même chose : ce qui reste à voir suffit."
        )
    return (
        f"Avec {part} des patchs couverts, il dit {_quoted(then)} : ou bien ce qui est couvert "
        "comptait, ou bien ce qui couvre ressemble à cela."
    )


def hottest_means(hot: float, low: float, high: float, before: float) -> str:
    """What it means that a probability is `hot` after the hottest tenth, `low` to `high` else."""
    points, least, most = (_points(before, one) for one in (hot, low, high))
    numbers = (
        "En points de probabilité, le dixième le plus chaud change la réponse de "
        f"{in_points(before, hot)}, des dixièmes au hasard de {in_points(before, low)} à "
        f"{in_points(before, high)}"
    )
    if points < least:
        return f"{numbers} : ces patchs comptent plus que des patchs au hasard."
    if points > most:
        return f"{numbers} : ces patchs comptent moins que des patchs au hasard."
    return f"{numbers} : ces patchs ne comptent ni plus ni moins que des patchs au hasard."


def line_words(label: str, before: float, after: list[float]) -> str:
    """What a line with dots shows, in words."""
    numbers = ", ".join(_percent(one) for one in after)
    return (
        f"La probabilité de {_quoted(label)} est de {_percent(before)} avec le clip tel quel, et "
        f"ensuite de {numbers}."
    )


def frozen_words(number: int, says: str, probability: float) -> str:
    """What is said of one frozen frame."""
    return f"Image {number} : {says}, {_percent(probability)}"


def scheme_head(model: str, scheme: str) -> str:
    """The head of a column of a run with a scheme."""
    return f"{model} ({SCHEMES[scheme]})"


def frames_head(T: int) -> str:
    """The head of a column of a run with T frames."""
    return f"{T} images" if T > 1 else "1 image"


def all_alike(label: str) -> str:
    """That every run has the same likeliest label."""
    return f"La réponse est partout {_quoted(label)}."


def not_alike(said: list[tuple[str, str]]) -> str:
    """What each run says, where they differ."""
    answers = " ; ".join(f"{head} : {_quoted(label)}" for head, label in said)
    return f"Les réponses diffèrent. {answers}."


def frames_cost(T: int, comparisons: float, seconds: float) -> str:
    """What T frames cost beside what the model is made for."""
    return (
        f"{T} images demandent {_decimal(comparisons, 1)} fois autant de comparaisons et "
        f"{_decimal(seconds, 1)} fois autant de temps que le clip tel quel."
    )


def frames_caveat(T: int) -> str:
    """What is to be kept in mind of other numbers of frames."""
    return (
        f"Le modèle a appris avec des clips de {T} images : avec d’autres nombres d’images, "
        "fiez-vous moins à lui."
    )


def schemes_cost(N: int, T: int) -> str:
    """What the schemes compare."""
    return (
        f"Avec {T} images de {N} patchs, chaque patch est comparé à {N} + {T} = {_whole(N + T)} "
        f"patchs dans l’attention divisée, à {N} × {T} = {_whole(N * T)} dans l’attention "
        f"conjointe, et à {N} dans l’attention spatiale seule, qui ne compare jamais deux images "
        "et ne peut donc pas connaître leur ordre."
    )


def schemes_chosen(model: str) -> str:
    """That the chosen model is none of the three."""
    return f"Ce sont les trois petits modèles de cette page ; {model} n’en fait pas partie."


def took(number: float) -> str:
    """A time that an answer took."""
    return f"{_decimal(number, 2)} s"


# The explorer: in braces stand numbers.
EXPLORER_HEADING = "Pointez un patch : que lit-il ?"
BLOCK_TOO_LARGE = (
    "Un seul bloc de ce modèle est trop gros pour être envoyé à un navigateur. La ligne de "
    "commande le dessine : python -m timesformer explain, avec --method attention, --patch, "
    "--block et --heads."
)
EXPLORER = {
    "heading": EXPLORER_HEADING,
    "lead": "L’attention, c’est cela : chaque patch lit les autres, certains plus que d’autres. "
    "Pointez un patch de n’importe quelle image, ou touchez-le, et voyez ce qu’il lit ; appuyez "
    "pour le garder. Au clavier, les flèches déplacent le patch, et les touches Page précédente "
    "et Page suivante changent d’image.",
    "picture": "L’image avec le patch choisi. Les flèches déplacent le patch, Page précédente et "
    "Page suivante changent d’image.",
    "frames": "Toutes les images",
    "frame": "Image",
    "row": "Ligne",
    "column": "Colonne",
    "scale": "Couleurs de 0 à {top} fois la valeur uniforme",
    "top": "{top}+ fois la valeur uniforme",
    "views": "Que montrer",
    "space": "Espace : sa propre image",
    "time": "Temps : sa propre place",
    "hops": "Les deux sauts",
    "joint": "Toutes les images à la fois",
    "rollout": "À travers tous les blocs",
    "means": {
        "space": "Ce que le patch lit dans sa propre image, dans le bloc et la tête ci-dessous.",
        "time": "Ce que le patch lit à sa propre place dans toutes les images, dans le bloc et la "
        "tête ci-dessous.",
        "hops": "Le bloc entier : dans sa propre image, le patch lit des patchs qui viennent "
        "chacun de lire à travers le temps.",
        "joint": "Ce que le patch lit dans toutes les images, dans le bloc et la tête ci-dessous.",
        "rollout": "Ce qui a pu parvenir au patch à travers tous les blocs, en moyenne sur les "
        "têtes : dans chaque bloc, une moitié reste telle quelle, et l’autre est ce qui a été lu.",
    },
    "how": "Comment marche cette étape",
    "without": {
        "joint_space_time": "Ce modèle fait attention à toutes les images à la fois : l’espace et "
        "le temps n’y sont pas séparés.",
        "space_only": "Ce modèle regarde chaque image séparément : il n’a pas d’attention "
        "temporelle.",
        "large": "« À travers tous les blocs » manque ici : ce modèle est trop gros pour tenir en "
        "entier dans le navigateur.",
    },
    "block": "Bloc",
    "head": "Tête",
    "mean": "moyenne",
    "patch": "Image {frame}, ligne {row}, colonne {column}.",
    "nameFrame": "image {frame}",
    "namePatch": "image {frame}, ligne {row}, colonne {column}",
    "nameCls": "le token cls",
    "one": "Bloc {block}, tête {head}.",
    "all": "Bloc {block}, moyenne de toutes les têtes.",
    "through": "À travers les {blocks} blocs, moyenne de toutes les têtes.",
    "most": {
        "space": "Il lit surtout ligne {row}, colonne {column} : {percent} %, soit {times} fois la "
        "valeur uniforme.",
        "time": "Il lit surtout dans l’image {frame} : {percent} %, soit {times} fois la valeur "
        "uniforme.",
        "hops": "Il lit surtout dans l’image {frame}, ligne {row}, colonne {column} : {percent} %, "
        "soit {times} fois la valeur uniforme.",
    },
    "cls": "Part du token cls : {percent} %.",
    "bits": "Entropie : {bits} bits. À parts égales, ce serait {most} bits.",
    "matrix": "Les images qui se lisent à cette place",
    "matrixWords": "Chaque ligne est une image qui lit, chaque colonne une image qui est lue ; la "
    "somme d’une ligne est de 100 %.",
    "matrixScale": "Couleurs de 0 à {percent} %",
    "matrixLabel": "Quelle image lit quelle autre à cette place. Les flèches vont de case en case.",
    "cell": "À cette place, l’image {reading} prend {percent} % de sa lecture dans l’image {read}.",
    "reading": "lit",
    "read": "est lue",
    "wall": "Toutes les têtes à la fois",
    "wallWords": "Le même patch dans toutes les têtes, chacune avec sa propre échelle ; une "
    "carte qui reste sombre, c’est une tête qui donne presque tout au token cls. Appuyez sur l’une "
    "d’elles pour la choisir.",
    "sort": "Trier par",
    "byPlace": "place dans le modèle",
    "byBits": "entropie, les plus concentrées d’abord",
    "byDistance": "distance, les plus proches d’abord",
    "wallHead": "Bloc {block}, tête {head}",
    "wallBits": "Bloc {block}, tête {head} : {bits} bits",
    "wallDistance": "Bloc {block}, tête {head} : {distance} patchs",
    "wallBoth": "Bloc {block}, tête {head}. Sur tout le clip : entropie de {bits} bits, et "
    "{distance} patchs entre un patch et ce qu’il lit.",
    "working": "Calcul à partir de tous les patchs : {percent} %",
    "cover": "Couvrir des patchs",
    "coverWords": "Appuyez ou glissez sur des patchs pour les couvrir, ou déplacez-vous avec les "
    "flèches et appuyez sur la barre d’espace. On peut couvrir des images entières, juste "
    "au-dessous d’elles.",
    "coverFrame": "Couvrir l’image {frame}",
    "coverShort": "couvrir",
    "covered": "Patchs couverts : {count}. « Couvrir ce que j’ai peint », plus bas, interroge de "
    "nouveau le modèle.",
    "uncover": "Tout découvrir",
    "fetch": "Aller chercher ce bloc",
    "fetchWords": "Ce modèle est gros : son attention vient bloc par bloc, environ {megabytes} Mo "
    "chacun.",
    "fetching": "Le bloc arrive",
    "other": "Ce bloc est d’un autre clip ou d’un autre modèle que les images affichées ici. "
    "Appuyez sur « Regarder » et allez le chercher de nouveau.",
    "unreachable": "Impossible d’obtenir les nombres. Appuyez de nouveau sur « Regarder ».",
    "tooLarge": BLOCK_TOO_LARGE,
}
ATTENTION_FILE = "Requêtes q et clés k de toutes les têtes (safetensors)"
NO_BLOCK = "Ce modèle n’a pas ce bloc. Choisissez-en un que montre l’explorateur."


def fetched_block(number: int) -> str:
    """What is said once one block of a large model is here."""
    return f"Le bloc {number} est dans l’explorateur."


# Heatmaps in words.
CAVEATS = {
    "rollout": "Ce qui a pu parvenir à la réponse à travers l’attention de tous les blocs, quelle "
    "que soit l’étiquette. Par construction, la carte est presque plate dans le temps.",
    "attention": "Ce qu’un bloc a lu dans l’attention spatiale, quelle que soit l’étiquette ; ce "
    "qu’il en a fait, et les autres blocs, n’y sont pas.",
    "time-attention": "Combien les images ont lu de chaque patch, à sa place, dans l’attention "
    "temporelle d’un bloc ; si la réponse s’en est servie, la carte ne le dit pas.",
    "relevance": "Là où plus d’attention aurait fait monter le score de l’étiquette, d’après les "
    "gradients : vrai pour de petits changements, et pour l’attention seule.",
    "gradcam": "Là où ce que lit le dernier bloc parle en faveur de l’étiquette, avec les mêmes "
    "poids dans toutes les images : des lieux plutôt que des moments.",
    "occlusion": "De combien baisse le score de l’étiquette quand un morceau est couvert par la "
    "couleur moyenne du clip ; rien de ce que le modèle a vu en apprenant n’y ressemblait.",
}
HEAT_NAMES = {
    "rollout": "rollout",
    "attention": "attention",
    "time-attention": "attention temporelle",
    "relevance": "pertinence",
    "gradcam": "Grad-CAM",
    "occlusion": "occlusion",
}
ZONES = {
    "upper left": "en haut à gauche",
    "upper centre": "en haut au centre",
    "upper right": "en haut à droite",
    "middle left": "à mi-hauteur à gauche",
    "middle centre": "au centre",
    "middle right": "à mi-hauteur à droite",
    "lower left": "en bas à gauche",
    "lower centre": "en bas au centre",
    "lower right": "en bas à droite",
}


def heat_about(name: str, labels: Sequence[str], against: bool) -> str:
    """What the heat is, and for or against which label, or rather than which other."""
    about = " plutôt que ".join(map(_quoted, labels))
    return f"{name} {'contre' if against else 'pour'} {about}"


def nowhere(name: str) -> str:
    """That there is no heat."""
    return f"Il n’y a de chaleur nulle part ({name})."


def densest(
    name: str, first: int, last: int, T: int, share: float, zone: str, density: float
) -> str:
    """In which frames most of the heat is, and where it is densest in those."""
    frames = f"L’image {first}" if first == last else f"Les images {first} à {last}"
    return (
        f"{frames} sur {T} {'réunit' if first == last else 'réunissent'} {_percent(share)} de la "
        f"chaleur ({name}), là où une part égale serait {_percent((last - first + 1) / T)} ; elle "
        f"y est la plus dense {zone}, {_decimal(density, 1)} fois la valeur uniforme."
    )


def counts(
    name: str, label: str, points: int, random_points: int, gap: float, random_gap: float
) -> str:
    """What covering the hottest tenth takes off a probability, beside a random tenth."""
    return (
        f"D’après la carte ({name}) : couvrir le dixième le plus chaud des patchs {_taken(points)} "
        f"à la probabilité de {_quoted(label)} ; couvrir un dixième au hasard "
        f"{_taken(random_points)}. Entre montrer et couvrir les plus chauds d’abord, l’aire entre "
        f"les courbes est de {_decimal(gap, 2)} ; pour des cartes au hasard, de "
        f"{_decimal(random_gap, 2)}."
    )


def _taken(points: int) -> str:
    if not points:
        return "ne change presque rien"
    noun = "point" if abs(points) == 1 else "points"
    return f"enlève {points} {noun}" if points > 0 else f"ajoute {-points} {noun}"


def _quoted(words: str) -> str:
    return f"« {words} »"


def _decimal(number: float, digits: int) -> str:
    return f"{number:.{digits}f}".replace(".", ",")


def _percent(share: float, digits: int = 0) -> str:
    return f"{_decimal(100 * share, digits)} %"


def _whole(number: int) -> str:
    return f"{number:,}".replace(",", " ")
