"""Spanish."""

from collections.abc import Sequence

CODE = "es"
NAME = "Español"
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
METHOD = "Mapa de calor"
METHODS = (
    ("Rollout: lo que pudo llegar a la respuesta a través de todos los bloques", "rollout"),
    ("Atención del último bloque, en el espacio", "attention"),
    ("Atención del último bloque, en el tiempo", "time-attention"),
    ("Relevancia: lo que contó para una etiqueta", "relevance"),
    ("Grad-CAM: lo que el último bloque lee a favor de una etiqueta", "gradcam"),
    ("Oclusión: cubrir trozo a trozo y observar (lento)", "occlusion"),
)
ABOUT = "Para qué etiqueta"
ABOUT_INFO = "Si no eliges ninguna, la más probable. Sirve con relevancia, Grad-CAM y oclusión."
THAN = "En lugar de"
THAN_INFO = "Por qué aquella etiqueta y no esta."
SMOOTH = "Difuminar los parches (en realidad son cuadrados)"

PRIVACY = (
    "Los clips van al servidor de esta página y a ningún otro sitio, y allí se borran diez minutos "
    "después de su último uso, o al instante con el botón que está debajo de ellos. No se graba "
    "sonido ni se guarda nada en tu navegador."
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

# En la puerta

NOT_HERE = "Aquí no hay nada así. Vuelve a cargar la página e inténtalo de nuevo."
NO_LINKS = "Sube un archivo de este dispositivo; no se aceptan enlaces ni otros lugares."
CLIP_GONE = (
    "Este clip ya no está aquí: los clips se borran a los diez minutos. Súbelo o grábalo otra vez."
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


def looked_at(label: str, probability: float, seconds: float) -> str:
    """The sentence over the answer."""
    return f"{label}, {_percent(probability)}. Respondió en {_decimal(seconds, 1)} s."


def recalled(label: str, probability: float) -> str:
    """The sentence over the answer to a bundled clip that was answered before."""
    return f"{label}, {_percent(probability)}. Este clip ya se había mirado antes."


def part_seen(first: float, last: float, duration: float) -> str:
    """Which part of a longer video the answer is about; nothing where it is all but a moment."""
    if duration - (last - first) < 0.5:
        return ""
    return (
        f"Vio de {_decimal(first, 1)} a {_decimal(last, 1)} s de un total de "
        f"{_decimal(duration, 1)} s; en «{SETTINGS}» puedes elegir otro comienzo."
    )


def frame_words(number: int, time: float, share: float, peak: float) -> str:
    """What a frame of the strip shows, for those who cannot see it."""
    return (
        f"Fotograma {number}, a los {_decimal(time, 2)} s: mirado {_decimal(share, 2)} veces el "
        f"valor uniforme; su parche más caliente, {_decimal(peak, 1)} veces."
    )


def curve_words(shares: list[float], times: list[float]) -> str:
    """What the curve shows, in words."""
    most = max(range(len(shares)), key=shares.__getitem__)
    least = min(range(len(shares)), key=shares.__getitem__)
    return (
        f"Cuando más miró fue a los {_decimal(times[most], 2)} s ({_decimal(shares[most], 2)} "
        f"veces el valor uniforme), y cuando menos, a los {_decimal(times[least], 2)} s "
        f"({_decimal(shares[least], 2)})."
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


NOT_MEASURED = (
    "No se ha medido hasta qué punto son fieles los mapas de calor de este modelo; el botón de "
    "abajo lo comprueba con este clip."
)
CURVE_NAMES = ("primero los más calientes", "al azar")
CURVE_AXES = ("probabilidad", "proporción de parches cubiertos")


# The bar over the page, the tour, the lessons and the teacher's corner.
BAR_LABEL = "Por la página"
BAR = {"tour": "Hacer el recorrido", "lessons": "Lecciones", "large": "Letra grande"}
BAR_WORDS = {
    "stop": "Parada {number} de {count}",
    "back": "Atrás",
    "next": "Siguiente",
    "end": "Terminar el recorrido",
    "copied": "Copiado. El enlace abre la página tal como está ahora.",
    "ownClip": "Copiado. Un clip tuyo no va en el enlace: para eso, elige un ejemplo.",
    "uncopied": "El navegador no lo permitió. Copia la dirección que aparece arriba.",
}
TOUR = {
    "clip": ("Un clip", "Súbelo o grábalo con la cámara. La respuesta llega enseguida."),
    "examples": (
        "O un ejemplo",
        "Cada uno muestra uno de los diez movimientos que sabe el modelo.",
    ),
    "model": (
        "El modelo",
        "Los tres primeros son pequeños y están siempre aquí: cada uno con su esquema de atención.",
    ),
    "answer": ("Lo que reconoció", "Las cinco etiquetas más probables, con sus probabilidades."),
    "overlay": (
        "Dónde miró",
        "Los cuadrados brillantes son parches que pudieron contar para la respuesta.",
    ),
    "strip": (
        "Qué vio y cuándo miró",
        "El modelo vio estos fotogramas y ningún otro. La curva dice cuánto miró cada uno.",
    ),
    "explorer": (
        "Pregunta a cualquier parche",
        "Señala un parche: ¿a qué atiende en su propio fotograma, y en su misma posición de los "
        "demás?",
    ),
    "trials": (
        "Haz pruebas",
        "Invierte el clip, baraja sus fotogramas, congélalo o tapa partes. Adivina primero.",
    ),
    "lessons": ("Lecciones", "Cada una deja la página preparada, con una cosa por descubrir."),
}
LESSONS_HEADING = "Lecciones"
LESSON_NEXT = "Lección siguiente"
LESSON_AGAIN = "Empezar de nuevo"
LESSON_END = "Salir de la lección"
REVEAL = "Mostrar la respuesta"
LESSONS = {
    "predict": (
        "Predice y descubre",
        "La respuesta está oculta. Reproduce el clip y decide qué se mueve y hacia dónde.",
        "¿Qué etiqueta saldrá primero y con cuánta seguridad la dirá el modelo?",
    ),
    "reverse": (
        "Al revés",
        "Un barco navega hacia la derecha; el experimento de abajo reproduce los mismos fotogramas "
        "al revés. Ningún fotograma por sí solo dice hacia dónde va.",
        "¿Qué dirá el modelo del clip al revés?",
    ),
    "schemes": (
        "Tres cerebros, un clip",
        "El mismo clip pasa por tres modelos: uno mira en el tiempo y luego en el espacio, otro "
        "todos los fotogramas a la vez y otro cada fotograma por separado. Los tres aprendieron de "
        "los mismos clips.",
        "¿Cuál de los tres no puede distinguir la izquierda de la derecha, y por qué?",
    ),
    "follow": (
        "Sigue al objeto",
        "Está elegido un parche del barco. La atención temporal solo lee en la misma posición; la "
        "espacial, solo en el mismo fotograma.",
        "¿Cómo puede el parche encontrar el barco en otro fotograma, y en qué vista lo ves?",
    ),
    "matrix": (
        "La matriz del tiempo",
        "Cada fila de la tabla pequeña es un fotograma que lee; cada columna, uno que es leído. "
        "Cada fila suma 1.",
        "Busca una cabeza que mire al fotograma anterior y otra que mire a todos por igual.",
    ),
    "heads": (
        "A la caza de cabezas",
        "El mural muestra un mapa pequeño por cada bloque y cada cabeza, todos del mismo parche. "
        "Ordénalo por entropía: con una baja se leen pocos parches; con una alta, todos.",
        "¿Dónde llegan más lejos las cabezas: en los primeros bloques o en los últimos?",
    ),
    "cover": (
        "Tápalo",
        "El experimento de abajo cubre la décima parte más caliente de los parches y, después, una "
        "décima parte al azar. Si el mapa de calor acierta, lo primero hace más daño.",
        "¿Cuántos puntos baja la respuesta en cada caso?",
    ),
    "labels": (
        "Dos respuestas, un clip",
        "Dos tranvías se cruzan. El mapa de calor muestra qué contó a favor de «se "
        "mueve a la izquierda» y no de «se mueve a la derecha».",
        "Intercambia las dos etiquetas en los ajustes: ¿adónde va el calor?",
    ),
    "check": (
        "¿Sabe algo el mapa?",
        "Una imagen puede parecer acertada y no significar nada. La comprobación cubre cada vez "
        "más parches: primero los más calientes y, aparte, al azar.",
        "¿Cuánto se separan las dos curvas, y cómo serían con un mapa inútil?",
    ),
    "maths": (
        "Donde viven las matemáticas",
        "Una consulta y ocho claves, una por cada fotograma en la posición elegida: productos, una "
        "suma, una división y una softmax. Son exactamente los números del modelo.",
        "¿Qué les hace la temperatura a los pesos, y qué pasaría con 0?",
    ),
}
TEACHERS = "Para docentes"
TEACHERS_WORDS = (
    "Deja la página como la quieras, oculta lo que distraiga y comparte el enlace. En él van el "
    "ejemplo, el modelo, el parche y el experimento, y funcionará mientras exista la página."
)
HIDE = "Ocultar"
PANELS = {
    "settings": "Ajustes",
    "answer": "La respuesta",
    "explorer": "El explorador",
    "trials": "Los experimentos",
    "take": "Las descargas y la comprobación",
    "works": "Cómo funciona",
    "lessons": "Las lecciones",
}
COPY = "Copiar un enlace a esta vista"
DELETE = "Borrar mi clip"
DELETED = (
    "Tu clip y lo que la página mostró de él se han borrado del servidor. Los vídeos y figuras "
    "anteriores, si los había, desaparecen antes de diez minutos."
)
BUNDLED_STAYS = "La página está vacía. El clip era uno de sus propios ejemplos, y se queda."


# How it works: the drawing of a block, the arithmetic of one patch, the references.
WORKS = "Cómo funciona, número a número"
WORKS_DRAWING = (
    "Este modelo, dibujado de arriba abajo. Las palabras junto al dibujo dicen lo mismo."
)
WORKS_UNKNOWN = (
    "Lo que hay dentro de este modelo no se sabe hasta que se carga. Elige uno de los incluidos o "
    "de los publicados para verlo dibujado."
)
WORKS_CLS = "cls"
WORKS_PATCHES = "parches"
WORKS_EMBED = "De píxeles a parches"
WORKS_TIME = "Atención temporal"
WORKS_SPACE = "Atención espacial"
WORKS_JOINT = "Atención en el espacio y el tiempo"
WORKS_MLP = "MLP"
WORKS_CLASSIFIER = "Clasificador"
WORKS_NORM = "LayerNorm"
WORKS_MORE = "…"
WORKS_READS = "El parche recuadrado lee lo que está relleno; los círculos de arriba son cls."
WORKS_PLACE = "+ un vector aprendido para su posición"
WORKS_PLACE_AND_TIME = "+ vectores aprendidos para su posición y su fotograma"
WORKS_SOFTMAX = "softmax: de logits a probabilidades"
WORKS_PAPER = (
    "El artículo difiere en una cosa: según su ecuación 13, en la atención temporal un parche "
    "también lee el token cls. En el código publicado, y por tanto en este dibujo y en este "
    "modelo, no lo lee."
)
ACTIVATION_NAMES = {"gelu": "GELU", "gelu_new": "GELU", "relu": "ReLU", "silu": "SiLU"}


def works_model(parameters: int, blocks: int, heads: int, width: int) -> str:
    """What is said of the whole model under the heading."""
    return (
        f"{_grouped(parameters)} parámetros en {blocks} bloques de {heads} cabezas. Cada token, es "
        f"decir, cada parche y cls, tiene {width} números desde el primer bloque hasta el último."
    )


def works_blocks(blocks: int) -> str:
    """What stands at the frame that is drawn around a block."""
    return f"un bloque; hay {blocks}, uno tras otro"


def works_tokens(frames: int, patches: int, width: int) -> str:
    """The shape of the patches, all the way."""
    return f"{frames} fotogramas x {patches} parches x {width} números"


def works_pixels(frames: int, height: int, width: int, channels: int) -> str:
    """What goes in."""
    return f"{frames} fotogramas de {height} x {width} píxeles, {channels} colores"


def works_patch(height: int, width: int, channels: int, numbers: int) -> str:
    """How a patch becomes a token."""
    return f"cada parche: lineal, de {height} x {width} x {channels} a {numbers} números"


def works_cls(numbers: int) -> str:
    """Where the cls token comes from."""
    return f"cls: un vector aprendido de {numbers} números, + otro para su posición"


def works_cls_of_each(numbers: int, frames: int) -> str:
    """Where the cls tokens come from, where each frame has its own."""
    return (
        f"cls: el mismo en cada uno de los {frames} fotogramas, un vector aprendido de {numbers} "
        "números, + su posición"
    )


def works_heads(heads: int, numbers: int) -> str:
    """How attention is split."""
    return f"{heads} cabezas, con consultas, claves y valores de {numbers} números"


def works_time_reads(patches: int, frames: int) -> str:
    """Which tokens read which in time attention."""
    return f"en cada una de {patches} posiciones, {frames} parches leen los {frames}; sin cls"


def works_space_reads(frames: int, patches: int) -> str:
    """Which tokens read which in space attention."""
    return f"en cada uno de {frames} fotogramas, 1 + {patches} tokens leen los 1 + {patches}"


def works_joint_reads(tokens: int) -> str:
    """Which tokens read which in joint attention."""
    return (
        f"1 + {_grouped(tokens)} tokens, de todos los fotogramas, leen los 1 + {_grouped(tokens)}"
    )


def works_linear(numbers: int, to: int) -> str:
    """A linear map."""
    return f"lineal, de {numbers} a {to}"


def works_second_linear(numbers: int, to: int) -> str:
    """The linear map that time attention has beyond any other."""
    return f"otra lineal más, de {numbers} a {to}"


def works_cls_joins(frames: int) -> str:
    """What happens to cls before space attention."""
    return f"cls se copia en cada uno de {frames} fotogramas"


def works_cls_mean(frames: int) -> str:
    """What happens to what the copies of cls read."""
    return f"cls: la media de sus {frames} copias"


def works_cls_means(frames: int) -> str:
    """What happens to the cls tokens of all frames at the end."""
    return f"la media de los {frames} tokens cls"


def works_mlp(numbers: int, within: int, activation: str) -> str:
    """What the MLP does to each token."""
    return f"lineal, de {numbers} a {within}; {activation}; lineal, de {within} a {numbers}"


WORKS_EACH_ALONE = "cada token por su cuenta"


def works_classes(numbers: int, labels: int) -> str:
    """The classifier."""
    return f"lineal, de {numbers} a {labels} etiquetas"


def embed_words(rows: int, columns: int, pixels: tuple[int, int], width: int) -> str:
    """What the drawing shows of the embedding, in words."""
    return (
        f"Cada fotograma se corta en {rows} filas de {columns} parches de {pixels[0]} x "
        f"{pixels[1]} píxeles, y una aplicación lineal convierte cada uno en {width} números. Para "
        "que el modelo pueda distinguir las posiciones, se suma un vector aprendido para la del "
        "parche."
    )


EMBED_TIME_WORDS = (
    "Se suma otro para el tiempo del fotograma. El token cls, un vector aprendido que irá "
    "reuniendo la respuesta, tiene una posición propia y ningún tiempo."
)
EMBED_NO_TIME_WORDS = (
    "Para el tiempo no se suma ninguno: este modelo no sabe qué fotograma es cuál. Cada fotograma "
    "tiene su propia copia del token cls, un vector aprendido que irá reuniendo lo que dice el "
    "fotograma."
)


def time_words(frames: int, numbers: int) -> str:
    """What the drawing shows of time attention, in words."""
    return (
        f"Tras una LayerNorm, cada parche lee los {frames} parches de su misma posición, uno en "
        "cada fotograma, incluido él mismo. El producto de su consulta por una clave, "
        f"dividido por la raíz cuadrada de {numbers}, es una puntuación; una softmax convierte "
        f"las {frames} puntuaciones en pesos que suman 1, y lo leído es la media de los valores "
        "con esos pesos. Siguen dos aplicaciones lineales, de las que la segunda solo existe en la "
        "atención temporal, y el resultado se suma al parche. El token cls pasa de largo: aquí no "
        "lee nada y nada lo lee."
    )


def divided_space_words(frames: int, patches: int) -> str:
    """What the drawing shows of space attention in divided attention, in words."""
    return (
        f"El token cls se copia en los {frames} fotogramas. En cada fotograma, tras una LayerNorm, "
        f"la copia y los {patches} parches, que acaban de leer a través del tiempo, se leen unos a "
        f"otros. Lo que leyó un parche se suma al parche; lo que leyeron las {frames} copias se "
        "promedia y se suma al único token cls."
    )


def space_only_words(frames: int, patches: int) -> str:
    """What the drawing shows of space attention where there is nothing else, in words."""
    return (
        f"En cada uno de los {frames} fotogramas, tras una LayerNorm, su token cls y sus {patches} "
        "parches se leen unos a otros, y a cada uno se le suma lo que ha leído. Ningún fotograma "
        "lee a otro, en ningún bloque."
    )


def joint_words(tokens: int) -> str:
    """What the drawing shows of joint attention, in words."""
    return (
        f"Tras una LayerNorm, los {_grouped(tokens)} parches de todos los fotogramas y el token "
        "cls se leen unos a otros, y a cada uno se le suma lo que ha leído. No hay atención "
        "temporal aparte."
    )


def mlp_words(width: int, within: int, activation: str) -> str:
    """What the drawing shows of the MLP, in words."""
    return (
        f"Tras una LayerNorm se trabaja cada token por su cuenta: de {width} números a {within}, "
        f"{activation} en cada uno, y de vuelta. Aquí nada pasa de un token a otro. El resultado "
        "se suma."
    )


def classifier_words(labels: int) -> str:
    """What the drawing shows of the end, in words."""
    return (
        "Tras el último bloque solo sigue adelante el token cls: una LayerNorm, una aplicación "
        f"lineal a {labels} logits, uno por etiqueta, y una softmax que los convierte en "
        "probabilidades."
    )


def classifier_mean_words(frames: int, labels: int) -> str:
    """What the drawing shows of the end where each frame has its own cls, in words."""
    return (
        f"Tras el último bloque se promedian los tokens cls de los {frames} fotogramas; solo aquí "
        "se encuentran los fotogramas, y en una media se pierde su orden. Una LayerNorm, una "
        f"aplicación lineal a {labels} logits, uno por etiqueta, y una softmax que los convierte "
        "en probabilidades."
    )


def divided_compared(frames: int, tokens: int, joint: int) -> str:
    """How much work a patch has in a block of divided attention."""
    return (
        f"En un bloque, cada parche se compara con {frames} parches en el tiempo y con "
        f"{_grouped(tokens)} tokens en el espacio, {_grouped(frames + tokens)} en total. Con todo "
        f"el clip a la vez serían {_grouped(joint)}."
    )


def joint_compared(tokens: int, divided: int) -> str:
    """How much work a patch has in a block of joint attention."""
    return (
        f"En un bloque, cada parche se compara con {_grouped(tokens)} tokens. Con la atención "
        f"dividida en tiempo y espacio serían {_grouped(divided)}."
    )


def space_only_compared(tokens: int) -> str:
    """How much work a patch has in a block of space attention alone."""
    return (
        f"En un bloque, cada parche se compara con {_grouped(tokens)} tokens, todos de su propio "
        "fotograma."
    )


REPORT_LEAD = (
    "Esta página es un archivo: funciona sin red y no le pide nada a ninguna. Quien la tiene, "
    "tiene también los fotogramas del clip."
)
REPORT_MADE = "Cómo se hizo"
REPORT_ALL = "Todo lo registrado, en JSON"
REPORT_ROWS = {
    "model": "Modelo",
    "scheme": "Esquema de atención",
    "method": "Mapa de calor",
    "about": "Para la etiqueta",
    "times": "Fotogramas en (segundos)",
    "part": "Parte de la imagen que vio (píxeles)",
    "grid": "Parches de un fotograma (filas, columnas)",
    "weights": "SHA-256 de los pesos",
    "versions": "Hecho con",
    "notes": "Notas",
}


def report_title(label: str) -> str:
    """The title of a page to take along."""
    return f"«{label}»: dónde y cuándo miró el modelo"


def report_label(label: str, probability: float) -> str:
    """A label with its probability, for those who cannot see the bar."""
    return f"{label}: {_percent(probability, 1)}"


def report_part(left: float, top: float, width: float, height: float) -> str:
    """Which part of the source's picture the model saw."""
    return (
        f"{width:.0f} de ancho, {height:.0f} de alto, a {left:.0f} del borde izquierdo, a "
        f"{top:.0f} del borde superior"
    )


REPORT_FILM = "Los fotogramas con su mapa de calor; lo que el modelo no vio está oscuro."

ARITHMETIC = "La aritmética de un parche, con los números del modelo"
ARITHMETIC_COLUMNS = ("lee de", "puntuación q·k", "dividida", "potencia de e", "peso")
ARITHMETIC_WORDS = {
    "empty": "Señala un parche en el explorador y elige allí un bloque y una cabeza. Lo que esa "
    "cabeza calcula para el parche aparecerá aquí, número a número. Una media de cabezas no tiene "
    "consulta propia.",
    "asks": "En el bloque {block}, cabeza {head}, el parche pregunta con su consulta (q, de query) "
    "de {count} números, y cada uno de los {tokens} tokens responde con su clave (k, de key). El "
    "que más lee es este: {name}.",
    "products": "Consulta por clave, número a número",
    "zeros": "Hay además productos que valen 0 ({count}): son números que el modelo nunca llegó a "
    "usar.",
    "sum": "Los {count} productos sumados son la puntuación: {score}. Dividida por √{count} = "
    "{root} y por la temperatura, {temperature}, queda en {scaled}.",
    "softmax": "De las puntuaciones a los pesos: la softmax",
    "others": "los otros {count}",
    "total": "en total",
    "shift": "A cada puntuación dividida se le resta antes la mayor, {most}; los pesos no cambian "
    "y los números quedan pequeños.",
    "temperature": "Temperatura",
    "sharper": "más marcados",
    "flatter": "más parejos",
    "model": "Temperatura 1 es lo que hace el modelo. Por debajo de 1, la puntuación mayor se "
    "lleva cada vez más; por encima de 1, todas se igualan. Ahora el peso mayor es {most}; "
    "repartido por igual sería {even}.",
}

REFERENCES = "Referencias y cómo citar"
REFERENCES_MORE = (
    "La página está hecha con PyTorch, Gradio, PyAV y Matplotlib; los colores son los de inferno, "
    "de Matplotlib. No contiene código de los autores de los artículos."
)
CITE = "Para citar el modelo, toma esta entrada BibTeX:"
CITE_COPY = "Copiar"
CITE_COPIED = "Copiado"
USED_FOR = {
    "timesformer": "El modelo: atención dividida en tiempo y espacio.",
    "rollout": "El mapa de calor «rollout», aquí en una forma exacta para la atención dividida.",
    "relevance": "El mapa de calor «relevancia», con los gradientes de la atención.",
    "gradcam": "El mapa de calor «Grad-CAM», aquí sobre lo que lee el último bloque.",
    "occlusion": "El mapa de calor «oclusión»: cubrir un trozo y observar.",
    "deletion": "La comprobación de un mapa de calor: cubrir primero los parches más calientes.",
    "attention": "Consultas, claves, valores y cabezas.",
    "patches": "Las imágenes como parches, y los pesos de los que partieron los modelos "
    "publicados.",
}


# The experiments.
TRY_HEADING = "Haz la prueba"
TRY_CAPTION = (
    "Cambia una sola cosa del clip y vuelve a preguntar al modelo. Adivina primero; la respuesta "
    "se abre al pulsar."
)
GUESS = "Adivina primero y luego abre"
TRYING = "Probando"
TRIED = "Hecho: adivina y luego abre la respuesta, debajo de los experimentos."
TRY_BUTTONS = {
    "reverse": "Reproducirlo al revés",
    "shuffle": "Barajar los fotogramas",
    "freeze": "Congelar un fotograma",
    "cover": "Cubrir lo que pinté",
    "hottest": "Cubrir la décima parte más caliente",
    "frames": "Tomar menos y más fotogramas",
    "schemes": "Preguntar a los tres esquemas",
}
TRY_QUESTIONS = {
    "reverse": "Reproducido al revés: ¿qué dirá?",
    "shuffle": "Los mismos fotogramas en cinco órdenes al azar: ¿seguirá diciendo lo mismo?",
    "freeze": "Un solo fotograma durante todo el clip: ¿basta con alguno?",
    "cover": "Sin lo que cubriste: ¿qué dirá?",
    "hottest": "Cubierta la décima parte más caliente de los parches, o una décima parte al azar: "
    "¿cuál cambia más la respuesta?",
    "frames": "La mitad de fotogramas, y el doble: ¿seguirá diciendo lo mismo?",
    "schemes": "Un clip, tres esquemas de atención: ¿cuál puede saberlo y cuánto cuesta cada uno?",
}
AS_IT_IS = "Tal cual"
AFTERWARDS = {
    "reverse": "Al revés",
    "shuffle": "Barajado, el primer orden",
    "cover": "Cubierto",
    "hottest": "Cubierta la décima parte más caliente",
}
NOTHING_COVERED = (
    "Todavía no hay nada cubierto. Elige «Cubrir parches» en el explorador, pinta sobre algunos "
    "parches y vuelve a pulsar aquí."
)
COVERED_ELSEWHERE = (
    "Lo que cubriste queda fuera de este clip. Pulsa «Mirar el clip», cubre algunos parches e "
    "inténtalo de nuevo."
)
FLICKER = (
    "Lo cubierto también se ve: unos parches que aparecen y desaparecen de un fotograma a otro "
    "pueden parecer un movimiento."
)
NO_ORDER = (
    "Este modelo mira cada fotograma por separado, así que ningún orden puede cambiar su respuesta."
)
FRAME = "Fotograma"
NUMBERS = "Todos los números"
NUMBER_HEADS = {
    "shuffle": "Orden de los fotogramas",
    "freeze": "Fotograma",
    "hottest": "Cubierto",
}
SAYS = "Dice"
SCHEMES = {
    "divided_space_time": "dividida",
    "joint_space_time": "conjunta",
    "space_only": "solo espacial",
}
THE_THREE = "motion, motion-joint y motion-space"
RUN_ROWS = {
    "says": "Dice",
    "comparisons": "Con cuántos se compara cada parche en un bloque",
    "all_comparisons": "Todos los parches del clip juntos",
    "seconds": "Tardó",
}
LOOKED = "Dónde miró cada uno, según el rollout, en cada fotograma"


def trying(done: int, count: int) -> str:
    """How far an experiment is."""
    return f"Probando: {done} de {count}"


def tried_with(model: str) -> str:
    """Whose answers they are."""
    return f"Probado con {model}."


def only_frame(number: int) -> str:
    """What stands over the answer to a frozen frame."""
    return f"Solo el fotograma {number}"


def random_tenth(number: int) -> str:
    """One of the random tenths that are covered."""
    return f"Décima parte al azar {number}"


def in_points(before: float, after: float) -> str:
    """The change of a probability, as a number with its sign."""
    points = _points(before, after)
    sign = "+" if points > 0 else "\N{MINUS SIGN}" if points < 0 else ""
    return f"{sign}{abs(points)}"


def changed(label: str, before: float, after: float) -> str:
    """The change of a probability in words."""
    points = _points(before, after)
    noun = "punto" if abs(points) == 1 else "puntos"
    if not points:
        return f"«{label}»: {_percent(before)} antes y después."
    much = f"{abs(points)} {noun} {'más' if points > 0 else 'menos'}"
    return f"«{label}»: del {_percent(before)} al {_percent(after)}, {much}."


def _points(before: float, after: float) -> int:
    """A change in hundredths, such that the rounded numbers add up."""
    return round(100 * after) - round(100 * before)


def probability_of(label: str) -> str:
    """What a column of numbers or a line is about."""
    return f"Probabilidad de «{label}»"


def backwards_means(first: str, then: str, mirrored: str | None) -> str:
    """What it means that the answer is `then` backwards, where `mirrored` would be right."""
    if mirrored is None and then == first:
        return "Al revés dice lo mismo: aquí no decide en qué sentido se reproduce el clip."
    if then == mirrored == first:
        return f"Al revés, «{first}» sigue siendo «{first}», y eso es lo que dice."
    if then == mirrored:
        return (
            f"Al revés, «{first}» se convierte en «{then}», y eso es lo que dice: aquí se guía por "
            "el orden de los fotogramas."
        )
    if then == first:
        return (
            f"Al revés, «{first}» se convierte en «{mirrored}», pero dice lo mismo que antes: o "
            "bien aquí no decide el orden de los fotogramas, o bien ahora se guía por otra cosa."
        )
    return f"Al revés dice «{then}»: aquí cuenta el orden de los fotogramas."


def shuffled_means(alike: int, count: int, label: str, low: float, high: float) -> str:
    """What it means that so many random orders have the same answer."""
    orders = f"En {alike} de {count} órdenes al azar sigue diciendo «{label}»"
    span = f"cuya probabilidad va en ellos del {_percent(low)} al {_percent(high)}"
    if alike == count:
        return f"{orders}, {span}: aquí no decide el orden de los fotogramas."
    if alike == 0:
        return f"{orders}, {span}: aquí necesita los fotogramas en su orden."
    return f"{orders}, {span}: aquí el orden de los fotogramas cuenta, pero no lo decide todo."


def frozen_caption(label: str) -> str:
    """What the bars of frozen frames show."""
    return (
        f"Probabilidad de «{label}» con cada fotograma solo; en línea discontinua, con el clip tal "
        "cual."
    )


def frozen_means(enough: list[int], T: int, label: str) -> str:
    """What it means that these frames, alone, have the same answer as the clip."""
    if not enough:
        return f"Ningún fotograma por sí solo le hace decir «{label}»: necesita más de uno."
    if len(enough) == T:
        return f"Cualquier fotograma por sí solo le hace decir «{label}»: aquí nada debe moverse."
    frames = ", ".join(map(str, enough))
    return f"Fotogramas que por sí solos le hacen decir «{label}» ({len(enough)} de {T}): {frames}."


def covered_means(share: float, first: str, then: str) -> str:
    """What it means that the answer is `then` with a share of the patches covered."""
    part = f"menos del {_percent(0.01)}" if share < 0.01 else f"el {_percent(share)}"
    if then == first:
        return (
            f"Con {part} de los parches cubierto dice lo mismo: le basta lo que queda a la vista."
        )
    return (
        f"Con {part} de los parches cubierto dice «{then}»: o bien contaba lo que se cubrió, o "
        "bien lo cubierto ya parece eso por sí mismo."
    )


def hottest_means(hot: float, low: float, high: float, before: float) -> str:
    """What it means that a probability is `hot` after the hottest tenth, `low` to `high` else."""
    points, least, most = (_points(before, one) for one in (hot, low, high))
    numbers = (
        "Cubrir la décima parte más caliente cambia la probabilidad en "
        f"{in_points(before, hot)} puntos; cubrir décimas partes al azar, entre "
        f"{in_points(before, low)} y {in_points(before, high)}"
    )
    if points < least:
        return f"{numbers}: estos parches cuentan más que otros al azar."
    if points > most:
        return f"{numbers}: estos parches cuentan menos que otros al azar."
    return f"{numbers}: estos parches no cuentan ni más ni menos que otros al azar."


def line_words(label: str, before: float, after: list[float]) -> str:
    """What a line with dots shows, in words."""
    numbers = ", ".join(_percent(one) for one in after)
    return f"La probabilidad de «{label}» es {_percent(before)} tal cual y, después, {numbers}."


def frozen_words(number: int, says: str, probability: float) -> str:
    """What is said of one frozen frame."""
    return f"Fotograma {number}: {says}, {_percent(probability)}"


def scheme_head(model: str, scheme: str) -> str:
    """The head of a column of a run with a scheme."""
    return f"{model} ({SCHEMES[scheme]})"


def frames_head(T: int) -> str:
    """The head of a column of a run with T frames."""
    return f"{T} fotogramas" if T > 1 else "1 fotograma"


def all_alike(label: str) -> str:
    """That every run has the same likeliest label."""
    return f"Todos dicen «{label}»."


def not_alike(said: list[tuple[str, str]]) -> str:
    """What each run says, where they differ."""
    return "No coinciden. " + "; ".join(f"{head}: «{label}»" for head, label in said) + "."


def frames_cost(T: int, comparisons: float, seconds: float) -> str:
    """What T frames cost beside what the model is made for."""
    return (
        f"{T} fotogramas exigen {_decimal(comparisons, 1)} veces las comparaciones y "
        f"{_decimal(seconds, 1)} veces el tiempo que exige el clip tal cual."
    )


def frames_caveat(T: int) -> str:
    """What is to be kept in mind of other numbers of frames."""
    return f"El modelo aprendió con clips de {T} fotogramas: con otros números, fíate menos de él."


def schemes_cost(N: int, T: int) -> str:
    """What the schemes compare."""
    return (
        f"Con {T} fotogramas de {N} parches, cada parche se compara con {N} + {T} = "
        f"{_grouped(N + T)} en la atención dividida, con {N} x {T} = {_grouped(N * T)} en la "
        f"conjunta y con {N} en la atención solo espacial, que nunca compara dos fotogramas y "
        "por eso no puede saber su orden."
    )


def schemes_chosen(model: str) -> str:
    """That the chosen model is none of the three."""
    return f"Estos son los tres modelos pequeños de esta página; {model} no es uno de ellos."


def took(number: float) -> str:
    """A time that an answer took."""
    return f"{_decimal(number, 2)} s"


# The explorer: in braces stand numbers.
EXPLORER_HEADING = "Señala un parche: ¿qué lee?"
BLOCK_TOO_LARGE = (
    "Un bloque de este modelo es demasiado para enviarlo a un navegador. La línea de comandos lo "
    "dibuja: python -m timesformer explain, con --method attention, --patch, --block y --heads."
)
EXPLORER = {
    "heading": EXPLORER_HEADING,
    "lead": "Atención significa que cada parche lee los demás, unos más que otros. Señala o "
    "toca cualquier parche de cualquier fotograma y mira qué lee; pulsa para dejarlo fijo. Con el "
    "teclado, las flechas mueven el parche, y Re Pág y Av Pág cambian de fotograma.",
    "picture": "El fotograma con el parche elegido. Las flechas mueven el parche; Re Pág y Av Pág "
    "cambian de fotograma.",
    "frames": "Todos los fotogramas",
    "frame": "Fotograma",
    "row": "Fila",
    "column": "Columna",
    "scale": "Colores de 0 a {top} veces el valor uniforme",
    "top": "{top}+ veces el valor uniforme",
    "views": "Qué mostrar",
    "space": "Espacio: su propio fotograma",
    "time": "Tiempo: su misma posición",
    "hops": "Los dos saltos",
    "joint": "Todos los fotogramas a la vez",
    "rollout": "A través de todos los bloques",
    "means": {
        "space": "Lo que lee el parche en su propio fotograma, en el bloque y la cabeza de abajo.",
        "time": "Lo que lee el parche en su misma posición de todos los fotogramas, en el bloque "
        "y la cabeza de abajo.",
        "hops": "El bloque entero: el parche lee, en su propio fotograma, parches que acaban "
        "de leer cada uno a través del tiempo.",
        "joint": "Lo que lee el parche en todos los fotogramas, en el bloque y la cabeza de abajo.",
        "rollout": "Lo que pudo llegar al parche a través de todos los bloques, con la media de "
        "las cabezas: en cada bloque, la mitad queda como estaba y la otra mitad es lo leído.",
    },
    "how": "Cómo funciona este paso",
    "without": {
        "joint_space_time": "Este modelo atiende a todos los fotogramas a la vez: no tiene espacio "
        "y tiempo por separado.",
        "space_only": "Este modelo mira cada fotograma por separado: no tiene atención en el "
        "tiempo.",
        "large": "La vista a través de todos los bloques falta aquí: este modelo es demasiado "
        "grande para tenerlo entero en el navegador.",
    },
    "block": "Bloque",
    "head": "Cabeza",
    "mean": "media",
    "patch": "Fotograma {frame}, fila {row}, columna {column}.",
    "nameFrame": "fotograma {frame}",
    "namePatch": "fotograma {frame}, fila {row}, columna {column}",
    "nameCls": "el token cls",
    "one": "Bloque {block}, cabeza {head}.",
    "all": "Bloque {block}, media de todas las cabezas.",
    "through": "A través de los {blocks} bloques, media de todas las cabezas.",
    "most": {
        "space": "Lo que más lee es la fila {row}, columna {column}: {percent} %, que son {times} "
        "veces el valor uniforme.",
        "time": "Lo que más lee es el fotograma {frame}: {percent} %, que son {times} veces el "
        "valor uniforme.",
        "hops": "Lo que más lee es el fotograma {frame}, fila {row}, columna {column}: "
        "{percent} %, que son {times} veces el valor uniforme.",
    },
    "cls": "Un {percent} % va al token cls.",
    "bits": "Entropía: {bits} bits. Repartido por igual serían {most} bits.",
    "matrix": "Fotogramas que se leen unos a otros en esta posición",
    "matrixWords": "Cada fila es un fotograma que lee; cada columna, uno que es leído; cada fila "
    "suma 100 %.",
    "matrixScale": "Colores de 0 a {percent} %",
    "matrixLabel": "Qué fotograma lee a cuál en esta posición. Las flechas mueven de celda en "
    "celda.",
    "cell": "En esta posición, de lo que lee el fotograma {reading}, un {percent} % viene del "
    "fotograma {read}.",
    "reading": "lee",
    "read": "es leído",
    "wall": "Todas las cabezas a la vez",
    "wallWords": "El mismo parche en todas las cabezas, cada una con su propia escala; la que se "
    "queda oscura se lo da casi todo al token cls. Pulsa una para elegirla.",
    "sort": "Ordenar por",
    "byPlace": "lugar en el modelo",
    "byBits": "entropía, primero las más concentradas",
    "byDistance": "distancia, primero las más cercanas",
    "wallHead": "Bloque {block}, cabeza {head}",
    "wallBits": "Bloque {block}, cabeza {head}: {bits} bits",
    "wallDistance": "Bloque {block}, cabeza {head}: {distance} parches",
    "wallBoth": "Bloque {block}, cabeza {head}. En todo el clip: entropía de {bits} bits, y "
    "{distance} parches entre un parche y lo que lee.",
    "working": "Calculándolo a partir de todos los parches: {percent} %",
    "cover": "Cubrir parches",
    "coverWords": "Pulsa sobre los parches o arrastra para cubrirlos, o muévete con las flechas y "
    "pulsa la barra espaciadora. Debajo de cada fotograma puedes cubrirlo entero.",
    "coverFrame": "Cubrir el fotograma {frame}",
    "coverShort": "cubrir",
    "covered": "Parches cubiertos: {count}. «Cubrir lo que pinté», más abajo, vuelve a preguntar "
    "al modelo.",
    "uncover": "Quitar todo lo cubierto",
    "fetch": "Traer este bloque",
    "fetchWords": "Este modelo es grande: su atención llega bloque a bloque, unos {megabytes} MB "
    "cada uno.",
    "fetching": "Trayendo el bloque",
    "other": "Ese bloque es de otro clip o de otro modelo que los fotogramas de aquí. Pulsa «Mirar "
    "el clip» y tráelo de nuevo.",
    "unreachable": "No se pudieron traer los números. Pulsa «Mirar el clip» otra vez.",
    "tooLarge": BLOCK_TOO_LARGE,
}
ATTENTION_FILE = "Consultas y claves (queries, keys) de todas las cabezas (safetensors)"
NO_BLOCK = "Este modelo no tiene ese bloque. Elige uno de los que muestra el explorador."


def fetched_block(number: int) -> str:
    """What is said once one block of a large model is here."""
    return f"El bloque {number} está en el explorador."


# Heatmaps in words.
CAVEATS = {
    "rollout": "Lo que pudo llegar a la respuesta a través de la atención de todos los bloques, "
    "sea cual sea la etiqueta. Por construcción, es casi plano en el tiempo.",
    "attention": "Lo que leyó un bloque en la atención espacial, sea cual sea la etiqueta; lo que "
    "hizo con ello, y los demás bloques, quedan fuera.",
    "time-attention": "Cuánto leyeron de cada parche los fotogramas, en su misma posición, en la "
    "atención temporal de un bloque; no dice si la respuesta lo usó.",
    "relevance": "Dónde más atención habría subido la puntuación de la etiqueta, según los "
    "gradientes: vale para cambios pequeños, y solo para la atención.",
    "gradcam": "Dónde lo que lee el último bloque habla a favor de la etiqueta, con el mismo peso "
    "en todos los fotogramas: lugares más que momentos.",
    "occlusion": "Cuánto baja la puntuación de la etiqueta al cubrir un trozo con el color medio "
    "del clip; ningún clip con el que aprendió el modelo tenía ese aspecto.",
}
HEAT_NAMES = {
    "rollout": "rollout",
    "attention": "atención",
    "time-attention": "atención temporal",
    "relevance": "relevancia",
    "gradcam": "Grad-CAM",
    "occlusion": "oclusión",
}
ZONES = {
    "upper left": "arriba a la izquierda",
    "upper centre": "arriba en el centro",
    "upper right": "arriba a la derecha",
    "middle left": "a la izquierda, a media altura",
    "middle centre": "en el centro",
    "middle right": "a la derecha, a media altura",
    "lower left": "abajo a la izquierda",
    "lower centre": "abajo en el centro",
    "lower right": "abajo a la derecha",
}


def heat_about(name: str, labels: Sequence[str], against: bool) -> str:
    """What the heat is, and for or against which label, or rather than which other."""
    about = " y no de ".join(f"«{label}»" for label in labels)
    return f"{name} {'en contra' if against else 'a favor'} de {about}"


def nowhere(name: str) -> str:
    """That there is no heat."""
    return f"No hay {name} en ninguna parte."


def densest(
    name: str, first: int, last: int, T: int, share: float, zone: str, density: float
) -> str:
    """In which frames most of the heat is, and where it is densest in those."""
    frames = f"El fotograma {first}" if first == last else f"Los fotogramas {first} a {last}"
    return (
        f"{frames} de {T} {'reúne' if first == last else 'reúnen'} el {_percent(share)} del calor "
        f"({name}), cuando un reparto igual daría el {_percent((last - first + 1) / T)}; allí se "
        f"concentra sobre todo {zone}, {_decimal(density, 1)} veces el valor uniforme."
    )


def counts(
    name: str, label: str, points: int, random_points: int, gap: float, random_gap: float
) -> str:
    """What covering the hottest tenth takes off a probability, beside a random tenth."""
    return (
        f"Probabilidad de «{label}», según este mapa de calor ({name}): cubrir la décima parte más "
        f"caliente de los parches {_taken(points)}; cubrir una décima parte al azar "
        f"{_taken(random_points)}. El área entre mostrar primero lo más caliente y "
        f"cubrirlo primero es {_decimal(gap, 2)}; con mapas al azar, {_decimal(random_gap, 2)}."
    )


def _taken(points: int) -> str:
    if not points:
        return "apenas la cambia"
    noun = "punto" if abs(points) == 1 else "puntos"
    return f"la baja {points} {noun}" if points > 0 else f"la sube {-points} {noun}"


def _decimal(number: float, digits: int) -> str:
    """With a decimal comma."""
    return f"{number:.{digits}f}".replace(".", ",")


def _percent(share: float, digits: int = 0) -> str:
    """With a decimal comma, and a space that does not break."""
    return f"{share:.{digits}%}".replace(".", ",").replace("%", "\N{NO-BREAK SPACE}%")


def _grouped(number: int) -> str:
    """In groups of three digits, where there are more than four."""
    return f"{number:,}".replace(",", "\N{NARROW NO-BREAK SPACE}") if number > 9999 else str(number)
