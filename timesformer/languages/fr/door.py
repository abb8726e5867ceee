"""French: what is said at the door."""

# ruff: noqa: RUF001

NOT_HERE = "Il n’y a rien de tel ici. Rechargez la page et réessayez."
OTHER_ADDRESS = (
    "Cette page a été ouverte sous une adresse que son serveur ne connaît pas. Ouvrez-la sous "
    "l’adresse habituelle ; qui la gère peut en nommer d’autres dans TIMESFORMER_HOSTS."
)
NO_LINKS = "Envoyez un fichier de cet appareil ; les liens et autres lieux ne sont pas acceptés."
CLIP_GONE = (
    "Ce clip n’est plus ici : son fichier est effacé dès que ses images sont lues. Envoyez-le ou "
    "filmez-le de nouveau."
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
