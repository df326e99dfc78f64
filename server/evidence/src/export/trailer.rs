//! The commit trailer of the Linux kernel's `coding-assistants` document: `Assisted-by: AGENT:MODEL [TOOL] …`.
//!
//! Invariants
//! - One line, whatever the task ran or the model is called.
//! - Everyday tools (git, shells, compilers, editors) are not listed, as the document asks.

use super::model;
use crate::log::Event;
use crate::store::Recorded;

/// So many tools are named at most.
const TOOLS_MAX: usize = 8;
/// Programs that say nothing about how the code was made.
const EVERYDAY: &[&str] = &[
    "awk", "bash", "basename", "cat", "cc", "cd", "chmod", "clang", "cp", "cut", "date", "diff", "dirname",
    "du", "echo", "ed", "emacs", "env", "export", "false", "fd", "find", "g++", "gcc", "git", "grep", "head",
    "less", "ls", "make", "mkdir", "mv", "nano", "printf", "pwd", "rg", "rm", "rustc", "sed", "set", "sh",
    "sleep", "sort", "stat", "tail", "tee", "test", "touch", "tr", "tree", "true", "uniq", "vi", "vim", "wc",
    "which", "xargs", "[", "exit",
];
/// Programs that run the one named after them.
const WRAPPERS: &[&str] = &["command", "exec", "nice", "nohup", "sudo", "time", "timeout", "npx", "uvx", "!"];
/// Programs of which only the second word says what they did.
const FAMILIES: &[&str] = &[
    "bun", "bundle", "cargo", "deno", "dotnet", "go", "gradle", "mix", "mvn", "npm", "pip", "pnpm", "poetry",
    "swift", "uv", "yarn", "zig",
];

/// The trailer for a commit that holds this task's changes, without a line end.
#[must_use]
pub fn trailer(events: &[Recorded]) -> String {
    let recipe = events.iter().find_map(|recorded| match &recorded.event {
        Event::Task(started) => started.recipe.as_deref(),
        _ => None,
    });
    let model = match (model(events), recipe) {
        (Some(model), _) => token(model),
        (None, Some(recipe)) => format!("recipe/{}", token(recipe)),
        (None, None) => "unknown".to_owned(),
    };
    let mut tools: Vec<String> = Vec::new();
    for recorded in events {
        if let Event::Command(ran) = &recorded.event {
            for tool in tools_of(&ran.command) {
                if !tools.contains(&tool) && tools.len() < TOOLS_MAX {
                    tools.push(tool);
                }
            }
        }
    }
    let tools: String = tools.iter().map(|tool| format!(" [{tool}]")).collect();
    format!("Assisted-by: Vouchsafe:{model}{tools}")
}

/// Only what is safe in a trailer.
fn token(text: &str) -> String {
    let keep = |c: char| if c.is_ascii_alphanumeric() || "._-+/:@".contains(c) { c } else { '-' };
    text.chars().take(100).map(keep).collect()
}

fn tools_of(line: &str) -> Vec<String> {
    commands(line).iter().filter_map(|words| tool(words)).collect()
}

fn tool(words: &[String]) -> Option<String> {
    let is_setting = |word: &str| {
        word.split_once('=').is_some_and(|(name, _)| name.chars().all(|c| c.is_alphanumeric() || c == '_'))
    };
    let skip = |word: &&String| {
        is_setting(word)
            || WRAPPERS.contains(&word.as_str())
            || word.starts_with('-')
            || starts_with_digit(word)
    };
    let mut rest = words.iter().skip_while(skip);
    let program = rest.next()?.rsplit('/').next().unwrap_or_default();
    if EVERYDAY.contains(&program) || program.is_empty() {
        return None;
    }
    let mut arguments = rest.filter(|word| !word.starts_with('+'));
    let second = match program {
        "python" | "python3" => arguments.skip_while(|word| *word != "-m").nth(1),
        _ if FAMILIES.contains(&program) => arguments.find(|word| !word.starts_with('-')),
        _ => None,
    };
    Some(second.map_or_else(|| token(program), |second| format!("{} {}", token(program), token(second))))
}

fn starts_with_digit(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit())
}

/// The words of each simple command of a shell line: enough of the syntax to tell quotes from separators.
fn commands(line: &str) -> Vec<Vec<String>> {
    let mut commands = vec![Vec::new()];
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match (quote, c) {
            (Some(open), _) if c == open => quote = None,
            (Some('\''), _) => word.get_or_insert_default().push(c),
            (_, '\\') => word.get_or_insert_default().extend(chars.next()),
            (Some(_), _) => word.get_or_insert_default().push(c),
            (None, '\'' | '"') => {
                word.get_or_insert_default();
                quote = Some(c);
            }
            (None, ';' | '&' | '|' | '\n' | '(' | ')' | '{' | '}') => {
                commands.last_mut().into_iter().for_each(|words| words.extend(word.take()));
                commands.push(Vec::new());
            }
            (None, _) if c.is_whitespace() => {
                commands.last_mut().into_iter().for_each(|words| words.extend(word.take()));
            }
            (None, _) => word.get_or_insert_default().push(c),
        }
    }
    commands.last_mut().into_iter().for_each(|words| words.extend(word.take()));
    commands
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tools_are_read_from_shell_lines() {
        let cases: &[(&str, &[&str])] = &[
            ("cargo clippy --fix --allow-dirty", &["cargo clippy"]),
            (
                "cd server && RUST_LOG=debug cargo +nightly --locked test -- --nocapture | tail -5",
                &["cargo test"],
            ),
            ("timeout 60 /usr/bin/pytest -q; git add .", &["pytest"]),
            ("python3 -m unittest discover", &["python3 unittest"]),
            ("sed -i 's/a; b/c/' x && 'my tool' \"a && b\"", &["my-tool"]),
            ("npm run build || true", &["npm run"]),
            ("", &[]),
        ];
        for (line, tools) in cases {
            assert_eq!(tools_of(line), *tools, "{line}");
        }
    }

    #[test]
    fn nothing_breaks_the_line() {
        assert_eq!(token("a\nSigned-off-by: x <y>"), "a-Signed-off-by:-x--y-");
    }
}
