"""French: the explorer; in braces stand numbers."""

# ruff: noqa: RUF001
# What stands before : ; ? ! % and units, and within « », is a no-break space.

EXPLORER_HEADING = "Pointez un patch : que lit-il ?"
PART_TOO_LARGE = {
    "block": "Un seul bloc de ce modèle est trop volumineux pour être envoyé à un navigateur. La "
    "ligne de commande le dessine : python -m timesformer explain, avec --method attention, "
    "--patch, --block et --heads.",
    "frame": "Ce que les patchs d’une image reçoivent à travers tous les blocs de ce modèle est "
    "trop volumineux pour être envoyé à un navigateur. La ligne de commande dessine ce que reçoit "
    "un seul patch : python -m timesformer explain, avec --method rollout et --patch.",
}
EXPLORER = {
    "heading": EXPLORER_HEADING,
    "lead": "L’attention, c’est cela : chaque patch lit les autres, certains plus que d’autres. "
    "Pointez un patch de n’importe quelle image, ou touchez-le, et voyez ce qu’il lit ; appuyez "
    "pour le garder. Au clavier, les flèches déplacent le patch, et les touches Page précédente "
    "et Page suivante changent d’image.",
    "picture": "L’image avec le patch choisi. Les flèches déplacent le patch, Page précédente et "
    "Page suivante changent d’image.",
    "frames": "Toutes les images",
    "figure": "{frame} · {time} s",
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
    "fetch": {
        "block": "Aller chercher ce bloc",
        "frame": "L’obtenir pour cette image",
    },
    "fetchWords": {
        "block": "Ce modèle est gros : son attention vient bloc par bloc, environ {megabytes} Mo "
        "chacun.",
        "frame": "Ce modèle est gros : cette vue vient pour les patchs d’une image à la fois, "
        "environ {megabytes} Mo.",
    },
    "fetching": {
        "block": "Le bloc arrive",
        "frame": "Elle arrive pour l’image",
    },
    "other": "Ce qui est arrivé est d’un autre clip ou d’un autre modèle que les images affichées "
    "ici. Appuyez sur « Regarder » et allez le chercher de nouveau.",
    "unreachable": "Impossible d’obtenir les nombres. Appuyez de nouveau sur « Regarder ».",
    "tooLarge": PART_TOO_LARGE,
}
ATTENTION_FILE = "Requêtes q et clés k de toutes les têtes (safetensors)"
NO_PART = {
    "block": "Ce modèle n’a pas ce bloc. Choisissez-en un que montre l’explorateur.",
    "frame": "Ce clip n’a pas cette image. Choisissez-en une que montre l’explorateur.",
}
FETCHED = {
    "block": "Le bloc {number} est arrivé.",
    "frame": "L’image {number}, à travers tous les blocs, est arrivée.",
}
