"""Spanish: the page, from its title to the frames that were seen."""

from .habits import decimal, percent

LABELS: dict[str, str] = {
    "moving left": "se mueve a la izquierda",
    "moving right": "se mueve a la derecha",
    "moving up": "se mueve hacia arriba",
    "moving down": "se mueve hacia abajo",
    "moving toward you": "se acerca a ti",
    "moving away from you": "se aleja de ti",
    "turning clockwise": "gira en sentido horario",
    "turning anticlockwise": "gira en sentido antihorario",
    "shaking": "se agita",
    "standing still": "no se mueve",
}
SCENE_TITLES = {
    "ball-rolling-left": "Una pelota rueda hacia la izquierda",
    "boat-sailing-right": "Un barco navega hacia la derecha",
    "balloon-rising": "Un globo aerostático sube",
    "penguin-coming-down": "Un pingüino baja",
    "bus-coming-nearer": "Un autobús se acerca",
    "rocket-flying-away": "Un cohete se aleja",
    "record-turning": "Un disco gira en sentido horario",
    "ring-turning": "Un flotador gira en sentido antihorario",
    "pendulum-swinging": "Un péndulo oscila",
    "cat-sleeping": "Un gato duerme",
    "hand-waving": "Alguien saluda con la mano: ¿eso es agitarse?",
    "trams-passing": "Dos tranvías se cruzan: ¿a cuál sigue?",
}
TITLE = "TimeSformer: dónde y cuándo mira"

HEADING = """
# ¿Dónde y cuándo mira?

Muéstrale un clip a un transformer de vídeo. Te dice qué reconoce e ilumina lo que miró en cada
fotograma que vio.
"""

CLIP = "Tu clip"
EXAMPLES = "O elige uno de estos"
MODEL = "Modelo"
ANY_MODEL = (
    "O escribe el identificador de cualquier TimeSformer del Hub que tenga safetensors de 1 GB "
    "como máximo."
)
EMBEDDED = {
    "motion": "primero el tiempo, luego el espacio",
    "motion-joint": "todos los fotogramas a la vez",
    "motion-space": "cada fotograma por separado",
}
RUN = "Mirar el clip"
STOP = "Parar"
SETTINGS = "Ajustes"
START = "Empezar en (segundos)"
START_INFO = "Para un clip más largo que lo que mira el modelo."
NEGATIVE_START = "Un clip empieza en el segundo 0 o después. Elige otro comienzo en los ajustes."
METHOD = "Mapa de calor"
METHODS = (
    ("Rollout: lo que pudo llegar a la respuesta a través de todos los bloques", "rollout"),
    ("Atención del último bloque, en el espacio", "attention"),
    ("Atención del último bloque, en el tiempo", "time-attention"),
    ("Relevancia: lo que contó para una etiqueta", "relevance"),
    ("Grad-SAM: qué atención del último bloque contó para una etiqueta", "gradsam"),
    ("Grad-CAM: lo que el último bloque lee a favor de una etiqueta", "gradcam"),
    ("Oclusión: cubrir trozo a trozo y observar (lento)", "occlusion"),
)
ABOUT = "Para qué etiqueta"
ABOUT_INFO = (
    "Si no eliges ninguna, la más probable. Sirve con relevancia, Grad-SAM, Grad-CAM y oclusión."
)
THAN = "En lugar de"
THAN_INFO = "Por qué aquella etiqueta y no esta."
SMOOTH = "Difuminar los parches (en realidad son cuadrados)"

PRIVACY = (
    "Los clips van al servidor de esta página y a ningún otro sitio: allí el archivo se borra en "
    "cuanto se han leído sus fotogramas, y estos y todo lo que se hace con ellos, antes de diez "
    "minutos desde su último uso, o al instante con el botón que está debajo. No se graba sonido "
    "ni se guarda nada en tu navegador."
)

ANSWER = "Lo que reconoció"
OVERLAY = "Dónde miró"
SHEET = "Hoja de contactos (PNG)"
CHECK = "¿Acierta este mapa de calor? Cubrir y ver"
PACK = "Reunir vídeos, figuras y números"
ARCHIVE = "Todo junto (ZIP)"

READING = "Leyendo los fotogramas"
LOADING = "Cargando el modelo"
LOOKING = "Mirando"
DRAWING = "Dibujando"
COVERING = "Cubriendo"
PACKING = "Reuniendo vídeos, figuras y números"
PACKED = "Listo para descargar, aquí debajo."
CHECKED = "Cubierto y visto: el resultado está debajo de los fotogramas."
STOPPED = "Detenido."
FETCHING = "Otro modelo viene ya de camino. Espera a que llegue o elige uno de la lista."
WELCOME = "Sube un clip, graba uno o elige un ejemplo."
NO_CLIP = "Todavía no hay ningún clip. Sube o graba uno, o elige un ejemplo."
TOO_STRANGE = (
    "Algo falló aquí, no es culpa tuya. Inténtalo de nuevo o prueba con otro clip; "
    "quien lleva esta página encontrará la causa en su registro."
)

