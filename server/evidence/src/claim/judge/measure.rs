//! "3x faster", "less memory" (rule 22): the same measurement before and after.

use super::Context;
use super::words::says;
use crate::claim::extract::Assertion;
use crate::claim::kind::{Code, Ruling};
use crate::claim::message::Number;
use crate::claim::record::Ran;
use crate::claim::shell::Tool;

pub(super) fn judge(cx: &Context, a: &Assertion) -> Ruling {
    let Some((before, after)) = pair(cx) else {
        let single: Vec<u64> =
            cx.facts.record.ran.iter().filter(|r| is_measurement(r)).map(|r| r.seq).collect();
        return Ruling::unverified(
            if single.is_empty() { Code::NoEvidence } else { Code::NoBaseline },
            &single,
        );
    };
    let seqs = [before.seq, after.seq];
    let (old, new) = (of_dimension(a, figures(before)), of_dimension(a, figures(after)));
    if after.version != cx.facts.record.version {
        return Ruling::unverified(Code::Stale, &seqs);
    }
    let fraction = |n: &Number| {
        let word = a.masked.get(n.range.clone()).unwrap_or_default();
        ["third", "quarter", "fifth", "drittel", "viertel", "tiers", "quart", "tercio", "cuarto"]
            .contains(&word)
    };
    let claimed: Vec<&Number> = a.numbers.iter().filter(|n| n.value > 0.0 && !fraction(n)).collect();
    if old.is_empty() || new.is_empty() {
        return Ruling::unverified(Code::NoBaseline, &seqs);
    }
    if claimed.is_empty() {
        return by_direction(a, &old, &new, &seqs);
    }
    let plain: Vec<&&Number> = claimed.iter().filter(|n| !is_ratio(n)).collect();
    let shifted = match plain.as_slice() {
        [to, from] if says(&a.masked, "rather than|instead of|down from|statt |au lieu|en lugar|en vez") => {
            old.iter().zip(&new).any(|(o, n)| is_value(from, o) && is_value(to, n))
        }
        [from, to] => old.iter().zip(&new).any(|(o, n)| is_value(from, o) && is_value(to, n)),
        _ => true,
    };
    if shifted && claimed.iter().all(|n| agrees(n, a, &old, &new)) {
        Ruling::verified(Code::Measured, &seqs)
    } else {
        Ruling::contradicted(Code::MeasuredDiffers, &seqs)
    }
}

/// Values of the quantity that the claim speaks of: memory by sizes, time by durations; all if it names neither.
fn of_dimension(a: &Assertion, values: Vec<(f64, String)>) -> Vec<(f64, String)> {
    let size = |u: &str| {
        ["mb", "mib", "gb", "gib", "kb", "kib", "bytes", "b", "b/op"].contains(&u.to_lowercase().as_str())
    };
    let said = |words: &str| says(&a.masked, words);
    let sized = a
        .numbers
        .iter()
        .any(|n| ["mb", "mib", "gb", "gib", "kb", "kib", "bytes"].iter().any(|u| n.unit.starts_with(u)));
    let timed = a.numbers.iter().any(|n| {
        ["ms", "s ", "sec", "µs", "us ", "ns", "秒", "ミリ", "毫"].iter().any(|u| n.unit.starts_with(u))
            || n.unit == "s"
    });
    let memory = said("memory|heap|footprint|speicher|mémoire|memoria|メモリ|内存|allocat");
    let keep: Vec<(f64, String)> = match (memory || sized, timed) {
        (true, false) => values.iter().filter(|(_, u)| size(u)).cloned().collect(),
        (false, _) => values.iter().filter(|(_, u)| !size(u)).cloned().collect(),
        (true, true) => values.clone(),
    };
    if keep.is_empty() && !memory { values } else { keep }
}

