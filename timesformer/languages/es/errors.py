"""Spanish: errors and notes of the package, by their English templates."""

TEMPLATES: dict[str, str] = {
    # Of a video and its clip.
    "This is not a file. Choose a video, such as an MP4 or a WebM.": (
        "Esto no es un archivo. Elige un vídeo, por ejemplo un MP4 o un WebM."
    ),
    "The video could not be opened. Choose it again.": (
        "No se pudo abrir el vídeo. Elígelo otra vez."
    ),
    "The video broke off while being read. Save it again as MP4.": (
        "El vídeo se interrumpió mientras se leía. Guárdalo de nuevo como MP4."
    ),
    "The file is empty (0 bytes). Choose a video, or record it again.": (
        "El archivo está vacío (0 bytes). Elige un vídeo o vuelve a grabarlo."
    ),
    (
        "The video is cut off: the part that says where its frames are is missing. Let the "
        "recording or download finish, then choose the file again."
    ): (
        "El vídeo está cortado: falta la parte que dice dónde están sus fotogramas. Deja que "
        "termine la grabación o la descarga y elige el archivo otra vez."
    ),
    "This file is not a video that can be read here. Choose an MP4, MOV, WebM, AVI or GIF.": (
        "Este archivo no es un vídeo que se pueda leer aquí. Elige un MP4, MOV, WebM, AVI o GIF."
    ),
    "The file holds no moving pictures, only sound or a still. Choose a video.": (
        "El archivo no contiene imágenes en movimiento, solo sonido o una imagen fija. Elige un "
        "vídeo."
    ),
    (
        "The video's pictures are coded in a way that is not read here. Save it as MP4 (H.264) "
        "and choose that file."
    ): (
        "Las imágenes del vídeo están codificadas de una forma que aquí no se lee. Guárdalo como "
        "MP4 (H.264) y elige ese archivo."
    ),
    (
        "A frame of the video has {width} x {height} pixels, {millions:.0f} million; at most "
        "{most} million are read. Save it smaller, 1920 x 1080 for instance."
    ): (
        "Un fotograma del vídeo tiene {width} x {height} píxeles, {millions:.0f} millones; se "
        "leen {most} millones como máximo. Guárdalo más pequeño, por ejemplo a 1920 x 1080."
    ),
    "The video holds no frames. Choose another, or record it again.": (
        "El vídeo no tiene ningún fotograma. Elige otro o vuelve a grabarlo."
    ),
    (
        "Not one frame of the video could be read: it is damaged, or a frame has more than {most} "
        "million pixels. Save it again as MP4."
    ): (
        "No se pudo leer ni un fotograma del vídeo: está dañado, o un fotograma tiene más de "
        "{most} millones de píxeles. Guárdalo de nuevo como MP4."
    ),
    "The file has {size:.1f} MB; at most {most} MB are read. Trim the video, or save it smaller.": (
        "El archivo tiene {size:.1f} MB; se leen {most} MB como máximo. Recorta el vídeo o "
        "guárdalo más pequeño."
    ),
    (
        "Reading the video takes longer than {most:.0f} s. Trim it, or save it smaller, 1280 x "
        "720 for instance."
    ): (
        "Leer el vídeo tarda más de {most:.0f} s. Recórtalo o guárdalo más pequeño, por ejemplo a "
        "1280 x 720."
    ),
    (
        "Reading the video takes more than {most} s of computing. Trim it, or save it smaller, "
        "1280 x 720 for instance."
    ): (
        "Leer el vídeo exige más de {most} s de cálculo. Recórtalo o guárdalo más pequeño, por "
        "ejemplo a 1280 x 720."
    ),
    (
        "Reading the video takes more than {most} MB of memory. Save it smaller, 1280 x 720 for "
        "instance, and choose that file."
    ): (
        "Leer el vídeo exige más de {most} MB de memoria. Guárdalo más pequeño, por ejemplo a "
        "1280 x 720, y elige ese archivo."
    ),
    (
        "Reading the video went wrong and was stopped. Save it again as MP4 (H.264) and choose "
        "that file."
    ): (
        "Algo falló al leer el vídeo y se detuvo la lectura. Guárdalo de nuevo como MP4 (H.264) y "
        "elige ese archivo."
    ),
    "No video can be read just now: the computer starts no more programs. Try again in a minute.": (
        "Ahora mismo no se puede leer ningún vídeo: el equipo no inicia más programas. Inténtalo "
        "otra vez dentro de un minuto."
    ),
    "The video's colours are of high dynamic range: here they look paler than they are.": (
        "Los colores del vídeo son de alto rango dinámico (HDR): aquí se ven más pálidos de lo "
        "que son."
    ),
    (
        "The video lasts {duration:.1f} s, so no clip can start at {start:.1f} s. Choose an "
        "earlier start."
    ): (
        "El vídeo dura {duration:.1f} s, así que ningún clip puede empezar en {start:.1f} s. "
        "Elige un comienzo anterior."
    ),
    (
        "After {start:.1f} s the video goes on for {lasting:.1f} s and the model expects "
        "{expected:.1f} s: its last frame was repeated once."
    ): (
        "Después de {start:.1f} s, el vídeo sigue {lasting:.1f} s y el modelo espera "
        "{expected:.1f} s: su último fotograma se repitió una vez."
    ),
    (
        "After {start:.1f} s the video goes on for {lasting:.1f} s and the model expects "
        "{expected:.1f} s: its last frame was repeated {repeats} times."
    ): (
        "Después de {start:.1f} s, el vídeo sigue {lasting:.1f} s y el modelo espera "
        "{expected:.1f} s: su último fotograma se repitió {repeats} veces."
    ),
    (
        "The video lasts {lasting:.1f} s and the model expects {expected:.1f} s: its last frame "
        "was repeated once."
    ): (
        "El vídeo dura {lasting:.1f} s y el modelo espera {expected:.1f} s: su último fotograma "
        "se repitió una vez."
    ),
    (
        "The video lasts {lasting:.1f} s and the model expects {expected:.1f} s: its last frame "
        "was repeated {repeats} times."
    ): (
        "El vídeo dura {lasting:.1f} s y el modelo espera {expected:.1f} s: su último fotograma "
        "se repitió {repeats} veces."
    ),
    "The video has 1 frame and the model expects {expected}: it was repeated.": (
        "El vídeo tiene 1 fotograma y el modelo espera {expected}: se repitió."
    ),
    "The video has {available} frames and the model expects {expected}: some were repeated.": (
        "El vídeo tiene {available} fotogramas y el modelo espera {expected}: algunos se "
        "repitieron."
    ),
    (
        "The file has more than {most} streams of pictures and sound: only the first {most} were "
        "looked at."
    ): (
        "El archivo tiene más de {most} pistas de imagen y sonido: solo se miraron las {most} "
        "primeras."
    ),
    "The video is very long: only its first {minutes:.0f} minutes ({frames:,} frames) were read.": (
        "El vídeo es muy largo: solo se leyeron sus primeros {minutes:.0f} minutos ({frames:,} "
        "fotogramas)."
    ),
    "Only the first {found:.1f} s of {declared:.1f} s hold pictures that could be found.": (
        "Solo se encontraron imágenes en los primeros {found:.1f} s de {declared:.1f} s."
    ),
    (
        "The video could not be read after {end:.1f} s: the last readable frame stands for the "
        "remaining {unread} of {total}."
    ): (
        "El vídeo no se pudo leer después de {end:.1f} s: el último fotograma legible ocupa el "
        "lugar de los {unread} restantes, de {total}."
    ),
    "The wanted frame could not be read; the one before it was used instead.": (
        "El fotograma buscado no se pudo leer; se usó el anterior."
    ),
    "{unread} of {total} frames could not be read; the frame before each was used.": (
        "No se pudieron leer {unread} de {total} fotogramas; en su lugar se usó el anterior a "
        "cada uno."
    ),
    # Of what a model does not say of itself.
    (
        "This checkpoint does not record how its frames were chosen: a clip of about {seconds} s "
        "is assumed."
    ): (
        "Este modelo no indica cómo se eligieron sus fotogramas: se supone un clip de unos "
        "{seconds} s."
    ),
    (
        "This checkpoint does not record how its frames were chosen and prepared: a clip of about "
        "{seconds} s, with mean {mean} and deviation {std} as of the released models, is taken."
    ): (
        "Este modelo no indica cómo se eligieron y prepararon sus fotogramas: se toma un clip de "
        "unos {seconds} s, con la media {mean} y la desviación {std} de los modelos publicados."
    ),
    (
        "How this checkpoint's frames are chosen and prepared could not be asked for: a clip of "
        "about {seconds} s, with mean {mean} and deviation {std} as of the released models, is "
        "taken."
    ): (
        "No se pudo consultar cómo se eligen y preparan los fotogramas de este modelo: se toma un "
        "clip de unos {seconds} s, con la media {mean} y la desviación {std} de los modelos "
        "publicados."
    ),
    (
        "This file is of mmaction2: a clip of about {seconds} s, with mean and deviation {mean} "
        "as in its configs, is taken."
    ): (
        "Este archivo es de mmaction2: se toma un clip de unos {seconds} s, con media y "
        "desviación {mean}, como en sus configuraciones."
    ),
    "This file has the shapes of {name}: its frames are chosen and prepared as for that.": (
        "Este archivo tiene las formas de {name}: sus fotogramas se eligen y preparan como los de "
        "ese modelo."
    ),
    "{T} frames of {W} x {H} pixels": "{T} fotogramas de {W} x {H} píxeles",
    "This model was made for {trained} and is shown {given}: trust it less.": (
        "Este modelo se hizo para {trained} y aquí ve {given}: fíate menos de él."
    ),
    "This checkpoint has no words for its {count} classes: they are shown as {first} and so on.": (
        "Este modelo no tiene palabras para sus {count} clases: aparecen como {first}, etc."
    ),
    (
        "This checkpoint has no words for its {count} classes: those of {dataset}, which has as "
        "many, are shown."
    ): (
        "Este modelo no tiene palabras para sus {count} clases: se muestran las de {dataset}, que "
        "tiene otras tantas."
    ),
    # Of the files of a model.
    (
        "The crops of {name}, {H} x {W} pixels, do not divide into its patches of {height} x "
        "{width}."
    ): (
        "Los recortes de {name}, de {H} x {W} píxeles, no se dividen en sus parches de {height} x "
        "{width}."
    ),
    "The {file} of {name} cannot be used: {reason}.": (
        "No se puede usar {file} de {name}: {reason}."
    ),
    "The {file} of {name} does not describe a TimeSformer: {reason}.": (
        "El archivo {file} de {name} no describe un TimeSformer: {reason}."
    ),
    "a value is of the wrong kind": "un valor es de un tipo equivocado",
    "There is no checkpoint named {name!r} here.": "Aquí no hay ningún modelo llamado «{name}».",
    (
        "There is no checkpoint named {name!r} here. Give the name of an embedded model, a Hub id "
        "such as 'facebook/timesformer-base-finetuned-k400', a folder or file."
    ): (
        "Aquí no hay ningún modelo llamado «{name}». Indica el nombre de un modelo incluido, un "
        "identificador del Hub como «facebook/timesformer-base-finetuned-k400», una carpeta o un "
        "archivo."
    ),
    "{name} names a revision already; {revision!r} is one too many.": (
        "{name} ya indica una revisión; «{revision}» sobra."
    ),
    "{name} has no further revisions; {revision!r} can be had of a Hub id alone.": (
        "{name} no tiene más revisiones; «{revision}» solo se puede pedir con un identificador "
        "del Hub."
    ),
    (
        "{name} has no {file}, without which it cannot be used. Put the one it was trained with "
        "beside its weights."
    ): (
        "{name} no tiene {file}, sin el cual no se puede usar. Pon junto a sus pesos el archivo "
        "con el que se entrenó."
    ),
    "The {file} of {name} has more than {most:,} bytes. Get it again from where it came from.": (
        "El archivo {file} de {name} tiene más de {most:,} bytes. Vuelve a traerlo de donde vino."
    ),
    "The {file} of {name} is not JSON.": "El archivo {file} de {name} no es JSON.",
    "The {file} of {name} holds no settings.": "El archivo {file} de {name} no contiene ajustes.",
    "{name} has no weights. They are looked for in {files}.": (
        "{name} no tiene pesos. Se buscan en {files}."
    ),
    "{file} of {source}": "{file} de {source}",
    (
        "{file} is damaged, or holds objects besides weights, which are not opened. Get it again "
        "from where it came from, or have its weights saved as safetensors."
    ): (
        "{file} está dañado o contiene, además de pesos, otros objetos, que aquí no se abren. "
        "Vuelve a traerlo de donde vino o pide que guarden sus pesos como safetensors."
    ),
    "The weights of {source} do not fit the config: {faults}.": (
        "Los pesos de {source} no encajan con la configuración: {faults}."
    ),
    "missing: {keys}": "faltan: {keys}",
    "left over: {keys}": "sobran: {keys}",
    "of another shape: {keys}": "tienen otra forma: {keys}",
    "{names} and {count} more": "{names} y {count} más",
    (
        "The weights of {source} are not all finite numbers, in {keys}. Get them again from where "
        "they came from."
    ): (
        "No todos los pesos de {source} son números finitos, en {keys}. Vuelve a traerlos de "
        "donde vinieron."
    ),
    "The weights of {source} are of {kind} and have no {key}, which its config asks for.": (
        "Los pesos de {source} son de {kind} y no tienen {key}, que su configuración pide."
    ),
    "These weights are of several kinds: {kinds}. Keep one kind.": (
        "Estos pesos son de varios tipos: {kinds}. Quédate con un solo tipo."
    ),
    "{key} of {kind}": "{key} de {kind}",
    "These are no weights of a TimeSformer: they hold {first}. What can be read is of: {known}.": (
        "Estos no son pesos de un TimeSformer: contienen {first}. Se pueden leer los de: {known}."
    ),
    "nothing": "nada",
    "the released TimeSformer code": "el código publicado de TimeSformer",
    "mmaction2, divided attention": "mmaction2, atención dividida",
    "mmaction2, joint or space-only attention": "mmaction2, atención conjunta o solo espacial",
    "These weights have no {key}, which every whole TimeSformer has.": (
        "Estos pesos no tienen {key}, que todo TimeSformer completo tiene."
    ),
    "The shapes of these weights are of no TimeSformer: {reason}.": (
        "Las formas de estos pesos no son de un TimeSformer: {reason}."
    ),
    (
        "int8 asks for a processor with VNNI instructions, and {device!r} here has none. "
        "Choose another dtype, or none."
    ): (
        "int8 pide un procesador con instrucciones VNNI, y «{device}» no las tiene aquí. "
        "Elige otro dtype, o ninguno."
    ),
    "{variable} is {named!r}. It may be {known}.": ("{variable} es «{named}». Puede ser {known}."),
    (
        "The model cannot be put on {device!r} here. Use 'cpu', or 'cuda' where there is an "
        "NVIDIA GPU with enough free memory."
    ): (
        "Aquí no se puede cargar el modelo en «{device}». Usa «cpu», o «cuda» donde haya una GPU "
        "de NVIDIA con suficiente memoria libre."
    ),
    "There is no {file} in {folder}. Train or evaluate that model first.": (
        "En {folder} no hay {file}. Entrena o evalúa antes ese modelo."
    ),
    "The {file} in {folder} was written by another version. Train or evaluate that model again.": (
        "El archivo {file} de {folder} lo escribió otra versión. Entrena o evalúa de nuevo ese "
        "modelo."
    ),
    # Of the Hub.
    (
        "{name} is not on this computer and the Hugging Face Hub cannot be reached. With a "
        "network, run `python -m timesformer download {repository}` once; after that it works "
        "offline."
    ): (
        "{name} no está en este equipo y no se puede llegar al Hugging Face Hub. Con red, ejecuta "
        "una vez `python -m timesformer download {repository}`; después funciona sin conexión."
    ),
    "{name} has no revision {revision!r} on the Hub. Without one, its newest is taken.": (
        "{name} no tiene la revisión «{revision}» en el Hub. Si no se indica ninguna, se toma la "
        "más reciente."
    ),
    (
        "{name} is gated: its owner gives it to those who ask. Ask on its page on the Hub, then "
        "run `hf auth login` here."
    ): (
        "El acceso a {name} está restringido: su propietario lo da a quien lo pide. Pídelo en su "
        "página del Hub y después ejecuta aquí `hf auth login`."
    ),
    (
        "The Hub has no public model named {name!r}. Check the spelling; a private or gated model "
        "needs `hf auth login` first."
    ): (
        "En el Hub no hay ningún modelo público llamado «{name}». Revisa la ortografía; un modelo "
        "privado o restringido necesita antes `hf auth login`."
    ),
    (
        "There is no room on the disk for {name}. Free some and try again; `hf cache rm` removes "
        "models that are no longer needed."
    ): (
        "No hay sitio en el disco para {name}. Libera espacio e inténtalo otra vez; `hf cache rm` "
        "quita modelos que ya no hacen falta."
    ),
    (
        "{name} cannot be kept: the Hub's cache may not be written. Name a folder that may be in "
        "the environment variable HF_HOME."
    ): (
        "{name} no se puede guardar: no se permite escribir en la caché del Hub. Indica en la "
        "variable de entorno HF_HOME una carpeta en la que se pueda."
    ),
    (
        "The Hub refused {name}: it answered {status}. Run `hf auth login` with an account that "
        "may have it, and try again."
    ): (
        "El Hub rechazó {name}: respondió {status}. Ejecuta `hf auth login` con una cuenta que "
        "tenga acceso e inténtalo otra vez."
    ),
    "The Hub refused {name}: it answered {status}. Wait a little and try again.": (
        "El Hub rechazó {name}: respondió {status}. Espera un poco e inténtalo otra vez."
    ),
    # Of the page.
    "This model looks at one frame, and that has no other order.": (
        "Este modelo mira un solo fotograma, y ese no tiene otro orden."
    ),
    "There is no heat in this heatmap, so there is nothing to cover.": (
        "En este mapa de calor no hay calor, así que no hay nada que cubrir."
    ),
    "There is no folder to write to, and clips have to lie somewhere. Name one in {name}.": (
        "No hay ninguna carpeta en la que se pueda escribir, y los clips tienen que estar en "
        "alguna parte. "
        "Indica una en {name}."
    ),
    "Two models in {variable} have the same last part. Rename one.": (
        "Dos modelos de {variable} tienen la misma última parte. Cambia el nombre de uno."
    ),
    "This model is not offered here. Choose one of the list.": (
        "Este modelo no se ofrece aquí. Elige uno de la lista."
    ),
    "This is no id of a model on the Hub. Type one as owner/name, or choose one of the list.": (
        "Esto no es el identificador de un modelo del Hub. Escríbelo como owner/name o elige uno "
        "de la lista."
    ),
    (
        "The Hub does not give {name} to anybody just now. Check the spelling, or choose one of "
        "the list."
    ): (
        "El Hub no da {name} a cualquiera en este momento. Revisa la ortografía o elige un modelo "
        "de la lista."
    ),
    "{name} is not open to anybody. Choose one of the list.": (
        "{name} no está abierto a todo el mundo. Elige un modelo de la lista."
    ),
    "{name} has no {file}, and no other file of weights is opened here. Choose one of the list.": (
        "{name} no tiene {file}, y aquí no se abre ningún otro archivo de pesos. Elige un modelo "
        "de la lista."
    ),
    (
        "The {file} of {name} is too large: at most {most:,.0f} MB are fetched here. Choose one "
        "of the list."
    ): (
        "El archivo {file} de {name} es demasiado grande: aquí se traen como máximo {most:,.0f} "
        "MB. Elige un modelo de la lista."
    ),
    "No more models are fetched here. Choose one of the list.": (
        "Aquí ya no se traen más modelos. Elige uno de la lista."
    ),
    (
        "{name} is too large for this page: it has {asked:,} {what}, and at most {most:,} are "
        "taken here. Choose one of the list."
    ): (
        "{name} es demasiado grande para esta página: tiene {asked:,} {what}, y aquí se admiten "
        "{most:,} como máximo. Elige un modelo de la lista."
    ),
    "There is no such heatmap. Choose one of the list.": (
        "No existe ese mapa de calor. Elige uno de la lista."
    ),
    (
        "This model has no time attention of its own. Choose another heatmap, or a model with "
        "divided attention."
    ): (
        "Este modelo no tiene una atención temporal propia. Elige otro mapa de calor o un modelo "
        "con atención dividida."
    ),
    "Choose for which label, too, or leave the one it is told from.": (
        "Elige también para qué etiqueta, o quita aquella con la que se compara."
    ),
    "This model has no label {label!r}. Choose one of the list.": (
        "Este modelo no tiene la etiqueta «{label}». Elige una de la lista."
    ),
    "A label rather than itself tells nothing. Choose another.": (
        "Comparar una etiqueta consigo misma no dice nada. Elige otra."
    ),
}
