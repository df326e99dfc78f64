//! The law of trust as a property: whatever a project file says, nothing is looser than without it.

use proptest::prelude::*;

use super::*;
use crate::recipe::RecipeSource;

const USER: &str = "log = 'info'\n[limits]\nmemory_mib = 2048\n[hidden]\nglobs = ['private']\nexcept = ['x.pem']\n\
                    [scope]\npaths = ['src', 'docs/*.md']\n[read]\ndirectories = ['/srv']\n[env]\npass = ['A']\n\
                    [recipes.mine]\nrun = ['good']\n[recipes.black]\nenabled = false";

const PATHS: &[&str] =
    &["src/a.rs", "docs/a.md", "docs/x/a.md", ".env", "x.pem", "y.pem", "private/a", "build.rs", "README.md"];

fn key() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "log",
        "limits",
        "limits.memory_mib",
        "limits.task_wall_s",
        "limits.processes",
        "limits.output_kept_kib",
        "hidden.globs",
        "hidden.except",
        "read.directories",
        "env.pass",
        "scope.paths",
        "protected.globs",
        "evidence.days",
        "recipes.mine.run",
        "recipes.mine.enabled",
        "recipes.black.run",
        "recipes.ours.run",
        "recipes.ours.env.LD_PRELOAD",
        "recipes.ours.timeout_s",
        "recipes.cargo-fmt.run",
        "scope",
        "read",
        "nonsense",
    ])
}

fn value() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "1",
        "16",
        "64",
        "100",
        "2047",
        "2049",
        "86400",
        "-1",
        "4194304",
        "99999999999999999999",
        "1.5",
        "true",
        "false",
        "'off'",
        "'trace'",
        "[]",
        "['**']",
        "['*']",
        "['src']",
        "['/']",
        "['!private']",
        "['.env']",
        "['/etc']",
        "['HOME']",
        "['evil']",
        "['a', 3]",
        "{}",
        "{ paths = ['**'] }",
        "{ directories = ['/etc'] }",
        "1979-05-27",
        "[",
        "'''",
    ])
}

fn no_looser(with: &Config, without: &Config) -> Result<(), TestCaseError> {
    let limits = |config: &Config| serde_json::to_value(config.limits).unwrap();
    let (lower, upper) = (limits(with), limits(without));
    for (name, value) in lower.as_object().unwrap() {
        prop_assert!(value.as_u64() <= upper[name].as_u64(), "{name}");
    }
    prop_assert_eq!(with.limits.output_stored_mib, without.limits.output_stored_mib);
    prop_assert_eq!(&with.read_directories, &without.read_directories);
    prop_assert_eq!(&with.env_pass, &without.env_pass);
    prop_assert_eq!((with.log, with.evidence), (without.log, without.evidence));
    for name in PATHS {
        let path = path(name);
        prop_assert!(
            without.hidden.rule(&path).is_none() || with.hidden.rule(&path).is_some(),
            "{name} seen"
        );
        prop_assert!(
            without.protected.rule(&path).is_none() || with.protected.rule(&path).is_some(),
            "{name}"
        );
        prop_assert!(without.scope.allows(&path) || !with.scope.allows(&path), "{name} in scope");
    }
    let users = |config: &Config| {
        let own = config.recipes.iter().filter(|recipe| recipe.source == RecipeSource::User);
        own.map(|recipe| format!("{recipe:?}")).collect::<Vec<_>>()
    };
    prop_assert_eq!(users(with), users(without));
    let off = |config: &Config| config.recipes.iter().any(|recipe| recipe.name == "black");
    prop_assert!(!off(with), "what the user switched off stays off");
    let foreign = with.recipes.iter().filter(|recipe| recipe.source == RecipeSource::Project);
    prop_assert!(foreign.into_iter().all(|recipe| recipe.env.is_empty()));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_project_file_loosens_anything(lines in prop::collection::vec((key(), value()), 0..6)) {
        let text: String = lines.iter().map(|(key, value)| format!("{key} = {value}\n")).collect();
        let load = |project| Case { user: Some(USER), project, ..Case::default() }.load();
        no_looser(&load(Some(&text)).config, &load(None).config)?;
    }

    #[test]
    fn no_mistake_in_the_users_file_loosens_the_defaults(lines in prop::collection::vec((key(), value()), 0..6)) {
        let text: String = lines.iter().map(|(key, value)| format!("{key} = {value}\n")).collect();
        let loaded = user(&text);
        if loaded.problems.iter().any(|problem| problem.severity == Severity::Error) {
            let default = Config::default();
            prop_assert_eq!(&loaded.config.read_directories, &default.read_directories);
            prop_assert_eq!(&loaded.config.env_pass, &default.env_pass);
            prop_assert!(loaded.config.limits.memory_mib <= default.limits.memory_mib);
            prop_assert!(loaded.config.hidden.rule(&path(".env")).is_some());
            prop_assert_eq!(loaded.config.recipes.len(), default.recipes.len());
        }
    }

    #[test]
    fn any_text_is_read_without_a_crash_and_its_places_exist(text in "(\\PC|[\n\\[\\]={}'\"#.]){0,80}") {
        for problem in project(&text).problems {
            let Place::File { line, column, .. } = problem.place else { panic!("a file has lines") };
            let lines: Vec<&str> = text.split('\n').collect();
            let width = lines.get(line as usize - 1).map(|line| line.chars().count());
            prop_assert!(width.is_some_and(|width| column as usize <= width + 1), "{line}:{column} of {text:?}");
        }
    }
}

#[test]
fn a_mistake_elsewhere_lets_no_secret_into_the_record() {
    let loaded = user("logg = 1\n[evidence]\ndays = 3\nredact = ['internal-[0-9]+', '(']");
    assert_eq!(loaded.config.redact, ["internal-[0-9]+"]);
    assert_eq!(loaded.config.evidence, Retention { days: 90, max_mib: 2_048 });
}

#[test]
fn a_project_cannot_hide_what_it_did_from_the_record() {
    let loaded = project("[evidence]\nredact = ['.+']");
    assert_eq!(loaded.config.redact, [""; 0]);
    assert!(
        said(&loaded)[0].contains("`evidence.redact` can only be set by the user"),
        "{:?}",
        said(&loaded)
    );
}
