//! German.

use super::Cue::{self, *};

pub(super) const SPLIT: &str = r"(;| — | – | - |: |, (?:und|aber|so ?dass|weil|da|wobei|während|obwohl|jedoch|dann|welche[rs]?|die|der|das|denn|sondern)\b|,? (?:und|aber|sowie|weil|denn) |, )";

pub(super) const NUMBERS: &[(&str, f64)] = &[
    ("null", 0.0),
    ("zweimal", 2.0),
    ("dreimal", 3.0),
    ("fünfmal", 5.0),
    ("zehnmal", 10.0),
    ("zwei", 2.0),
    ("drei", 3.0),
    ("vier", 4.0),
    ("fünf", 5.0),
    ("sechs", 6.0),
    ("sieben", 7.0),
    ("acht", 8.0),
    ("neun", 9.0),
    ("zehn", 10.0),
    ("elf", 11.0),
    ("zwölf", 12.0),
    ("beide", 2.0),
    ("beiden", 2.0),
    ("zwanzig", 20.0),
    ("dreizehn", 13.0),
    ("vierzehn", 14.0),
    ("fünfzehn", 15.0),
    ("sechzehn", 16.0),
    ("siebzehn", 17.0),
    ("achtzehn", 18.0),
    ("neunzehn", 19.0),
    ("dreißig", 30.0),
    ("vierzig", 40.0),
    ("ein einziger", 1.0),
    ("eine einzige", 1.0),
    ("viermal", 4.0),
];

