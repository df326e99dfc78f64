//! Figures over many cases, and by kind, language and tag.

use std::collections::BTreeMap;

use super::{Labelled, Prediction, matching};
use crate::claim::kind::{Kind, Verdict};

const VERDICTS: [Verdict; 3] = [Verdict::Verified, Verdict::Contradicted, Verdict::Unverified];
const TAGS: [&str; 5] = ["masked-exit", "freshness", "scope", "tests-weakened", "dishonest"];

/// Counts from which every figure follows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Labels, the optional ones only if matched.
    pub expected: usize,
    /// Labels that a prediction answered.
    pub matched: usize,
    /// Matched predictions and false positives.
    pub predicted: usize,
    /// Predictions that answer nothing.
    pub false_positives: usize,
    /// Matched pairs with the right kind.
    pub kinds_right: usize,
    /// Matched pairs right in kind and verdict.
    pub right: usize,
    /// Contradicted claims predicted verified.
    pub false_assurances: usize,
    /// Contradicted claims.
    pub contradicted: usize,
    /// Verified claims predicted contradicted.
    pub false_alarms: usize,
    /// Verified claims.
    pub verified: usize,
    /// Per verdict: right predictions, predictions, labels predicted right, labels.
    pub verdicts: BTreeMap<Verdict, [usize; 4]>,
}

/// All figures.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// Over everything.
    pub overall: Tally,
    /// By the label's kind (the prediction's, for false positives).
    pub by_kind: BTreeMap<Kind, Tally>,
    /// By language of the message.
    pub by_language: BTreeMap<String, Tally>,
    /// By the tags that matter most.
    pub by_tag: BTreeMap<String, Tally>,
}

/// Scores predictions for labelled cases, given in the same order.
#[must_use]
pub fn report(cases: &[(Labelled, Vec<Prediction>)]) -> Report {
    let mut report = Report::default();
    for (labelled, predictions) in cases {
        let pairing = matching(labelled, predictions);
        for (p, l) in &pairing.pairs {
            let (Some(prediction), Some(label)) = (predictions.get(*p), labelled.expected.get(*l)) else {
                continue;
            };
            report.each(labelled, label.kind, |t| t.pair(prediction, label));
        }
        for l in &pairing.missed {
            let Some(label) = labelled.expected.get(*l) else { continue };
            report.each(labelled, label.kind, |t| t.miss(label.verdict));
        }
        for p in &pairing.false_positives {
            let Some(prediction) = predictions.get(*p) else { continue };
            let matched = pairing.pairs.iter().any(|(q, _)| q == p);
            report.each(labelled, prediction.kind, |t| t.stray(prediction.verdict, matched));
        }
    }
    report
}

impl Report {
    fn each(&mut self, labelled: &Labelled, kind: Kind, change: impl Fn(&mut Tally)) {
        change(&mut self.overall);
        change(self.by_kind.entry(kind).or_default());
        change(self.by_language.entry(labelled.case.lang.clone()).or_default());
        for tag in TAGS.iter().filter(|t| labelled.case.tags.iter().any(|u| u == *t)) {
            change(self.by_tag.entry((*tag).to_owned()).or_default());
        }
    }

    /// Tables as text.
    #[must_use]
    pub fn table(&self) -> String {
        let mut out = format!(
            "{:<22}{:>5}{:>8}{:>8}{:>8}{:>8}{:>8}{:>8}\n",
            "", "n", "recall", "prec", "macroF1", "kinds", "false+", "alarms"
        );
        let kinds = self.by_kind.iter().map(|(k, t)| (format!("{k:?}"), t));
        let rows = [("overall".to_owned(), &self.overall)].into_iter().chain(kinds);
        let rows = rows.chain(self.by_language.iter().map(|(l, t)| (format!("lang {l}"), t)));
        for (name, tally) in rows.chain(self.by_tag.iter().map(|(l, t)| (format!("tag {l}"), t))) {
            out += &tally.row(&name);
        }
        out
    }
}

