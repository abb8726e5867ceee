"""Spanish: what is said at the door."""

NOT_HERE = "Aquí no hay nada así. Vuelve a cargar la página e inténtalo de nuevo."
OTHER_ADDRESS = (
    "Esta página se abrió con una dirección que su servidor no conoce. Ábrela con la habitual; "
    "quien la mantiene puede nombrar otras en TIMESFORMER_HOSTS."
)
NO_LINKS = "Sube un archivo de este dispositivo; no se aceptan enlaces ni otros lugares."
CLIP_GONE = (
    "Este clip ya no está aquí: su archivo se borra en cuanto se leen sus fotogramas. Súbelo o "
    "grábalo otra vez."
)
TWO_AT_MOST = "Ya se está mirando un clip tuyo y otro espera. Espera al primero."
BUSY = (
    "Ahora mismo espera demasiada gente. Tu clip se queda aquí unos minutos: vuelve a pulsar el "
    "botón dentro de uno."
)
TOO_MANY_UPLOADS = (
    "Han llegado demasiados clips desde tu red. Espera un minuto e inténtalo de nuevo."
)
TOO_LARGE = (
    "Es demasiado grande: se aceptan 50 MB como máximo. Recorta el clip o graba uno más corto."
)
ONE_FILE = "Envía un archivo cada vez, como hace la página."
BROKEN_OFF = "Tu clip no llegó entero. Comprueba la red y súbelo de nuevo."
NO_ROOM = "El servidor no tiene sitio para clips en este momento. Espera unos minutos e inténtalo."
ON_PROCESSOR = "A la tarjeta gráfica no le queda memoria: se sigue sin ella, y tarda más"
