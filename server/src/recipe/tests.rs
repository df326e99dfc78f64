//! Recipes on small projects: what is offered, in which order, and what is run.

use std::path::PathBuf;

use super::*;

/// A directory with a project, a PATH (`bin/`) and rustup's toolchains of its own.
pub(super) struct Yard(tempfile::TempDir);

impl Yard {
    pub(super) fn new() -> Self {
        let yard = Self(tempfile::tempdir().unwrap());
        std::fs::create_dir_all(yard.path("project")).unwrap();
        yard
    }

    pub(super) fn path(&self, below: &str) -> PathBuf {
        self.0.path().join(below)
    }

    #[expect(clippy::disallowed_methods, reason = "the test's own directory")]
    pub(super) fn file(&self, below: &str, text: &str) {
        let path = self.path(below);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    pub(super) fn program(&self, below: &str) {
        use std::os::unix::fs::PermissionsExt;
        self.file(below, "#!/bin/sh\n");
        std::fs::set_permissions(self.path(below), std::fs::Permissions::from_mode(0o755)).unwrap();
    }

    pub(super) fn places(&self) -> ToolPlaces {
        ToolPlaces {
            root: self.path("project"),
            path: self.path("bin").into_os_string(),
            rustup_toolchains: Some(self.path("rustup/toolchains")),
        }
    }

    pub(super) fn tools(&self) -> Tools {
        Tools::new(self.places())
    }

    pub(super) fn facts(&self) -> RootFacts {
        RootFacts::read(&self.path("project"))
    }

    fn offered(&self, recipes: &[Recipe], document: Option<(&str, &str)>) -> Vec<String> {
        let path = document.map(|(path, language)| (WorkspacePath::parse(path).unwrap(), language));
        let document = path.as_ref().map(|(path, language)| (path, *language));
        let offered = applicable(recipes, &self.tools(), &self.facts(), document);
        offered.into_iter().map(|recipe| recipe.name.clone()).collect()
    }
}

fn recipe(name: &str, source: RecipeSource, run: &str) -> Recipe {
    let run = RecipeCommand::parse(run).unwrap();
    let scope = if run.names_file() { RecipeScope::File } else { RecipeScope::Workspace };
    Recipe {
        name: name.into(),
        title: format!("Do {name}"),
        run: vec![run],
        check: Vec::new(),
        when: When::default(),
        scope,
        env: BTreeMap::new(),
        timeout_s: None,
        tools: Vec::new(),
        source,
    }
}

#[test]
fn a_built_in_recipe_needs_its_program_and_a_sign_of_the_project() {
    let yard = Yard::new();
    let document = Some(("src/a.py", "python"));
    yard.file("project/pyproject.toml", "[tool.ruff]\n");
    assert!(yard.offered(&built_in(), document).is_empty(), "no program");
    yard.program("bin/ruff");
    yard.program("bin/black");
    assert_eq!(
        yard.offered(&built_in(), document),
        ["ruff-fix-file", "ruff-format-file", "ruff-fix", "ruff-format"],
        "black is installed but the project does not use it"
    );
    assert!(yard.offered(&built_in(), Some(("src/a.rs", "rust"))).is_empty());
}

#[test]
fn a_tool_of_the_projects_own_is_a_sign() {
    let yard = Yard::new();
    let document = Some(("a.py", "python"));
    yard.program("bin/black");
    assert!(yard.offered(&built_in(), document).is_empty());
    yard.program("project/.venv/bin/black");
    assert_eq!(yard.offered(&built_in(), document), ["black-file", "black"]);
}

#[test]
fn without_a_document_only_recipes_for_the_project_are_offered() {
    let yard = Yard::new();
    yard.file("project/Cargo.toml", "");
    yard.file("project/package.json", r#"{"devDependencies": {"prettier": "3"}}"#);
    for tool in ["cargo", "cargo-fmt", "cargo-clippy", "prettier"] {
        yard.program(&format!("bin/{tool}"));
    }
    assert_eq!(yard.offered(&built_in(), None), ["cargo-fmt", "clippy-fix", "cargo-fix", "prettier"]);
    assert_eq!(yard.offered(&built_in(), Some(("README.md", "markdown"))), ["prettier-file", "prettier"]);
}

#[test]
fn the_most_relevant_recipe_comes_first() {
    let yard = Yard::new();
    let rust = When::parse(&[], &["rust".into()], &[]).unwrap();
    let recipes = [
        recipe("project-any", RecipeSource::Project, "x"),
        recipe("user-any", RecipeSource::User, "x"),
        Recipe { when: rust.clone(), ..recipe("project-rust", RecipeSource::Project, "x") },
        Recipe { when: rust.clone(), ..recipe("user-rust", RecipeSource::User, "x") },
        recipe("user-file", RecipeSource::User, "x {file}"),
        Recipe { when: rust, ..recipe("project-rust-file", RecipeSource::Project, "x {file}") },
    ];
    assert_eq!(
        yard.offered(&recipes, Some(("a.rs", "rust"))),
        ["project-rust-file", "user-file", "user-rust", "project-rust", "user-any", "project-any"]
    );
    assert_eq!(
        yard.offered(&recipes, Some(("a.md", "markdown"))),
        ["user-file", "user-any", "project-any"],
        "a language that is named is asked for"
    );
}

#[test]
fn a_glob_or_a_language_is_enough_and_a_root_file_is_needed() {
    let yard = Yard::new();
    let globs = ["docs/*.txt".to_owned(), "*.tf".to_owned()];
    let when = When::parse(&["*.sln".into()], &["rust".into()], &globs).unwrap();
    let recipes = [Recipe { when, ..recipe("r", RecipeSource::User, "x") }];
    let fits = |path, language| !yard.offered(&recipes, Some((path, language))).is_empty();
    assert!(!fits("a.rs", "rust"), "no .sln in the root");
    yard.file("project/my.sln", "");
    for (path, language) in [("a.rs", "rust"), ("docs/a.txt", "plaintext"), ("deep/er/main.tf", "tf")] {
        assert!(fits(path, language), "{path}");
    }
    for (path, language) in [("a.txt", "plaintext"), ("docs/deep/a.txt", "plaintext"), ("a.tfx", "x")] {
        assert!(!fits(path, language), "{path}");
    }
}

#[test]
fn a_bad_glob_says_why() {
    let error = |files: &[&str], globs: &[&str]| {
        let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        When::parse(&owned(files), &[], &owned(globs)).unwrap_err().to_string()
    };
    assert_eq!(
        error(&["a/b"], &[]),
        "\"a/b\" must name something directly in the workspace root: leave out the `/`"
    );
    assert_eq!(error(&[], &["a/[b"]), "\"a/[b\" is not a glob: unclosed character class; missing ']'");
}

#[test]
fn what_the_user_named_is_offered_and_says_what_is_missing() {
    let yard = Yard::new();
    let recipes = [recipe("mine", RecipeSource::User, "frob --fix .")];
    assert_eq!(yard.offered(&recipes, None), ["mine"]);
    assert_eq!(
        recipes[0].ready(&yard.tools()).unwrap_err().to_string(),
        "recipe `mine` needs `frob`, which was found neither in the project's own tool directories nor in PATH: \
         install it"
    );
    yard.program("bin/frob");
    assert_eq!(recipes[0].ready(&yard.tools()), Ok(()));
    assert_eq!(recipe("x", RecipeSource::User, "cd a && ./b").ready(&yard.tools()), Ok(()));
}

#[test]
fn a_recipe_becomes_shell_lines() {
    let file = WorkspacePath::parse("a b.rs").unwrap();
    let mut both = recipe("both", RecipeSource::User, "fmt {file}");
    both.check = vec![RecipeCommand::parse("fmt --check {file}").unwrap()];
    assert_eq!(both.commands(Some(&file)), Ok(vec!["fmt 'a b.rs'".to_owned()]));
    assert_eq!(both.checks(Some(&file)), Ok(vec!["fmt --check 'a b.rs'".to_owned()]));
    assert_eq!(
        both.commands(None).unwrap_err().to_string(),
        "recipe `both` works on one file: name the file it should work on"
    );
    let odd = WorkspacePath::from_bytes(b"caf\xe9.rs").unwrap();
    assert_eq!(
        both.commands(Some(&odd)).unwrap_err().to_string(),
        r#"recipe `both` cannot name the file "caf\351.rs" in a command: its name is not UTF-8"#
    );
    assert_eq!(recipe("all", RecipeSource::User, "fmt").commands(None), Ok(vec!["fmt".to_owned()]));
}

#[test]
fn an_unknown_name_gets_the_nearest() {
    let recipes = built_in();
    assert_eq!(find(&recipes, "cargo-fmt").unwrap().name, "cargo-fmt");
    let error = |name| find(&recipes, name).unwrap_err().to_string();
    assert_eq!(error("cargofmt"), "there is no recipe `cargofmt`: did you mean `cargo-fmt`?");
    assert_eq!(error("clippy-fx"), "there is no recipe `clippy-fx`: did you mean `clippy-fix`?");
    assert_eq!(error("zzz"), "there is no recipe `zzz`");
}

#[test]
fn a_projects_recipe_says_that_it_is_one() {
    assert_eq!(recipe("x", RecipeSource::Project, "x").label(), "Do x (recipe of this project)");
    assert_eq!(recipe("x", RecipeSource::User, "x").label(), "Do x");
}