/// The same shell line on an older and on a newer state, with numbers in its output.
fn pair<'r, 'a>(cx: &'r Context<'a>) -> Option<(&'r Ran<'a>, &'r Ran<'a>)> {
    let runs: Vec<&Ran> = cx.facts.record.ran.iter().filter(|r| is_measurement(r)).collect();
    let after = runs.iter().rev().find(|r| r.version > 0)?;
    let before = runs.iter().find(|r| {
        r.version < after.version && r.invocation.words == after.invocation.words && r.dir() == after.dir()
    })?;
    Some((before, after))
}

fn is_measurement(run: &Ran) -> bool {
    let quiet = matches!(run.tool, Tool::Search | Tool::Vcs | Tool::Format | Tool::Lint | Tool::Install);
    let bench = says(&run.command.cmd, "bench|time|hyperfine|perf|profile|mem");
    let tests = matches!(run.tool, Tool::Test(_) | Tool::TestScript);
    !quiet && run.started() && !figures(run).is_empty() && (bench || !tests)
}

/// Measured values: numbers with a unit in the output.
fn figures(run: &Ran) -> Vec<(f64, String)> {
    with_units(&run.output)
}

/// The plain numbers of an output.
pub(super) fn values(output: &str) -> Vec<f64> {
    output
        .split(|c: char| !(c.is_ascii_digit() || c == '.'))
        .filter_map(|w| w.trim_matches('.').parse().ok())
        .collect()
}

fn with_units(output: &str) -> Vec<(f64, String)> {
    let mut out = Vec::new();
    let bytes = output.char_indices().collect::<Vec<_>>();
    let mut index = 0;
    while let Some((start, c)) = bytes.get(index).copied() {
        let glued = index > 0
            && bytes.get(index - 1).is_some_and(|(_, p)| p.is_alphanumeric() || matches!(p, '.' | '_' | '#'))
            && !bytes.get(index - 1).is_some_and(|(_, p)| *p == 'm' || *p == '=');
        if !c.is_ascii_digit() || glued {
            index += 1;
            continue;
        }
        let mut end = index;
        while bytes.get(end).is_some_and(|(_, c)| c.is_ascii_digit() || matches!(c, '.' | ',')) {
            end += 1;
        }
        let stop = bytes.get(end).map_or(output.len(), |(at, _)| *at);
        let raw = output.get(start..stop).unwrap_or_default().trim_end_matches(['.', ',']).replace(',', "");
        let unit: String = output
            .get(stop..)
            .unwrap_or_default()
            .trim_start_matches(' ')
            .chars()
            .take_while(|c| c.is_alphabetic() || matches!(c, 'µ' | '%' | '/'))
            .take(8)
            .collect();
        if let Ok(value) = raw.parse::<f64>() {
            out.push((value, unit));
        }
        index = end.max(index + 1);
    }
    out
}

fn scale(unit: &str) -> Option<f64> {
    let unit = unit.to_lowercase();
    Some(match unit.as_str() {
        "s" | "sec" | "secs" | "seconds" | "second" | "秒" => 1.0,
        "ms" | "msec" | "milliseconds" | "ミリ秒" | "毫秒" => 1e-3,
        "us" | "µs" | "usec" => 1e-6,
        "ns" | "ns/iter" | "ns/op" => 1e-9,
        "mb" | "mib" => 1e6,
        "gb" | "gib" => 1e9,
        "kb" | "kib" => 1e3,
        "bytes" | "b" | "b/op" => 1.0,
        _ => return None,
    })
}

/// Every pair of corresponding values, in a common unit.
fn pairs(old: &[(f64, String)], new: &[(f64, String)]) -> Vec<(f64, f64)> {
    let timed =
        |v: &[(f64, String)]| v.iter().filter_map(|(n, u)| scale(u).map(|s| n * s)).collect::<Vec<_>>();
    let (o, n) = (timed(old), timed(new));
    let (o, n) = if o.is_empty() || n.is_empty() {
        (old.iter().map(|v| v.0).collect(), new.iter().map(|v| v.0).collect())
    } else {
        (o, n)
    };
    o.into_iter().zip(n).filter(|(a, b)| *a > 0.0 && *b > 0.0 && (a - b).abs() > f64::EPSILON).collect()
}

