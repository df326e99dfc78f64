//! Which environment variables hold secrets, and in which forms their values turn up in text.

use super::{MATCH_BYTES_MAX, VALUE_BYTES_MIN};

/// Words that, as a part of a variable's name between underscores, say that its value is secret.
const PARTS: &[&str] =
    &["KEY", "KEYS", "PASS", "PWD", "AUTH", "PAT", "CREDENTIAL", "CREDENTIALS", "CREDS", "COOKIE", "DSN"];
/// Words that say so anywhere in the name.
const ANYWHERE: &[&str] = &["TOKEN", "SECRET", "PASSWORD", "PASSWD", "PASSPHRASE", "APIKEY", "PRIVATEKEY"];
/// Names that look secret and are not.
const HARMLESS: &[&str] = &["PWD", "OLDPWD"];
/// Values that no one needs to hide.
const ORDINARY: &[&str] = &["true", "false", "default", "enabled", "disabled", "required", "password"];

/// Whether the variable's value has to be replaced.
pub(super) fn is_secret(name: &str, value: &str) -> bool {
    let name = name.to_ascii_uppercase();
    let looks = ANYWHERE.iter().any(|word| name.contains(word))
        || name.split('_').any(|part| PARTS.contains(&part) || (part.ends_with("KEY") && part != "MONKEY"));
    let harmless = HARMLESS.contains(&name.as_str()) || name.ends_with("_SOCK");
    looks
        && !harmless
        && value.len() >= VALUE_BYTES_MIN
        && !ORDINARY.contains(&value.to_ascii_lowercase().as_str())
}

/// Regular expressions for the value as it is, in base64, percent-escaped and JSON-escaped.
pub(super) fn forms(value: &str) -> Vec<String> {
    let value = clip(value);
    let json = serde_json::to_string(value).unwrap_or_default();
    let json = json.trim_matches('"').to_owned();
    let mut forms = vec![json, value.to_owned(), base64(value.as_bytes()), percent(value.as_bytes())];
    forms.sort_by_key(|form| std::cmp::Reverse(form.len()));
    forms.dedup();
    forms.iter().map(|form| regex::escape(form)).collect()
}

/// The longest part of `value`, from its start, of which every form is within the limit for a match.
fn clip(value: &str) -> &str {
    let mut end = value.len().min(MATCH_BYTES_MAX / 6);
    while !value.is_char_boundary(end) {
        end -= 1;
    }
    value.get(..end).unwrap_or_default()
}

/// Base64 without the last, incomplete group: what follows the value decides how that one looks.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digit = |six: u32| DIGITS.get((six & 63) as usize).copied().map_or('A', char::from);
    let group = |three: &[u8]| {
        let bits = three.iter().fold(0u32, |bits, byte| (bits << 8) | u32::from(*byte));
        [18, 12, 6, 0].map(|shift| digit(bits >> shift))
    };
    bytes.chunks_exact(3).flat_map(group).collect()
}

fn percent(bytes: &[u8]) -> String {
    bytes
        .iter()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                char::from(*byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_decide() {
        for name in
            ["OPENAI_API_KEY", "GITHUB_TOKEN", "githubtoken", "DB_PASSWORD", "MYSQL_PWD", "X_AUTH", "APIKEY"]
        {
            assert!(is_secret(name, "s3cr3t!"), "{name}");
        }
        for name in
            ["PATH", "PWD", "GIT_AUTHOR_NAME", "SSH_AUTH_SOCK", "HOME", "KEYBOARD", "MONKEY", "COMPASS"]
        {
            assert!(!is_secret(name, "s3cr3t!"), "{name}");
        }
        assert!(!is_secret("USE_TOKEN", "true"));
        assert!(!is_secret("PASSWORD", "short"));
    }

    #[test]
    fn forms_are_what_programs_print() {
        assert_eq!(base64(b"any carnal pleas"), "YW55IGNhcm5hbCBwbGVh");
        assert_eq!(percent(b"a b/c~"), "a%20b%2Fc~");
        assert_eq!(clip(&"é".repeat(10_000)).len(), MATCH_BYTES_MAX / 6);
    }
}
