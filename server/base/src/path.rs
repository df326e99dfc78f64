//! A path inside a workspace, parsed once.

use std::ffi::OsStr;
use std::fmt;
use std::path::Path;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A file or directory inside the workspace: relative, `/`-separated, in the bytes the file system uses.
///
/// Invariant: no empty, `.` or `..` part and no NUL byte. So joining it to a root stays in that root,
/// symbolic links aside; links are the opener's business.
///
/// Shown and serialized as it is when it is UTF-8 without control characters, quotes or backslashes, else in
/// git's C-style quotes (`"caf\351.txt"`), which loses nothing and is what `git apply` reads.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct WorkspacePath(Box<[u8]>);

/// Why a text is not a path inside a workspace.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PathError {
    /// It has an empty, `.` or `..` part, is absolute or holds a NUL byte.
    #[error("{0:?} does not name a file inside the workspace")]
    Escapes(String),
    /// It begins with a quote but is not git's C-style quoting.
    #[error("{0:?} is not a quoted path")]
    Quoting(String),
}

impl WorkspacePath {
    /// Parses the bytes of a relative path.
    ///
    /// # Errors
    /// [`PathError::Escapes`] when a part is empty, `.` or `..`, or a byte is NUL.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, PathError> {
        let sound = !bytes.contains(&0)
            && bytes.split(|byte| *byte == b'/').all(|part| !matches!(part, b"" | b"." | b".."));
        if sound {
            Ok(Self(bytes.into()))
        } else {
            Err(PathError::Escapes(String::from_utf8_lossy(bytes).into_owned()))
        }
    }

    /// Parses text as the file system would: no quoting is undone.
    ///
    /// # Errors
    /// As [`Self::from_bytes`].
    pub fn parse(text: &str) -> Result<Self, PathError> {
        Self::from_bytes(text.as_bytes())
    }

    /// Parses the part of a path that lies below a root, as `Path::strip_prefix` gives it.
    ///
    /// # Errors
    /// As [`Self::from_bytes`].
    pub fn from_relative(path: &Path) -> Result<Self, PathError> {
        Self::from_bytes(path.as_os_str().as_encoded_bytes())
    }

    /// Parses what [`fmt::Display`] printed.
    ///
    /// # Errors
    /// [`PathError::Quoting`] for broken quotes, else as [`Self::from_bytes`].
    pub fn from_shown(text: &str) -> Result<Self, PathError> {
        match text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
            Some(inner) => {
                let bytes = unquote(inner).ok_or_else(|| PathError::Quoting(text.to_owned()))?;
                Self::from_bytes(&bytes)
            }
            None if text.starts_with('"') => Err(PathError::Quoting(text.to_owned())),
            None => Self::parse(text),
        }
    }

    /// The bytes, `/`-separated.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The path as text, if it is UTF-8.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        std::str::from_utf8(&self.0).ok()
    }

    /// The same path for the file system, still relative.
    #[cfg(unix)]
    #[must_use]
    pub fn as_path(&self) -> &Path {
        use std::os::unix::ffi::OsStrExt;
        Path::new(OsStr::from_bytes(&self.0))
    }

    /// The same path for the file system, still relative; outside Unix every workspace path is UTF-8.
    #[cfg(not(unix))]
    #[must_use]
    pub fn as_path(&self) -> &Path {
        Path::new(OsStr::new(self.as_str().unwrap_or_default()))
    }

    /// The directory that holds it; `None` at the top of the workspace.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        let slash = self.0.iter().rposition(|byte| *byte == b'/')?;
        self.0.get(..slash).map(|bytes| Self(bytes.into()))
    }

    /// The last part.
    #[must_use]
    pub fn name(&self) -> &[u8] {
        self.0.rsplit(|byte| *byte == b'/').next().unwrap_or_default()
    }

    /// The parts from the top down.
    pub fn parts(&self) -> impl Iterator<Item = &[u8]> {
        self.0.split(|byte| *byte == b'/')
    }

    /// Whether it is `directory` or lies below it.
    #[must_use]
    pub fn is_within(&self, directory: &Self) -> bool {
        self.0.strip_prefix(&*directory.0).is_some_and(|rest| rest.is_empty() || rest.starts_with(b"/"))
    }

    /// A path below this one.
    #[must_use]
    pub fn join(&self, below: &Self) -> Self {
        Self([&*self.0, b"/", &*below.0].concat().into())
    }

    fn needs_quotes(&self) -> bool {
        self.as_str().is_none_or(|text| text.chars().any(|c| c.is_control() || c == '"' || c == '\\'))
    }
}

