//! Does code hold what a clause names? Identifiers, literals and the words of prose against changed lines.

use std::collections::BTreeSet;

use super::Context;
use crate::claim::extract::Assertion;
use crate::claim::facts::Line;
use crate::claim::kind::Verdict;
use crate::claim::message::{Shape, Token};

/// Whether a word stands in a text with no letter, digit or underscore beside it.
pub(super) fn has_word(text: &str, word: &str) -> bool {
    let joins = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    !word.is_empty()
        && text.match_indices(word).any(|(at, _)| {
            let before = text.get(..at).and_then(|t| t.chars().next_back());
            let after = text.get(at + word.len()..).and_then(|t| t.chars().next());
            !(joins(before) && word.starts_with(|c: char| c.is_alphanumeric() || c == '_')
                || joins(after) && word.ends_with(|c: char| c.is_alphanumeric() || c == '_'))
        })
}

/// Whether a number stands in a text with no digit beside it.
pub(super) fn has_number(text: &str, number: &str) -> bool {
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    text.match_indices(number).any(|(at, _)| {
        let before = text.get(..at).and_then(|t| t.chars().next_back());
        let mut after = text.get(at + number.len()..).unwrap_or_default().chars();
        let next = after.next();
        let fraction = next == Some('.') && digit(after.next());
        let named = before.is_some_and(|c| c.is_alphabetic() || c == '_');
        !(digit(before) || digit(next) || fraction || named)
    })
}

/// Data structures and constructs that prose names: in the added code and not in the removed.
pub(super) fn construct(masked: &str, added: &[&Line], removed: &[&Line]) -> bool {
    let join = |lines: &[&Line]| lines.iter().map(|l| l.code.to_lowercase()).collect::<Vec<_>>().join("\n");
    let (new, old) = (join(added), join(removed));
    let has = |text: &str, code: &str| text.contains(code);
    CONSTRUCTS
        .iter()
        .filter(|(word, _)| masked.split(|c: char| !c.is_alphanumeric()).any(|w| w.starts_with(word)))
        .any(|(_, codes)| codes.iter().any(|c| has(&new, c) && !has(&old, c)))
        || FOREIGN
            .iter()
            .filter(|(words, _)| super::words::says(masked, words))
            .any(|(_, codes)| codes.split('|').any(|c| has(&new, c) && !has(&old, c)))
}

/// The same in other languages than English, by parts of words.
const FOREIGN: &[(&str, &str)] = &[
    ("arrond|rundet|gerundet|redonde|丸め|四捨五入|舍入|取整", "round"),
    ("sortier|trie |triée|tri |ordena|ソート|並べ替え|整列|排序", "sort"),
    ("sperr|verrou|bloqueo|mutex|ロック|排他|锁", "lock|mutex|synchronized"),
    ("zwischenspeicher|gecacht|mise en cache|mis en cache|caché|キャッシュ|缓存", "cache|memo"),
    ("schleife|boucle|bucle|ループ|循环", "for |while |loop"),
    ("wörterbuch|dictionnaire|diccionario|辞書|字典", "dict|{}|map"),
    ("kleinbuchstaben|minuscul|minúscul|小文字|小写", "lower"),
    ("großbuchstaben|majuscul|mayúscul|大文字|大写", "upper"),
    ("absolut|valeur absolue|valor absoluto|絶対値|绝对值", "abs("),
    ("leerzeichen|espaces|espacios|空白|空格", "strip|trim"),
    ("ausnahme|exception|excepción|例外|异常", "raise|throw|error"),
    ("wiederhol|réessa|reintent|再試行|リトライ|重试", "retry|retries|attempt"),
    ("zeitlimit|délai|tiempo de espera|タイムアウト|超时", "timeout"),
    ("protokollier|journalis|registra|ログ|日志", "log"),
    ("parallel|parallèle|paralelo|並列|并行", "thread|parallel|async|spawn"),
    ("transaktion|transaction|transacción|トランザクション|事务", "transaction|begin|commit"),
];

