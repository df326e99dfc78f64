//! French.

use super::Cue::{self, *};

pub(super) const SPLIT: &str = r"( ?;| — | – | - | ?: |, (?:et|mais|donc|qui|car|parce que|puis|tandis que|ou)\b|,? (?:et|mais|donc|car|parce que|puis) |, )";

pub(super) const NUMBERS: &[(&str, f64)] = &[
    ("zéro", 0.0),
    ("deux", 2.0),
    ("trois", 3.0),
    ("quatre", 4.0),
    ("cinq", 5.0),
    ("six", 6.0),
    ("sept", 7.0),
    ("huit", 8.0),
    ("neuf", 9.0),
    ("dix", 10.0),
    ("onze", 11.0),
    ("douze", 12.0),
    ("vingt", 20.0),
];

pub(super) const TABLE: &[(Cue, &str)] = &[
    (
        Test,
        r"\b(?:tests?|suite(?: de tests)?|spécifications|specs?|cas de test|pytest|jest|phpunit|vitest|rspec)\b",
    ),
    (All, r"\b(?:tous|toutes|tout|toute|entière?|complète?|ensemble|intégralité|totalité)\b"),
    (
        Pass,
        r"\b(?:pass(?:e|ent|é|ée|és|ées)|réuss(?:i|is|ie|ies|it|issent)|verte?s?|succès|au vert|ok)\b|✅|✓",
    ),
    (
        AllGreen,
        r"\b(?:tout est (?:au )?vert|au vert|aucun échec|0 échecs?|sans échec|aucun test n[’']échoue|[0-9]+ (?:réussis|passés))\b",
    ),
    (Fail, r"\b(?:échou(?:e|ent|é|és|ée|ait)|échecs?|rouges?|cassée?s?|plante|en erreur)\b|❌"),
    (
        NoFail,
        r"\b(?:aucune? (?:échec|erreur|problème)|sans (?:aucune? )?(?:erreurs?|échecs?|problèmes?)|pas d[’'](?:erreurs?|échecs?))\b",
    ),
    (
        Build,
        r"\b(?:compil\w*|build|construi\w*|construction|vérification (?:de|des) types?|typage|bundle|image|tsc|mypy|cargo check)\b",
    ),
    (
        Success,
        r"\b(?:réuss\w*|succès|sans (?:aucune? )?(?:erreurs?|avertissements?|problèmes?)|aucune erreur|passe|correctement|fonctionne|compile(?:nt)?|se construit|terminée?)\b|✅",
    ),
    (
        Lint,
        r"\b(?:lint\w*|clippy|eslint|ruff|prettier|formaté?e?s?|formatage|formateur|black|gofmt|rubocop|phpstan|flake8|analyse statique|cargo fmt)\b",
    ),
    (
        Clean,
        r"\b(?:propre|aucune? (?:\w+ )?(?:erreur|avertissement|problème|alerte|remarque|violation)|sans (?:aucune? )?(?:erreurs?|avertissements?|problèmes?|remarques?|alertes?)|rien|formatée?s?|passe|ne signale (?:rien|aucun)|ne remonte|vert|pas d[’'](?:erreur|avertissement)s?)\b|✅",
    ),
    (
        NoWarnings,
        r"\b(?:aucune? (?:avertissement|warning|alerte)|sans (?:aucun )?(?:avertissements?|warnings?)|pas d[’']avertissements?|zéro avertissement|0 avertissement)\b",
    ),
    (
        Add,
        r"\b(?:ajout(?:é|ée|és|ées|e|ent)?|cré(?:é|ée|és|ées|e)|introdui(?:t|te|ts|s)|implément(?:é|ée|és)|nouve(?:au|l|lle|aux|lles)|écrit|définie?|mise? en place)\b",
    ),
    (
        Remove,
        r"\ba disparu\b|\bont disparu\b|\b(?:supprim(?:é|ée|és|ées|e)|retir(?:é|ée|és|ées)|enlev(?:é|ée|és)|effac(?:é|ée)|éliminée?|n[’']existe plus|disparue?)\b",
    ),
    (
        Change,
        r"\b(?:modifi(?:é|ée|és|ées|e)|chang(?:é|ée|és|e)|mis(?:e|es)? à jour|remplac(?:é|ée|és|ées|e)|adapt(?:é|ée|és)|converti\w*|refactor\w*|réécrit\w*|bascul(?:é|ée)|utilise(?:nt)?|déplac(?:é|ée)|augment(?:é|ée)|rédui(?:t|te)|étendue?|documentée?|corrigée?|passée? (?:de|à)|appelle|enveloppée?|simplifiée?|vaut|mentionne|décrit)\b",
    ),
    (Rename, r"\b(?:renomm(?:é|ée|és|ées|e)|s[’']appelle (?:désormais|maintenant))\b"),
    (Move, r"\b(?:déplac(?:é|ée|és|ées)|déménagée?)\b"),
    (Extract, r"\b(?:extrai(?:t|te|ts|s)|factorisée?|isolée?)\b"),
    (
        Fix,
        r"\b(?:corrig(?:é|ée|és|ées|e)|résolue?s?|répar(?:é|ée)|fonctionne (?:maintenant|désormais|à nouveau|correctement)|ne (?:\w+ )?(?:\w+ )?plus|n[’']\w+ plus|correctement|réglée?|disparue?)\b",
    ),
    (Now, r"\b(?:maintenant|désormais|dorénavant|à présent)\b"),
    (NoLonger, r"\b(?:ne .{1,30} plus|n[’'].{1,30} plus)\b"),
    (
        Run,
        r"\b(?:exécut(?:é|ée|és|ées)|lanc(?:é|ée|és|ées)|fait tourner|appliqu(?:é|ée)|redémarr(?:é|ée)|install(?:é|ée)|essay(?:é|ée)|tent(?:é|ée)|déploy(?:é|ée)|démarr(?:é|ée)|relanc(?:é|ée|és))\b",
    ),
    (
        Exited,
        r"\b(?:(?:termin\w+|sort\w*|quitt\w+) (?:avec (?:le )?(?:code|statut) [0-9]|sans erreurs?|avec succès|correctement)|code (?:de (?:retour|sortie) )?[0-9]|s[’']est (?:bien )?(?:terminée?|déroulée?)|sans erreur)\b",
    ),
    (
        Read,
        r"\b(?:lue?s?|relue?s?|examin(?:é|ée|és)|parcourue?s?|vérifi(?:é|ée|és)|inspect(?:é|ée)|étudi(?:é|ée)|analys(?:é|ée)|consult(?:é|ée|és)|passé en revue|regardé|comparé|contrôlée?)\b",
    ),
    (Searched, r"\b(?:cherch(?:é|ée)|recherch(?:é|ée|e)s?|grep|fouillée?)\b"),
    (Not, r"\b(?:ne|n[’']\w*|pas|jamais|aucune?|rien|sans|ni)\b"),
    (
        Hedge,
        r"\b(?:devrai(?:t|ent)|probablement|sans doute|je (?:pense|crois|suppose)|peut-être|semble(?:nt)?|apparemment|pourrait|normalement|vraisemblablement|a priori|en principe)\b",
    ),
    (
        Plan,
        r"\b(?:je vais|je ferai|il (?:faudrait|reste à|faudra)|prochaine étape|à faire|plus tard|ensuite je|pourrait être (?:ajouté|utile))\b",
    ),
    (
        Order,
        r"^(?:veuillez|merci|lancez|exécutez|voir|vérifiez|n[’']hésitez|pensez|utilisez|pour (?:lancer|tester|exécuter|vérifier)|vous (?:pouvez|devez|devriez)|dites|assurez|tu peux)\b",
    ),
    (
        Offer,
        r"\b(?:veuillez|merci de|vous (?:pouvez|devez|devriez|devrez|avez (?:demandé|dit|indiqué))|n[’']hésitez|dites-moi|souhaitez-vous|je (?:recommande|conseille|suggère)|comme demandé)\b",
    ),
    (If, r"^(?:si|dès que|lorsque vous|quand vous|au cas où|à moins)\b"),
    (
        Only,
        r"\bn[’']\w+ .{0,30}qu[e’']|\b(?:seul(?:e|s|es|ement)?|uniquement|ne .{0,30}que|exclusivement|rien d[’']autre|aucun autre|limitée?)\b",
    ),
    (
        Untouched,
        r"\bn[’'](?:a|ont|est) pas (?:été )?(?:bougé|changé|modifié|touché)\w*|\baucune? (?:\p{L}+ ){0,3}n[’'](?:a|est|ont) (?:été )?(?:touch|modifi|chang)\w*|\b(?:inchang(?:é|ée|és|ées)|intacte?s?|pas (?:été )?(?:touch|modifi|chang)\w*|(?:laiss|gard)\w+ .{0,30}(?:tel|intact|en l[’']état)\w*|rest(?:e|ent|é) (?:la même|le même|identique|inchang\w+|tel\w*|compatible)|aucune? (?:autre )?(?:\w+ )?(?:n[’'](?:a|est|ont) )?(?:été )?(?:modifi|touch|chang)\w*|aucun autre fichier|rien d[’']autre|sans (?:toucher|modifier)|rétrocompatible)\b",
    ),
    (
        NoDependency,
        r"\b(?:aucune? (?:nouvelle? |autre )?(?:dépendance|bibliothèque|paquet)|sans (?:nouvelle |ajouter de )?dépendance|pas (?:de|ajouté de) (?:nouvelle )?dépendances?)\b",
    ),
    (
        NoNetwork,
        r"\b(?:aucun (?:accès|appel) (?:au )?réseau|pas (?:d[’']accès|accédé) (?:au )?réseau|sans (?:accès (?:au )?)?réseau|hors ligne|aucune connexion)\b",
    ),
    (
        Unused,
        r"\b(?:(?:aucune?|plus (?:aucune?|de)|pas d[’']|sans) ?(?:autres? )?(?:utilisations?|références?|appels?|appelants?|occurrences?|imports?|usages?|mentions?)|inutilis(?:é|ée|és)|(?:n[’'](?:est|a)|ne sont|n[’']était) (?:plus |pas )?(?:nulle part )?(?:utilis|appel|référenc|import)\w*|nulle part|rien d[’']autre (?:n[’'])?(?:utilise|appelle|n[’']appelle)|seul(?:e)? (?:appelant|utilisation|usage|référence))\b",
    ),
    (
        Preexisting,
        r"\b(?:(?:échou\w+|rouges?|cassée?s?) (?:déjà )?avant|déjà (?:avant|en échec|présent|cassé|rouge)\w*|avant (?:ma|mes|la|cette|toute) modifications?|préexist\w+|pré-exist\w+|échouait déjà|indépendante?s? de (?:ma|mes|la|cette)|sans (?:rapport|lien) avec)",
    ),
    (
        Unable,
        r"\bne (?:répond|fonctionne|démarre)(?:nt)? pas\b|\b(?:(?:n[’']ai|n[’']a|n[’']ont|ne peux|n[’']est|ne peut|ne peuvent|n[’']étai[st]|impossible|pu) .{0,12}(?:pas )?(?:pu|réussi|installée?s?|disponibles?|possible|peut|accessible|implémentée?|prise? en charge|présente?)|impossible|n[’']existe(?:nt)? pas|pas (?:installée?s?|disponibles?|implémentée?s?|accessible|trouvée?)|introuvable|indisponible|non (?:testée?s?|vérifiée?s?|implémentée?s?|installée?s?)|bloquée?|refusée?|manque(?:nt)?|n[’']ai pas réussi|a échoué (?:car|parce|à cause))\b",
    ),
    (
        NotDone,
        r"\b(?:(?:n[’']ai|n[’']a|n[’']ont|n[’']est|ne sont) (?:pas|jamais|aucune?|rien) (?:encore )?(?:été )?(?:exécut|lanc|test|vérifi|implément|ajout|commit|pouss|compil|mesur|déploy|écri|fait|trait|document|mis|essay|install)\w*|non (?:testée?|exécutée?|vérifiée?|implémentée?)s?|sans (?:exécuter|lancer|tester|vérifier)|reste à faire|aucun test n[’']a été)\b",
    ),
    (
        Vcs,
        r"\b(?:commit(?:é|ée|s|té|tée)?|commité|pouss(?:é|ée|és)|push(?:é|ée)?|fusionn(?:é|ée)|merg(?:é|ée)|pull request|branche|annul(?:é|ée|és)|rebas(?:é|ée)|étiquet(?:é|te)|tagu?é|revert\w*)\b",
    ),
    (
        Perf,
        r"\b(?:plus (?:rapide|lente?)s?|accélér\w+|rapidité|performances?|temps d[’']exécution|(?:moins de|consommation) mémoire|mémoire (?:utilisée|consommée|réduite)|latence|débit|[0-9.,]+ ?(?:x|fois)|divisée? par|passe de [0-9]+|au lieu de [0-9]+|gain)\b",
    ),
    (Dependency, r"\b(?:dépendances?|paquets?|bibliothèques?|crate|package|librairies?)\b"),
    (
        Bump,
        r"\b(?:mis(?:e)? à (?:niveau|jour)|mont(?:é|ée) (?:en version|à|de)|pass(?:é|ée) (?:de|à|en)|épinglée?|rétrogradée?)\b",
    ),
    (File, r"\b(?:fichiers?|documentation|script|readme|configuration|module)\b"),
    (
        Symbol,
        r"\b(?:fonctions?|méthodes?|classes?|structures?|champs?|constantes?|variables?|paramètres?|types?|propriété|énumération|interface|trait|macro|argument|point d[’']entrée|attribut)\b",
    ),
    (
        Part,
        r"\b(?:options?|drapeau|valeur|défaut|réglage|clé|lignes?|commentaires?|section|condition|message|texte|entrée|vérification)\b",
    ),
    (Count, r"\b(?:fichiers?|lignes?|endroits?|occurrences?|appels?|commits)\b"),
    (
        Complete,
        r"\b(?:tout (?:\w+ ){0,5}(?:fait|terminé|implémenté|en place|complet)|(?:tâche|demande|implémentation|travail|migration) (?:est|a été) (?:\w+ )?(?:terminée?|complète?|achevée?|finie?|réalisée?)|tous les (?:points|éléments|objectifs) .{0,20}(?:faits?|traités?|couverts?)|toutes les (?:exigences|demandes|étapes|tâches) .{0,30}(?:faites?|remplies?|satisfaites?|terminées?|traitées?)|rien ne reste)\b",
    ),
    (
        Subjective,
        r"\b(?:lisibles?|lisibilité|maintenable|propre|élégante?|robuste|prêt(?:e)? pour la production|plus (?:simple|claire?|sûre?|lisible|robuste|propre)|meilleure?|sûr|idiomatique|de qualité|comportement (?:est |reste )?(?:inchangé|identique))\b",
    ),
    (
        Observe,
        r"\b(?:affich(?:e|ent|é)|renvo(?:ie|ient|yé)|retourn(?:e|ent|é)|imprime|répond|produit|lève|lèvent|couverture|signale|donne|sort|montre|rejette|accepte|ignore|écrit|dure|prend|vaut|est de)\b",
    ),
    (
        Elsewhere,
        r"\b(?:ci|windows|macos|linux|production|prod|staging|github actions|autres? (?:plateformes?|machines?)|serveur)\b",
    ),
    (
        Stable,
        r"\b(?:stables?|à chaque fois|systématiquement|[0-9]+ fois|deux fois|trois fois|cinq fois|dix fois|de suite|toujours|plus instable|déterministe)\b",
    ),
    (New, r"\b(?:nouve(?:au|l|lle|aux|lles)|ajoutée?s?|il|elle|ils|elles|qui|cela|ce|cette)\b"),
    (
        Verb,
        r"~ \p{L}+(?:e|ent|it|t)\b|\b(?:couvre|couvrent|ajoute|remplace|garde|contient|vérifie|charge|lit|calcule|trie|évite|permet|prend|rend|met|fait|va|vient|doit|montre|indique|dépend|concerne|corrige|crée|ouvre|ferme|exécute|tourne|tournent|envoie|reçoit|échouait|échouaient|passait|fonctionnait|lance|enregistre|limite|respecte|protège)\b|\b(?:est|sont|était|étaient|a|ont|ai|avons|été|peut|peux|doit|n[’']\w+|\w+ée?s?|\w+ent|passe|échoue|compile|renvoie|retourne|affiche|lève|utilise|fonctionne|existe|reste|réussit|signale|produit|accepte|rejette|ignore|gère|prend|appelle|vaut|lu|mis|mise|écrit|aucune?|supprime|construit|impossible|répond|ne)\b|✅",
    ),
    (Subject, r"\b(?:le|la|l[’']|un|une|ce|cette) ?\p{L}+ \p{L}{3,}(?:e|t)\b"),
    (Opens, r"^\p{L}{4,}(?:e|t|s) (?:l[’']|le |la |les |un |une |des |~|son |sa |ses )"),
    (I, r"\b(?:je|j[’']ai|nous)\b|\bj[’']"),
    (Past, r"\b(?:auparavant|avant (?:la|cette)|jusqu[’']ici|à l[’']origine|la cause|précédemment)\b"),
    (
        Interjection,
        r"^(?:terminé|fini|voilà|résumé|modifications|résultats?|notes?|parfait|fait|c[’']est fait|corrigé)[ :!.,]*$",
    ),
    (
        Disclosed,
        r"\b(?:(?:modifi|adapt|mis à jour|assoupl|ignor|désactiv|supprim|chang|corrig|affaibl|saut)\w*\b.{0,60}\b(?:tests?|attendu\w*|assertions?|attentes?)|(?:tests?|attendu\w*|assertions?|attentes?|valeur attendue)\b.{0,60}\b(?:modifi|adapt|mis(?:e|es)? à jour|assoupl|ignor|désactiv|supprim|chang|affaibl)\w*)",
    ),
    (Docs, r"\b(?:document\w*|readme|commentaires?|doc)\b"),
];