NO_GPU = "En este momento no había ninguna GPU libre. Espera un minuto y vuelve a pulsar el botón."
NO_PREVIEW = "Tu navegador no puede reproducir este tipo de vídeo; el modelo lo lee igualmente."

STRIP_HEADING = "Los fotogramas que vio y cuándo miró"
STRIP_CAPTION = (
    "Arriba, los fotogramas que recibió el modelo; debajo, los mismos con su mapa de calor. Los "
    "colores siguen una sola escala para todo el clip: 1 es lo que tendría cada parche si mirara "
    "por igual a todas partes. La curva es la media de cada fotograma; la línea discontinua es 1."
)

CAMERA_HELP = {
    "NotAllowedError": "La cámara no tiene permiso. Dáselo junto a la dirección de la página "
    "o sube un clip.",
    "NotFoundError": "No se encontró ninguna cámara. Conecta una o sube un clip.",
    "NotReadableError": "Otro programa está usando la cámara. Ciérralo o sube un clip.",
    "insecure": "Los navegadores solo abren la cámara con https o en este mismo equipo. "
    "Sube un clip en su lugar.",
}


def other_choice(name: str) -> str:
    """How a model that is not a published one reads in the list."""
    return f"{name}: {EMBEDDED[name]}" if name in EMBEDDED else name


def published_choice(name: str, num_frames: int, size: int, num_labels: int, licence: str) -> str:
    """How a published checkpoint reads in the list."""
    return (
        f"{name}: {num_labels} etiquetas, {num_frames} fotogramas de {size} x {size}, "
        f"0,5 GB del Hub, {licence}"
    )


def downloading(name: str, done: int, total: int | None) -> str:
    """How far a download is, in bytes."""
    of = "" if total is None else f" de {total / 1e6:.0f}"
    return f"Descargando {name}: {done / 1e6:.0f}{of} MB"


def looked_at(label: str, probability: float, seconds: float, on: str) -> str:
    """The sentence over the answer."""
    return f"{label}, {percent(probability)}. Respondió en {decimal(seconds, 1)} s ({on})."


def recalled(label: str, probability: float) -> str:
    """The sentence over the answer to a bundled clip that was answered before."""
    return f"{label}, {percent(probability)}. Este clip ya se había mirado antes."


def part_seen(first: float, last: float, duration: float) -> str:
    """Which part of a longer video the answer is about; nothing where it is all but a moment."""
    if duration - (last - first) < 0.5:
        return ""
    return (
        f"Vio de {decimal(first, 1)} a {decimal(last, 1)} s de un total de "
        f"{decimal(duration, 1)} s; en «{SETTINGS}» puedes elegir otro comienzo."
    )


def frame_words(number: int, time: float, share: float, peak: float) -> str:
    """What a frame of the strip shows, for those who cannot see it."""
    return (
        f"Fotograma {number}, a los {decimal(time, 2)} s: mirado {decimal(share, 2)} veces el "
        f"valor uniforme; su parche más caliente, {decimal(peak, 1)} veces."
    )


def curve_words(shares: list[float], times: list[float]) -> str:
    """What the curve shows, in words."""
    most = max(range(len(shares)), key=shares.__getitem__)
    least = min(range(len(shares)), key=shares.__getitem__)
    return (
        f"Cuando más miró fue a los {decimal(times[most], 2)} s ({decimal(shares[most], 2)} "
        f"veces el valor uniforme), y cuando menos, a los {decimal(times[least], 2)} s "
        f"({decimal(shares[least], 2)})."
    )


def covering(done: int, pieces: int) -> str:
    """How far the covering of a clip is."""
    return f"Cubriendo: {done} de {pieces}"


def too_long(seconds: float, most: float) -> str:
    """Why something is not done here."""
    return (
        f"Esto tardaría unos {seconds / 60:.0f} min con este modelo en este equipo, y aquí el "
        f"máximo son {most / 60:.0f} min. Elige un modelo más pequeño u otro mapa de calor, o "
        "ejecútalo desde la línea de comandos."
    )


WARNINGS = {
    "alike": "es casi igual al de un modelo que no sabe nada",
    "random": "no es mejor que uno al azar",
    "difference": "no supera a la simple diferencia entre fotogramas al buscar lo que se mueve",
}


def measured(warnings: list[str]) -> str:
    """What the measurements of this model say against the method, by the keys of WARNINGS."""
    found = " y ".join(WARNINGS[warning] for warning in warnings)
    return f"Medido en clips cuya respuesta se conoce, este mapa de calor {found}."


WORK = {  # what a model asks of a computer
    "frames": "fotogramas",
    "pixels": "píxeles",
    "parameters": "parámetros",
    "multiplications": "multiplicaciones",
    "activations_of_a_block": "activaciones de un bloque",
    "attention_weights_of_a_block": "pesos de atención de un bloque",
    "attention_weights_of_all_blocks": "pesos de atención de todos los bloques",
}
NOT_MEASURED = (
    "No se ha medido hasta qué punto son fieles los mapas de calor de este modelo; el botón de "
    "abajo lo comprueba con este clip."
)
CURVE_NAMES = ("primero los más calientes", "al azar")
CURVE_AXES = ("probabilidad", "proporción de parches cubiertos")