/// Words for constructs and how code writes them.
const CONSTRUCTS: &[(&str, &[&str])] = &[
    ("dict", &["dict", "{}", "hashmap"]),
    ("hash", &["hashmap", "hashset", "dict", "set("]),
    ("allocat", &["with_capacity", "reserve", "make(["]),
    ("lock", &["lock", "synchronized", "mutex"]),
    ("cache", &["cache", "memo"]),
    ("memoi", &["cache", "memo"]),
    ("regex", &["regex", "re."]),
    ("mutex", &["mutex"]),
    ("generator", &["yield"]),
    ("stream", &["stream"]),
    ("async", &["async", "await"]),
    ("decorat", &["@"]),
    ("context manager", &["with "]),
    ("binary search", &["bisect", "binary_search"]),
    ("sort", &["sort"]),
    ("escap", &["escape", "quote", "replace"]),
    ("transaction", &["transaction", "begin", "commit"]),
    ("retr", &["retry", "retries", "attempt"]),
    ("timeout", &["timeout"]),
    ("logg", &["log.", "logger", "logging"]),
    ("paramet", &["?", "$1"]),
    ("prepared", &["?", "$1", "prepare"]),
    ("null check", &["null", "none"]),
    ("early", &["return"]),
    ("heap", &["heap"]),
    ("queue", &["queue", "deque"]),
    ("batch", &["batch", "chunk"]),
    ("index", &["index"]),
    ("loop", &["for ", "while "]),
    ("recurs", &["recurs"]),
    ("ternary", &["?"]),
    ("map", &["map", "{}"]),
];

/// Text without blanks and with one kind of quotation mark, for comparing code.
pub(super) fn squeezed(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| if matches!(c, '\'' | '`' | '“' | '”') { '"' } else { c })
        .collect()
}

/// Whether a text holds what a token names.
pub(super) fn holds(text: &str, squeezed_text: &str, token: &Token) -> bool {
    let raw = token.text.trim();
    match token.shape {
        Shape::Name => {
            let plain = raw.split(['(', '<']).next().unwrap_or(raw);
            let plain =
                plain.trim_end_matches(|c: char| c.is_ascii_digit()).strip_suffix('/').unwrap_or(plain);
            let parts: Vec<&str> = plain
                .split([':', '.', '#', '/'])
                .filter(|p| !p.is_empty() && *p != "self" && *p != "this")
                .collect();
            let args =
                raw.split_once('(').map(|(_, a)| a.trim_end_matches(')').trim()).filter(|a| !a.is_empty());
            let whole =
                has_word(text, plain) || parts.iter().all(|p| has_word(text, p.trim_start_matches('@')));
            whole
                && args.is_none_or(|args| {
                    squeezed_text.contains(&squeezed(args))
                        || args
                            .split(',')
                            .filter(|x| !matches!(x.trim(), "..." | "…"))
                            .all(|x| squeezed_text.contains(&squeezed(x)))
                })
        }
        Shape::Flag => {
            let name = raw.trim_start_matches('-');
            text.contains(raw) || text.contains(&format!("\"{name}\"")) || text.contains(&format!("'{name}'"))
        }
        _ => literal(text, squeezed_text, raw),
    }
}

fn literal(text: &str, squeezed_text: &str, raw: &str) -> bool {
    let pieces: Vec<String> = raw
        .split(['…'])
        .flat_map(|p| p.split("..."))
        .map(squeezed)
        .filter(|p| !p.is_empty() && p != "\"")
        .collect();
    if raw.chars().all(|c| c.is_ascii_digit() || c == '.') {
        return has_word(text, raw);
    }
    let bounded =
        raw.ends_with(|c: char| c.is_ascii_alphanumeric()) && !raw.contains("...") && !raw.contains('…');
    if bounded && text.contains(raw) {
        return has_word(text, raw);
    }
    let found = |p: &String| {
        let bare = p.trim_end_matches([',', ')', ';']).trim_end_matches(',');
        squeezed_text.contains(p.as_str()) || bare.len() > 2 && squeezed_text.contains(bare)
    };
    !pieces.is_empty() && pieces.iter().all(found)
}

/// Whether some line, or all of them together, hold a token.
pub(super) fn any_line(lines: &[&Line], token: &Token) -> bool {
    let joined: String =
        lines
            .iter()
            .map(|l| {
                if crate::claim::source::is_documentation(&l.path) {
                    l.text.as_str()
                } else {
                    l.code.as_str()
                }
            })
            .collect::<Vec<_>>()
            .join("\n");
    let last = token.identifier();
    let qualified = token.shape == Shape::Name && last.len() < token.text.len() && !token.text.contains('(');
    holds(&joined, &squeezed(&joined), token) || qualified && has_word(&joined, last)
}

/// Details of an added symbol: other literals and numbers of the clause must stand in the lines that were added.
pub(super) fn details(cx: &Context, a: &Assertion, subject: &Token) -> Option<Verdict> {
    let lines: Vec<&Line> = cx.facts.added.iter().collect();
    let code: String = lines.iter().map(|l| l.code.as_str()).collect::<Vec<_>>().join("\n");
    let typed = |t: &&Token| {
        t.range != subject.range
            && t.shape == Shape::Literal
            && !t.text.contains(' ')
            && t.quoting == crate::claim::message::Quoting::Code
    };
    let after: String = cx.facts.after().values().map(String::as_str).collect::<Vec<_>>().join("\n");
    if a.tokens.iter().filter(typed).any(|t| !holds(&after, &squeezed(&after), t)) {
        return Some(Verdict::Contradicted);
    }
    let default = ["default", "既定", "デフォルト", "standard", "défaut", "predeterminad", "defecto", "默认"]
        .iter()
        .find_map(|w| a.masked.find(w));
    let number = default.and_then(|at| a.numbers.iter().find(|n| n.range.start > at))?;
    let shown = if number.decimals == 0 { format!("{:.0}", number.value) } else { number.value.to_string() };
    Some(if has_word(&code, &shown) { Verdict::Verified } else { Verdict::Contradicted })
}

