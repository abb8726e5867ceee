"""French: the drawing of a block, the arithmetic of one patch, and the references."""

# ruff: noqa: RUF001
# What stands before : ; ? ! % and units, and within « », is a no-break space.

from .habits import whole

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
        f"{whole(parameters)} paramètres, en {blocks} blocs de {heads} têtes. Chaque token, "
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
    return f"1 + {whole(tokens)} tokens, de toutes les images, lisent les 1 + {whole(tokens)}"


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
        f"Après un LayerNorm, les {whole(tokens)} patchs de toutes les images, et le token cls, "
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
        f"{whole(tokens)} tokens dans l’espace, {whole(frames + tokens)} en tout. Avec tout le "
        f"clip à la fois, ce serait {whole(joint)}."
    )


def joint_compared(tokens: int, divided: int) -> str:
    """How much work a patch has in a block of joint attention."""
    return (
        f"Dans un bloc, chaque patch est comparé à {whole(tokens)} tokens. En divisant le temps "
        f"et l’espace, ce serait {whole(divided)}."
    )


def space_only_compared(tokens: int) -> str:
    """How much work a patch has in a block of space attention alone."""
    return (
        f"Dans un bloc, chaque patch est comparé à {whole(tokens)} tokens, tous de sa propre image."
    )


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
    "gradsam": "La carte de chaleur « Grad-SAM », ici du dernier bloc.",
    "gradcam": "La carte de chaleur « Grad-CAM », ici sur ce que lit le dernier bloc.",
    "occlusion": "La carte de chaleur « occlusion » : couvrir un morceau et observer.",
    "deletion": "Le test d’une carte de chaleur : couvrir d’abord les patchs les plus chauds.",
    "attention": "Requêtes, clés, valeurs et têtes.",
    "patches": "Les images en patchs, et les poids dont sont partis les modèles publiés.",
}
