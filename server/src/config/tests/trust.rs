//! What a project may not do, each with a twin that shows that it is the project that may not.

use super::*;
use crate::recipe::RecipeSource;

/// A key that only the user may set: ignored and reported in a project file, in force in the user's.
fn only_the_user<T: PartialEq + std::fmt::Debug>(
    text: &str,
    key: &str,
    line: u32,
    in_force: impl Fn(&Config) -> T,
) {
    let default = in_force(&Config::default());
    let denied = project(text);
    assert_eq!(
        said(&denied),
        [format!(
            ".vouchsafe.toml:{line}:1: warning: `{key}` can only be set by the user, not by a project: this key is \
             ignored"
        )]
    );
    assert_eq!(in_force(&denied.config), default, "{key}: ignored for a project");
    let allowed = user(text);
    assert_eq!(said(&allowed), [""; 0]);
    assert_ne!(in_force(&allowed.config), default, "{key}: in force for the user");
}

#[test]
fn a_project_names_no_directory_variable_exception_retention_or_log() {
    only_the_user("[read]\ndirectories = ['/srv/data']", "read.directories", 2, |c| {
        c.read_directories.clone()
    });
    only_the_user("[env]\npass = ['TOKEN']", "env.pass", 2, |c| c.env_pass.clone());
    only_the_user("[hidden]\nexcept = ['.env']", "hidden.except", 2, |c| {
        c.hidden.rule(&path(".env")).is_some()
    });
    only_the_user("[evidence]\ndays = 1", "evidence.days", 2, |c| c.evidence);
    only_the_user("[evidence]\nmax_mib = 16", "evidence.max_mib", 2, |c| c.evidence);
    only_the_user("[review]\npreview = true", "review.preview", 2, |c| c.review);
    only_the_user("log = 'off'", "log", 1, |c| c.log);
    only_the_user("[limits]\noutput_kept_kib = 16", "limits.output_kept_kib", 2, |c| c.limits);
    only_the_user("[limits]\noutput_stored_mib = 1", "limits.output_stored_mib", 2, |c| c.limits);
}

#[test]
fn a_project_sets_no_environment_in_a_recipe_and_the_rest_of_it_is_used() {
    let text = "[recipes.x]\nrun = ['a']\nenv = { LD_PRELOAD = '/x.so' }\ntitle = 'X'";
    let denied = project(text);
    assert_eq!(
        said(&denied),
        [
            ".vouchsafe.toml:3:1: warning: `recipes.x.env` can only be set by the user, not by a project: this key is \
          ignored"
        ]
    );
    let recipe_of = |loaded: &Loaded| recipe(loaded, "x").map(|r| (r.title.clone(), r.env.len(), r.source));
    assert_eq!(recipe_of(&denied), Some(("X".into(), 0, RecipeSource::Project)));
    assert_eq!(recipe_of(&user(text)), Some(("X".into(), 1, RecipeSource::User)));
}

#[test]
fn a_project_lowers_limits_and_raises_none() {
    let raised = [
        "task_wall_s = 1801",
        "command_wall_s = 601",
        "command_cpu_s = 1801",
        "memory_mib = 8193",
        "processes = 1025",
        "file_mib = 1025",
        "shadow_mib = 16385",
        "shadow_files = 500001",
        "parallel_tasks = 5",
    ];
    for line in raised {
        let (key, wanted) = line.split_once(" = ").unwrap();
        let most = wanted.parse::<u32>().unwrap() - 1;
        let text = format!("[limits]\n{line}");
        let denied = project(&text);
        assert_eq!(
            said(&denied),
            [format!(
                ".vouchsafe.toml:2:1: warning: a project may only lower `limits.{key}`: {wanted} is more than {most}, \
                 so this key is ignored"
            )]
        );
        assert_eq!(denied.config.limits, Limits::DEFAULT, "{key}");
        assert!(said(&user(&text)).is_empty(), "{key}: the user may");
        let lowered = project(&format!("[limits]\n{key} = {}", most - 1));
        assert!(said(&lowered).is_empty(), "{key}: a project may lower");
        assert_ne!(lowered.config.limits, Limits::DEFAULT, "{key}");
        assert!(
            said(&project(&format!("[limits]\n{key} = {most}"))).is_empty(),
            "{key}: saying the same is no fault"
        );
    }
}

#[test]
fn the_users_own_limit_is_the_one_a_project_may_not_raise() {
    let with = |wanted: u32| {
        let project = format!("[limits]\nmemory_mib = {wanted}");
        Case { user: Some("[limits]\nmemory_mib = 1024"), project: Some(&project), ..Case::default() }.load()
    };
    assert_eq!(with(2048).config.limits.memory_mib, 1024);
    assert_eq!(said(&with(2048)).len(), 1);
    assert_eq!(with(512).config.limits.memory_mib, 512);
    assert_eq!(said(&with(512)).len(), 0);
}

#[test]
fn a_projects_recipe_takes_no_more_time_than_a_command_may() {
    let with = |seconds: u32| project(&format!("[recipes.x]\nrun = ['a']\ntimeout_s = {seconds}"));
    assert_eq!(
        said(&with(601)),
        [
            ".vouchsafe.toml:3:1: warning: a project may only lower `recipes.x.timeout_s`: 601 is more than 600, so this \
          key is ignored"
        ]
    );
    assert_eq!(recipe(&with(601), "x").unwrap().timeout_s, None);
    assert_eq!(recipe(&with(60), "x").unwrap().timeout_s, Some(60));
    let of_user = user("[recipes.x]\nrun = ['a']\ntimeout_s = 5000");
    assert_eq!(recipe(&of_user, "x").unwrap().timeout_s, Some(600), "the limit holds for the user's, too");
}

