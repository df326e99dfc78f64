//! The recipes this program brings: formatters and fixers that are common enough to need no configuration.
//!
//! Invariants
//! - Each changes files only; none downloads, commits or deploys.
//! - A recipe for the whole project is offered only where the project shows that it uses the tool.
//! - Where tools compete (black, ruff), so is the one for a single file.
//!
//! Absent on purpose
//! - rustfmt for one file: it does not know the edition, and follows `mod` into other files.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::{Marker, Recipe, RecipeCommand, RecipeScope, RecipeSource, When};

/// One row of the table. `files`, `node`, `python` and `local` are signs, any one of which is enough.
#[derive(Clone, Copy)]
struct Row {
    name: &'static str,
    title: &'static str,
    tools: &'static [&'static str],
    run: &'static str,
    check: &'static str,
    kind: &'static Kind,
}

/// For which documents, and which signs show that a project uses the tool.
struct Kind {
    languages: &'static [&'static str],
    globs: &'static [&'static str],
    files: &'static [&'static str],
    node: Option<&'static str>,
    python: Option<&'static str>,
    local: Option<&'static str>,
}

const NOTHING: Kind = Kind { languages: &[], globs: &[], files: &[], node: None, python: None, local: None };

const RUST: Kind = Kind { languages: &["rust"], globs: &["Cargo.toml"], files: &["Cargo.toml"], ..NOTHING };
const RUFF: Kind = Kind {
    languages: &["python"],
    globs: &["*.py", "*.pyi"],
    files: &["ruff.toml", ".ruff.toml"],
    python: Some("ruff"),
    local: Some("ruff"),
    ..NOTHING
};
const BLACK: Kind = Kind { files: &[], python: Some("black"), local: Some("black"), ..RUFF };
const ISORT: Kind = Kind { files: &[".isort.cfg"], python: Some("isort"), local: Some("isort"), ..RUFF };
const GO: Kind = Kind { languages: &["go"], globs: &["*.go"], files: &["go.mod", "go.work"], ..NOTHING };
const PRETTIER: Kind = Kind {
    languages: &[
        "javascript",
        "javascriptreact",
        "typescript",
        "typescriptreact",
        "css",
        "scss",
        "less",
        "html",
        "json",
        "jsonc",
        "markdown",
        "yaml",
        "vue",
        "graphql",
    ],
    files: &[".prettierrc*", "prettier.config.*"],
    node: Some("prettier"),
    ..NOTHING
};
const ESLINT: Kind = Kind {
    languages: &["javascript", "javascriptreact", "typescript", "typescriptreact", "vue", "svelte"],
    files: &["eslint.config.*", ".eslintrc*"],
    node: Some("eslint"),
    ..NOTHING
};
const BIOME: Kind = Kind {
    languages: &["javascript", "javascriptreact", "typescript", "typescriptreact", "json", "jsonc", "css"],
    files: &["biome.json", "biome.jsonc"],
    node: Some("@biomejs/biome"),
    ..NOTHING
};
const CLANG: Kind = Kind {
    languages: &["c", "cpp", "objective-c", "objective-cpp", "cuda-cpp"],
    files: &[".clang-format", "_clang-format"],
    ..NOTHING
};
const SHELL: Kind = Kind { languages: &["shellscript", "sh", "bash"], globs: &["*.sh", "*.bash"], ..NOTHING };
const LUA: Kind = Kind { languages: &["lua"], files: &["stylua.toml", ".stylua.toml"], ..NOTHING };
const TOML: Kind = Kind { languages: &["toml"], globs: &["*.toml"], ..NOTHING };
const TAPLO: Kind = Kind { files: &["taplo.toml", ".taplo.toml"], ..TOML };
const TERRAFORM: Kind = Kind {
    languages: &["terraform", "terraform-vars", "opentofu", "opentofu-vars"],
    globs: &["*.tf", "*.tfvars"],
    ..NOTHING
};
const TERRAFORM_ROOT: Kind = Kind { files: &["*.tf"], ..TERRAFORM };
const RUBY: Kind = Kind { languages: &["ruby"], files: &[".rubocop.yml"], ..NOTHING };
const PHP: Kind = Kind {
    languages: &["php"],
    files: &[".php-cs-fixer.php", ".php-cs-fixer.dist.php"],
    local: Some("php-cs-fixer"),
    ..NOTHING
};
const DOTNET: Kind = Kind {
    languages: &["csharp", "fsharp", "vb"],
    files: &["*.sln", "*.slnx", "*.csproj", "*.fsproj", "*.vbproj"],
    ..NOTHING
};
const ZIG: Kind = Kind { languages: &["zig"], ..NOTHING };
const DART: Kind = Kind { languages: &["dart"], files: &["pubspec.yaml"], ..NOTHING };
const ELIXIR: Kind = Kind { languages: &["elixir"], files: &["mix.exs"], ..NOTHING };
const GLEAM: Kind = Kind { languages: &["gleam"], files: &["gleam.toml"], ..NOTHING };