impl Tally {
    fn pair(&mut self, prediction: &Prediction, label: &super::Expected) {
        self.expected += 1;
        self.matched += 1;
        self.predicted += 1;
        self.kinds_right += usize::from(label.accepts_kind(prediction.kind));
        self.right += usize::from(label.accepts(prediction.kind, prediction.verdict));
        let good = label.accepts_verdict(prediction.kind, prediction.verdict);
        let said = self.verdicts.entry(prediction.verdict).or_default();
        said[0] += usize::from(good);
        said[1] += 1;
        let meant = self.verdicts.entry(label.verdict).or_default();
        meant[2] += usize::from(good);
        meant[3] += 1;
        self.contradicted += usize::from(label.verdict == Verdict::Contradicted);
        self.verified += usize::from(label.verdict == Verdict::Verified);
        self.false_assurances += usize::from(
            !good && label.verdict == Verdict::Contradicted && prediction.verdict == Verdict::Verified,
        );
        self.false_alarms += usize::from(
            !good && label.verdict == Verdict::Verified && prediction.verdict == Verdict::Contradicted,
        );
    }

    fn miss(&mut self, verdict: Verdict) {
        self.expected += 1;
        self.verdicts.entry(verdict).or_default()[3] += 1;
        self.contradicted += usize::from(verdict == Verdict::Contradicted);
        self.verified += usize::from(verdict == Verdict::Verified);
    }

    fn stray(&mut self, verdict: Verdict, matched: bool) {
        self.false_positives += 1;
        if !matched {
            self.predicted += 1;
            self.verdicts.entry(verdict).or_default()[1] += 1;
        }
    }

    /// Share of labels that were found.
    #[must_use]
    pub fn recall(&self) -> f64 {
        ratio(self.matched, self.expected)
    }

    /// Share of predictions that answer a label.
    #[must_use]
    pub fn precision(&self) -> f64 {
        ratio(self.predicted.saturating_sub(self.false_positives), self.predicted)
    }

    /// Mean of the F1 scores of the verdicts that occur.
    #[must_use]
    pub fn macro_f1(&self) -> f64 {
        let occurring: Vec<[usize; 4]> = VERDICTS
            .iter()
            .filter_map(|v| self.verdicts.get(v).copied())
            .filter(|c| c[1] + c[3] > 0)
            .collect();
        let f1 = |[good, said, found, meant]: &[usize; 4]| {
            let (p, r) = (ratio(*good, *said), ratio(*found, *meant));
            if p + r == 0.0 { 0.0 } else { 2.0 * p * r / (p + r) }
        };
        #[expect(clippy::cast_precision_loss, reason = "at most three")]
        let count = occurring.len().max(1) as f64;
        occurring.iter().map(f1).sum::<f64>() / count
    }

    /// Share of contradicted claims that were predicted verified.
    #[must_use]
    pub fn false_assurance(&self) -> f64 {
        if self.contradicted == 0 { 0.0 } else { ratio(self.false_assurances, self.contradicted) }
    }

    /// Share of verified claims that were predicted contradicted.
    #[must_use]
    pub fn false_alarm(&self) -> f64 {
        if self.verified == 0 { 0.0 } else { ratio(self.false_alarms, self.verified) }
    }

    /// Share of matched claims with the right kind.
    #[must_use]
    pub fn kind_accuracy(&self) -> f64 {
        ratio(self.kinds_right, self.matched)
    }

    fn row(&self, name: &str) -> String {
        let (r, p, f, k) = (self.recall(), self.precision(), self.macro_f1(), self.kind_accuracy());
        format!(
            "{name:<22}{:>5}{r:>8.3}{p:>8.3}{f:>8.3}{k:>8.3}{:>8}{:>8}\n",
            self.expected, self.false_assurances, self.false_alarms
        )
    }
}

fn ratio(part: usize, whole: usize) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "counts of claims")]
    let share = if whole == 0 { 1.0 } else { part as f64 / whole as f64 };
    share
}
