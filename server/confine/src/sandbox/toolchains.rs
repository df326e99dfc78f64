//! The toolchains of this machine, found by looking: what commands may read of them, and how the tools are told to
//! keep what they write in the task's private home.
//!
//! Invariants
//! - A toolchain's directory is listed, never the home directory as such, and no file that may hold a token.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use super::policy::Access;

/// What was found.
#[derive(Debug, Clone, Default)]
pub(crate) struct Toolchains {
    pub(crate) rules: Vec<(PathBuf, Access)>,
    /// Those of the rules that tools like to write to as well.
    pub(crate) caches: Vec<PathBuf>,
    /// The user's cargo home, when there is one.
    cargo: Option<PathBuf>,
    variables: Vec<(&'static str, OsString)>,
    identity: Option<String>,
}

/// Programs below the user's home.
const PROGRAMS: &[&str] = &[
    ".asdf",
    ".bun/bin",
    ".deno/bin",
    ".dotnet",
    ".elan",
    ".fnm",
    ".ghcup",
    ".jenv",
    ".juliaup",
    ".local/bin",
    ".local/lib",
    ".local/pipx",
    ".local/share/fnm",
    ".local/share/mise",
    ".local/share/pipx",
    ".local/share/pnpm",
    ".local/share/uv",
    ".nvm/versions",
    ".opam",
    ".pyenv",
    ".rbenv",
    ".rvm",
    ".sdkman/candidates",
    ".volta",
    "go/bin",
];

/// Caches of packages below the user's home.
const CACHES: &[&str] =
    &[".gradle/caches", ".gradle/wrapper", ".m2/repository", ".npm/_cacache", ".yarn/cache", "go/pkg/mod"];

/// Looks for everything we know. `get` reads the server's environment.
pub(crate) fn find(get: &dyn Fn(&str) -> Option<OsString>) -> Toolchains {
    let Some(home) = get("HOME").map(PathBuf::from).filter(|home| home.is_absolute()) else {
        return Toolchains::default();
    };
    let mut found = Toolchains::default();
    for name in PROGRAMS {
        found.rule(home.join(name), Access::Run);
    }
    for name in CACHES {
        found.cache(home.join(name));
    }
    found.rust(get, &home);
    found.others(get, &home);
    if let Some(path) = get("PATH") {
        std::env::split_paths(&path).for_each(|entry| found.on_path(&entry, &home));
    }
    for name in ["JAVA_HOME", "GOROOT", "DOTNET_ROOT", "ANDROID_HOME"] {
        if let Some(place) = get(name).map(PathBuf::from).filter(|place| !home.starts_with(place)) {
            found.rule(place, Access::Run);
        }
    }
    found.identity = std::fs::read_to_string(home.join(".gitconfig")).ok().and_then(|text| identity(&text));
    found
}

impl Toolchains {
    fn rule(&mut self, path: PathBuf, access: Access) -> bool {
        let exists = path.is_absolute() && path.exists();
        if exists {
            self.rules.push((path, access));
        }
        exists
    }

    fn cache(&mut self, path: PathBuf) -> bool {
        let exists = self.rule(path.clone(), Access::Read);
        if exists {
            self.caches.push(path);
        }
        exists
    }

    fn rust(&mut self, get: &dyn Fn(&str) -> Option<OsString>, home: &Path) {
        let rustup = get("RUSTUP_HOME").map_or_else(|| home.join(".rustup"), PathBuf::from);
        if self.rule(rustup.join("toolchains"), Access::Run) {
            self.rule(rustup.join("settings.toml"), Access::Read);
            self.rule(rustup.join("update-hashes"), Access::Read);
            self.variables.push(("RUSTUP_HOME", rustup.into()));
        }
        let cargo = get("CARGO_HOME").map_or_else(|| home.join(".cargo"), PathBuf::from);
        if cargo.is_dir() {
            self.rule(cargo.join("bin"), Access::Run);
            self.cache(cargo.join("registry"));
            self.cache(cargo.join("git"));
            self.cargo = Some(cargo);
        }
    }