const STOP: &[&str] = &[
    "return",
    "returns",
    "returned",
    "returning",
    "print",
    "prints",
    "import",
    "imports",
    "result",
    "results",
    "number",
    "string",
    "module",
    "empty",
    "input",
    "call",
    "calls",
    "called",
    "this",
    "wrote",
    "down",
    "accordingly",
    "matching",
    "that",
    "with",
    "from",
    "into",
    "when",
    "then",
    "than",
    "have",
    "been",
    "were",
    "also",
    "only",
    "both",
    "each",
    "they",
    "them",
    "there",
    "here",
    "which",
    "will",
    "would",
    "should",
    "could",
    "code",
    "file",
    "function",
    "method",
    "class",
    "added",
    "changed",
    "updated",
    "replaced",
    "removed",
    "using",
    "used",
    "uses",
    "instead",
    "make",
    "made",
    "now",
    "more",
    "same",
    "other",
    "does",
    "done",
    "just",
    "very",
    "such",
    "over",
    "after",
    "before",
    "where",
    "while",
    "until",
    "still",
    "some",
    "without",
    "within",
    "again",
    "because",
    "version",
    "value",
    "values",
    "existing",
    "implementation",
    "behaviour",
    "behavior",
    "correctly",
    "properly",
    "change",
    "line",
    "lines",
    "place",
    "case",
    "cases",
    "handled",
    "handles",
];

/// Prose and the code that it usually describes.
const MEANS: &[(&str, &[&str])] = &[
    ("loop", &["for", "while", "loop"]),
    ("cach", &["cache", "lru_cache", "memo"]),
    ("memoi", &["cache", "memo"]),
    ("async", &["async", "await"]),
    ("rais", &["raise", "throw"]),
    ("throw", &["throw", "raise"]),
    ("reject", &["raise", "throw", "return", "err"]),
    ("valid", &["raise", "throw", "if", "valid", "check"]),
    ("lock", &["lock", "mutex", "synchronized"]),
    ("log", &["log", "print", "warn"]),
    ("round", &["round", "tofixed"]),
    ("sort", &["sort", "sorted"]),
    ("trim", &["trim", "strip"]),
    ("strip", &["strip", "trim"]),
    ("escap", &["escape", "replace"]),
    ("null", &["none", "null", "nil", "undefined"]),
    ("none", &["none", "null"]),
    ("empty", &["not", "len", "empty", "is_empty", "length"]),
    ("lowercas", &["lower", "tolowercase"]),
    ("uppercas", &["upper", "touppercase"]),
    ("retri", &["retry", "retries", "attempt"]),
    ("timeout", &["timeout"]),
    ("default", &["default", "="]),
    ("regex", &["re", "regex", "match"]),
    ("backoff", &["**", "pow", "sleep", "backoff"]),
    ("clos", &["close", "with", "defer"]),
    ("inline", &["=>", "return"]),
    ("zero", &["0"]),
    ("negativ", &["<", "0"]),
    ("multipl", &["*"]),
    ("divi", &["/"]),
    ("context", &["with", "context"]),
    ("index", &["index", "["]),
    ("list", &["list", "["]),
    ("array", &["[", "array"]),
    ("guard", &["if"]),
];

/// Of the telling words of a clause, how many the code speaks of: (found, all).
pub(super) fn prose(masked: &str, code: &str) -> (usize, usize) {
    let code = code.to_lowercase();
    let words: BTreeSet<&str> = masked
        .split(|c: char| !c.is_ascii_alphabetic())
        .filter(|w| w.len() >= 4 && !STOP.contains(w))
        .collect();
    let found = words.iter().filter(|w| {
        let stem: String = w.chars().take(w.len().saturating_sub(2).clamp(4, 7)).collect();
        let meant = MEANS.iter().filter(|(p, _)| w.starts_with(p)).any(|(_, codes)| {
            codes.iter().any(|c| {
                if c.chars().all(char::is_alphanumeric) { has_word(&code, c) } else { code.contains(c) }
            })
        });
        code.contains(&stem) || meant
    });
    (found.count(), words.len())
}
