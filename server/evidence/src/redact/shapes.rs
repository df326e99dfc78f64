//! Token shapes that their issuers publish so that scanners can find them.

/// Label and regular expression. Open repetitions are cheaper to compile than bounded ones.
pub(super) const SHAPES: &[(&str, &str)] = &[
    (
        "private-key",
        r"-----BEGIN [A-Z ]*PRIVATE KEY(?: BLOCK)?-----(?:[A-Za-z0-9+/=\s\\:,]|-[^-]){20,}(?:-----END [A-Z ]*PRIVATE KEY(?: BLOCK)?-----)?",
    ),
    ("github-token", r"\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{22,})"),
    ("gitlab-token", r"\bgl(?:pat|dt|rt|ptt|soat|cbt|ft|imt|agent)-[A-Za-z0-9_\-]{20,}"),
    ("anthropic-key", r"\bsk-ant-[A-Za-z0-9_\-]{20,}"),
    ("openrouter-key", r"\bsk-or-v1-[a-f0-9]{40,}"),
    ("openai-key", r"\bsk-(?:proj-|svcacct-|admin-)?[A-Za-z0-9_\-]{20,}"),
    ("aws-key-id", r"\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}\b"),
    ("aws-secret", r"(?i)aws_?secret_?access_?key[\s:='\x22]{1,8}(?P<secret>[A-Za-z0-9/+]{40})"),
    ("google-key", r"\bAIza[A-Za-z0-9_\-]{35}"),
    ("google-token", r"\bya29\.[A-Za-z0-9_\-]{20,}"),
    ("slack-token", r"\bxox[abeoprs]-[A-Za-z0-9\-]{10,}|\bxapp-[0-9]-[A-Za-z0-9\-]{10,}"),
    ("slack-webhook", r"hooks\.slack\.com/(?:services|workflows)/[A-Za-z0-9/_]{20,}"),
    ("stripe-key", r"\b(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{10,}"),
    ("npm-token", r"\bnpm_[A-Za-z0-9]{36}"),
    ("pypi-token", r"\bpypi-[A-Za-z0-9_\-]{50,}"),
    ("crates-token", r"\bcio[A-Za-z0-9]{32}\b"),
    ("huggingface-token", r"\bhf_[A-Za-z0-9]{30,}"),
    ("digitalocean-token", r"\bdo[opr]_v1_[a-f0-9]{64}"),
    ("sendgrid-key", r"\bSG\.[A-Za-z0-9_\-]{16,}\.[A-Za-z0-9_\-]{16,}"),
    ("docker-token", r"\bdckr_(?:pat|oat)_[A-Za-z0-9_\-]{20,}"),
    ("vault-token", r"\bhv[sbr]\.[A-Za-z0-9_\-]{20,}"),
    ("groq-key", r"\bgsk_[A-Za-z0-9]{40,}"),
    ("xai-key", r"\bxai-[A-Za-z0-9]{40,}"),
    ("age-key", r"\bAGE-SECRET-KEY-1[A-Z0-9]{58}"),
    ("jwt", r"\beyJ[A-Za-z0-9_\-]{8,}\.eyJ[A-Za-z0-9_\-]{8,}\.[A-Za-z0-9_\-]{8,}"),
    ("azure-key", r"(?i)AccountKey=(?P<secret>[A-Za-z0-9+/=]{60,})"),
    (
        "authorization",
        r"(?i)\b(?:proxy-)?authorization[\x22']?\s{0,4}[:=]\s{0,4}[\x22']?(?:bearer|basic|token)\s{1,4}(?P<secret>[A-Za-z0-9+/=_.~\-]{8,})",
    ),
    (
        "api-key-header",
        r"(?i)\b(?:x-api-key|api-key|x-goog-api-key)[\x22']?\s{0,4}[:=]\s{0,4}[\x22']?(?P<secret>[A-Za-z0-9+/=_.~\-]{12,})",
    ),
    ("url-password", r"\b[a-z][a-z0-9+.\-]{1,20}://[^\s/:@\x22'\[\]]*:(?P<secret>[^\s/@\x22'\[\]]+)@"),
];

#[cfg(test)]
mod tests {
    use crate::redact::Redactor;

    #[test]
    fn every_shape_compiles() {
        assert_eq!(Redactor::default().rules.len(), super::SHAPES.len());
    }

    #[test]
    fn known_shapes_are_found() {
        let long = "a1B2".repeat(30);
        let samples = [
            format!("ghp_{}", &long[..36]),
            format!("sk-ant-api03-{}", &long[..80]),
            format!("sk-proj-{}", &long[..60]),
            "AKIAIOSFODNN7EXAMPLE".to_owned(),
            format!("AIza{}", &long[..35]),
            format!("glpat-{}", &long[..20]),
            format!("hf_{}", &long[..34]),
            format!("eyJ{}.eyJ{}.{}", &long[..20], &long[..40], &long[..43]),
        ];
        for sample in samples {
            let text = format!("export X={sample}\n");
            let clean = Redactor::default().text(&text).into_owned();
            assert!(!clean.contains(&sample) && clean.contains("[redacted:"), "{clean}");
        }
    }

    #[test]
    fn only_the_secret_part_goes() {
        let clean = |text| Redactor::default().text(text).into_owned();
        assert_eq!(clean("postgres://me:s3cret@db/x"), "postgres://me:[redacted:url-password]@db/x");
        assert_eq!(
            clean("Authorization: Bearer abcdefgh123"),
            "Authorization: Bearer [redacted:authorization]"
        );
        let key = "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\nabcdefgh\n-----END RSA PRIVATE KEY-----\nnext";
        assert_eq!(clean(key), "[redacted:private-key]\n\n\n\nnext");
    }

    #[test]
    fn ordinary_text_stays() {
        for text in [
            "test result: ok. 5 passed; 0 failed",
            "src/sk-learn.rs: pub fn ask_for_token() {}",
            "https://example.org:8080/a@b http://[::1]:80/",
            "blake3 af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262",
            "START = b\"-----BEGIN OPENSSH PRIVATE KEY-----\"",
            "let authorization = header(\"Bearer\");",
        ] {
            assert_eq!(Redactor::default().text(text), text);
        }
    }
}