    fn others(&mut self, get: &dyn Fn(&str) -> Option<OsString>, home: &Path) {
        for (name, usual) in [("PYENV_ROOT", ".pyenv"), ("VOLTA_HOME", ".volta"), ("NVM_DIR", ".nvm")] {
            let place = get(name).map_or_else(|| home.join(usual), PathBuf::from);
            if place.is_dir() {
                self.variables.push((name, place.into()));
            }
        }
        let modules = get("GOMODCACHE").map_or_else(|| home.join("go/pkg/mod"), PathBuf::from);
        if self.cache(modules.clone()) {
            self.variables.push(("GOMODCACHE", modules.into()));
        }
        let gradle = home.join(".gradle/caches");
        if gradle.is_dir() {
            self.variables.push(("GRADLE_RO_DEP_CACHE", gradle.into()));
        }
        let maven = home.join(".m2/repository");
        if maven.is_dir() {
            let mut arguments = OsString::from("-o -Dmaven.repo.local.tail=");
            arguments.push(maven);
            self.variables.push(("MAVEN_ARGS", arguments));
        }
    }

    /// A directory on PATH outside the system: with it, when it is called `bin`, the toolchain around it.
    fn on_path(&mut self, entry: &Path, home: &Path) {
        let system = ["/usr", "/bin", "/sbin", "/lib"].iter().any(|system| entry.starts_with(system));
        let covered = self.rules.iter().any(|(rule, _)| entry.starts_with(rule));
        if system || covered || !entry.is_absolute() || home.starts_with(entry) {
            return;
        }
        let around = entry.parent().filter(|around| {
            entry.ends_with("bin")
                && !home.starts_with(around)
                && !around.ends_with(".local")
                && *around != Path::new("/")
        });
        self.rule(around.unwrap_or(entry).to_owned(), Access::Run);
    }

    /// Variables that point the tools at what can be read, and at private places for what they write. With `layers` the
    /// caches are where they always are, and writable.
    pub(crate) fn environment(&self, home: &Path, layers: bool) -> BTreeMap<OsString, OsString> {
        let below = |name: &str| home.join(name).into_os_string();
        let mut all = BTreeMap::from([
            ("CARGO_HOME".into(), below(".cargo")),
            ("CARGO_NET_OFFLINE".into(), OsString::from("true")),
            ("GOCACHE".into(), below(".cache/go-build")),
            ("GOPROXY".into(), "off".into()),
            ("GOTOOLCHAIN".into(), "local".into()),
            ("GOTELEMETRY".into(), "off".into()),
            ("GRADLE_USER_HOME".into(), below(".gradle")),
            ("npm_config_cache".into(), below(".npm")),
            ("npm_config_offline".into(), "true".into()),
            ("npm_config_update_notifier".into(), "false".into()),
            ("npm_config_fund".into(), "false".into()),
            ("npm_config_audit".into(), "false".into()),
            ("YARN_CACHE_FOLDER".into(), below(".cache/yarn")),
            ("PIP_CACHE_DIR".into(), below(".cache/pip")),
            ("PIP_DISABLE_PIP_VERSION_CHECK".into(), "1".into()),
            ("UV_CACHE_DIR".into(), below(".cache/uv")),
            ("UV_OFFLINE".into(), "1".into()),
            ("CCACHE_DIR".into(), below(".cache/ccache")),
            ("GIT_TERMINAL_PROMPT".into(), "0".into()),
            ("GIT_PAGER".into(), "cat".into()),
            ("PAGER".into(), "cat".into()),
            // Leaks are looked for by tracing oneself, which no task may; without this each run would fail at its end.
            ("ASAN_OPTIONS".into(), "detect_leaks=0".into()),
            ("LSAN_OPTIONS".into(), "detect_leaks=0".into()),
        ]);
        let read_only = |name: &str| matches!(name, "GRADLE_RO_DEP_CACHE" | "MAVEN_ARGS");
        let wanted = self.variables.iter().filter(|(name, _)| !layers || !read_only(name));
        all.extend(wanted.map(|(name, value)| (OsString::from(name), value.clone())));
        if layers {
            all.insert("MAVEN_ARGS".into(), "-o".into());
        }
        all
    }