impl fmt::Display for WorkspacePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.as_str() {
            Some(text) if !self.needs_quotes() => f.write_str(text),
            _ => f.write_str(&quote(&self.0)),
        }
    }
}

impl fmt::Debug for WorkspacePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WorkspacePath({self})")
    }
}

impl Serialize for WorkspacePath {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for WorkspacePath {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::from_shown(&String::deserialize(from)?).map_err(de::Error::custom)
    }
}

/// Git's `quote_c_style`: bytes outside printable ASCII become three octal digits.
fn quote(bytes: &[u8]) -> String {
    let mut out = String::from("\"");
    for byte in bytes {
        match byte {
            b'"' | b'\\' => out.extend(['\\', char::from(*byte)]),
            b'\n' => out.push_str("\\n"),
            b'\t' => out.push_str("\\t"),
            b'\r' => out.push_str("\\r"),
            0x20..=0x7e => out.push(char::from(*byte)),
            _ => out.push_str(&format!("\\{byte:03o}")),
        }
    }
    out.push('"');
    out
}

fn unquote(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        if byte != b'\\' {
            out.push(byte);
            continue;
        }
        out.push(match bytes.next()? {
            b'n' => b'\n',
            b't' => b'\t',
            b'r' => b'\r',
            b'a' => 7,
            b'b' => 8,
            b'v' => 11,
            b'f' => 12,
            plain @ (b'"' | b'\\') => plain,
            first @ b'0'..=b'3' => {
                let octal = |digit: u8| matches!(digit, b'0'..=b'7').then(|| digit - b'0');
                (octal(first)? << 6) | (octal(bytes.next()?)? << 3) | octal(bytes.next()?)?
            }
            _ => return None,
        });
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_leaves_the_workspace_is_refused() {
        for text in ["", "/etc", "a//b", "a/../b", "..", ".", "./a", "a/", "a\0b"] {
            assert!(matches!(WorkspacePath::parse(text), Err(PathError::Escapes(_))), "{text:?}");
        }
        for text in ["a", "a/b", "...", ".a", "a b", "日本.rs", "a:b,c"] {
            assert_eq!(WorkspacePath::parse(text).map(|path| path.to_string()), Ok(text.to_owned()));
        }
    }

    #[test]
    fn odd_names_are_shown_as_git_quotes_them() {
        let path = WorkspacePath::from_bytes(b"caf\xe9\t\"x\".txt").unwrap();
        assert_eq!(path.to_string(), r#""caf\351\t\"x\".txt""#);
        assert_eq!(WorkspacePath::from_shown(&path.to_string()), Ok(path));
        assert!(WorkspacePath::from_shown("\"a").is_err());
    }

    #[test]
    fn within_and_parent() {
        let path = |text| WorkspacePath::parse(text).unwrap();
        assert!(path("a/b/c").is_within(&path("a/b")));
        assert!(!path("a/bc").is_within(&path("a/b")));
        assert_eq!(path("a/b/c").parent(), Some(path("a/b")));
        assert_eq!(path("a").parent(), None);
        assert_eq!(path("a/b").name(), b"b");
    }

    proptest! {
        #[test]
        fn shown_and_back(bytes in proptest::collection::vec(1u8..=255, 1..20)) {
            if let Ok(path) = WorkspacePath::from_bytes(&bytes) {
                prop_assert_eq!(WorkspacePath::from_shown(&path.to_string()), Ok(path));
            }
        }
    }
}
