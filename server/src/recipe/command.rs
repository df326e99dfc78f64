//! One shell line of a recipe, with `{file}` where the name of the current file goes.
//!
//! Invariants
//! - `{file}` stands where a bare word could stand: never inside quotes or a comment, never after a backslash, never
//!   in a line with a construct in which single quotes do not protect. So the quotes put around the name are the only ones
//!   that count, whatever the name holds.
//! - An expanded name never begins with `-`: no program takes it for an option.
//!
//! Absent on purpose
//! - Any other placeholder. Other braces are the shell's (or awk's) business, `${file}` included.
//! - Protection from a command that hands its words to a second shell (`eval`, `sh -c`).

use vouchsafe_base::WorkspacePath;

const PLACEHOLDER: &str = "{file}";
const VARIABLE: &str = "${file}";

/// A shell line, parsed once. Shown as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecipeCommand {
    /// What stands between the placeholders: one more than there are placeholders.
    between: Vec<String>,
}

/// Why a text is not a shell line of a recipe.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CommandError {
    /// Nothing to run.
    #[error("a command is empty")]
    Empty,
    /// The shell could not take it as one line.
    #[error("a command holds a NUL byte")]
    Nul,
    /// The placeholder stands inside quotes or after a backslash.
    #[error("write {{file}} without quotes around it: it is quoted for you")]
    QuotedPlaceholder,
    /// The placeholder stands in a line where no quoting would protect a name.
    #[error("{{file}} cannot be quoted safely in a command with `{0}`: write it differently")]
    Unquotable(&'static str),
    /// `${file}` where nothing sets that variable.
    #[error(
        "`${{file}}` is a variable of the shell, which nothing sets here: write {{file}} for the current file"
    )]
    UnsetVariable,
    /// A quote that is opened is not closed.
    #[error("a quote ({0}) is not closed")]
    OpenQuote(char),
}

/// Why a line cannot be expanded for a file. The recipe adds its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ExpandError {
    NoFile,
    NotUtf8,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Quote {
    None,
    Single,
    Double,
    /// From a `#` that begins a word to the end of its line.
    Comment,
}

impl RecipeCommand {
    /// Parses a shell line.
    ///
    /// # Errors
    /// See [`CommandError`].
    pub fn parse(line: &str) -> Result<Self, CommandError> {
        if line.trim().is_empty() {
            return Err(CommandError::Empty);
        }
        if line.contains('\0') {
            return Err(CommandError::Nul);
        }
        let unsafe_with = UNQUOTABLE.iter().find(|sign| line.contains(*sign));
        if let Some(sign) = unsafe_with.filter(|_| line.contains(PLACEHOLDER)) {
            return Err(CommandError::Unquotable(sign));
        }
        if line.contains(VARIABLE) && !sets_variable(line) {
            return Err(CommandError::UnsetVariable);
        }
        Self::split(line)
    }

    fn split(line: &str) -> Result<Self, CommandError> {
        let mut between = vec![String::new()];
        let mut quote = Quote::None;
        let mut before = ' ';
        let mut rest = line;
        while let Some(c) = rest.chars().next() {
            if rest.starts_with(PLACEHOLDER) && before != '$' {
                if quote == Quote::Comment {
                    return Err(CommandError::Unquotable("#"));
                }
                if quote != Quote::None {
                    return Err(CommandError::QuotedPlaceholder);
                }
                between.push(String::new());
                before = '}';
                rest = rest.get(PLACEHOLDER.len()..).unwrap_or_default();
                continue;
            }
            let (taken, next) = step(quote, before, c, rest)?;
            before = c;
            quote = next;
            let (head, tail) = rest.split_at_checked(taken).unwrap_or((rest, ""));
            if let Some(last) = between.last_mut() {
                last.push_str(head);
            }
            rest = tail;
        }
        match quote {
            Quote::None | Quote::Comment => Ok(Self { between }),
            Quote::Single => Err(CommandError::OpenQuote('\'')),
            Quote::Double => Err(CommandError::OpenQuote('"')),
        }
    }

    /// Whether it can only be run for a file.
    #[must_use]
    pub fn names_file(&self) -> bool {
        self.between.len() > 1
    }

    /// The line as it was written, placeholders and all.
    #[must_use]
    pub fn as_written(&self) -> String {
        self.between.join(PLACEHOLDER)
    }