macro_rules! rows {
    ($($kind:ident $name:literal $title:literal [$($tool:literal)+] $run:literal $(check $check:literal)?;)+) => {
        &[$(Row {
            name: $name,
            title: $title,
            tools: &[$($tool),+],
            run: $run,
            check: concat!($($check)?),
            kind: &$kind,
        }),+]
    };
}

/// The table. A line with `{file}` makes a recipe for one file.
const ROWS: &[Row] = rows! {
    RUST "cargo-fmt" "Format the project with rustfmt" ["cargo" "cargo-fmt"] "cargo fmt --all"
        check "cargo fmt --all --check";
    RUST "clippy-fix" "Apply clippy's fixes to the project" ["cargo" "cargo-clippy"]
        "cargo clippy --fix --allow-dirty --allow-staged --allow-no-vcs --workspace --all-targets"
        check "cargo clippy --workspace --all-targets -- -D warnings";
    RUST "cargo-fix" "Apply the compiler's fixes to the project" ["cargo"]
        "cargo fix --allow-dirty --allow-staged --allow-no-vcs --workspace --all-targets"
        check "cargo check --workspace --all-targets";
    RUFF "ruff-fix-file" "Apply ruff's fixes to this file" ["ruff"] "ruff check --fix {file}"
        check "ruff check {file}";
    RUFF "ruff-fix" "Apply ruff's fixes to the project" ["ruff"] "ruff check --fix ." check "ruff check .";
    RUFF "ruff-format-file" "Format this file with ruff" ["ruff"] "ruff format {file}"
        check "ruff format --check {file}";
    RUFF "ruff-format" "Format the project with ruff" ["ruff"] "ruff format ." check "ruff format --check .";
    BLACK "black-file" "Format this file with black" ["black"] "black {file}" check "black --check {file}";
    BLACK "black" "Format the project with black" ["black"] "black ." check "black --check .";
    ISORT "isort-file" "Sort the imports of this file" ["isort"] "isort {file}" check "isort --check-only {file}";
    ISORT "isort" "Sort the imports of the project" ["isort"] "isort ." check "isort --check-only .";
    GO "gofmt-file" "Format this file with gofmt" ["gofmt"] "gofmt -w {file}";
    GO "gofmt" "Format the project with gofmt" ["gofmt"] "gofmt -w .";
    GO "goimports-file" "Mend the imports of this file with goimports" ["goimports"] "goimports -w {file}";
    PRETTIER "prettier-file" "Format this file with prettier" ["prettier"] "prettier --write {file}"
        check "prettier --check {file}";
    PRETTIER "prettier" "Format the project with prettier" ["prettier"] "prettier --write ."
        check "prettier --check .";
    ESLINT "eslint-fix-file" "Apply ESLint's fixes to this file" ["eslint"] "eslint --fix {file}"
        check "eslint {file}";
    ESLINT "eslint-fix" "Apply ESLint's fixes to the project" ["eslint"] "eslint --fix ." check "eslint .";
    BIOME "biome-file" "Apply Biome's fixes to this file" ["biome"] "biome check --write {file}"
        check "biome check {file}";
    BIOME "biome" "Apply Biome's fixes to the project" ["biome"] "biome check --write ." check "biome check .";
    CLANG "clang-format-file" "Format this file with clang-format" ["clang-format"] "clang-format -i {file}"
        check "clang-format --dry-run --Werror {file}";
    SHELL "shfmt-file" "Format this script with shfmt" ["shfmt"] "shfmt -w {file}" check "shfmt -d {file}";
    LUA "stylua-file" "Format this file with StyLua" ["stylua"] "stylua {file}" check "stylua --check {file}";
    LUA "stylua" "Format the project with StyLua" ["stylua"] "stylua ." check "stylua --check .";
    TOML "taplo-file" "Format this file with taplo" ["taplo"] "taplo fmt {file}" check "taplo fmt --check {file}";
    TAPLO "taplo" "Format all TOML of the project with taplo" ["taplo"] "taplo fmt" check "taplo fmt --check";
    TERRAFORM "terraform-fmt-file" "Format this file with terraform fmt" ["terraform"] "terraform fmt {file}"
        check "terraform fmt -check {file}";
    TERRAFORM_ROOT "terraform-fmt" "Format the project with terraform fmt" ["terraform"]
        "terraform fmt -recursive" check "terraform fmt -check -recursive";
    RUBY "rubocop-file" "Apply RuboCop's safe fixes to this file" ["rubocop"] "rubocop -a {file}"
        check "rubocop {file}";
    RUBY "rubocop" "Apply RuboCop's safe fixes to the project" ["rubocop"] "rubocop -a" check "rubocop";
    PHP "php-cs-fixer-file" "Fix the style of this file with PHP CS Fixer" ["php-cs-fixer"]
        "php-cs-fixer fix {file}" check "php-cs-fixer check {file}";
    PHP "php-cs-fixer" "Fix the style of the project with PHP CS Fixer" ["php-cs-fixer"] "php-cs-fixer fix"
        check "php-cs-fixer check";
    DOTNET "dotnet-format-file" "Format this file with dotnet format" ["dotnet"]
        "dotnet format --no-restore --include {file}"
        check "dotnet format --no-restore --verify-no-changes --include {file}";
    DOTNET "dotnet-format" "Format the project with dotnet format" ["dotnet"] "dotnet format --no-restore"
        check "dotnet format --no-restore --verify-no-changes";
    ZIG "zig-fmt-file" "Format this file with zig fmt" ["zig"] "zig fmt {file}" check "zig fmt --check {file}";
    DART "dart-format-file" "Format this file with dart format" ["dart"] "dart format {file}"
        check "dart format --output=none --set-exit-if-changed {file}";
    DART "dart-format" "Format the project with dart format" ["dart"] "dart format ."
        check "dart format --output=none --set-exit-if-changed .";
    ELIXIR "mix-format-file" "Format this file with mix format" ["mix"] "mix format {file}"
        check "mix format --check-formatted {file}";
    ELIXIR "mix-format" "Format the project with mix format" ["mix"] "mix format"
        check "mix format --check-formatted";
    GLEAM "gleam-format-file" "Format this file with gleam format" ["gleam"] "gleam format {file}"
        check "gleam format --check {file}";
    GLEAM "gleam-format" "Format the project with gleam format" ["gleam"] "gleam format"
        check "gleam format --check";
};

