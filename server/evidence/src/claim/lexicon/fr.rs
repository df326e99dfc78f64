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
    ("treize", 13.0),
    ("quatorze", 14.0),
    ("quinze", 15.0),
    ("seize", 16.0),
    ("trente", 30.0),
    ("une seule", 1.0),
    ("un seul", 1.0),
    ("quarante", 40.0),
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
        r"\b(?:plus (?:rapide|lente?)s?|accélér\w+|rapidité|performances?|temps d[’']exécution|(?:moins de|consommation) mémoire|mémoire (?:utilisée|consommée|réduite)|latence|débit|[0-9.,]+ ?(?:x|fois)|divisée? par|passe de [0-9.,]+ ?(?:ms|s|mo|ko|go|secondes|mb|kb|µs|%)|au lieu de [0-9.,]+ ?(?:s|ms|µs|secondes|mo|ko|mb|kb)|gain)\b",
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
    (
        Pass,
        r"\b(?:au vert|passe(?:nt)? (?:tous|toutes|bien)|se termine(?:nt)? bien|tourne(?:nt)? sans (?:erreur|souci|problème)|concluants?|validée?s?|abouti(?:t|ssent)|bons?)\b",
    ),
    (
        Fail,
        r"\b(?:plant(?:e|ent|é)|casse(?:nt)?|tombe(?:nt)? en (?:échec|erreur)|en échec|restent? rouges?|ne passe(?:nt)? (?:pas|plus))\b",
    ),
    (
        AllGreen,
        r"\b(?:tous (?:les )?verts?|entièrement verte?|aucun test en échec|rien n[’\']est cassé|aucune régression)\b",
    ),
    (
        Fix,
        r"\b(?:réglé(?:e|s|es)?|éliminée?s?|(?:bug|bogue|fuite|plantage|blocage|problème|erreur|régression|débordement)s? (?:est|a été|sont|ont été) (?:maintenant |désormais |bien )?(?:corrig\w+|résolu\w*|réglé\w*|réparé\w*|éliminé\w*|levé\w*)|n[’\']est plus d[’\']actualité|appartient au passé)\b",
    ),
    (
        Add,
        r"\b(?:prend (?:désormais|maintenant)? ?un|accepte (?:désormais|maintenant)? ?un|dispose (?:désormais|maintenant)|gagne|reçoit|dotée?s?|complétée?|posé|mis en place|il y a (?:désormais|maintenant)|rédigée?s?|insérée?s?|intégrée?s?)\b",
    ),
    (
        Remove,
        r"\b(?:n[’\']est plus (?:là|présente?)|ôtée?|jetée?|a sauté|abandonnée?s?|n[’\']y a plus|débarrassée?|nettoyée?)\b",
    ),
    (
        Change,
        r"\b(?:passe (?:de|à)|passent (?:de|à)|pass(?:é|ée) (?:de|à)|relevée?|abaissée?|échangée?|s[’\']appuie|repose (?:sur|désormais)|porte (?:désormais|maintenant)?|génère|produit|incrémente|initialise|délègue|regénér\w+|régénér\w+|raccourcie?|allongée?|fixée? à|commence par|pointe|devient|est devenue?)\b",
    ),
    (
        Rename,
        r"\b(?:porte (?:désormais|maintenant) le nom|se trouve (?:désormais|maintenant) (?:dans|sous)|est devenue?)\b",
    ),
    (
        Run,
        r"\b(?:ai (?:re)?lanc|tourné|passé .{1,20} sur|déclench(?:é|ée)|exécution de|mis en production|regénér(?:é|ée|és)|régénér(?:é|ée|és))\w*\b",
    ),
    (
        Read,
        r"\b(?:passée?s? en revue|feuillet\w+|survol\w+|épluch\w+|pris connaissance|revu|revue|revus|jeté un œil|confront(?:é|ée))\b",
    ),
    (
        NotDone,
        r"\b(?:n[’\']ai|n[’\']a|n[’\']ont|n[’\']est|n[’\']avons) (?:\p{L}+ )?(?:pas|jamais|rien|aucun\w*|encore rien) (?:\p{L}+ )?(?:exécut|lanc|test|vérifi|implément|ajout|commit|pouss|compil|mesur|déploy|écri|fait|trait|document|essay|install|touch|regard|relu|lu|couvert)\w*|\b(?:renoncé à|laissé de côté|omis (?:de|d[’\'])|sauté les|abstenu|reste (?:non|à) \p{L}+|pas encore)\b",
    ),
    (
        Unable,
        r"\b(?:n[’\']a pas (?:été )?(?:possible|abouti|réussi|pu)|n[’\']était pas possible|n[’\']ai pas pu|pas moyen|empêch(?:é|e|ée)|a expiré|délai (?:dépassé|expiré)|est bloquée?|sont bloquées?|m[’\']a été refusée?)\b",
    ),
    (
        Untouched,
        r"\b(?:n[’\']ai (?:pas |rien )?touché|touché à aucun|touché aucun|modifié aucun|n[’\']ai (?:modifié|changé|édité|retouché) (?:aucun|rien)|rien d[’\']autre (?:n[’\']a )?(?:été )?(?:changé|modifié|touché|bougé)?|n[’\']a (?:pas )?(?:bougé|changé|été (?:modifié|touché|changé|retouché))|(?:reste|restent|demeure|demeurent) (?:tel\w*|inchang\w+|identiques?|intacte?s?|comme))\b",
    ),
    (
        Unused,
        r"\b(?:plus (?:aucune?|rien|personne)|aucune?) .{0,30}(?:n[’\'](?:utilise|appelle|importe|y fait référence|emploie)|ne (?:l[’\']|la |le |s[’\']en )?(?:utilise|sert|référence|appelle|mentionne))|\b(?:n[’\']apparaît|n[’\']apparaissent) (?:plus )?nulle part|\bne reste (?:plus )?aucune? (?:appel|référence|trace|usage|occurrence)|\bpersonne (?:d[’\']autre )?(?:n[’\'](?:utilise|appelle)|ne)",
    ),
    (
        Preexisting,
        r"\b(?:avant (?:que je|mon|mes|ma)|l[’\']étai(?:t|ent) déjà|déjà (?:le cas|ainsi)|rien à voir avec|ne date pas de|antérieure?s? à)\b",
    ),
    (
        Perf,
        r"\b(?:(?:passe|passent|tombe|descend|chute|grimpe|monte)(?:nt)? (?:de|à) [0-9.,]+ ?(?:ms|s|mo|ko|go|secondes|mb|kb|µs|%)|(?:temps|durée|mémoire|latence) .{0,24}(?:baiss|diminu|chut|rédui|augment)\w*|deux fois plus|moitié)\b",
    ),
    (
        Complete,
        r"\b(?:tous (?:les|vos) (?:points|éléments|souhaits|volets) .{0,30}(?:faits?|traités?|couverts?|réglés?|livrés?)|il ne reste (?:plus )?rien|tout (?:ce que vous|ce qui) .{0,40}(?:fait|en place|terminé|livré)|rien ne manque|intégralement (?:fait|réalis|implément)\w*|tout est (?:fait|terminé|en place|prêt|livré|réglé))\b",
    ),
    (
        Stable,
        r"\bà (?:chaque|toutes les) (?:exécution|fois|tentative|lancement)s?|\bpas une seule fois\b|\bsans exception\b",
    ),
    (
        Clean,
        r"\bn[’\']a rien (?:à redire|trouvé|signalé)|\bne (?:trouve|relève|remonte|signale|dit) (?:rien|aucun\w*)|\bsans (?:la moindre )?(?:remarque|alerte|réserve)|\bimpeccable\b",
    ),
    (
        Observe,
        r"\b(?:démarre|se lance|écoute|s[’\']affiche|apparaît|déclenche|se bloque|se termine|retrouve|vérifie que|fournit|rend|trie|incrémente)\b",
    ),
    (AllGreen, r"\b[0-9]+ (?:tests? )?passed\b|\b0 (?:failures?|failed|errors?)\b|\bno failures\b"),
    (Fail, r"\b[1-9][0-9]* (?:failures?|failed)\b"),
    (
        Test,
        r"\b(?:junit|mocha|bats|ctest|minitest|nextest|unittest|surefire|examples?|xctest|exunit|rspec)\b",
    ),
    (AllGreen, r"\baucune? (?:d[’\']entre eux |test )?n[’\'](?:a )?(?:échou|est en échec|plante)"),
    (
        Fix,
        r"\b(?:bug|bogue|fuite|plantage|blocage|problème|erreur|régression|débordement|anomalie|défaut)s?\b.{0,40}\b(?:est|a été|sont|ont été) (?:\p{L}+ )?(?:corrig|résol|régl|répar|élimin|lev|trait|du passé|derrière)\w*|\bde l[’\']histoire ancienne",
    ),
    (NoWarnings, r"\b(?:ne (?:produit|génère|donne|émet|signale)|n[’\']émet) (?:plus )?aucun avertissement"),
    (Build, r"\b(?:javac|gcc|clang|rustc|cmake|compilateur)\b"),
    (
        Untouched,
        r"\b(?:exactement )?comme (?:avant|vous l[’\']avez laissé|il était|elle était)|\by? ?reste à\b",
    ),
    (
        Complete,
        r"\bles deux (?:points|parties|demandes|volets) (?:sont|ont été) (?:fait|trait|couvert|réalis|terminé)\w*",
    ),
    (NotDone, r"\b(?:n[’\']ai (?:donc )?(?:traité|fait) que)|\bla moitié de la demande"),
    (Success, r"\bn[’\']a rien à redire|\bne trouve rien|\bsatisfait|\baccepte(?:nt)? le code"),
    (NotDone, r"\bil n[’\']y a (?:pas|aucun) (?:de |d[’\'])?tests?\b|\baucun test (?:ne|pour)"),
    (Untouched, r"\bn[’\']ai rien (?:changé|modifié|touché)|\brien à (?:changer|modifier)"),
    (
        NotDone,
        r"\bn[’\'](?:ai|a|ont|est|avons) (?:pas|jamais) (?:encore )?(?:été )?re(?:lanc|compil|test|exécut|vérifi|mesur)\w*|\bn[’\'](?:ai|a|avons) (?:pas|jamais) (?:encore )?réexécut\w*",
    ),
    (Add, r"\bun (?:autre test|test supplémentaire|nouveau test)\b"),
    (Build, r"\berreurs? de syntaxe\b"),
    (
        Lint,
        r"\b(?:stylelint|shellcheck|credo|rubocop|ktlint|swiftlint|detekt|phpstan|golangci(?:-lint)?|go vet|gofmt|biome|flake8|pylint|checkstyle|spotless|oxlint|hadolint|yamllint|markdownlint|eslint|clippy|ruff|prettier)\b",
    ),
];