#[test]
fn a_project_cannot_touch_a_recipe_of_the_users_own() {
    let project = "[recipes.mine]\nrun = ['evil']\n[recipes.cargo-fmt]\nrun = ['evil']\n[recipes.black]\nenabled = true";
    let denied = Case {
        user: Some(
            "[recipes.mine]\nrun = ['good']\n[recipes.cargo-fmt]\ntitle = 'F'\n[recipes.black]\nenabled = false",
        ),
        project: Some(project),
        ..Case::default()
    };
    let denied = denied.load();
    let ignored = |line: u32, name: &str| {
        format!(
            ".vouchsafe.toml:{line}:1: warning: `recipes.{name}` is a recipe of the user's own, so that of the project \
             is ignored"
        )
    };
    // A header's key begins after its bracket.
    let places: Vec<String> = said(&denied).iter().map(|text| text.replacen(":10:", ":1:", 1)).collect();
    assert_eq!(places, [ignored(1, "mine"), ignored(3, "cargo-fmt"), ignored(5, "black")]);
    assert_eq!(recipe(&denied, "mine").unwrap().run[0].as_written(), "good");
    assert_eq!(recipe(&denied, "cargo-fmt").unwrap().run[0].as_written(), "cargo fmt --all");
    assert!(recipe(&denied, "black").is_none(), "what the user switched off stays off");
}

#[test]
fn a_project_may_add_a_recipe_and_replace_a_built_in_one_under_its_own_flag() {
    let loaded = project("[recipes.mine]\nrun = ['a']\n[recipes.cargo-fmt]\nrun = ['./fmt.sh']");
    assert!(said(&loaded).is_empty());
    assert_eq!(recipe(&loaded, "mine").unwrap().source, RecipeSource::Project);
    let replaced = recipe(&loaded, "cargo-fmt").unwrap();
    assert_eq!(replaced.run[0].as_written(), "./fmt.sh");
    assert_eq!(replaced.label(), "Format the project with rustfmt (recipe of this project)");
    assert!(replaced.check.is_empty(), "what was claimed of other commands is not claimed of these");
}

#[test]
fn a_project_hides_and_protects_more_and_narrows_the_scope() {
    let loaded =
        project("[hidden]\nglobs = ['data/']\n[protected]\nglobs = ['*.sql']\n[scope]\npaths = ['src']");
    assert!(said(&loaded).is_empty());
    assert_eq!(loaded.config.hidden.rule(&path("data/a")), Some("data/"));
    assert!(loaded.config.hidden.rule(&path(".env")).is_some(), "the built-in ones stay");
    assert_eq!(loaded.config.protected.rule(&path("db/a.sql")), Some("*.sql"));
    assert!(loaded.config.scope.allows(&path("src/a.rs")) && !loaded.config.scope.allows(&path("b.rs")));
}

#[test]
fn a_project_cannot_widen_the_users_scope() {
    let with = |project| {
        Case { user: Some("[scope]\npaths = ['src']"), project, ..Case::default() }.load().config.scope
    };
    for wide in ["[scope]\npaths = ['**']", "[scope]\npaths = []", "[scope]\npaths = ['src', 'docs']"] {
        assert!(!with(Some(wide)).allows(&path("docs/a.md")), "{wide}");
        assert!(with(Some(wide)).allows(&path("src/a.rs")), "{wide}");
    }
    assert!(
        !with(Some("[scope]\npaths = ['docs']")).allows(&path("src/a.rs")),
        "but it can narrow it to nothing"
    );
}

#[test]
fn what_is_denied_leaves_the_rest_of_the_file_in_force() {
    let loaded = project(
        "[limits]\nprocesses = 60000\nmemory_mib = 512\n[env]\npass = ['X']\n[hidden]\nglobs = ['h']",
    );
    assert_eq!(said(&loaded).len(), 2);
    assert_eq!(loaded.config.limits, Limits { memory_mib: 512, ..Limits::DEFAULT });
    assert!(loaded.config.hidden.rule(&path("h")).is_some());
}

#[test]
fn a_mistake_never_loosens() {
    let text = "[hidden]\nglobs = ['private/', '[']\n[limits]\nmemory_mib = 512\nprocesses = 2000\ntypo = 1\n\
                [scope]\npaths = ['src']\n[read]\ndirectories = ['/srv']\n[recipes.x]\nrun = ['a']";
    for loaded in [user(text), project(text)] {
        let config = &loaded.config;
        assert!(config.hidden.rule(&path("private/a")).is_some(), "still hidden");
        assert_eq!(config.limits, Limits { memory_mib: 512, ..Limits::DEFAULT }, "still lowered, not raised");
        assert!(!config.scope.allows(&path("docs/a")), "still narrowed");
        assert!(config.read_directories.is_empty() && recipe(&loaded, "x").is_none(), "the rest is ignored");
    }
    let broken = user("[hidden]\nglobs = ['private/']\n[limits\n");
    assert!(broken.config.hidden.rule(&path("private/a")).is_some(), "even where the TOML is broken");
}

#[test]
fn a_mistake_of_the_users_gives_none_of_their_recipes_away() {
    let with = |user| {
        let project = Some("[recipes.mine]\nrun = ['evil']\n[recipes.other]\nrun = ['a']");
        Case { user: Some(user), project, ..Case::default() }.load()
    };
    let broken = with("[recipes.mine]\nrun = ['good']\ntypo = 1");
    assert!(recipe(&broken, "mine").is_none() && recipe(&broken, "other").is_some());
    let without = with("typo = 1");
    assert!(recipe(&without, "mine").is_some() && recipe(&without, "other").is_some());
}
