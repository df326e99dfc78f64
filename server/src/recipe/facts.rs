//! What the root of a workspace says about the tools its project uses.
//!
//! Invariants
//! - Taken once with one directory listing and at most two small files; asking it afterwards touches no disk.
//! - A file that cannot be read or parsed says nothing; it is never an error here.

use std::collections::BTreeSet;
use std::io::Read;
use std::path::Path;

use globset::GlobMatcher;
use vouchsafe_base::WorkspacePath;

use super::tools::LOCAL_BINS;

/// The most of a manifest that is read; a longer one says nothing.
const MANIFEST_BYTES_MAX: u64 = 1024 * 1024;

/// The most entries of the root that are looked at.
const ENTRIES_MAX: usize = 10_000;

/// A snapshot of the root of a workspace. Take a new one when a file in the root was created, deleted or saved.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RootFacts {
    entries: BTreeSet<String>,
    node_packages: BTreeSet<String>,
    python_tools: BTreeSet<String>,
    bins: Vec<&'static str>,
}

impl RootFacts {
    /// Looks at `root`. A root that cannot be read has no facts.
    #[must_use]
    pub fn read(root: &Path) -> Self {
        let names = root.read_dir().into_iter().flatten().flatten().take(ENTRIES_MAX);
        let entries: BTreeSet<String> =
            names.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        let manifest = |name: &str| entries.contains(name).then(|| read_small(&root.join(name))).flatten();
        let node_packages = manifest("package.json").map(|text| node_packages(&text)).unwrap_or_default();
        let python_tools = manifest("pyproject.toml").map(|text| python_tools(&text)).unwrap_or_default();
        let bins = LOCAL_BINS.iter().copied().filter(|below| root.join(below).is_dir()).collect();
        Self { entries, node_packages, python_tools, bins }
    }

    /// The project's own tool directories, to be put before PATH where a recipe runs.
    pub fn bins(&self) -> impl Iterator<Item = WorkspacePath> + '_ {
        self.bins.iter().filter_map(|below| WorkspacePath::parse(below).ok())
    }

    /// Whether an entry of the root matches.
    pub(super) fn has_entry(&self, glob: &GlobMatcher) -> bool {
        match glob.glob().glob() {
            plain if !plain.contains(['*', '?', '[', '{', '\\']) => self.entries.contains(plain),
            _ => self.entries.iter().any(|name| glob.is_match(name)),
        }
    }

    /// Whether package.json names the package as a dependency or has a section of its name.
    pub(super) fn has_node_package(&self, name: &str) -> bool {
        self.node_packages.contains(name)
    }

    /// Whether pyproject.toml has a `[tool.NAME]` table.
    pub(super) fn has_python_tool(&self, name: &str) -> bool {
        self.python_tools.contains(name)
    }
}

fn read_small(path: &Path) -> Option<String> {
    let file = std::fs::File::open(path).ok()?;
    let regular = file.metadata().ok().filter(|meta| meta.is_file() && meta.len() <= MANIFEST_BYTES_MAX);
    regular?;
    let mut text = String::new();
    file.take(MANIFEST_BYTES_MAX).read_to_string(&mut text).ok()?;
    Some(text)
}

/// Dependencies of all kinds, and the top-level keys (`"prettier": {…}` is configuration).
fn node_packages(text: &str) -> BTreeSet<String> {
    let Ok(serde_json::Value::Object(manifest)) = serde_json::from_str(text) else { return BTreeSet::new() };
    let kinds = ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"];
    let named = kinds.iter().filter_map(|kind| manifest.get(*kind)?.as_object());
    let named = named.flat_map(|packages| packages.keys().cloned());
    let sections =
        ["prettier", "eslintConfig", "stylelint"].iter().filter(|key| manifest.contains_key(**key));
    let sections = sections.map(|key| key.trim_end_matches("Config").to_owned());
    named.chain(sections).collect()
}

fn python_tools(text: &str) -> BTreeSet<String> {
    let table = text.parse::<toml::Table>().ok();
    let tools = table.as_ref().and_then(|table| table.get("tool")?.as_table());
    tools.into_iter().flat_map(|tools| tools.keys().cloned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recipe::tests::Yard;

    #[test]
    fn manifests_name_the_tools() {
        let yard = Yard::new();
        yard.file("project/package.json", r#"{"devDependencies": {"prettier": "3"}, "eslintConfig": {}}"#);
        yard.file("project/pyproject.toml", "[tool.black]\nline-length = 100\n[tool.ruff.lint]\n");
        let facts = yard.facts();
        assert!(facts.has_node_package("prettier") && facts.has_node_package("eslint"));
        assert!(!facts.has_node_package("biome"));
        assert!(facts.has_python_tool("black") && facts.has_python_tool("ruff"));
        assert!(!facts.has_python_tool("isort"));
    }

    #[test]
    fn broken_manifests_and_no_root_say_nothing() {
        let yard = Yard::new();
        yard.file("project/package.json", "{\"devDependencies\": ");
        yard.file("project/pyproject.toml", "[tool");
        let facts = yard.facts();
        assert!(facts.node_packages.is_empty() && facts.python_tools.is_empty());
        assert_eq!(RootFacts::read(&yard.path("nowhere")), RootFacts::default());
    }

    #[test]
    fn own_tool_directories_are_listed() {
        let yard = Yard::new();
        yard.program("project/.venv/bin/ruff");
        yard.program("project/node_modules/.bin/eslint");
        let bins: Vec<_> = yard.facts().bins().map(|path| path.to_string()).collect();
        assert_eq!(bins, ["node_modules/.bin", ".venv/bin"]);
    }
}
