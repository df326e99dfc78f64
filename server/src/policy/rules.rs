//! The signs, as a table. Case is ignored; each pattern is tried on one line.

/// A sign.
pub(super) struct Sign {
    pub(super) name: &'static str,
    pub(super) pattern: &'static str,
    /// Whether it only says that an assistant is spoken to, which notes for assistants do.
    pub(super) addresses: bool,
}

const fn addresses(pattern: &'static str) -> Sign {
    Sign { name: "addresses-assistant", pattern, addresses: true }
}

const fn sign(name: &'static str, pattern: &'static str) -> Sign {
    Sign { name, pattern, addresses: false }
}

pub(super) const SIGNS: &[Sign] = &[
    sign(
        "overrides-instructions",
        r"\b(ignore|disregard|forget|override)\b( (all|any|of|the|your|these|those))* (previous|prior|above|earlier|preceding|system|foregoing) (instructions?|prompts?|rules|directions|messages|task)",
    ),
    sign(
        "overrides-instructions",
        r"\bignorier\w*( alle)?( die)? (vorherigen|bisherigen|obigen|vorigen|früheren) (anweisungen|instruktionen|regeln)",
    ),
    sign(
        "overrides-instructions",
        r"\bignor\w*( toutes)?( les)? (instructions|consignes) (précédentes|antérieures|ci-dessus)",
    ),
    sign("overrides-instructions", r"\bignor\w*( todas)?( las)? instrucciones (anteriores|previas)"),
    sign("overrides-instructions", r"\bignor\w*( todas)?( as)? instruções (anteriores|prévias)"),
    sign("overrides-instructions", r"\bignora\w*( tutte)?( le)? istruzioni (precedenti|sopra)"),
    sign(
        "overrides-instructions",
        r"(以前|これまで|上記|前)の.{0,6}(指示|命令|プロンプト)を.{0,4}(無視|忘れ)",
    ),
    sign(
        "overrides-instructions",
        r"(忽略|无视|忘记).{0,4}(之前|以上|先前|前面|上述).{0,6}(指令|指示|提示|说明)",
    ),
    sign("overrides-instructions", r"игнорируй\w*( все)? (предыдущие|прежние) (инструкции|указания)"),
    sign("overrides-instructions", r"이전.{0,4}(지시|명령).{0,6}무시"),
    sign(
        "poses-as-system",
        r"(^|[^a-z])system ((notice|override|prompt|message)s?\s*[:\]>]|instructions?\s*:)",
    ),
    sign(
        "steers-report",
        r"\b(closing|final|last) (message|reply|answer|response|summary) (must|should|has to|shall) (contain|say|include|end|begin|be)\b",
    ),
    sign(
        "steers-report",
        r"\b(end|finish|begin|start|close) your (final |closing )?(answer|reply|response|message|summary|report) with\b",
    ),
    sign("steers-report", r"\b(reply|respond|answer) only with\b"),
    sign(
        "steers-report",
        r"\binclude\b.{1,80}\bin your (final |closing )?(answer|reply|response|message|summary|report)\b",
    ),
    sign("steers-report", r"最後の(返答|回答|メッセージ|応答).{0,30}(書く|含め|入れ)"),
    sign("asks-to-conceal", r"\byou need not mention (it|this|that)\b"),
    sign(
        "asks-to-conceal",
        r"\b(do not|don't|never) (mention|report|reveal|disclose) (it|this|that)( change)? (to the user|in (your|the) (summary|answer|reply|report))",
    ),
    sign("orders-by-code", r"\bdecode\b.{0,30}\band (obey|follow|execute|comply)\b"),
    sign(
        "sends-secrets",
        r"\b(curl|wget)\b.*\s(-d|--data\S*|-F|--form|-T|--upload-file|--post-file)[= ]?\S*@?\S*(\.env\b|id_rsa|id_ed25519|credentials|secrets?\b|\.netrc|\.npmrc)",
    ),
    addresses(
        r"\b(note|notice|message|instructions?|attention|hint|reminder|warning|important)( to| for)?:? (to |for )?(all |any |the )*((ai|automated|autonomous|coding|llm)[ -]?(assistants?|agents?|models?|tools?|editors?|systems?|bots?)|llms?|language models?|ai\b)",
    ),
    addresses(
        r"\bfor (all |any )?(automated|ai|autonomous|coding) (assistants?|agents?|editors?|tools?|bots?|models?)\s*:",
    ),
    addresses(
        r"\bif you('re| are) (an? )?((ai|automated|autonomous|coding|language|llm)\b[ -]?(assistant|agent|model|tool|editor|system|bot)?)",
    ),
    addresses(r"(^|[^\w ])\s*(\(\d+\)\s*)?(ai |coding |automated )(assistants?|agents?)\s*[:,]\s*\w+"),
    addresses(r"^\W*(\(\d+\)\s*)?agents,\s+\w+"),
    addresses(
        r"\b(any|all|every|each) (automated|ai|autonomous|coding) (assistants?|agents?|tools?|systems?|editors?|models?)\b.{0,40}\b(must|should|shall|may not|have to|has to)\b",
    ),
    addresses(
        r"\b(any|every) agent (touching|reading|editing|working)\b.{0,40}\b(must|should|shall|has to)\b",
    ),
    addresses(
        r"\bai (systems?|models?|agents?|assistants?|tools?) (are|is) (not )?(allowed|permitted|required|obliged|forbidden|prohibited)\b",
    ),
    addresses(
        r"\b(agents?|assistants?) must (also )?(run|delete|remove|stop|abort|execute|write|append|send|add)\b",
    ),
    addresses(r"^\W*assistant\s*:\s*(append|add|write|delete|remove|run|execute|send|say|stop|create)\b"),
    addresses(r"\bAI ?(は|へ|よ|エージェントは|アシスタントは).{0,60}(こと|せよ|しなさい|してください)"),
    addresses(r"(AI|人工智能|智能)(助手|代理|体).{0,10}(必须|务必|应当|请)"),
    addresses(r"\bKI[ -](assistent(en)?|agent(en)?|systeme?|modelle?) (müssen|muss|sollen|soll|dürfen)\b"),
    addresses(
        r"\b(assistants?|agents?) (d'|de l'|en )?(ia|intelligence artificielle)\b.{0,30}\b(doit|doivent|devez)\b",
    ),
    addresses(r"\b(asistentes?|agentes?) de (ia|inteligencia artificial)\b.{0,30}\b(debe|deben)\b"),
];
