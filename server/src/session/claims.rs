//! What the agent claimed about its work, beside the line that the work made.
//!
//! Invariants
//! - The first line of a hover carries the worst verdict; the claims follow in its order.
//! - What the agent said is shown as words, never as our own and never as Markdown.
//! - A claim about another file is not shown.

use vouchsafe_evidence::log::{ClaimChecked, Event, TaskId, Verdict};
use vouchsafe_evidence::record::visible;

use super::Session;
use super::hover::About;

/// The most claims that a hover lists; the record has all.
const CLAIMS_MAX: usize = 3;
/// The most characters of a claim that a hover shows, and of the reason.
const CHARS_MAX: usize = 100;

impl Session {
    /// What is known about a line, with the claims of its task that concern it.
    pub(super) fn with_claims(&self, about: &About) -> String {
        let store = self.services.to_read_if_begun();
        let found = store.and_then(|store| store.claims(TaskId::new(about.task)).ok()).unwrap_or_default();
        let mut claims: Vec<ClaimChecked> = Vec::new();
        for recorded in found {
            let Event::Claim(claim) = recorded.event else { continue };
            // What was checked again counts as it was judged last.
            claims.retain(|known| known.quote != claim.quote || known.kind != claim.kind);
            if concerns(&claim, about) && claim.kind != "Subjective" {
                claims.push(claim);
            }
        }
        claims.sort_by_key(|claim| badness(claim.verdict));
        told(about, &claims)
    }
}

/// Whether a claim speaks of the file, or of the work as a whole.
fn concerns(claim: &ClaimChecked, about: &About) -> bool {
    let file = claim.subject.as_ref().and_then(|subject| subject.path.as_ref());
    file.is_none_or(|file| Some(file) == about.path.as_ref())
}

/// The worst first.
const fn badness(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Contradicted => 0,
        Verdict::Unverified => 1,
        Verdict::Verified => 2,
    }
}

const fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Contradicted => "contradicted",
        Verdict::Unverified => "unverified",
        Verdict::Verified => "verified",
    }
}

fn told(about: &About, claims: &[ClaimChecked]) -> String {
    let mut out = about.headline.clone();
    if let Some(worst) = claims.first() {
        out.push_str(&format!(", {}", word(worst.verdict)));
    }
    out.push('\n');
    out.push_str(&about.cites);
    for claim in claims.iter().take(CLAIMS_MAX) {
        out.push_str(&format!(
            "- {}: `{}` ({})\n",
            word(claim.verdict),
            words(&claim.quote),
            // Ours, but it may name what the agent named: no links, no HTML.
            words(&claim.because).replace(['[', '<'], "(").replace([']', '>'], ")")
        ));
    }
    if let more @ 1.. = claims.len().saturating_sub(CLAIMS_MAX) {
        out.push_str(&format!("- {more} more claims in the record\n"));
    }
    out.push_str(&about.rest);
    out
}

/// Foreign text in one line, short, without what could end the mark it stands in.
fn words(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ").replace('`', "'");
    let line = visible(line.as_bytes());
    match line.char_indices().nth(CHARS_MAX) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default()),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vouchsafe_base::WorkspacePath;
    use vouchsafe_evidence::log::Subject;

    fn about() -> About {
        About {
            lines: 0..1,
            task: 3,
            path: WorkspacePath::parse("a.rs").ok(),
            headline: "**Fix** — accepted, task 3".to_owned(),
            cites: "- step 2: `cargo test`\n".to_owned(),
            rest: String::new(),
        }
    }

    fn claim(verdict: Verdict, quote: &str, path: Option<&str>) -> ClaimChecked {
        let subject =
            path.map(|path| Subject { path: WorkspacePath::parse(path).ok(), lines: None, symbol: None });
        ClaimChecked {
            quote: quote.to_owned(),
            kind: "TestsPassed".to_owned(),
            verdict,
            code: "x".to_owned(),
            because: "see [here](http://x)".to_owned(),
            evidence: Vec::new(),
            subject,
            hedged: false,
        }
    }

    #[test]
    fn the_first_line_has_the_worst_verdict() {
        let claims = [
            claim(Verdict::Unverified, "it is `fast`\nnow", None),
            claim(Verdict::Verified, "tests pass", None),
        ];
        assert_eq!(
            told(&about(), &claims),
            "**Fix** — accepted, task 3, unverified\n- step 2: `cargo test`\n\
             - unverified: `it is 'fast' now` (see (here)(http://x))\n- verified: `tests pass` (see (here)(http://x))\n"
        );
        assert_eq!(told(&about(), &[]), "**Fix** — accepted, task 3\n- step 2: `cargo test`\n");
    }

    #[test]
    fn many_and_long_claims_stay_few_and_short() {
        let claims = vec![claim(Verdict::Verified, &"x".repeat(5_000), None); 40];
        let told = told(&about(), &claims);
        assert_eq!(told.lines().count(), 6, "{told}");
        assert!(
            told.contains("37 more claims") && told.lines().all(|line| line.chars().count() < 260),
            "{told}"
        );
    }

    #[test]
    fn a_claim_about_another_file_is_not_shown() {
        assert!(concerns(&claim(Verdict::Verified, "q", Some("a.rs")), &about()));
        assert!(concerns(&claim(Verdict::Verified, "q", None), &about()));
        assert!(!concerns(&claim(Verdict::Verified, "q", Some("b.rs")), &about()));
    }
}