    /// Puts into the private home what the tools look for there. `seen_home` is where commands see it when its caches lie
    /// at their own places.
    #[expect(clippy::disallowed_methods, reason = "writes to the task's private home only")]
    pub(crate) fn furnish(&self, home: &Path, seen_home: Option<&Path>) -> io::Result<()> {
        for directory in [".cache", ".config", ".local/share", ".local/state", ".cargo", ".npm"] {
            std::fs::create_dir_all(home.join(directory))?;
        }
        let name_and_mail = self.identity.clone().unwrap_or_else(|| {
            "[user]\n\tname = Vouchsafe task\n\temail = task@vouchsafe.invalid\n".to_owned()
        });
        std::fs::write(
            home.join(".gitconfig"),
            format!(
                "{name_and_mail}[safe]\n\tdirectory = *\n[gc]\n\tauto = 0\n[maintenance]\n\tauto = false\n"
            ),
        )?;
        match &self.cargo {
            Some(cargo) if seen_home.is_some_and(|seen| seen.join(".cargo") == *cargo) => {
                cargo_configuration(cargo, &home.join(".cargo"))
            }
            Some(cargo) => furnish_cargo(cargo, &home.join(".cargo")),
            None => Ok(()),
        }
    }
}

/// A cargo home that is the user's for reading and its own for writing: locks and newly unpacked crates stay private.
fn furnish_cargo(theirs: &Path, ours: &Path) -> io::Result<()> {
    cargo_configuration(theirs, ours)?;
    link(&theirs.join("bin"), &ours.join("bin"))?;
    link(&theirs.join("git"), &ours.join("git"))?;
    std::fs::create_dir_all(ours.join("registry/src"))?;
    for name in ["index", "cache"] {
        link(&theirs.join("registry").join(name), &ours.join("registry").join(name))?;
    }
    for registry in entries(&theirs.join("registry/src")) {
        let target = ours.join("registry/src").join(registry.file_name().unwrap_or_default());
        std::fs::create_dir_all(&target)?;
        for unpacked in entries(&registry) {
            link(&unpacked, &target.join(unpacked.file_name().unwrap_or_default()))?;
        }
    }
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "writes to the task's private home only")]
fn cargo_configuration(theirs: &Path, ours: &Path) -> io::Result<()> {
    for name in ["config.toml", "config"] {
        if let Ok(text) = std::fs::read_to_string(theirs.join(name)) {
            std::fs::write(ours.join(name), without_secrets(&text))?;
        }
    }
    Ok(())
}

fn entries(directory: &Path) -> Vec<PathBuf> {
    std::fs::read_dir(directory)
        .map(|all| all.flatten().map(|entry| entry.path()).collect())
        .unwrap_or_default()
}

#[cfg(unix)]
fn link(to: &Path, at: &Path) -> io::Result<()> {
    match std::os::unix::fs::symlink(to, at) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}
#[cfg(not(unix))]
fn link(_to: &Path, _at: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// A configuration text without the lines that name a secret.
pub(crate) fn without_secrets(text: &str) -> String {
    let secret = |line: &&str| {
        let key = line.split('=').next().unwrap_or_default().to_ascii_lowercase();
        !["token", "secret", "password", "credential", "extraheader"].iter().any(|word| key.contains(word))
    };
    text.lines().filter(secret).flat_map(|line| [line, "\n"]).collect()
}

/// The `[user]` section of a git configuration, name and address only.
fn identity(text: &str) -> Option<String> {
    let mut section = "";
    let mut kept = String::new();
    for line in text.lines().map(str::trim) {
        if line.starts_with('[') {
            section = line;
        } else if section.eq_ignore_ascii_case("[user]") {
            let key = line.split('=').next().unwrap_or_default().trim().to_ascii_lowercase();
            if matches!(key.as_str(), "name" | "email") {
                kept.push_str(&format!("\t{line}\n"));
            }
        }
    }
    (!kept.is_empty()).then(|| format!("[user]\n{kept}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_left_out_and_the_rest_is_kept() {
        let text = "[source.x]\nreplace-with = \"y\"\n[registries.y]\nindex = \"i\"\ntoken = \"abc\"\n";
        let kept = without_secrets(text);
        assert!(kept.contains("replace-with") && kept.contains("index") && !kept.contains("abc"), "{kept}");
    }

    #[test]
    fn only_name_and_address_of_the_git_user_pass() {
        let text = "[core]\n\tx = 1\n[user]\n\tname = A B\n\tsigningkey = K\n\temail = a@b\n[http]\n\textraheader = T\n";
        assert_eq!(identity(text).unwrap(), "[user]\n\tname = A B\n\temail = a@b\n");
        assert_eq!(identity("[core]\n\tx = 1\n"), None);
    }

    #[test]
    fn the_home_directory_itself_is_never_readable() {
        let home = tempfile::tempdir().unwrap();
        let bin = home.path().join("bin");
        std::fs::create_dir(&bin).unwrap();
        let path =
            std::env::join_paths([home.path(), &bin, Path::new("/"), home.path().parent().unwrap()]).unwrap();
        let found = find(&|name| match name {
            "HOME" => Some(home.path().into()),
            "PATH" => Some(path.clone()),
            _ => None,
        });
        let paths: Vec<&Path> = found.rules.iter().map(|(path, _)| path.as_path()).collect();
        assert_eq!(paths, [bin.as_path()]);
    }
}
