"""French: the page, from its title to the frames that were seen."""

# ruff: noqa: RUF001
# What stands before : ; ? ! % and units, and within « », is a no-break space.

from .habits import decimal, percent

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
NEGATIVE_START = (
    "Un clip commence à 0 seconde ou plus tard. Choisissez un autre début dans les réglages."
)
METHOD = "Carte de chaleur"
METHODS = (
    ("Rollout : ce qui a pu parvenir à la réponse à travers tous les blocs", "rollout"),
    ("Attention du dernier bloc, dans l’espace", "attention"),
    ("Attention du dernier bloc, dans le temps", "time-attention"),
    ("Pertinence : ce qui a compté pour une étiquette", "relevance"),
    ("Grad-SAM : quelle attention du dernier bloc a compté pour une étiquette", "gradsam"),
    ("Grad-CAM : ce que le dernier bloc lit en faveur d’une étiquette", "gradcam"),
    ("Occlusion : couvrir morceau par morceau et observer (lent)", "occlusion"),
)
ABOUT = "Pour quelle étiquette"
ABOUT_INFO = (
    "La plus probable, si aucune n’est choisie. Vaut pour la pertinence, Grad-SAM, Grad-CAM et "
    "l’occlusion."
)
THAN = "Plutôt que"
THAN_INFO = "Pourquoi la première étiquette et pas celle-ci."
SMOOTH = "Fondre les patchs (en vérité, ce sont des carrés)"

PRIVACY = (
    "Les clips vont au serveur de cette page et nulle part ailleurs : le fichier y est effacé dès "
    "que ses images sont lues, et celles-ci, avec tout ce qui en est fait, dans les dix minutes "
    "après leur dernière utilisation, ou tout de suite par le bouton placé au-dessous. Aucun son "
    "n’est enregistré, et rien n’est conservé dans votre navigateur."
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


def looked_at(label: str, probability: float, seconds: float, on: str) -> str:
    """The sentence over the answer."""
    return f"{label}, {percent(probability)}. Réponse en {decimal(seconds, 1)} s ({on})."


def recalled(label: str, probability: float) -> str:
    """The sentence over the answer to a bundled clip that was answered before."""
    return f"{label}, {percent(probability)}. Celui-ci avait déjà été regardé."


def part_seen(first: float, last: float, duration: float) -> str:
    """Which part of a longer video the answer is about; nothing where it is all but a moment."""
    if duration - (last - first) < 0.5:
        return ""
    return (
        f"Il a vu de {decimal(first, 1)} à {decimal(last, 1)} s, sur {decimal(duration, 1)} s ; "
        f"« {SETTINGS} » permet de commencer ailleurs."
    )


def frame_words(number: int, time: float, share: float, peak: float) -> str:
    """What a frame of the strip shows, for those who cannot see it."""
    return (
        f"Image {number} à {decimal(time, 2)} s : regardée {decimal(share, 2)} fois la valeur "
        f"uniforme, son patch le plus chaud {decimal(peak, 1)} fois."
    )


def curve_words(shares: list[float], times: list[float]) -> str:
    """What the curve shows, in words."""
    most = max(range(len(shares)), key=shares.__getitem__)
    least = min(range(len(shares)), key=shares.__getitem__)
    return (
        f"Il a regardé le plus à {decimal(times[most], 2)} s ({decimal(shares[most], 2)} fois la "
        f"valeur uniforme) et le moins à {decimal(times[least], 2)} s "
        f"({decimal(shares[least], 2)})."
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


WORK = {  # what a model asks of a computer
    "frames": "images",
    "pixels": "pixels",
    "parameters": "paramètres",
    "multiplications": "multiplications",
    "activations_of_a_block": "activations d’un bloc",
    "attention_weights_of_a_block": "poids d’attention d’un bloc",
    "attention_weights_of_all_blocks": "poids d’attention de tous les blocs",
}
NOT_MEASURED = (
    "On n’a pas mesuré si les cartes de chaleur de ce modèle disent vrai ; le bouton ci-dessous le "
    "dit pour ce clip."
)
CURVE_NAMES = ("les plus chauds d’abord", "au hasard")
CURVE_AXES = ("probabilité", "part des patchs couverts")
