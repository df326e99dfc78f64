//! Spanish.

use super::Cue::{self, *};

pub(super) const SPLIT: &str = r"(;| — | – | - |: |, (?:y|pero|así que|que|porque|ya que|aunque|mientras|luego|o)\b|,? (?:y|e|pero|porque|ya que|aunque|así que) |, )";

pub(super) const NUMBERS: &[(&str, f64)] = &[
    ("cero", 0.0),
    ("dos", 2.0),
    ("tres", 3.0),
    ("cuatro", 4.0),
    ("cinco", 5.0),
    ("seis", 6.0),
    ("siete", 7.0),
    ("ocho", 8.0),
    ("nueve", 9.0),
    ("diez", 10.0),
    ("once", 11.0),
    ("doce", 12.0),
    ("ambos", 2.0),
    ("ambas", 2.0),
    ("veinte", 20.0),
    ("trece", 13.0),
    ("catorce", 14.0),
    ("quince", 15.0),
    ("treinta", 30.0),
    ("un solo", 1.0),
    ("una sola", 1.0),
    ("la única", 1.0),
    ("el único", 1.0),
];

pub(super) const TABLE: &[(Cue, &str)] = &[
    (
        Test,
        r"\b(?:tests?|pruebas?|suite(?: de pruebas)?|batería|casos de prueba|specs?|pytest|jest|phpunit|vitest|rspec)\b",
    ),
    (All, r"\b(?:todos|todas|todo|toda|enter[oa]|complet[oa]s?|totalidad|íntegr[oa])\b"),
    (
        Pass,
        r"\b(?:pasa(?:n|ron|da|das|do|ndo)?|pasó|verdes?|exitosa?s?|éxito|supera(?:n|da|das|ron)?|correctas?|correctamente|ok|aprob\w+)\b|✅|✓",
    ),
    (
        AllGreen,
        r"\b(?:todo (?:está )?en verde|en verde|0 fallos|ningún (?:fallo|test falla)|sin fallos|ninguna prueba falla|[0-9]+ pasad[oa]s)\b",
    ),
    (Fail, r"\bfallando\b|\b(?:falla(?:n|ron|ba|do)?|falló|fallos?|rojo|roto|rota|con errores)\b|❌"),
    (
        NoFail,
        r"\b(?:sin (?:ningún )?(?:errores|fallos|problemas|error|fallo)|ningún (?:error|fallo|problema)|no hay (?:errores|fallos))\b",
    ),
    (
        Build,
        r"\b(?:compil\w*|build|construye|construcción|construid\w+|comprobación de tipos|errores de tipos?|tipado|bundle|imagen|tsc|mypy|cargo check)\b",
    ),
    (
        Success,
        r"\b(?:éxito|exitosa?(?:mente)?|sin (?:ningún )?(?:errores|error|advertencias|problemas)|correctamente|pasa|funciona|compila|termina|ningún error|no (?:hay|da|muestra|reporta) errores|bien)\b|✅",
    ),
    (
        Lint,
        r"\b(?:lint\w*|clippy|eslint|ruff|prettier|formate\w*|formato|black|gofmt|rubocop|phpstan|flake8|análisis estático|cargo fmt)\b",
    ),
    (
        Clean,
        r"\bcorrect[oa]s?\b|\bno encuentra (?:problemas|errores|nada)\b|\b(?:limpi[oa]|sin (?:ningún |ninguna )?(?:errores|error|advertencias?|avisos?|problemas|hallazgos|observaciones)|ningún (?:error|aviso|problema|hallazgo)|ninguna (?:advertencia|queja)|nada|formatead[oa]s?|pasa|no (?:reporta|muestra|informa|da|encuentra|señala)|verde)\b|✅",
    ),
    (
        NoWarnings,
        r"\b(?:sin (?:ninguna? )?(?:advertencias?|avisos?|warnings?)|ninguna? (?:advertencia|aviso|warning)|no hay (?:advertencias|avisos|warnings)|cero advertencias)\b",
    ),
    (
        Add,
        r"\b(?:añadió|agregó|creó|introdujo|implementó|añadieron|agregaron|crearon)\b|\b(?:añad(?:í|ido|ida|idos|idas|e|imos)|agreg(?:ué|ado|ada|ados|adas|a|amos)|cre(?:é|ado|ada|ados|adas)|introdu(?:je|cido|cida)|implement(?:é|ado|ada)|nuev[oa]s?|escri(?:bí|to|ta)|defin(?:í|ido|ida)|incorpor\w+|incluid[oa])\b",
    ),
    (
        Remove,
        r"\b(?:eliminó|borró|quitó|suprimió|retiró|eliminaron|borraron)\b|\bdesapareci(?:ó|eron)\b|\b(?:elimin(?:é|ado|ada|ados|adas|a)|borr(?:é|ado|ada)|quit(?:é|ado|ada)|suprimid[oa]|retir(?:é|ado|ada)|ya no existe|desaparecid[oa])\b",
    ),
    (
        Change,
        r"\b(?:actualizó|reemplazó|sustituyó|ajustó|modificó|cambió|subió|bajó)\b|\b(?:cambi(?:é|ado|ada|a|ó)|actualic(?:é|e)|actualizad[oa]s?|modifi(?:qué|cado|cada|có)|reempla(?:cé|zado|zada|za)|sustitu(?:í|ido|ida)|ajust(?:é|ado|ada)|adapt(?:é|ado|ada)|convert(?:í|ido|ida)|refactori\w+|reescri\w+|usa(?:n)?|utiliza|mov(?:í|ido|ida)|aument(?:é|ado|ada)|redu(?:je|cido|cida)|ampli\w+|document(?:é|ado|ada)|corregid[oa]|llama|envuelve|envolv\w+|simplifi\w+|vale|menciona|describe|pasé)\b",
    ),
    (Rename, r"\brenombró\b|\b(?:renombr(?:é|ado|ada|ados|a)|ahora se llama)\b"),
    (Move, r"\b(?:mov(?:í|ido|ida|idos)|traslad(?:é|ado|ada))\b"),
    (Extract, r"\b(?:extra(?:je|ído|ída|e)|separ(?:é|ado|ada))\b"),
    (
        Fix,
        r"\b(?:corr(?:egí|egido|egida|ige|igió)|arregl(?:é|ado|ada)|solucion(?:é|ado|ada)|resuelt[oa]|resolv\w+|ya no|ahora funciona|funciona (?:ahora|correctamente|bien)|correctamente|repar(?:é|ado|ada)|desaparec\w+)\b",
    ),
    (Now, r"\b(?:ahora|a partir de ahora)\b"),
    (NoLonger, r"\b(?:ya no|dejó de)\b"),
    (
        Run,
        r"\b(?:ejecut(?:é|ado|ada|ados|adas|amos)|corr(?:í|ido|ida)|lanc(?:é|e)|lanzad[oa]s?|apli(?:qué|cado|cada)|reinici(?:é|ado|ada)|instal(?:é|ado|ada)|prob(?:é|ado|ada)|intent(?:é|ado)|despleg\w+|inici(?:é|ado))\b",
    ),
    (
        Exited,
        r"\b(?:(?:termin\w+|sali\w+|finaliz\w+|complet\w+) (?:con (?:el )?(?:código|estado) [0-9]|sin errores|con éxito|correctamente)|código (?:de salida )?[0-9]|sin errores)\b",
    ),
    (
        Read,
        r"\b(?:le(?:í|ído|ída|ímos)|revis(?:é|ado|ada|ados|amos)|examin(?:é|ado|ada)|inspeccion(?:é|ado)|estudi(?:é|ado)|analic(?:é|e)|analizad[oa]|comprob(?:é|ado|ada)|verifi(?:qué|cado|cada)|consult(?:é|ado)|mir(?:é|ado)|compar(?:é|ado))\b",
    ),
    (Searched, r"\b(?:bus(?:qué|cado|cada)|búsqueda|grep|rastre\w+)\b"),
    (Not, r"\b(?:no|nunca|ningún|ninguna|ninguno|nada|sin|ni|tampoco)\b"),
    (
        Hedge,
        r"\b(?:debería[n]?|probablemente|quizás?|tal vez|creo que|pienso que|supongo|parece[n]?|aparentemente|podría[n]?|seguramente|posiblemente|en teoría)\b",
    ),
    (
        Plan,
        r"\b(?:voy a|haré|próximo paso|siguiente paso|queda(?:ría)? por|falta por|por hacer|más adelante|se podría|habría que)\b",
    ),
    (
        Order,
        r"^(?:por favor|ejecuta|ejecute|corre|mira|revisa|comprueba|avísame|avíseme|usa|use|puedes|puede|debes|para (?:ejecutar|probar|verificar)|recuerda|dime|asegúrate|instala)\b",
    ),
    (
        Offer,
        r"\b(?:por favor|puedes|deberías|debes|tienes que|avísame|dime si|recomiendo|sugiero|quieres que|como pediste|pediste|si quieres|conviene)\b",
    ),
    (If, r"^(?:si|cuando|en caso de|una vez que|a menos que)\b"),
    (
        Only,
        r"\b(?:sol[oa]|sólo|solamente|únicamente|únic[oa]|exclusivamente|nada más|ningún otro|ninguna otra|limitad[oa])\b",
    ),
    (
        Untouched,
        r"\b(?:conserva|mantiene)n? (?:su|sus|la|el|las|los) (?:\p{L}+ )?(?:firma|interfaz|api|nombre|comportamiento|contrato)\w*|\b(?:sin (?:cambios|modificar|tocar|alterar)|intact[oa]s?|no (?:he |se (?:ha |han )?|ha sido |fue |fueron |han sido )?(?:toc|modific|cambi|alter|edit)\w*|no (?:toqué|modifiqué|cambié)|sigue(?:n)? (?:igual|siendo)|permanece\w*|se mantiene\w*|queda(?:n)? (?:igual|intact\w+|sin)|tal (?:cual|como)|ningún otro archivo|ninguna otra|nada más|retrocompatible|dejé .{0,30}(?:como|igual|intact))\b",
    ),
    (
        NoDependency,
        r"\bno (?:hacen falta|se necesitan|hizo falta|se requieren?|requiere|necesita)\w* .{0,14}dependencias?\b|\b(?:no (?:se )?(?:\w+ )?(?:añad|agreg|introdu|hay)\w*.{0,20}dependencias?|sin (?:nuevas )?dependencias|ninguna (?:nueva )?dependencia|ninguna dependencia)\b",
    ),
    (
        NoNetwork,
        r"\b(?:sin (?:acceso a (?:la )?)?(?:red|internet)|no (?:se )?(?:\w+ )?(?:acced|us|utiliz)\w* .{0,12}(?:red|internet)|ninguna conexión|ningún acceso)\b",
    ),
    (
        Unused,
        r"\b(?:(?:no (?:hay|quedan?|existen?|queda|tiene|encontré)|ningun[oa]?|ningún|sin)(?: más| otr[oa]s?| otr[oa])* ?(?:otr[oa]s? )?(?:usos?|referencias?|llamadas?|llamadores|ocurrencias?|apariciones|importaciones|menciones|consumidores)|sin uso|no (?:se |está |es |era )?(?:usad?|utiliz|llam|referenc|import)\w* (?:en ningún|por nadie|en otro|en ninguna|más)|en ningún (?:otro )?(?:lugar|sitio)|nadie (?:más )?(?:lo |la )?(?:usa|llama)|nada más (?:lo |la )?(?:usa|llama)|únic[oa] (?:uso|llamada|referencia))",
    ),
    (
        Preexisting,
        r"\b(?:ya (?:fall\w+|estaba\w*|exist\w+|rot\w+)|antes de (?:mi|mis|este|estos|el|la|los) (?:cambio|modificación|edición)\w*|preexistente\w*|desde antes|previo a|no (?:está |tiene )?(?:relacionad|relación)\w*|ajen[oa] a)\b",
    ),
    (
        Unable,
        r"\bno (?:responde|funciona|arranca|contesta)n?\b|\b(?:no (?:pude|he podido|se pudo|puedo|fue posible|es posible|pudo|pudieron|logré|hay acceso|tengo|conseguí)|no (?:está|estaba|están) (?:instalad|disponib|implementad|present|soportad)\w*|no existe[n]?|imposible|no (?:disponible|instalado|implementado|encontrado)|falta[n]?|bloquead[oa]|denegad[oa]|rechazad[oa]|falló (?:porque|debido)|sin (?:verificar|probar)|no se encontr\w+)\b",
    ),
    (
        NotDone,
        r"\b(?:no (?:he |se (?:ha |han )?|ha |fue |fueron |está |están )?(?:sido )?(?:ejecut|corr|prob|verific|implement|añad|agreg|compil|med|despleg|hecho|escri|confirm|sub|comit|instal|trat|document)\w*|nunca (?:ejecut|corr|prob)\w*|sin (?:ejecutar|probar|verificar|compilar)|queda pendiente|pendiente|no hice)\b",
    ),
    (
        Vcs,
        r"\b(?:commit(?:s|eado|eé)?|confirm(?:é|ado) (?:los cambios|en)|push(?:eado)?|sub(?:í|ido|ida) (?:a|la rama|los)|subid[oa]|fusion\w+|merge(?:ado)?|pull request|rama|revert(?:í|ido|ida)|deshi(?:ce|cho)|deshech[oa]|rebase|etiquet\w+)\b",
    ),
    (
        Perf,
        r"\b(?:más (?:rápid|lent)[oa]s?|velocidad|aceler\w+|rendimiento|tiempo de ejecución|(?:menos|consumo de|uso de) memoria|memoria|latencia|[0-9.,]+ ?(?:x|veces)|pas(?:a|ó) de [0-9.,]+ ?(?:ms|s|segundos|mb|kb|µs|%)|en lugar de [0-9.,]+ ?(?:s|ms|µs|segundos|mb|kb)|baj\w+ de [0-9]+|reduj\w+|mitad)\b",
    ),
    (Dependency, r"\b(?:dependencias?|paquetes?|bibliotecas?|librerías?|crate)\b"),
    (
        Bump,
        r"\bhe subido\b|\bsub(?:í|ido|ida)\b|\b(?:sub(?:í|ido|ida) (?:a|de|la versión)|actualic\w+|actualizad[oa]|fijad[oa]|fijé|bajad[oa]|elevé|elevad[oa])\b",
    ),
    (File, r"\b(?:archivos?|ficheros?|documentación|script|readme|configuración|módulo)\b"),
    (
        Symbol,
        r"\b(?:función|funciones|métodos?|clases?|estructuras?|campos?|constantes?|variables?|parámetros?|tipos?|propiedad|enumeración|interfaz|macro|argumento|atributo|endpoint)\b",
    ),
    (
        Part,
        r"\b(?:opción|opciones|bandera|valor|predeterminado|defecto|ajuste|clave|líneas?|comentarios?|sección|condición|mensaje|texto|entrada|comprobación)\b",
    ),
    (Count, r"\b(?:archivos?|ficheros?|líneas?|lugares?|ocurrencias?|llamadas?|sitios?|commits)\b"),
    (
        Complete,
        r"\b(?:todo (?:\w+ ){0,5}(?:hecho|listo|terminado|completado|implementado)|(?:tarea|solicitud|implementación|trabajo|migración|petición) (?:está |ha sido |fue |quedó )?(?:\w+ )?(?:terminad|completad|complet|list|finalizad|acabad|hech)[oa]|todos los (?:puntos|requisitos|pasos|cambios) .{0,30}(?:hechos|cumplidos|completados|cubiertos|implementados)|nada (?:queda )?pendiente)\b",
    ),
    (
        Subjective,
        r"\b(?:legibles?|legibilidad|mantenible|limpio|elegante|robust[oa]|listo para producción|más (?:simple|clar[oa]|segur[oa]|legible|robust[oa]|limpi[oa]|sencill[oa])|mejor|segur[oa]|idiomátic[oa]|comportamiento (?:no cambia|es el mismo|sigue igual))\b",
    ),
    (
        Observe,
        r"\b(?:imprime|muestra|devuelve|devolvió|retorna|responde|respondió|lanza|produce|cobertura|informa|da|sale|rechaza|acepta|ignora|escribe|tarda|es del?|reporta|emite)\b",
    ),
    (
        Elsewhere,
        r"\b(?:ci|windows|macos|linux|producción|staging|github actions|otras? (?:plataformas?|máquinas?)|servidor)\b",
    ),
    (
        Stable,
        r"\b(?:estables?|cada vez|siempre|[0-9]+ veces|dos veces|tres veces|cinco veces|diez veces|seguidas|consistente\w*|determinista)\b",
    ),
    (New, r"\b(?:nuev[oa]s?|añadid[oa]s?|agregad[oa]s?|que|este|esta|ella|ello|la|los|las)\b"),
    (
        Verb,
        r"\b(?:conserva|conservan|mantiene|mantienen|baja|sube|reduce|pasan|quedó|quedaron|evita|añade|sirve|dura|compilan)\b|~ \p{L}+(?:a|an|e|en)\b|\b(?:sigue|siguen|cubre|cubren|contiene|reemplaza|carga|lee|escribe|calcula|ordena|evita|permite|hace|va|debe|indica|depende|toca|corrige|elimina|crea|abre|cierra|ejecuta|corre|envía|recibe|fallaba|fallaban|pasaba|funcionaba|respeta|limita|protege|guarda|hacen)\b|\b(?:es|son|era|eran|está|están|estaba|ha|he|han|hay|fue|fueron|puede|pude|\w+(?:ado|ada|ados|adas|ido|ida|idos|idas)|\w+(?:é|í|ó)\b|pasa|pasan|pasaron|falla|fallan|compila|devuelve|imprime|muestra|lanza|usa|funciona|existe|queda|quedan|sigue|termina|reporta|produce|acepta|rechaza|ignora|responde|llama|no|leí|hecho|escrito|roto|resuelto|visto|puesto|maneja|tarda|verde)\b|✅",
    ),
    (Subject, r"\b(?:el|la|un|una|este|esta) \p{L}+ \p{L}{3,}(?:a|e)\b"),
    (Opens, r"^\p{L}{4,}(?:a|e|n|ó|é) (?:el |la |los |las |un |una |~|su |sus )"),
    (I, r"\b(?:yo|he|hemos|mi|mis)\b"),
    (Past, r"\b(?:antes|anteriormente|hasta ahora|originalmente|la causa|previamente)\b"),
    (
        Interjection,
        r"^(?:listo|hecho|resumen|cambios|resultados?|notas?|perfecto|terminado|arreglado)[ :!.,]*$",
    ),
    (
        Disclosed,
        r"\b(?:(?:ajust|cambi|actuali|modific|relaj|omit|salt|desactiv|elimin|adapt|debilit|borr|correg)\w*\b.{0,60}\b(?:tests?|pruebas?|aserci\w+|expectativas?|esperad\w+)|(?:tests?|pruebas?|aserci\w+|expectativas?|valor(?:es)? esperad\w+)\b.{0,60}\b(?:ajust|cambi|actuali|modific|relaj|omit|salt|desactiv|elimin|adapt|debilit|borr)\w*)",
    ),
    (Docs, r"\b(?:document\w*|readme|comentarios?)\b"),
    (
        Pass,
        r"\b(?:terminan? bien|van? bien|salen? bien|en verde|quedan? en verde|superad[oa]s?|satisfactori\w+|funcionan?|sin problemas)\b",
    ),
    (
        Fail,
        r"\b(?:revienta(?:n)?|rompe(?:n)?|se cae(?:n)?|en rojo|no pasa(?:n)?|queda(?:n)? (?:un|una|dos|tres|algún) (?:error|fallo|prueba|test)\w*|da error|dan error|erróne[oa]s?|fallid[oa]s?)\b",
    ),
    (
        AllGreen,
        r"\b(?:todas? (?:las pruebas )?en verde|todos? (?:los tests )?en verde|ninguna falla|ninguno falla|no falla (?:nada|ningun\w*)|sin regresiones)\b",
    ),
    (
        Fix,
        r"\b(?:subsanad[oa]|eliminad[oa] el (?:error|fallo)|(?:error|fallo|fuga|bloqueo|problema|carrera|desbordamiento|regresión|bug)\w* (?:está|ha sido|fue|quedó|queda|se ha) (?:ya )?(?:resuelt|corregid|arreglad|solucionad|subsanad|eliminad)\w*|ha desaparecido|deja(?:n)? de)\b",
    ),
    (
        Add,
        r"\b(?:acepta (?:ahora )?(?:un|una) |recibe (?:ahora )?(?:un|una) |admite (?:ahora )?(?:un|una) |cuenta (?:ahora )?con|dispone (?:ahora )?de|puse|puesto|insert(?:é|ado|ada)|sumé|sumado|incorpor(?:é|ado|ada)|redact(?:é|ado|ada)|montado|hay (?:ahora )?(?:un|una|dos|tres) nuev\w+)\b",
    ),
    (
        Remove,
        r"\b(?:ya no está|saqué|sacado|descart(?:é|ado|ada)|fuera|prescind\w+|deshice de|limpi(?:é|ado|ada)|sobra\w*)\b",
    ),
    (
        Change,
        r"\b(?:genera(?:n)?|pas(?:a|é|ó|an|ado) (?:de|a)|emplea|recurre|se basa|delega|regener(?:é|ado|ada)|elev(?:é|ado|ada)|rebaj(?:é|ado|ada)|acort(?:é|ado|ada)|fij(?:é|ado|ada)|empieza (?:con|por)|apunta|puse .{1,20} a|envuelt[oa]|trasladé|reorganic\w+)\b",
    ),
    (Rename, r"\b(?:se encuentra ahora en|vive ahora en|pasa a llamarse|pasó a llamarse)\b"),
    (
        Run,
        r"\b(?:pas(?:é|ado) (?:las pruebas|los tests|el linter|la suite)|volví a (?:ejecutar|lanzar|pasar)|arran(?:qué|cado)|puse en marcha|regener(?:é|ado)|desplegad[oa]|hice correr|corrí|lancé)\b",
    ),
    (
        Read,
        r"\b(?:repas(?:é|ado|ada)|ech(?:é|ado) un vistazo|recorr(?:í|ido)|cotej(?:é|ado)|hoje(?:é|ado)|contrast(?:é|ado)|leí|miré|estudié|analicé)\b",
    ),
    (
        NotDone,
        r"\bno (?:he |se (?:ha |han )?|ha |fue |fueron |está |están |hemos )?(?:sido |podido )?(?:ejecut|corr|prob|verific|implement|añad|agreg|compil|med|despleg|hech|escri|confirm|sub|instal|trat|document|lanz|pas|cubr|cubiert|mir|revis|publi)\w*|\b(?:omit(?:í|ido)|dej(?:é|ado) (?:sin|pendiente|para)|todavía no|aún no|me abstuve|queda sin)\b",
    ),
    (
        Unable,
        r"\b(?:no (?:ha sido|fue|era|es) posible|no (?:he|hemos) (?:podido|conseguido|logrado)|no se (?:ha )?(?:podido|pudo|deja)|no hubo forma|imped\w+|agotó el tiempo|tiempo (?:límite|agotado)|est(?:á|án) bloquead[oa]s?|me denegaron|fue (?:denegad|rechazad|bloquead)[oa])\b",
    ),
    (
        Untouched,
        r"\b(?:no (?:he )?(?:tocado|toqué|modificado|modifiqué|cambiado|editado|alterado) (?:nada|ningún|ninguna|el|la|los|las)?|nada más (?:ha cambiado|cambió)|el resto (?:sigue|queda|permanece)|sin tocar|como (?:estaba|estaban)|no hizo falta (?:tocar|modificar|cambiar)|ningún (?:otro )?(?:archivo|fichero) (?:ha (?:sido )?|fue |se ha )?(?:modific|toc|cambi|cre)\w*)\b",
    ),
    (
        Unused,
        r"\bningun[oa]? (?:referencia|uso|llamada|mención)\b|\b(?:no queda(?:n)?|ya no (?:hay|queda(?:n)?|existe(?:n)?)) .{0,20}(?:llamadas?|referencias?|usos?|menciones|rastro|apariciones|importaciones)|\b(?:nadie|nada|ningún .{1,20}) (?:más )?(?:lo |la |los |las )?(?:usa|llama|importa|utiliza|referencia|necesita)|\bno aparece(?:n)? (?:ya )?en (?:ningún|ninguna)|\búnic[oa] (?:lugar|sitio|archivo|consumidor)\b",
    ),
    (
        Preexisting,
        r"\b(?:ya (?:lo )?(?:estaba|estaban|era|ocurría|sucedía|fallaba\w*)|antes de (?:empezar|que|tocar|mi)|nada que ver con|venía(?:n)? de antes|heredad[oa])\b",
    ),
    (
        Perf,
        r"\b(?:(?:baj|cay|sub|pas|desc\p{L}+)(?:a|ó|ado|an) de [0-9.,]+ ?(?:ms|s|segundos|mb|kb|µs|%)|(?:tiempo|memoria|latencia|consumo) .{0,24}(?:baj|reduj|reduc|disminu|aument)\w*|el doble de|la mitad)\b",
    ),
    (
        Complete,
        r"\b(?:todos los (?:puntos|apartados|elementos) .{0,30}(?:hech|cubiert|atendid|resuelt|list)\w*|no queda nada (?:pendiente|por hacer)|todo (?:lo (?:que|solicitado|pedido)) .{0,40}(?:hecho|listo|implementado|hechas?)|he completado (?:todo|toda|la)|al completo)\b",
    ),
    (Stable, r"\ben (?:cada|todas las) (?:ejecuci\w+|ocasi\w+|intento\w*)|\bni una sola vez\b"),
    (
        Clean,
        r"\bno (?:tiene|hay) (?:nada|quejas|objeciones)|\bsin (?:una sola |ninguna )?(?:queja|objeción|incidencia)s?|\bno se queja|\bimpecable\b",
    ),
    (Observe, r"\b(?:arranca|escucha|aparece|se bloquea|desencadena|termina con|sale con|genera|ordena)\b"),
    (AllGreen, r"\b[0-9]+ (?:tests? )?passed\b|\b0 (?:failures?|failed|errors?)\b|\bno failures\b"),
    (Fail, r"\b[1-9][0-9]* (?:failures?|failed)\b"),
    (
        Test,
        r"\b(?:junit|mocha|bats|ctest|minitest|nextest|unittest|surefire|examples?|xctest|exunit|rspec)\b",
    ),
    (
        Fix,
        r"\b(?:error|fallo|fuga|bloqueo|problema|carrera|desbordamiento|regresión|bug|defecto|cuelgue)(?:es|s)?\b.{0,40}\b(?:está|están|ha|han|fue|quedó|queda|ha quedado)\b.{0,16}\b(?:resuelt|corregid|arreglad|solucionad|subsanad|eliminad|desaparecid)[oa]s?\b",
    ),
    (Build, r"\b(?:javac|gcc|clang|rustc|cmake|compilador)\b"),
    (NotDone, r"\bno está (?:terminad|acabad|complet|hech|list)[oa]\b|\bqueda por hacer\b"),
    (
        Verb,
        r"\b(?:escucha|responde|reconoce|terminan|valida|filtra|registra|emplea|admite|soporta|conecta|espera|bloquea|resuelve|rechazan|aceptan)\b",
    ),
    (Untouched, r"\btal y como\b|\bcomo (?:lo|la) (?:dejaste|encontré)\b"),
    (Complete, r"\blos dos (?:puntos|apartados|encargos) (?:están|han sido|quedan) \p{L}+"),
    (Success, r"\bno tiene (?:nada|quejas)|\bqueda(?:n)? satisfech|\bacepta el código"),
    (NotDone, r"\bno hay (?:ninguna? )?(?:pruebas?|tests?) (?:para|de)\b"),
    (Untouched, r"\bsigue en (?:la )?(?:versión )?[0-9]|\bno (?:tuve|hubo) que (?:cambiar|tocar|modificar)"),
    (I, r"^(?:también |además |luego )?\p{L}{2,}[éí]\b"),
    (Add, r"\bintroduj[eo]\b"),
    (Add, r"\b(?:otra prueba|otro test|una prueba (?:más|adicional)|un test (?:más|adicional))\b"),
    (Build, r"\berror(?:es)? de sintaxis\b"),
    (Run, r"\bse (?:ejecut|corri|lanz|prob|instal|aplic|despleg)\w+"),
    (
        Lint,
        r"\b(?:stylelint|shellcheck|credo|rubocop|ktlint|swiftlint|detekt|phpstan|golangci(?:-lint)?|go vet|gofmt|biome|flake8|pylint|checkstyle|spotless|oxlint|hadolint|yamllint|markdownlint|eslint|clippy|ruff|prettier)\b",
    ),
    (Vcs, r"\bcambios? .{0,12}confirmad[oa]s?\b"),
];
