//! Where the tests of a file are by the customs of its language.
//!
//! Absent on purpose
//! - Searching: a few names are tried, so that asking costs the same in every workspace.

use vouchsafe_base::WorkspacePath;

use crate::syntax::Language;

/// The most test files that are named.
const TESTS_MAX: usize = 4;

/// The test files of a file, as far as `exists` knows of them; nearest first.
#[must_use]
pub fn tests_of(
    language: Option<Language>,
    file: &WorkspacePath,
    exists: &dyn Fn(&WorkspacePath) -> bool,
) -> Vec<WorkspacePath> {
    // A name that is no text follows no custom.
    let Some(path) = file.as_str() else { return Vec::new() };
    let (directory, name) = path.rsplit_once('/').unwrap_or(("", path));
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    let mut found: Vec<WorkspacePath> = Vec::new();
    for candidate in candidates(language, directory, stem, extension) {
        let Ok(candidate) = WorkspacePath::parse(&candidate) else { continue };
        if found.len() < TESTS_MAX && candidate != *file && !found.contains(&candidate) && exists(&candidate)
        {
            found.push(candidate);
        }
    }
    found
}

fn candidates(language: Option<Language>, directory: &str, stem: &str, extension: &str) -> Vec<String> {
    let beside = |name: String| join(directory, &name);
    let names = names(language, stem, extension);
    let mut all: Vec<String> = names.iter().cloned().map(beside).collect();
    let folders = match language {
        Some(Language::JavaScript | Language::TypeScript | Language::Tsx) => {
            ["__tests__", "test", "tests"].as_slice()
        }
        Some(Language::Ruby) => &["test", "spec"],
        Some(Language::Lua) => &["spec", "tests"],
        Some(Language::Rust) => &["tests"],
        _ => &["tests", "test"],
    };
    // In a folder of tests beside the file, beside its folder, at the top, and in a mirror of the sources' folders.
    let parent = directory.rsplit_once('/').map_or("", |(parent, _)| parent);
    let below =
        ["src/", "lib/", "app/"].iter().find_map(|top| directory.strip_prefix(top)).unwrap_or(directory);
    for folder in folders {
        for name in &names {
            all.push(join(&join(directory, folder), name));
            all.push(join(&join(parent, folder), name));
            all.push(join(folder, name));
            all.push(join(&join(folder, below), name));
        }
    }
    if let Some(Language::Java) = language {
        let mirrored = directory.replacen("src/main/", "src/test/", 1);
        all.extend(names.iter().map(|name| join(&mirrored, name)));
    }
    if let Some(Language::Rust) = language {
        all.push(join(&join(directory, stem), "tests.rs"));
        all.push(beside("tests.rs".to_owned()));
    }
    all
}

fn names(language: Option<Language>, stem: &str, extension: &str) -> Vec<String> {
    let with = |forms: &[&str]| forms.iter().map(|form| form.replace('*', stem) + "." + extension).collect();
    match language {
        Some(Language::Rust) => with(&["*", "*_test", "test_*"]),
        Some(Language::Python) => with(&["test_*", "*_test"]),
        Some(Language::JavaScript | Language::TypeScript | Language::Tsx) => with(&["*.test", "*.spec"]),
        Some(Language::Java) => with(&["*Test", "*Tests", "*IT"]),
        Some(Language::CSharp) => with(&["*Tests", "*Test"]),
        Some(Language::Php) => with(&["*Test"]),
        Some(Language::Ruby) => with(&["*_test", "test_*", "*_spec"]),
        Some(Language::C | Language::Cpp) => with(&["*_test", "test_*", "*_unittest", "*Test"]),
        Some(Language::Lua) => with(&["*_spec", "test_*"]),
        Some(Language::Bash) => vec![format!("{stem}.bats"), format!("test_{stem}.{extension}")],
        _ => with(&["*_test", "test_*"]),
    }
}

fn join(directory: &str, name: &str) -> String {
    if directory.is_empty() { name.to_owned() } else { format!("{directory}/{name}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_are_where_each_language_has_them() {
        for (file, known) in [
            ("src/parse.rs", &["tests/parse.rs", "src/parse/tests.rs"] as &[_]),
            ("shop/cart.py", &["shop/test_cart.py", "shop/tests/test_cart.py", "tests/test_cart.py"]),
            ("src/a/b.ts", &["src/a/b.test.ts", "src/a/__tests__/b.test.ts", "tests/a/b.spec.ts"]),
            ("store/store.go", &["store/store_test.go"]),
            ("src/main/java/a/Cart.java", &["src/test/java/a/CartTest.java"]),
            ("lib/cart.rb", &["test/cart_test.rb", "spec/cart_spec.rb"]),
            ("src/Cart.php", &["tests/CartTest.php"]),
            ("src/geo.cc", &["src/geo_test.cc", "tests/geo_test.cc"]),
            ("build.sh", &["build.bats", "tests/build.bats"]),
        ] {
            let path = WorkspacePath::parse(file).unwrap();
            let exists = |path: &WorkspacePath| path.as_str().is_some_and(|path| known.contains(&path));
            let language = Language::of("", Some(file));
            let mut found: Vec<_> =
                tests_of(language, &path, &exists).iter().map(ToString::to_string).collect();
            found.sort();
            let mut known = known.to_vec();
            known.sort();
            assert_eq!(found, known, "{file}");
        }
    }

    #[test]
    fn a_file_is_not_its_own_test_and_nothing_is_made_up() {
        let path = WorkspacePath::parse("tests/parse.rs").unwrap();
        assert_eq!(
            tests_of(Some(Language::Rust), &path, &|path| path.as_str() == Some("tests/parse.rs")),
            []
        );
        assert_eq!(tests_of(None, &path, &|_| false), []);
    }
}
