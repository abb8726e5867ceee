"""French: the bar over the page, the tour, the lessons and the teacher's corner."""

# ruff: noqa: RUF001
# What stands before : ; ? ! % and units, and within « », is a no-break space.

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
