//! Numbers of a claim about tests against a runner's summary.

use super::Context;
use super::words::says;
use crate::claim::extract::Assertion;
use crate::claim::lexicon::Cue;
use crate::claim::runner::Summary;

/// What a claim says in numbers.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Figures {
    /// Tests said to pass.
    pub(super) passed: Option<u64>,
    /// Tests said to fail.
    pub(super) failed: Option<u64>,
    /// Tests said to be skipped.
    pub(super) skipped: Option<u64>,
    /// All tests ("2 of 3", "3/3").
    pub(super) total: Option<u64>,
    /// Assertions.
    pub(super) assertions: Option<u64>,
}

/// Durations, shares and files are no counts of tests.
fn counts_something_else(near: &str) -> bool {
    let units = ["s ", "ms", "%", "sec", "times", "file", "package", "suites", "回", "."];
    near == "s" || units.iter().any(|u| near.starts_with(u))
}

/// "3 failed", but not "3 tests without failures".
fn fails_near(cx: &Context, near: &str) -> bool {
    let Some(fail) = cx.lexicon.find(Cue::Fail, near).filter(|m| m.start < 14) else { return false };
    let absent = cx.lexicon.find(Cue::NoFail, near).is_some_and(|m| m.start < fail.start);
    !absent && !says(near.get(..fail.start).unwrap_or_default(), "without|no |ohne|sans|sin |なし|没有|无")
}

/// Whether what follows a number says that tests are counted.
fn counts_tests(cx: &Context, near: &str) -> bool {
    let starts = ["/", ")", "\u{ff09}", "examples", "件", "个", "new ", "of ", "runs", "ok"];
    near.is_empty()
        || cx.lexicon.has(Cue::Test, near)
        || cx.lexicon.has(Cue::Pass, near)
        || starts.iter().any(|s| near.starts_with(s))
}

/// Reads the figures of an assertion.
pub(super) fn figures(cx: &Context, a: &Assertion) -> Figures {
    let mut out = Figures::default();
    for (index, number) in a.numbers.iter().enumerate() {
        if number.decimals > 0 || number.value < 0.0 {
            continue;
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a count of tests, checked to be whole and not negative"
        )]
        let value = number.value as u64;
        let unit: String = number
            .unit
            .chars()
            .take_while(|c| {
                !matches!(c, ',' | ';' | '(' | '、' | '・' | '\u{ff0c}' | '\u{ff08}' | '\u{ff1b}')
            })
            .collect();
        let near: String = unit.chars().take(20).collect();
        let before = a.masked.get(..number.range.start).unwrap_or_default();
        let plain = ["the", "den", "les", "los", "las"]
            .iter()
            .fold(before.trim_end(), |b, w| b.strip_suffix(w).unwrap_or(b));
        let slashed = before.trim_end().ends_with('/')
            || ["of", "von", "sur", "de"]
                .iter()
                .any(|w| plain.trim_end().ends_with(&format!(" {w}")) || plain.trim() == *w)
                && index > 0;
        if counts_something_else(&near) {
            continue;
        }
        if slashed {
            out.total = Some(value);
        } else if fails_near(cx, &near) || near.starts_with("regress") || near.starts_with("个失败") {
            out.failed = Some(value);
        } else if says(
            &near,
            "exclu|deselect|filtered|ausgeschlossen|除外|排除|skip|ignored|ignor|pending|todo|übersprungen|ignoré|omiti|スキップ|無視|除外|保留|跳过|忽略|saut",
        ) && !cx.lexicon.has(Cue::Pass, &near)
        {
            out.skipped = Some(value);
        } else if near.starts_with("assertion") || near.starts_with("expect") {
            out.assertions = Some(value);
        } else if near.starts_with("total") || near.starts_with("in total") {
            out.total = Some(value);
        } else if counts_tests(cx, &near) {
            let runs = near.contains(" run")
                || near.contains(" ran")
                || near.starts_with("run")
                || near.starts_with("executed");
            if runs && !cx.has(a, Cue::Pass) {
                out.total = Some(value);
            } else {
                out.passed = out.passed.or(Some(value));
            }
        }
    }
    out
}

impl Figures {
    /// Whether the claim has any numbers.
    pub(super) fn any(&self) -> bool {
        [self.passed, self.failed, self.skipped, self.total, self.assertions].iter().any(Option::is_some)
    }

    /// Whether the numbers agree with a summary.
    pub(super) fn agree(&self, summary: &Summary) -> bool {
        let total = summary.total();
        let executed = total - summary.skipped;
        let agrees = |claimed: Option<u64>, real: &[u64]| claimed.is_none_or(|c| real.contains(&c));
        agrees(self.passed, &[summary.passed])
            && agrees(self.failed, &[summary.failed, summary.failed + summary.errors])
            && agrees(self.skipped, &[summary.skipped, summary.skipped + summary.deselected])
            && agrees(self.total, &[total, executed, total + summary.deselected])
            && (self.assertions.is_none() || self.assertions == summary.assertions)
    }
}
