//! Addresses of files as RFC 3986 wants them.

use std::path::Path;

use vouchsafe_base::WorkspacePath;

/// The `file:` address of an absolute path.
pub(super) fn file(path: &Path) -> String {
    let text = escape(path.as_os_str().as_encoded_bytes());
    if text.starts_with('/') { format!("file://{text}") } else { format!("file:///{text}") }
}

/// The same for a directory: with a slash at its end, so that relative addresses lead below it.
pub(super) fn directory(path: &str) -> String {
    format!("{}/", file(Path::new(path.trim_end_matches('/'))))
}

/// The relative address of a file of the workspace.
#[must_use]
pub fn relative(path: &WorkspacePath) -> String {
    let text = escape(path.as_bytes());
    // A colon in the first part would make it look like a scheme.
    if path.parts().next().is_some_and(|part| part.contains(&b':')) { format!("./{text}") } else { text }
}

fn escape(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    for byte in bytes {
        match byte {
            b'A'..=b'Z'
            | b'a'..=b'z'
            | b'0'..=b'9'
            | b'-'
            | b'.'
            | b'_'
            | b'~'
            | b'/'
            | b':'
            | b'@'
            | b'+'
            | b','
            | b'=' => {
                out.push(char::from(*byte));
            }
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_names_are_escaped() {
        assert_eq!(file(Path::new("/a b/ü#1?.md")), "file:///a%20b/%C3%BC%231%3F.md");
        assert_eq!(directory("/w/"), "file:///w/");
        let path = |bytes: &[u8]| relative(&WorkspacePath::from_bytes(bytes).unwrap());
        assert_eq!(path(b"src/caf\xe9.rs"), "src/caf%E9.rs");
        assert_eq!(path(b"a:b/c"), "./a:b/c");
    }
}
