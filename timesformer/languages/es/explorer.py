"""Spanish: the explorer; in braces stand numbers."""

EXPLORER_HEADING = "Señala un parche: ¿qué lee?"
PART_TOO_LARGE = {
    "block": "Un bloque de este modelo es demasiado para enviarlo a un navegador. La línea de "
    "comandos lo dibuja: python -m timesformer explain, con --method attention, --patch, --block "
    "y --heads.",
    "frame": "Lo que los parches de un fotograma reciben a través de todos los bloques de este "
    "modelo es demasiado para enviarlo a un navegador. La línea de comandos dibuja lo de un "
    "parche: python -m timesformer explain, con --method rollout y --patch.",
}
EXPLORER = {
    "heading": EXPLORER_HEADING,
    "lead": "Atención significa que cada parche lee los demás, unos más que otros. Señala o "
    "toca cualquier parche de cualquier fotograma y mira qué lee; pulsa para dejarlo fijo. Con el "
    "teclado, las flechas mueven el parche, y Re Pág y Av Pág cambian de fotograma.",
    "picture": "El fotograma con el parche elegido. Las flechas mueven el parche; Re Pág y Av Pág "
    "cambian de fotograma.",
    "frames": "Todos los fotogramas",
    "figure": "{frame} · {time} s",
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
    "fetch": {
        "block": "Traer este bloque",
        "frame": "Traerlo para este fotograma",
    },
    "fetchWords": {
        "block": "Este modelo es grande: su atención llega bloque a bloque, unos {megabytes} MB "
        "cada uno.",
        "frame": "Este modelo es grande: esta vista llega para los parches de un fotograma a la "
        "vez, unos {megabytes} MB.",
    },
    "fetching": {
        "block": "Trayendo el bloque",
        "frame": "Trayéndolo para el fotograma",
    },
    "other": "Lo que ha llegado es de otro clip o de otro modelo que los fotogramas de aquí. Pulsa "
    "«Mirar el clip» y tráelo de nuevo.",
    "unreachable": "No se pudieron traer los números. Pulsa «Mirar el clip» otra vez.",
    "tooLarge": PART_TOO_LARGE,
}
ATTENTION_FILE = "Consultas y claves (queries, keys) de todas las cabezas (safetensors)"
NO_PART = {
    "block": "Este modelo no tiene ese bloque. Elige uno de los que muestra el explorador.",
    "frame": "Este clip no tiene ese fotograma. Elige uno de los que muestra el explorador.",
}
FETCHED = {
    "block": "Se ha traído el bloque {number}.",
    "frame": "Se ha traído el fotograma {number}, a través de todos los bloques.",
}
