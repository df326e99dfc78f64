//! "Committed", "pushed", "reverted": closed-world.

use super::Context;
use crate::claim::extract::Assertion;
use crate::claim::kind::{Code, Ruling};
use crate::claim::message::Shape;
use crate::claim::record::Ran;

const ACTIONS: &[(&[&str], &[&str])] = &[
    (&["cherry-pick", "チェリーピック"], &["cherry-pick"]),
    (&["force-push", "push", "プッシュ", "gepusht", "pouss", "subid", "subí", "推送"], &["push"]),
    (
        &["pull request", "merge request", "プルリク", " pr ", "拉取请求"],
        &["pr create", "mr create", "pull-request"],
    ),
    (
        &[
            "revert",
            "rolled back",
            "リバート",
            "差し戻",
            "元に戻",
            "巻き戻",
            "rückgängig",
            "zurückgesetzt",
            "zurückgenommen",
            "annul",
            "deshi",
            "deshech",
            "回滚",
            "撤销",
            "还原",
            "restored",
        ],
        &["revert", "checkout", "restore", "reset", "stash"],
    ),
    (&["rebase", "リベース", "变基"], &["rebase"]),
    (&["merged", "マージ", "gemergt", "fusion", "合并"], &["merge"]),
    (&["stash"], &["stash"]),
    (&["tag", "タグ", "getaggt", "étiquet", "etiquet", "标签"], &["tag"]),
    (&["amend"], &["--amend"]),
    (&["closed", "クローズ", "geschlossen", "fermé", "cerré", "cerrad", "关闭"], &["issue close", "close"]),
    (&["commit", "コミット", "eingecheckt", "提交", "confirm"], &["commit"]),
    (
        &["branch", "ブランチ", "zweig", "branche", "rama", "分支", "checked out"],
        &["checkout", "switch", "branch"],
    ),
    (&["staged"], &["git add"]),
];

pub(super) fn judge(cx: &Context, a: &Assertion) -> Ruling {
    let text = format!(
        "{} {}",
        a.masked,
        a.tokens.iter().map(|t| t.text.to_lowercase()).collect::<Vec<_>>().join(" ")
    );
    let wanted = ACTIONS.iter().find(|(said, _)| said.iter().any(|w| text.contains(w)));
    let Some((_, commands)) = wanted else { return Ruling::unverified(Code::NoEvidence, &[]) };
    let git = |r: &&Ran| {
        ["git", "gh", "hub", "glab", "hg", "svn", "jj"].contains(&r.program())
            && commands.iter().any(|c| r.invocation.words.join(" ").contains(c))
    };
    let ran: Vec<&Ran> = cx.facts.record.ran.iter().filter(git).collect();
    let seqs: Vec<u64> = ran.iter().map(|r| r.seq).collect();
    let Some(last) = ran.iter().rev().find(|r| r.succeeded() != Some(false)) else {
        let undone = commands.contains(&"revert") && undone_by_hand(cx, a);
        return match (undone, ran.is_empty()) {
            (true, _) => Ruling::verified(Code::WorkspaceMatch, &[]),
            (false, true) => Ruling::contradicted(Code::ActionMissing, &[]),
            (false, false) => Ruling::contradicted(Code::AttemptFailed, &seqs),
        };
    };
    if last.output.contains("nothing to commit")
        || last.output.contains("rejected]")
        || last.output.lines().any(|l| l.starts_with("fatal:") || l.starts_with("error: failed to push"))
    {
        return Ruling::contradicted(Code::AttemptFailed, &seqs);
    }
    let details = a.tokens.iter().filter(|t| {
        matches!(t.shape, Shape::Name | Shape::Literal | Shape::Path)
            && t.quoting != crate::claim::message::Quoting::Bare
    });
    let told = |text: &str| {
        cx.facts
            .record
            .ran
            .iter()
            .any(|r| r.program() == "git" && (r.command.cmd.contains(text) || r.output.contains(text)))
            || cx.facts.resolve(text).is_some()
    };
    let missing = details.map(|t| t.text.trim_start_matches("git ").to_owned()).any(|t| !told(&t));
    if missing {
        Ruling::contradicted(Code::ObservedDiffers, &seqs)
    } else {
        Ruling::verified(Code::ActionLogged, &[last.seq])
    }
}

/// An edit taken back by another edit: the file is as it was.
fn undone_by_hand(cx: &Context, a: &Assertion) -> bool {
    let edited = |p: &str| cx.facts.record.changes.iter().any(|(_, c)| c == p);
    let paths: Vec<String> = a.tokens.iter().filter_map(|t| cx.facts.resolve(&t.text)).collect();
    if paths.is_empty() {
        return cx.facts.record.version > 1 && cx.facts.record.is_unchanged();
    }
    paths.iter().all(|p| edited(p) && !cx.facts.is_changed(p))
}