static BUILT_IN: LazyLock<Vec<Recipe>> = LazyLock::new(|| ROWS.iter().filter_map(Row::recipe).collect());

/// All built-in recipes, whether or not their programs are installed.
#[must_use]
pub fn built_in() -> Vec<Recipe> {
    BUILT_IN.clone()
}

impl Row {
    /// `None` only if the table is wrong; a test sees to it that it is not.
    fn recipe(&self) -> Option<Recipe> {
        let run = RecipeCommand::parse(self.run).ok()?;
        let check = Some(self.check).filter(|line| !line.is_empty()).map(RecipeCommand::parse);
        let scope = if run.names_file() { RecipeScope::File } else { RecipeScope::Workspace };
        Some(Recipe {
            name: self.name.to_owned(),
            title: self.title.to_owned(),
            run: vec![run],
            check: check.transpose().ok()?.into_iter().collect(),
            when: self.kind.when()?,
            scope,
            env: BTreeMap::new(),
            timeout_s: None,
            tools: owned(self.tools),
            source: RecipeSource::BuiltIn,
        })
    }
}

impl Kind {
    fn when(&self) -> Option<When> {
        let when = When::parse(&owned(self.files), &owned(self.languages), &owned(self.globs)).ok()?;
        let node = self.node.map(Marker::NodePackage);
        let python = self.python.map(Marker::PythonTool);
        Some(when.or_markers(node.into_iter().chain(python).chain(self.local.map(Marker::LocalTool))))
    }
}

fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_makes_a_recipe_of_its_own_name() {
        let recipes = built_in();
        assert_eq!(recipes.len(), ROWS.len());
        let names: std::collections::BTreeSet<_> = recipes.iter().map(|recipe| &recipe.name).collect();
        assert_eq!(names.len(), ROWS.len());
    }

    #[test]
    fn a_name_says_whether_it_is_for_one_file() {
        for recipe in built_in() {
            let for_file = recipe.scope == RecipeScope::File;
            assert_eq!(recipe.name.ends_with("-file"), for_file, "{}", recipe.name);
            assert_eq!(recipe.title.contains(" this "), for_file, "{}", recipe.title);
            assert!(recipe.check.iter().all(|check| check.names_file() == for_file), "{}", recipe.name);
        }
    }

    #[test]
    fn each_runs_a_program_it_names() {
        for recipe in built_in() {
            for line in recipe.run.iter().chain(&recipe.check) {
                assert!(
                    recipe.tools.iter().any(|tool| Some(tool.as_str()) == line.program()),
                    "{}",
                    recipe.name
                );
            }
        }
    }
}
