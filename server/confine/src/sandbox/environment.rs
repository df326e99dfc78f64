//! The environment of a task's commands: an allow-list, and private places instead of the user's.
//!
//! Invariants
//! - Nothing that may be a key, a token or the way to an agent passes: what is not listed is not there.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use super::toolchains::Toolchains;
use crate::shadow::Shadow;

/// Passed on when the server has them.
const PASSED: &[&str] = &[
    "LANG",
    "LANGUAGE",
    "TERM",
    "COLORTERM",
    "NO_COLOR",
    "CLICOLOR",
    "TZ",
    "USER",
    "LOGNAME",
    "JAVA_HOME",
    "GOROOT",
    "RUSTUP_TOOLCHAIN",
    "CARGO_TERM_COLOR",
    "CARGO_BUILD_TARGET",
    "RUSTFLAGS",
    "RUST_BACKTRACE",
    "CC",
    "CXX",
    "CFLAGS",
    "CXXFLAGS",
    "LDFLAGS",
    "AR",
    "LD",
    "MAKEFLAGS",
    "NODE_ENV",
    "PYTHONPATH",
    "PYTHONHASHSEED",
    "PYENV_VERSION",
    "DOTNET_ROOT",
    "SOURCE_DATE_EPOCH",
    "PKG_CONFIG_PATH",
    "ANDROID_HOME",
    "CI",
];

/// Private places.
pub(crate) fn private(home: &Path, temporary: &Path) -> BTreeMap<OsString, OsString> {
    let below = |name: &str| home.join(name).into_os_string();
    let temporary = || temporary.as_os_str().to_owned();
    BTreeMap::from([
        ("HOME".into(), home.as_os_str().to_owned()),
        ("TMPDIR".into(), temporary()),
        ("TMP".into(), temporary()),
        ("TEMP".into(), temporary()),
        ("XDG_CACHE_HOME".into(), below(".cache")),
        ("XDG_CONFIG_HOME".into(), below(".config")),
        ("XDG_DATA_HOME".into(), below(".local/share")),
        ("XDG_STATE_HOME".into(), below(".local/state")),
        ("SHELL".into(), "/bin/sh".into()),
        ("PATH".into(), DEFAULT_PATH.into()),
    ])
}

const DEFAULT_PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// What passes from the server's environment.
pub(crate) fn inherited(
    get: &dyn Fn(&str) -> Option<OsString>,
    toolchains: &Toolchains,
    shadow: &Shadow,
) -> BTreeMap<OsString, OsString> {
    let mut passed: BTreeMap<OsString, OsString> =
        PASSED.iter().filter_map(|name| get(name).map(|value| (OsString::from(name), value))).collect();
    passed.extend(std::env::vars_os().filter(|(name, _)| name.as_encoded_bytes().starts_with(b"LC_")));
    passed.insert("PATH".into(), path(get("PATH").as_deref(), toolchains, shadow));
    if let Some(venv) = get("VIRTUAL_ENV") {
        passed.insert("VIRTUAL_ENV".into(), seen(Path::new(&venv), shadow).into());
    }
    passed
}

/// The server's PATH without what commands could not run anyway, entries inside the workspace moved to the shadow.
fn path(path: Option<&OsStr>, toolchains: &Toolchains, shadow: &Shadow) -> OsString {
    let path = path.map_or_else(|| OsString::from(DEFAULT_PATH), OsStr::to_owned);
    let kept = std::env::split_paths(&path)
        .filter(|entry| entry.is_absolute())
        .map(|entry| seen(&entry, shadow))
        .filter(|entry| {
            ["/usr", "/bin", "/sbin"].iter().any(|system| entry.starts_with(system))
                || entry.starts_with(shadow.seen_root())
                || toolchains.rules.iter().any(|(rule, _)| entry.starts_with(rule))
        });
    // Joining fails only for a colon inside an entry, which splitting cannot have left.
    std::env::join_paths(kept).unwrap_or_else(|_| DEFAULT_PATH.into())
}

fn seen(path: &Path, shadow: &Shadow) -> PathBuf {
    path.strip_prefix(shadow.workspace())
        .map_or_else(|_| path.to_owned(), |inside| shadow.seen_root().join(inside))
}
