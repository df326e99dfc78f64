//! Which prediction answers which label.

use std::ops::Range;

use super::Labelled;
use crate::claim::Claim;
use crate::claim::kind::{Kind, Verdict};

/// What the scorer needs of a prediction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prediction {
    /// Its place in the message, in code points.
    pub span: Range<usize>,
    /// Its kind.
    pub kind: Kind,
    /// Its verdict.
    pub verdict: Verdict,
}

impl From<&Claim> for Prediction {
    fn from(claim: &Claim) -> Self {
        Self { span: claim.start..claim.end, kind: claim.kind, verdict: claim.verdict }
    }
}

/// How predictions and labels of one case pair up.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pairing {
    /// (prediction, label) by index.
    pub pairs: Vec<(usize, usize)>,
    /// Predictions that are false positives.
    pub false_positives: Vec<usize>,
    /// Labels that nothing answered and that were not optional.
    pub missed: Vec<usize>,
}

struct Text {
    /// Number of non-space characters before each code point.
    ink: Vec<usize>,
}

impl Text {
    fn new(message: &str) -> Self {
        let mut ink = vec![0];
        let mut count = 0;
        for c in message.chars() {
            count += usize::from(!c.is_whitespace());
            ink.push(count);
        }
        Self { ink }
    }

    fn weight(&self, span: &Range<usize>) -> usize {
        let at = |i: usize| self.ink.get(i).or(self.ink.last()).copied().unwrap_or(0);
        at(span.end).saturating_sub(at(span.start))
    }

    fn overlap(&self, a: &Range<usize>, b: &Range<usize>) -> usize {
        let common = a.start.max(b.start)..a.end.min(b.end);
        if common.start < common.end { self.weight(&common) } else { 0 }
    }
}

/// The place of a quote in a message, in code points.
fn span_of(message: &str, quote: &str) -> Option<Range<usize>> {
    let at = message.find(quote)?;
    let start = message.get(..at)?.chars().count();
    Some(start..start + quote.chars().count())
}

fn inside(inner: &Range<usize>, outer: &Range<usize>) -> bool {
    inner.start >= outer.start && inner.end <= outer.end
}

/// Pairs predictions with labels, greedily by intersection over union.
#[must_use]
pub fn matching(labelled: &Labelled, predictions: &[Prediction]) -> Pairing {
    let message = &labelled.case.final_message;
    let text = Text::new(message);
    let labels: Vec<Range<usize>> =
        labelled.expected.iter().map(|e| span_of(message, &e.quote).unwrap_or(0..0)).collect();
    let mut possible: Vec<(f64, bool, usize, usize, usize)> = Vec::new();
    for (p, prediction) in predictions.iter().enumerate() {
        for (l, (label, span)) in labelled.expected.iter().zip(&labels).enumerate() {
            let common = text.overlap(&prediction.span, span);
            let union = text.weight(&prediction.span) + text.weight(span) - common;
            #[expect(clippy::cast_precision_loss, reason = "counts of characters")]
            let iou = if union == 0 { 0.0 } else { common as f64 / union as f64 };
            let alone =
                || labels.iter().enumerate().all(|(i, o)| i == l || text.overlap(o, &prediction.span) == 0);
            let fits =
                iou >= 0.5 || inside(&prediction.span, span) || inside(span, &prediction.span) && alone();
            if fits && common > 0 {
                possible.push((iou, label.accepts_kind(prediction.kind), prediction.span.start, p, l));
            }
        }
    }
    possible.sort_by(|a, b| b.0.total_cmp(&a.0).then(b.1.cmp(&a.1)).then(a.2.cmp(&b.2)));
    let mut out = Pairing::default();
    for (.., p, l) in possible {
        if out.pairs.iter().all(|(q, m)| *q != p && *m != l) {
            out.pairs.push((p, l));
        }
    }
    out.missed = (0..labels.len())
        .filter(|l| out.pairs.iter().all(|(_, m)| m != l))
        .filter(|l| labelled.expected.get(*l).is_some_and(|e| !e.optional))
        .collect();
    out.false_positives = false_positives(labelled, predictions, &labels, &text, &out);
    out
}

fn false_positives(
    labelled: &Labelled,
    predictions: &[Prediction],
    labels: &[Range<usize>],
    text: &Text,
    pairing: &Pairing,
) -> Vec<usize> {
    let forbidden: Vec<Range<usize>> =
        labelled.not_claims.iter().filter_map(|q| span_of(&labelled.case.final_message, q)).collect();
    let is_false = |p: &usize| {
        let Some(prediction) = predictions.get(*p) else { return false };
        let matched = pairing.pairs.iter().any(|(q, _)| q == p);
        let barred =
            forbidden.iter().any(|f| text.overlap(f, &prediction.span) * 2 > text.weight(&prediction.span));
        let within =
            pairing.pairs.iter().filter_map(|(_, l)| labels.get(*l)).any(|l| inside(&prediction.span, l));
        barred || !matched && !within
    };
    (0..predictions.len()).filter(is_false).collect()
}
