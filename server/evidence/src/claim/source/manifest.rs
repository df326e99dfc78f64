//! Dependencies listed in manifests.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;

/// Name → version requirement (empty if none is given).
pub type Dependencies = BTreeMap<String, String>;

/// Whether a file lists dependencies.
#[must_use]
pub fn is_manifest(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let known = [
        "Cargo.toml",
        "package.json",
        "pyproject.toml",
        "go.mod",
        "Gemfile",
        "pom.xml",
        "composer.json",
        "mix.exs",
        "build.gradle",
        "build.gradle.kts",
        "Package.swift",
        "setup.py",
        "setup.cfg",
        "Pipfile",
        "deno.json",
        "environment.yml",
        "Directory.Packages.props",
    ];
    known.contains(&name)
        || name.starts_with("requirements") && name.ends_with(".txt")
        || name.ends_with(".csproj")
        || name.ends_with(".gemspec")
}

static LINES: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    let patterns = [
        r#"(?m)^\s*gem ["']([\w-]+)["'](?:\s*,\s*["']([^"']*)["'])?"#,
        r"(?m)^\s*(?:require\s+)?([\w.-]+(?:/[\w.-]+)+)\s+(v[\w.+-]+)",
        r"<artifactId>([^<]+)</artifactId>\s*(?:<version>([^<]*)</version>)?",
        r#"(?:Include|include)="([\w.]+)"\s+Version="([^"]*)""#,
        r#"\{:(\w+),\s*"([^"]*)""#,
        r#"(?:mplementation|api|testImplementation|compileOnly)[ (]+["']([\w.-]+:[\w.-]+):([^"']*)["']"#,
        r"(?m)^([A-Za-z][\w.-]*)(?:\[[\w,]+\])?\s*(?:(?:[=<>~!]=?|===)\s*([\w.*]+)[^\n]*)?$",
        r#"(?m)["']([A-Za-z][\w.-]*)(?:\[[\w,]+\])?\s*(?:[=<>~!]=\s*([\w.*]+))[^"'\n]*["']"#,
    ];
    patterns.iter().filter_map(|p| Regex::new(p).ok()).collect()
});

/// The dependencies that a manifest lists.
#[must_use]
pub fn dependencies(path: &str, text: &str) -> Dependencies {
    let name = path.rsplit('/').next().unwrap_or(path);
    if name.ends_with(".json") {
        return json(text);
    }
    if name.ends_with(".toml") || name == "Pipfile" {
        let mut found = toml(text);
        if name == "pyproject.toml" {
            found.extend(by_pattern(text, &[7]));
        }
        return found;
    }
    match name {
        "Gemfile" => by_pattern(text, &[0]),
        "go.mod" => by_pattern(text, &[1]),
        "pom.xml" => by_pattern(text, &[2]),
        "mix.exs" => by_pattern(text, &[4]),
        "build.gradle" | "build.gradle.kts" => by_pattern(text, &[5]),
        _ if name.ends_with(".csproj") || name.ends_with(".props") => by_pattern(text, &[3]),
        _ if name.ends_with(".txt") => by_pattern(text, &[6]),
        _ => by_pattern(text, &[0, 7]),
    }
}

fn by_pattern(text: &str, which: &[usize]) -> Dependencies {
    let patterns = which.iter().filter_map(|i| LINES.get(*i));
    let all = patterns.flat_map(|p| p.captures_iter(text));
    all.filter_map(|c| Some((c.get(1)?.as_str().to_owned(), c.get(2).map_or("", |v| v.as_str()).to_owned())))
        .collect()
}

fn json(text: &str) -> Dependencies {
    let Ok(value) = serde_json::from_str::<serde_json::Value>(text) else { return Dependencies::new() };
    let sections = [
        "dependencies",
        "devDependencies",
        "peerDependencies",
        "optionalDependencies",
        "require",
        "require-dev",
        "imports",
    ];
    let maps = sections.iter().filter_map(|s| value.get(s)?.as_object());
    maps.flatten().map(|(n, v)| (n.clone(), v.as_str().unwrap_or_default().to_owned())).collect()
}

/// Lines of a `[…dependencies…]` section; a table section names one itself.
fn toml(text: &str) -> Dependencies {
    let mut out = Dependencies::new();
    let mut inside = false;
    let mut single: Option<String> = None;
    for line in text.lines().map(str::trim) {
        if let Some(section) = line.strip_prefix('[') {
            let section = section.trim_end_matches(']');
            let section = section.trim_matches('[');
            inside = section.ends_with("dependencies") || section == "packages" || section == "dev-packages";
            single = section.split_once("dependencies.").map(|(_, n)| n.trim_matches('"').to_owned());
            if let Some(name) = &single {
                out.insert(name.clone(), String::new());
            }
        } else if let Some((key, value)) = line.split_once('=').filter(|_| !line.starts_with('#')) {
            let version = version_of(value);
            if inside {
                let name = key.trim().trim_matches('"').split('.').next().unwrap_or_default().to_owned();
                out.insert(name, version);
            } else if let (Some(name), "version") = (&single, key.trim()) {
                out.insert(name.clone(), version);
            }
        }
    }
    out
}

fn version_of(value: &str) -> String {
    let value = value.split_once("version").map_or(value, |(_, v)| v);
    value.split('"').nth(1).unwrap_or_default().to_owned()
}