    /// The program it begins with, where that is plain to see: not a path, an assignment or a word of the shell.
    #[must_use]
    pub fn program(&self) -> Option<&str> {
        let word = self.between.first()?.split_whitespace().next()?;
        let plain = word.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'+'));
        (plain && !SHELL_WORDS.contains(&word)).then_some(word)
    }

    /// The line for one file, its name quoted.
    pub(super) fn expand(&self, file: Option<&WorkspacePath>) -> Result<String, ExpandError> {
        if !self.names_file() {
            return Ok(self.as_written());
        }
        let file = file.ok_or(ExpandError::NoFile)?;
        let name = file.as_str().ok_or(ExpandError::NotUtf8)?;
        Ok(self.between.join(&quoted(name)))
    }
}

/// How many bytes of `rest`, which begins with `c`, belong together, and the quoting after them.
fn step(quote: Quote, before: char, c: char, rest: &str) -> Result<(usize, Quote), CommandError> {
    let one = c.len_utf8();
    Ok(match (quote, c) {
        (Quote::Single, '\'') | (Quote::Double, '"') => (one, Quote::None),
        (Quote::None, '\'') => (one, Quote::Single),
        (Quote::None, '"') => (one, Quote::Double),
        (Quote::None, '#') if before.is_whitespace() || ";&|()".contains(before) => (one, Quote::Comment),
        (Quote::Comment, '\n') => (one, Quote::None),
        (Quote::None | Quote::Double, '\\') => {
            let after = rest.get(one..).unwrap_or_default();
            if after.starts_with(PLACEHOLDER) {
                return Err(CommandError::QuotedPlaceholder);
            }
            (one + after.chars().next().map_or(0, char::len_utf8), quote)
        }
        _ => (one, quote),
    })
}

/// A file name as one word of a POSIX shell, quoted only where it must be.
fn quoted(name: &str) -> String {
    let name = if name.starts_with('-') { format!("./{name}") } else { name.to_owned() };
    let plain =
        |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'.' | b'_' | b'-' | b'+' | b',' | b'@');
    if !name.is_empty() && name.bytes().all(plain) {
        return name;
    }
    format!("'{}'", name.replace('\'', r"'\''"))
}

/// Whether something in the line gives `${file}` a value: an assignment, `for file in`, `read file`.
fn sets_variable(line: &str) -> bool {
    let mut words = line.split(|c: char| c.is_whitespace() || ";&|()".contains(c));
    words.any(|word| word == "file" || word.starts_with("file="))
}

/// Back-quotes, arithmetic, here-documents and bash's `$'…'`: there single quotes do not protect what is in them.
const UNQUOTABLE: &[&str] = &["`", "((", "<<", "$'"];

