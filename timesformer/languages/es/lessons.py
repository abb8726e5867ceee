"""Spanish: the bar over the page, the tour, the lessons and the teacher's corner."""

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
