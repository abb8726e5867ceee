"""Spanish: the drawing of a block, the arithmetic of one patch, and the references."""

from .habits import whole

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
        f"{whole(parameters)} parámetros en {blocks} bloques de {heads} cabezas. Cada token, es "
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
    return f"1 + {whole(tokens)} tokens, de todos los fotogramas, leen los 1 + {whole(tokens)}"


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
        f"Tras una LayerNorm, los {whole(tokens)} parches de todos los fotogramas y el token "
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
        f"{whole(tokens)} tokens en el espacio, {whole(frames + tokens)} en total. Con todo "
        f"el clip a la vez serían {whole(joint)}."
    )


def joint_compared(tokens: int, divided: int) -> str:
    """How much work a patch has in a block of joint attention."""
    return (
        f"En un bloque, cada parche se compara con {whole(tokens)} tokens. Con la atención "
        f"dividida en tiempo y espacio serían {whole(divided)}."
    )


def space_only_compared(tokens: int) -> str:
    """How much work a patch has in a block of space attention alone."""
    return (
        f"En un bloque, cada parche se compara con {whole(tokens)} tokens, todos de su propio "
        "fotograma."
    )


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
    "gradsam": "El mapa de calor «Grad-SAM», aquí del último bloque.",
    "gradcam": "El mapa de calor «Grad-CAM», aquí sobre lo que lee el último bloque.",
    "occlusion": "El mapa de calor «oclusión»: cubrir un trozo y observar.",
    "deletion": "La comprobación de un mapa de calor: cubrir primero los parches más calientes.",
    "attention": "Consultas, claves, valores y cabezas.",
    "patches": "Las imágenes como parches, y los pesos de los que partieron los modelos "
    "publicados.",
}