/// Builtins and reserved words: nothing to look for in PATH.
const SHELL_WORDS: &[&str] = &[
    ".", "alias", "bg", "break", "case", "cd", "command", "continue", "declare", "echo", "eval", "exec",
    "exit", "export", "false", "fg", "for", "function", "getopts", "hash", "if", "jobs", "kill", "let",
    "local", "printf", "pwd", "read", "readonly", "return", "select", "set", "shift", "source", "test",
    "time", "times", "trap", "true", "type", "typeset", "ulimit", "umask", "unalias", "unset", "until",
    "wait", "while",
];

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn expand(line: &str, file: &str) -> String {
        let file = WorkspacePath::parse(file).unwrap();
        RecipeCommand::parse(line).unwrap().expand(Some(&file)).unwrap()
    }

    #[test]
    fn a_name_is_quoted_where_it_must_be() {
        assert_eq!(expand("fmt {file}", "src/a.rs"), "fmt src/a.rs");
        assert_eq!(expand("fmt {file}", "src/a b.rs"), "fmt 'src/a b.rs'");
        assert_eq!(expand("fmt {file}", "it's.rs"), r"fmt 'it'\''s.rs'");
        assert_eq!(expand("fmt {file}", "$(rm -rf ~)"), "fmt '$(rm -rf ~)'");
        assert_eq!(expand("fmt {file}", "-rf"), "fmt ./-rf");
        assert_eq!(expand("fmt {file}", "~root"), "fmt '~root'");
        assert_eq!(expand("a {file} > {file}.new", "x y"), "a 'x y' > 'x y'.new");
        assert_eq!(expand("awk '{print}' {file} | b ${HOME}", "x"), "awk '{print}' x | b ${HOME}");
    }

    #[test]
    fn a_placeholder_in_quotes_is_refused() {
        for line in
            ["fmt '{file}'", "fmt \"{file}\"", "sh -c \"fmt {file}\"", r"fmt \{file}", "a 'b' 'c{file}'"]
        {
            assert_eq!(RecipeCommand::parse(line), Err(CommandError::QuotedPlaceholder), "{line}");
        }
        for line in [
            "x `fmt {file}`",
            "echo $(({file}))",
            "cat <<E\n{file}\nE",
            "a # {file}",
            "a;#{file}",
            "((x={file}))",
            r"x $'\' {file}'",
        ] {
            assert!(matches!(RecipeCommand::parse(line), Err(CommandError::Unquotable(_))), "{line}");
        }
        for line in [
            "x $(fmt {file})",
            "x `fmt`",
            "fmt 'a' {file}",
            r#"fmt "a\"" {file}"#,
            r"fmt \' {file}",
            r"fmt 'a\' {file}",
        ] {
            assert!(RecipeCommand::parse(line).is_ok(), "{line}");
        }
    }

    #[test]
    fn a_variable_of_the_shell_is_left_alone() {
        for line in [
            "for file in *.py; do a \"${file}\"; done",
            "file=x; a ${file}",
            "ls | while read file; do a ${file}; done",
        ] {
            let command = RecipeCommand::parse(line).unwrap();
            assert!(!command.names_file() && command.as_written() == line, "{line}");
        }
    }

    #[test]
    fn a_comment_may_hold_an_apostrophe_and_a_hash_in_a_word_is_none() {
        assert_eq!(expand("a {file} # don't\nb {file}", "x"), "a x # don't\nb x");
        assert_eq!(expand("a $# b#c {file}", "x"), "a $# b#c x");
    }

    #[test]
    fn what_is_not_a_line_says_why() {
        let error = |line| RecipeCommand::parse(line).unwrap_err().to_string();
        assert_eq!(error("  "), "a command is empty");
        assert_eq!(error("a\0"), "a command holds a NUL byte");
        assert_eq!(error("a 'b"), "a quote (') is not closed");
        assert_eq!(
            error("a `b {file}`"),
            "{file} cannot be quoted safely in a command with ```: write it differently"
        );
        assert_eq!(
            error("fmt ${file}"),
            "`${file}` is a variable of the shell, which nothing sets here: write {file} for the current file"
        );
        assert_eq!(error("fmt '{file}'"), "write {file} without quotes around it: it is quoted for you");
    }

    #[test]
    fn the_program_is_the_first_plain_word() {
        let program = |line| RecipeCommand::parse(line).unwrap().program().map(str::to_owned);
        assert_eq!(program("cargo fmt"), Some("cargo".into()));
        assert_eq!(program("clang-format -i {file}"), Some("clang-format".into()));
        for line in ["cd a && b", "./x.sh", "A=1 b", "$TOOL", "{file}"] {
            assert_eq!(program(line), None, "{line}");
        }
    }

    /// What `/bin/sh` makes of a line: what `printf %s` prints.
    #[expect(clippy::disallowed_methods, reason = "the shell itself is the oracle here; it runs printf only")]
    fn printed_by_sh(line: &str) -> Vec<u8> {
        let output = std::process::Command::new("/bin/sh").args(["-c", line]).output().unwrap();
        assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    }

    /// Ways to write a line that prints the name once.
    const LINES: &[&str] = &[
        "printf %s {file}",
        "printf %s \"\"{file}''",
        "printf %s {file} # don't",
        "# it's\nprintf %s {file}",
        "x='a \"'; printf %s {file}",
        "printf %s \\\n{file}",
        "(printf %s {file}) 2>&1",
        "printf %s \"$(printf %s)\"{file}",
        "for f in {file}; do printf %s \"$f\"; done",
        "if test -n {file}; then printf %s {file}; fi",
        "case {file} in *) printf %s {file};; esac",
        "x={file}; printf %s \"$x\"",
        "printf '\\' | cat >/dev/null; printf %s {file}",
        "f() { printf %s \"$1\"; }; f {file}",
    ];

    fn names() -> impl Strategy<Value = String> {
        let odd = "[-a-z'\"\\\\ $`(){}\\[\\]*?!#~&|;<>=%^\n\té日/]{1,12}";
        prop_oneof![odd.prop_map(String::from), "\\PC{1,12}".prop_map(String::from)]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]
        #[test]
        fn the_shell_gets_exactly_the_name(name in names(), line in prop::sample::select(LINES.to_vec())) {
            if let Ok(file) = WorkspacePath::parse(&name) {
                let expanded = RecipeCommand::parse(line).unwrap().expand(Some(&file)).unwrap();
                let printed = printed_by_sh(&expanded);
                let expected = if name.starts_with('-') { format!("./{name}") } else { name };
                prop_assert_eq!(printed, expected.into_bytes(), "{}", expanded);
            }
        }

        #[test]
        fn a_line_without_placeholder_is_left_alone(line in "\\PC{0,30}") {
            if let Ok(command) = RecipeCommand::parse(&line) {
                prop_assert_eq!(command.as_written(), line);
            }
        }
    }
}