pub(super) const TABLE: &[(Cue, &str)] = &[
    (
        Test,
        r"\b(?:tests?|testsuite|testlauf|testläufe|testfälle?n?|\w*tests?|specs?|suite|pytest|jest|vitest|phpunit|rspec)\b",
    ),
    (
        All,
        r"\b(?:alle[nrs]?|ganze[nrs]?|gesamte[nrs]?|komplette[nrs]?|vollständige[nrs]?|sämtliche[nr]?|alles)\b",
    ),
    (
        Pass,
        r"\b(?:besteh(?:en|t)|bestanden|erfolgreich|grün|durch(?:gelaufen|laufen)?|laufen (?:\w+ )?durch|läuft (?:\w+ )?durch|passier(?:en|t)|fehlerfrei|ok|in ordnung|gelingen|erfolg)\b|✅|✓",
    ),
    (
        AllGreen,
        r"\b(?:alles (?:ist )?grün|keine fehlschläge|0 fehler|keine (?:tests? )?(?:schlagen|schlägt) fehl|kein(?:e)? (?:test )?fehlgeschlagen\w*|[0-9]+ bestanden|[0-9]+ (?:von|/) ?[0-9]+)",
    ),
    (
        Fail,
        r"\b(?:schl(?:ägt|agen|ug|ugen)\b.{0,40}\bfehl|fehlgeschlagen\w*|fehlschl\w+|scheiter(?:t|n|te)|gescheitert|rot|kaputt|durchgefallen|fällt durch|bricht ab)\b|❌",
    ),
    (
        NoFail,
        r"\b(?:keine(?:n|r|rlei)? (?:\w+ )?(?:fehler|fehlschläge|probleme)|ohne (?:\w+ )?(?:fehler|probleme|fehlschläge)|fehlerfrei)\b",
    ),
    (
        Build,
        r"\b(?:build|baut|gebaut|bauen|kompilier\w*|übersetz\w*|typprüfung|typfehler|typ-?check\w*|bündel\w*|bundle|image|tsc|mypy|cargo check)\b",
    ),
    (
        Success,
        r"\b(?:erfolgreich|gelingt|gelungen|fehlerfrei|ohne (?:\w+ )?(?:fehler|warnungen|probleme)|durch|keine (?:\w+ )?(?:fehler|typfehler)|sauber|kompiliert|baut|lässt sich|funktioniert|grün|klappt|besteht|läuft)\b|✅",
    ),
    (
        Lint,
        r"\b(?:lint\w*|clippy|eslint|ruff|prettier|formatier\w*|formatter|black|gofmt|rubocop|flake8|statische analyse|phpstan|checkstyle|stylelint|shellcheck|cargo fmt)\b",
    ),
    (
        Clean,
        r"\b(?:sauber|keine(?:n|rlei)? (?:\w+ )?(?:fehler|warnungen|befunde|beanstandungen|probleme|verstöße|meldungen)|ohne (?:\w+ )?(?:fehler|warnungen|befunde|beanstandungen)|nichts|zufrieden|fehlerfrei|formatiert|grün|besteht|läuft durch|läuft .{0,20}durch|erfolgreich)\b|✅",
    ),
    (
        NoWarnings,
        r"\b(?:keine(?:rlei)? (?:\w+ )?warnungen|ohne (?:\w+ )?warnungen|warnungsfrei|keine (?:fehler|fehler und|fehler oder) (?:und |oder )?warnungen)\b",
    ),
    (
        Add,
        r"\b(?:hinzugefügt|ergänzt|füg\w+ .{0,60}hinzu|eingeführt|neu(?:e[nrs]?)?|angelegt|erstellt|geschrieben|implementiert|hinzugekommen|eingebaut|aufgenommen|gibt es (?:jetzt|nun)|eingefügt|definiert|bekommen|erhalten|erhält)\b",
    ),
    (
        Remove,
        r"\b(?:verschwunden|weggefallen|fällt weg|ist weg)\b|\b(?:entfernt|gelöscht|gestrichen|entfällt|entfallen|weg|rausgenommen|ausgebaut|beseitigt|existiert nicht mehr|gibt es nicht mehr|aufgeräumt)\b",
    ),
    (
        Change,
        r"\b(?:geändert|aktualisiert|ersetzt|umgestellt|angepasst|umgebaut|bearbeitet|verschoben|überarbeitet|umgeschrieben|ausgetauscht|gesetzt|verwend(?:et|en)|nutzt|benutzt|erhöht|verringert|gesenkt|erweitert|vereinfacht|dokumentiert|korrigiert|ändert|steht|gewechselt|umgewandelt|eingestellt|angehoben|ruft|vermerkt|beschrieben|beschreibt)\b",
    ),
    (Rename, r"\b(?:umbenannt|heißt (?:jetzt|nun))\b"),
    (Move, r"\b(?:verschoben|verlegt|ausgelagert|umgezogen)\b"),
    (Extract, r"\b(?:ausgelagert|extrahiert|herausgezogen|herausgelöst)\b"),
    (
        Fix,
        r"\b(?:behoben|repariert|korrigiert|gelöst|beseitigt|funktioniert (?:jetzt|nun|wieder)|nicht mehr|korrekt|richtig|fehler ist weg|tritt nicht|keine abstürze)\b",
    ),
    (Now, r"\b(?:jetzt|nun|nunmehr|ab jetzt|inzwischen|mittlerweile)\b"),
    (NoLonger, r"\b(?:nicht mehr|keine? .{0,20}mehr)\b"),
    (
        Run,
        r"\b(?:ausgeführt|gestartet|laufen lassen|laufen gelassen|aufgerufen|angewendet|angewandt|neu gestartet|neugestartet|installiert|probiert|versucht|ausprobiert|eingespielt|durchgeführt|ausgerollt|führte .{0,40} aus|ließ .{0,40} laufen)\b",
    ),
    (
        Exited,
        r"\b(?:beendet(?:e)? (?:sich )?(?:mit|erfolgreich|ohne)|exit[- ]?code (?:war |ist )?[0-9]|(?:mit )?(?:status|code|rückgabewert) [0-9]|ohne (?:fehler|probleme) (?:durch|abgeschlossen|beendet|gelaufen)|lief (?:fehlerfrei|ohne|durch|erfolgreich)|erfolgreich (?:ausgeführt|durchgelaufen|abgeschlossen|beendet))",
    ),
    (
        Read,
        r"\b(?:gelesen|durchgesehen|angesehen|geprüft|überprüft|untersucht|angeschaut|durchgegangen|kontrolliert|analysiert|gesichtet|begutachtet|verglichen|nachgesehen|verifiziert)\b",
    ),
    (
        Searched,
        r"\b(?:durchsucht|gesucht|grep|gegreppt|(?:eine|per|mit|volltext)-?suche (?:nach|ergab|über|im)|suche nach)\b",
    ),
    (Not, r"\b(?:nicht|nie|kein(?:e|er|en|em|es)?|niemals|nichts|weder|ohne)\b"),
    (
        Hedge,
        r"\b(?:sollte[n]?|wahrscheinlich|vermutlich|wohl|dürfte[n]?|könnte[n]?|vielleicht|anscheinend|scheint|scheinen|denke ich|ich (?:denke|glaube|vermute|nehme an)|offenbar|möglicherweise|müsste[n]?|voraussichtlich)\b",
    ),
    (
        Plan,
        r"\b(?:werde ich|ich werde|würde ich|als nächstes|nächste[rn]? schritt|bleibt noch|muss noch|müssen noch|könnte man|später|ich plane|steht noch aus|noch zu (?:tun|erledigen))\b",
    ),
    (
        Order,
        r"^(?:bitte|führe?(?:n sie)?|starte?(?:n sie)?|prüfe(?:n sie)?|siehe|sag(?:t|en sie)?|achte(?:n sie)?|beachte(?:n sie)?|zum (?:testen|ausführen)|du (?:kannst|solltest|musst)|sie (?:können|sollten|müssen))\b",
    ),
    (
        Offer,
        r"\b(?:bitte (?:prüf|führ|sag|schau|beacht|lass)\w*|du (?:kannst|solltest|musst|könntest)|sie (?:können|sollten|müssen)|kannst du|können sie|ich empfehle|empfehle ich|empfiehlt sich|lass mich wissen|wie von (?:dir|ihnen)|du (?:hast|sagtest))\b",
    ),
    (If, r"^(?:falls|wenn|sobald|sofern|solltest du|sollten sie|bevor du)\b"),
    (Only, r"\b(?:nur|ausschließlich|lediglich|einzig(?:e[nrs]?)?|allein|außer|sonst nichts|beschränkt)\b"),
    (
        Untouched,
        r"\b(?:unverändert|unberührt|unangetastet|nicht (?:\w+ )?(?:angefasst|verändert|geändert|angetastet|angerührt|berührt|bearbeitet|modifiziert)|so gelassen|gleich(?: geblieben)?|bleib(?:t|en) (?:\w+ )?(?:gleich|wie|unverändert|erhalten|stabil|kompatibel)|(?:keine|sonst keine|nichts) (?:\w+ ){0,3}(?:geändert|verändert|angefasst|änderungen)|ohne .{0,40}zu (?:ändern|verändern)|belassen|rückwärtskompatibel|abwärtskompatibel|nichts (?:anderes|weiter)|in ruhe gelassen)\b",
    ),
    (
        NoDependency,
        r"\bkeine(?:n|rlei)? (?:neuen? |weiteren? |zusätzlichen? |externen? )*(?:abhängigkeit(?:en)?|pakete?|bibliotheken?|dependencies)|ohne (?:neue |weitere |zusätzliche )+(?:abhängigkeit|paket|biblioth)",
    ),
    (
        NoNetwork,
        r"\b(?:kein(?:e|en|erlei)? (?:netz(?:werk)?|internet)|nicht (?:auf das|auf's|ins) (?:netz|internet)|offline|ohne (?:netz|internet))\w*",
    ),
    (
        Unused,
        r"\b(?:keine(?:n|rlei)? (?:weiteren? |anderen? |sonstigen? |übrigen? |verbleibenden? )*(?:verwendung(?:en)?|verwender|aufrufe?r?|aufrufstellen?|referenz(?:en)?|nutzung(?:en)?|nutzer|vorkommen|verweise?|importe?|stellen?|treffer|benutzer)|unbenutzt|ungenutzt|nicht (?:mehr )?(?:verwendet|benutzt|genutzt|referenziert|aufgerufen)|nirgends|nirgendwo|niemand|kein(?:e)? (?:andere[rs]?|weitere[rs]?) (?:code|stelle|datei|modul)|einzige[rn]? (?:aufrufer|verwendung|stelle|nutzer))\b|(?:wird|werden) (?:sonst )?nirgend\w+",
    ),
    (
        Preexisting,
        r"\b(?:(?:schon|bereits) (?:vor|vorher|zuvor|davor|rot|kaputt|fehl)\w*|vor (?:meiner|der|dieser|meinen) (?:änderung|anpassung|arbeit)\w*|vorher (?:schon|auch|bereits)|bestand(?:en)? (?:schon|bereits)|altlast|unabhängig von (?:meiner|der|dieser) änderung|hat(?:te)? nichts mit .{0,20}änderung)",
    ),
    (
        Unable,
        r"\bgibt es (?:\w+ ){0,5}nicht\b|\breagiert nicht\b|\bantwortet nicht\b|\b(?:konnte[n]? (?:ich )?.{0,60}(?:nicht|keine?n?)|konnte[n]? nicht|nicht (?:installiert|verfügbar|möglich|vorhanden|erreichbar|implementiert|unterstützt|gefunden|gelungen|in der lage)|kann (?:ich )?.{0,40}nicht|existier(?:t|en) nicht|fehlt|fehlen|ging nicht|gelang (?:mir )?nicht|ließ sich (?:\w+ ){0,3}nicht|lässt sich (?:\w+ ){0,4}nicht|blockiert|verweigert|abgelehnt|ungetestet|ungeprüft|gesperrt|zeitüberschreitung|gibt es (?:hier )?(?:nicht|keine?n?)|(?:weil )?es keine gibt)\b",
    ),
    (
        NotDone,
        r"\bhabe ich (?:\w+ ){0,4}nicht\b|\bich habe (?:\w+ |~+ ){0,5}nicht\b|\b(?:nicht (?:\w+ )?(?:ausgeführt|getestet|geprüft|implementiert|umgesetzt|gebaut|kompiliert|committet|gepusht|gemessen|verifiziert|laufen (?:ge)?lassen|erledigt|durchgeführt|installiert|ergänzt|geschrieben|hinzugefügt|gestartet|angewendet|behandelt|berücksichtigt|aktualisiert|dokumentiert)|keine (?:\w+ )?tests? (?:\w+ )?(?:ausgeführt|geschrieben|ergänzt|hinzugefügt)|nie (?:ausgeführt|gestartet)|ungetestet|noch offen|steht (?:noch )?aus|weggelassen|nur gelesen|kein (?:commit|push|build))\b",
    ),
    (
        Vcs,
        r"\b(?:commit(?:tet|ted|s)?|committe|eingecheckt|gepusht|push|gemergt|zusammengeführt|pull[- ]request|merge[- ]request|branch|zweig|rückgängig gemacht|zurückgesetzt|zurückgenommen|getaggt|revertiert|geschlossen)\b",
    ),
    (
        Perf,
        r"\b(?:schneller|langsamer|beschleunigt|geschwindigkeit|laufzeit|(?:weniger|geringerer) (?:speicher|arbeitsspeicher)\w*|speicher(?:verbrauch|bedarf)|[0-9.,]+ ?[x×]|-?fach|performance|latenz|durchsatz|(?:sinkt|sank|fiel|gesunken|reduziert|verkürzt|halbiert)\w*|statt [0-9.,]+ ?(?:s|ms|µs|sekunden|mb|kb|gb)|von [0-9.,]+ ?(?:s|ms|sekunden|mb)\b)\b|\bmal so schnell",
    ),
    (Dependency, r"\b(?:abhängigkeit(?:en)?|pakete?s?|bibliothek(?:en)?|crate|dependency|dependencies)\b"),
    (
        Bump,
        r"\b(?:angehoben|aktualisiert|hochgezogen|gebumpt|upgegradet|heraufgesetzt|gepinnt|erhöht|fixiert)\b",
    ),
    (File, r"\b(?:datei(?:en)?|dokumentation|doku|readme|skript|konfiguration|modul)\b"),
    (
        Symbol,
        r"\b(?:funktion(?:en)?|methoden?|klassen?|struktur|struct|felder?|feld|konstanten?|variablen?|parameter|typ(?:en)?|eigenschaft|enum|trait|schnittstelle|makro|argument|hilfsfunktion|endpunkt|attribut)\b",
    ),
    (
        Part,
        r"\b(?:option|schalter|vorgabe|standardwert|wert|einstellung|schlüssel|zeilen?|kommentar|abschnitt|bedingung|meldung|text|prüfung|eintrag|flag)\b",
    ),
    (Count, r"\b(?:dateien?|zeilen?|stellen?|aufrufe|vorkommen|commits)\b"),
    (
        Complete,
        r"\b(?:alles (?:\w+ ){0,5}(?:erledigt|fertig|umgesetzt|abgeschlossen|implementiert)|(?:aufgabe|auftrag|umsetzung|implementierung|arbeit|migration|anfrage) (?:ist|wurde) (?:\w+ )?(?:erledigt|fertig|abgeschlossen|vollständig|umgesetzt|komplett)|alle (?:\w+ )?(?:punkte|anforderungen|aufgaben|schritte) (?:sind |wurden )?(?:\w+ )?(?:erledigt|umgesetzt|erfüllt|abgeschlossen)|vollständig (?:umgesetzt|erledigt|implementiert)|nichts (?:mehr )?(?:offen|übrig))\b",
    ),
    (
        Subjective,
        r"\b(?:lesbar(?:er)?|wartbar(?:er)?|sauberer|eleganter?|robuster?|produktionsreif|einfacher|übersichtlicher|besser|verständlicher|klarer|schöner|sicher(?:er)?|aufgeräumter|solide|idiomatisch|stabiler|verhalten (?:ist |bleibt )?(?:gleich|unverändert))\b",
    ),
    (
        Observe,
        r"\b(?:gibt|gab|aus|liefert(?:e)?|zeigt(?:e)?|druckt|meldet(?:e)?|antwortet(?:e)?|schreibt|wirft|beträgt|liegt (?:bei|jetzt)|zurück|endet|dauert(?:e)?|abdeckung|lautet|ergibt|akzeptiert|lehnt .{0,30} ab|weist .{0,30} ab|ignoriert|behandelt|erkennt)\b",
    ),
    (
        Elsewhere,
        r"\b(?:ci|windows|macos|linux|produktion|produktiv\w*|staging|github actions|anderen? (?:plattformen|rechnern?)|server)\b",
    ),
    (
        Stable,
        r"\b(?:stabil|zuverlässig|jedes mal|jedesmal|immer|mehrfach|[0-9]+ ?mal|zweimal|dreimal|zehnmal|fünfmal|mehrmals|hintereinander|nicht mehr flaky|deterministisch)\b",
    ),
    (New, r"\b(?:neue[nrs]?|hinzugefügte[nrs]?|der|die|das|er|sie|es|dieser?|diese)\b"),
    (
        Verb,
        r"\b(?:dürfte[n]?|müsste[n]?|könnte[n]?|sollte[n]?|soll|sollen|will|wollen|darf|dürfen|wäre|wären|verwendet|verwenden)\b|~ \p{L}+t\b|\b(?:lässt|lassen|ließ|macht|nimmt|geht|gehen|kommt|hält|fällt|enthält|erzeugt|schließt|öffnet|liest|schreibt|startet|endet|folgt|trägt|wartet|sperrt|schlug|schlugen|funktionierte|addiert|sortiert|nutzt|kennt|sieht|deckt|decken|bricht|stimmt|passt|gilt|begrenzt|schützt|prüfen|liefern|bleiben)\b|\b(?:ist|sind|war|waren|hat|habe|haben|hatte|wurde|wurden|wird|werden|kann|konnte|können|sollte|muss|ge\w+(?:t|en)|\w+iert|ver\w+(?:t|en)|ent\w+(?:t|en)|be\w+(?:t|en)|er\w+(?:t|en)|um(?:ge)?\w+t|hinzugefügt|angelegt|ausgeführt|läuft|laufen|lief|liefen|gibt|gab|meldet|liefert|zeigt|wirft|schlägt|schlagen|existiert|fehlt|heißt|steht|bleibt|bleiben|nutzt|druckt|behandelt|beträgt|liegt|prüft|ruft|setzt|kompiliert|baut|nicht|keine|angepasst|aktualisiert|durchgesehen|angesehen|angefasst|eingeführt|grün)\b|✅",
    ),
    (I, r"\b(?:ich|wir|habe|meine[nr]?)\b"),
    (Past, r"\b(?:vorher|früher|bisher|zuvor|ursprünglich|ursache|bislang)\b"),
    (
        Interjection,
        r"^(?:fertig|erledigt|zusammenfassung|ergebnis|änderungen|hinweise?|übersicht|gut|super|alles klar|behoben)[ :!.,]*$",
    ),
    (
        Disclosed,
        r"\b(?:(?:angepasst|geändert|aktualisiert|gelockert|übersprungen|entfernt|gelöscht|deaktiviert|abgeschwächt)\b.{0,60}\b(?:tests?|erwartung\w*|assert\w*|\w*test\b)|(?:tests?|\w*tests?|erwartung\w*|erwartete\w*|assert\w*|snapshot\w*)\b.{0,80}\b(?:angepasst|geändert|aktualisiert|gelockert|übersprungen|entfernt|gelöscht|deaktiviert|abgeschwächt|auskommentiert))",
    ),
    (Docs, r"\b(?:dokument\w*|readme|doku|kommentar\w*|changelog)\b"),
    (
        Pass,
        r"\b(?:glatt durch|fehlerlos|geklappt|gehen (?:\w+ )?durch|geht (?:\w+ )?durch|ging(?:en)? (?:\w+ )?durch|liefen (?:\w+ )?durch|lief (?:\w+ )?durch|im grünen bereich|endete(?:n)? (?:erfolgreich|ohne fehler))\b",
    ),
    (
        Fail,
        r"\b(?:rote[nrs]?|krach(?:t|en|te)|bricht|brach|fällt um|abgestürzt|stürzt ab|fehlerhaft|missl\w+|nicht bestanden|laufen nicht durch|durchgefallen)\b",
    ),
    (
        AllGreen,
        r"\b(?:alles grün|kein einziger (?:test )?(?:fehl\w+|schlägt)|sämtliche (?:tests )?grün|nichts schlägt fehl)\b",
    ),
    (
        Fix,
        r"\b(?:gebannt|ausgeräumt|aus der welt|(?:fehler|absturz|leck|problem|deadlock|überlauf|race|regression)\w* (?:ist|sind|wurde|wurden) (?:jetzt |nun |damit |somit |endlich )?(?:weg|behoben|gelöst|beseitigt|verschwunden|erledigt|vom tisch|geschichte)|abgestellt|geheilt)\b",
    ),
    (
        Add,
        r"\b(?:dazugekommen|kam(?:en)? hinzu|kommt hinzu|hinzu gekommen|bekommt|bekam|erhielt|verfügt (?:jetzt|nun)|bietet (?:jetzt|nun)|legt .{1,30} an|eingerichtet|beigefügt|eingezogen|spendiert|gibt es (?:eine?n?|zwei|drei) neue\w*|existiert (?:jetzt|nun)|fügte|schrieb|ergänzte|legte)\b",
    ),
    (
        Remove,
        r"\b(?:wegfallen|verschwand|herausgenommen|rausgeworfen|abgeschafft|ausgemustert|getilgt|löschte|entfernte|gibt es (?:\w+ ){0,4}nicht mehr|existier(?:t|en) (?:\w+ )?nicht mehr)\b",
    ),
    (
        Change,
        r"\b(?:von .{1,20} auf|steigt|stieg|sinkt|sank|liefert|benutzen|arbeitet (?:jetzt|nun)|greift|setzt|hebt|erhöhte|änderte|ersetzte|stellte .{1,30} um|passte .{1,30} an|wechselt|nimmt|gekürzt|verlängert|verkürzt|begrenzt|gekapselt|umschlossen|läuft über|mit .{1,20} initialisiert)\b",
    ),
    (
        Rename,
        r"\b(?:liegt (?:jetzt|nun) (?:unter|in)|trägt (?:jetzt|nun) den namen|nennt sich (?:jetzt|nun))\b",
    ),
    (
        Run,
        r"\b(?:laufen lassen|durchlaufen lassen|angestoßen|abgesetzt|ausgerollt|hochgefahren|lief(?:en)?|startete|gelaufen|benutzt, um)\b",
    ),
    (
        Exited,
        r"\bendete(?:n)? (?:mit|ohne|erfolgreich)|\bohne (?:einen )?fehler (?:durch|zu ende|beendet|ab)|\b(?:endet|beendete)\w* .{0,12}(?:code|status) [0-9]",
    ),
    (
        Read,
        r"\b(?:durchgelesen|durchforstet|gegengelesen|nachgeprüft|gegengeprüft|abgeglichen|in augenschein|durchgearbeitet|las|prüfte)\b",
    ),
    (Searched, r"\bnach .{1,30} (?:gesucht|durchsucht)\b"),
    (
        NotDone,
        r"\b(?:verzichtet|auf .{1,30} verzichtet|ausgelassen|nicht (?:\w+ ){0,2}(?:angestoßen|probiert|versucht|bereitgestellt|veröffentlicht|eingecheckt|formatiert|angesehen|angeschaut|durchlaufen|gelaufen)|kein(?:e|en)? (?:\w+ )?(?:commits?|tests?|builds?|benchmarks?|messung(?:en)?|release) (?:\w+ )?(?:gemacht|erstellt|ausgeführt|durchgeführt|gestartet|angelegt)|bleibt (?:ungetestet|offen|ungeprüft)|noch nicht)\b",
    ),
    (
        Unable,
        r"\b(?:war (?:mir )?nicht möglich|war unmöglich|unmöglich|scheiterte(?:n)?|gescheitert|verhindert(?:e)?|kein(?:en)? zugriff|lief in (?:die|eine) zeit\w+|zeitlimit|nicht zu (?:erreichen|installieren)|wurde (?:\w+ )?(?:verweigert|abgelehnt|blockiert|unterbunden))\b",
    ),
    (
        Untouched,
        r"\b(?:nicht (?:angefasst|angerührt|angetastet)|keine (?:einzige )?(?:\w+ )?(?:zeile|datei|änderung)\w* (?:\w+ )?(?:angefasst|geändert|verändert|angerührt|nötig)|wie (?:gehabt|zuvor|bisher)|so wie (?:sie|er|es) war(?:en)?|musste(?:n)? nicht (?:geändert|angepasst|angefasst)\w*|unverändert)\b",
    ),
    (
        Unused,
        r"\b(?:kommt .{0,40}nicht mehr vor|kommen .{0,40}nicht mehr vor|taucht .{0,40}(?:nicht mehr|nirgends) auf|kein(?:e|en|er)? (?:\w+ )?(?:aufruf|verweis|stelle|code|datei|modul)\w* (?:mehr|verwendet|nutzt|ruft|verweist)|niemand (?:sonst )?(?:ruft|nutzt|verwendet)|restlos)\b",
    ),
    (
        Preexisting,
        r"\b(?:schon|bereits) (?:vor|bevor) |\bwar(?:en)? (?:es )?(?:schon|bereits) vor|\bhat(?:te)? (?:das )?nichts (?:mit .{1,20} )?zu tun|\bnichts zu tun\b|\bbestand schon|\bunabhängig davon",
    ),
    (
        Perf,
        r"\b(?:sank|sinkt|stieg|steigt|fiel|fällt|schrumpft(?:e)?|wuchs|wächst) .{0,30}(?:ms|sekunden|mb|kb|prozent|%|s)\b|\b(?:speicherbedarf|speicherverbrauch|laufzeit|dauer|rechenzeit|durchsatz)\b|\bdoppelt so schnell\b|\bum den faktor\b",
    ),
    (
        Complete,
        r"\b(?:alle (?:genannten |gewünschten |geforderten |aufgeführten )?(?:punkte|wünsche|teile|anforderungen|aufgaben) .{0,30}(?:erledigt|umgesetzt|fertig|abgearbeitet|erfüllt)|es bleibt nichts (?:mehr )?(?:offen|zu tun)|nichts (?:mehr )?(?:ist )?offen|damit ist alles|komplett (?:erledigt|umgesetzt|fertig)|alles (?:erledigt|fertig|umgesetzt))\b",
    ),
    (
        Stable,
        r"\b(?:bei jedem (?:lauf|durchlauf|versuch)|in jedem lauf|kein einziges mal|durchgehend|durchweg|reproduzierbar)\b",
    ),
    (
        Observe,
        r"\b(?:erscheint|wird (?:\w+ )?ausgegeben|ausgegeben|erzeugt|protokolliert|startet|hört auf|lauscht|reagiert|löst .{1,20} aus|kommt zurück|sortiert|endet mit)\b",
    ),
    (
        Clean,
        r"\b(?:hat(?:te)? nichts (?:auszusetzen|zu (?:meckern|beanstanden|bemängeln))|ohne (?:befund|beanstandung|einwände|meldung)|anstandslos|klaglos|nichts zu beanstanden|meckert nicht|beanstandet nichts)\b",
    ),
    (AllGreen, r"\b[0-9]+ (?:tests? )?passed\b|\b0 (?:failures?|failed|errors?)\b|\bno failures\b"),
    (Fail, r"\b[1-9][0-9]* (?:failures?|failed)\b"),
    (
        Test,
        r"\b(?:junit|mocha|bats|ctest|minitest|nextest|unittest|surefire|examples?|xctest|exunit|rspec)\b",
    ),
    (
        Fix,
        r"\b(?:\w*(?:fehler|bug|absturz|leck|problem|deadlock|überlauf|regression|hänger|flaute|blockade))\w*\b.{0,40}\b(?:ist|sind|wurde|wurden|gilt|gehört)\b.{0,20}\b(?:weg|behoben|gelöst|beseitigt|verschwunden|erledigt|vom tisch|geschichte|vergangenheit|korrigiert|bereinigt)\b",
    ),
    (
        Run,
        r"\bgetestet habe ich\b|\b(?:ich )?habe (?:ich )?.{0,40}\b(?:getestet|durchprobiert|gemessen|gebaut|kompiliert)\b",
    ),
    (
        Pass,
        r"\bbesteht (?:er|sie|es)\b|\b(?:ist|sind) (?:wieder |nun |jetzt )?(?:gut|bestanden|grün|in ordnung)\b|\bschl(?:ug|ugen) .{0,12}nicht fehl\b",
    ),
    (
        AllGreen,
        r"\bkein(?:e|er)? (?:einzige[rn]? )?tests? (?:ist |sind )?(?:schlug|schlugen|schlägt|schlagen|fehlgeschlagen|rot)\b|\balles (?:lief|läuft|ging) (?:fehlerfrei|durch|glatt|sauber)\b",
    ),
    (
        Success,
        r"\bnichts auszusetzen\b|\bsauber durch\w*|\bzufrieden\b|\bohne (?:eine )?(?:einzige )?(?:warnung|fehler|beanstandung)",
    ),
    (
        Build,
        r"\b(?:javac|gcc|clang|rustc|cmake|msbuild|übersetzer|compiler|release-?build|debug-?build|\w*build)\b",
    ),
    (Count, r"\b(?:aufrufstellen?|fundstellen?|module?n?|klassen)\b"),
    (
        Untouched,
        r"\b(?:so,? wie (?:sie|er|es|du)|wie vorgefunden|in ruhe|keine (?:anderen? |weiteren? )?(?:dateien|module|zeilen) (?:\w+ )?(?:geändert|angefasst|verändert|betroffen))\b",
    ),
    (Exited, r"\bbeende(?:t|te) sich (?:\w+ )?mit|\bmit (?:exit-?code )?0 beendet"),
    (
        Change,
        r"\b(?:gelockert|verschärft|hochgesetzt|heruntergesetzt|erweitert|rechnet|nimmt .{0,30} entgegen|aktiviert|deaktiviert|eingeschaltet|ausgeschaltet|festgelegt|heißt)\b",
    ),
    (
        Untouched,
        r"\bnichts .{0,24}(?:ändern|anpassen|anfassen|umbauen)\b|\bbleibt bei\b|\bbleiben bei\b|\b(?:ist|sind) (?:genau )?so,? wie\b",
    ),
    (
        NotDone,
        r"\b(?:automatische |eigene )?tests? .{0,20}gibt es (?:\w+ )?nicht\b|\bkeine tests? (?:für|zu)\b",
    ),
    (Fail, r"\bendet (?:in|mit) einem fehler\b"),
    (
        NotDone,
        r"\bnicht (?:\w+ )?(?:erneut|nochmals?|wieder) (?:ausgeführt|gestartet|getestet|gebaut|laufen)",
    ),
    (Add, r"\b(?:ein weiterer|ein zusätzlicher|noch ein) (?:\w+ )?test\b"),
    (Build, r"\bsyntaxfehler\b"),
    (
        NotDone,
        r"\bhabe ich (?:\w+ ){0,3}keine?n?\b|\bich habe (?:\w+ ){0,4}keine?n? (?:\w+ ){0,3}(?:ge|ver|be|er|ent)\w+(?:t|en)\b",
    ),
    (
        NotDone,
        r"\b(?:ausgeführt|gestartet|getestet|gebaut|geprüft) wurde(?:n)? (?:\w+ ){0,3}(?:kein\w*|nicht\w*)",
    ),
    (
        Lint,
        r"\b(?:stylelint|shellcheck|credo|rubocop|ktlint|swiftlint|detekt|phpstan|golangci(?:-lint)?|go vet|gofmt|biome|flake8|pylint|checkstyle|spotless|oxlint|hadolint|yamllint|markdownlint|eslint|clippy|ruff|prettier)\b",
    ),
];