fn by_direction(a: &Assertion, old: &[(f64, String)], new: &[(f64, String)], seqs: &[u64]) -> Ruling {
    let pairs = pairs(old, new);
    let slower = says(
        &a.masked,
        "rose|grew|climbed|increase|stieg|steigt|wuchs|augment|sub[ií]|aument|増え|上升|slower|langsamer|plus lent|más lent|遅く|更慢",
    );
    let (mut better, mut worse) = (0, 0);
    for (o, n) in pairs.iter().take(1) {
        if n < &(o * 0.97) {
            better += 1;
        } else if n > &(o * 1.03) {
            worse += 1;
        }
    }
    let holds = if slower { worse > 0 && better == 0 } else { better > 0 && worse == 0 };
    match (holds, better, worse) {
        (true, ..) => Ruling::verified(Code::Measured, seqs),
        (false, 0, _) if !slower => Ruling::contradicted(Code::MeasuredDiffers, seqs),
        _ => Ruling::unverified(Code::NoBaseline, seqs),
    }
}

fn agrees(number: &Number, a: &Assertion, old: &[(f64, String)], new: &[(f64, String)]) -> bool {
    let unit: String =
        number.unit.chars().take_while(|c| c.is_alphabetic() || matches!(c, '%' | '×' | 'µ')).collect();
    let times = ["x", "×", "times", "fach", "mal", "fois", "veces", "倍"].iter().any(|w| unit.starts_with(w))
        || number.unit.starts_with("-fach")
        || number.unit.starts_with("-fold");
    let percent = number.unit.starts_with('%')
        || number.unit.starts_with("percent")
        || number.unit.starts_with("prozent");
    let all = pairs(old, new);
    let differs = says(
        number.unit.split(',').next().unwrap_or_default(),
        "more|less|fewer|mehr|weniger|plus|moins|más|menos",
    );
    let close = |real: f64, tolerance: f64| (real - number.value).abs() <= tolerance;
    if times {
        return all.iter().any(|(o, n)| close(o / n, half(number).max(number.value * 0.06)));
    }
    if percent {
        return all.iter().any(|(o, n)| close((o - n) / o * 100.0, 1.5) || close((o / n - 1.0) * 100.0, 1.5));
    }
    let _ = a;
    if differs {
        let scale = scale(&unit).unwrap_or(1.0);
        return all.iter().any(|(o, n)| close((o - n).abs() / scale, half(number)));
    }
    let value = scale(&unit).map(|s| number.value * s);
    let matches = |(v, u): &(f64, String)| match (value, scale(u)) {
        (Some(claimed), Some(s)) => {
            (v * s - claimed).abs() <= half(number) * scale(&unit).unwrap_or(1.0) + 1e-12
        }
        _ => close(*v, half(number)),
    };
    old.iter().chain(new).any(matches)
}

/// "3x", "65 %": a relation of two values rather than one of them.
fn is_ratio(number: &Number) -> bool {
    ["x", "×", "times", "fach", "-fach", "-fold", "mal", "fois", "veces", "倍", "%", "percent", "prozent"]
        .iter()
        .any(|w| number.unit.starts_with(w))
}

/// Whether a claimed value is a measured one, within rounding.
fn is_value(number: &Number, (value, unit): &(f64, String)) -> bool {
    let own: String =
        number.unit.chars().take_while(|c| c.is_alphabetic() || matches!(c, '/' | 'µ')).collect();
    match (scale(&own), scale(unit)) {
        (Some(said), Some(read)) => (value * read - number.value * said).abs() <= half(number) * said + 1e-12,
        _ => (value - number.value).abs() <= half(number),
    }
}

fn half(number: &Number) -> f64 {
    0.5 / 10f64.powi(i32::try_from(number.decimals).unwrap_or(0)) + 1e-9
}
