//! Which language a document is in, and the grammar that reads it.

/// A language with a grammar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is the name of its language")]
pub enum Language {
    Rust,
    Python,
    JavaScript,
    TypeScript,
    Tsx,
    Go,
    Java,
    C,
    Cpp,
    CSharp,
    Ruby,
    Php,
    Bash,
    Lua,
    Json,
    Toml,
    Yaml,
    Html,
    Css,
    Markdown,
}

/// Language identifiers of LSP and of the editors that have others.
const BY_ID: &[(&str, Language)] = &[
    ("rust", Language::Rust),
    ("python", Language::Python),
    ("javascript", Language::JavaScript),
    ("javascriptreact", Language::JavaScript),
    ("javascript.jsx", Language::JavaScript),
    ("jsx", Language::JavaScript),
    ("typescript", Language::TypeScript),
    ("typescriptreact", Language::Tsx),
    ("typescript.tsx", Language::Tsx),
    ("tsx", Language::Tsx),
    ("go", Language::Go),
    ("java", Language::Java),
    ("c", Language::C),
    ("cpp", Language::Cpp),
    ("c++", Language::Cpp),
    ("csharp", Language::CSharp),
    ("c-sharp", Language::CSharp),
    ("cs", Language::CSharp),
    ("ruby", Language::Ruby),
    ("php", Language::Php),
    ("shellscript", Language::Bash),
    ("bash", Language::Bash),
    ("sh", Language::Bash),
    ("zsh", Language::Bash),
    ("lua", Language::Lua),
    ("json", Language::Json),
    ("jsonc", Language::Json),
    ("toml", Language::Toml),
    ("yaml", Language::Yaml),
    ("html", Language::Html),
    ("css", Language::Css),
    ("markdown", Language::Markdown),
];

/// Ends of file names.
const BY_EXTENSION: &[(&str, Language)] = &[
    ("rs", Language::Rust),
    ("py", Language::Python),
    ("pyi", Language::Python),
    ("js", Language::JavaScript),
    ("mjs", Language::JavaScript),
    ("cjs", Language::JavaScript),
    ("jsx", Language::JavaScript),
    ("ts", Language::TypeScript),
    ("mts", Language::TypeScript),
    ("cts", Language::TypeScript),
    ("tsx", Language::Tsx),
    ("go", Language::Go),
    ("java", Language::Java),
    ("c", Language::C),
    ("h", Language::C),
    ("cc", Language::Cpp),
    ("cpp", Language::Cpp),
    ("cxx", Language::Cpp),
    ("hh", Language::Cpp),
    ("hpp", Language::Cpp),
    ("hxx", Language::Cpp),
    ("cs", Language::CSharp),
    ("rb", Language::Ruby),
    ("rake", Language::Ruby),
    ("gemspec", Language::Ruby),
    ("php", Language::Php),
    ("sh", Language::Bash),
    ("bash", Language::Bash),
    ("bats", Language::Bash),
    ("lua", Language::Lua),
    ("json", Language::Json),
    ("jsonc", Language::Json),
    ("toml", Language::Toml),
    ("yaml", Language::Yaml),
    ("yml", Language::Yaml),
    ("html", Language::Html),
    ("htm", Language::Html),
    ("css", Language::Css),
    ("md", Language::Markdown),
    ("markdown", Language::Markdown),
];

impl Language {
    /// The language of a document: by what the client calls it, else by the name of its file.
    #[must_use]
    pub fn of(id: &str, path: Option<&str>) -> Option<Self> {
        let find = |table: &[(&str, Self)], key: &str| {
            table.iter().find(|(name, _)| name.eq_ignore_ascii_case(key)).map(|(_, language)| *language)
        };
        let extension = path.and_then(|path| path.rsplit('/').next()?.rsplit_once('.'));
        find(BY_ID, id).or_else(|| find(BY_EXTENSION, extension?.1))
    }

    pub(super) fn grammar(self) -> tree_sitter::Language {
        match self {
            Self::Rust => tree_sitter_rust::LANGUAGE,
            Self::Python => tree_sitter_python::LANGUAGE,
            Self::JavaScript => tree_sitter_javascript::LANGUAGE,
            Self::TypeScript => tree_sitter_typescript::LANGUAGE_TYPESCRIPT,
            Self::Tsx => tree_sitter_typescript::LANGUAGE_TSX,
            Self::Go => tree_sitter_go::LANGUAGE,
            Self::Java => tree_sitter_java::LANGUAGE,
            Self::C => tree_sitter_c::LANGUAGE,
            Self::Cpp => tree_sitter_cpp::LANGUAGE,
            Self::CSharp => tree_sitter_c_sharp::LANGUAGE,
            Self::Ruby => tree_sitter_ruby::LANGUAGE,
            Self::Php => tree_sitter_php::LANGUAGE_PHP,
            Self::Bash => tree_sitter_bash::LANGUAGE,
            Self::Lua => tree_sitter_lua::LANGUAGE,
            Self::Json => tree_sitter_json::LANGUAGE,
            Self::Toml => tree_sitter_toml_ng::LANGUAGE,
            Self::Yaml => tree_sitter_yaml::LANGUAGE,
            Self::Html => tree_sitter_html::LANGUAGE,
            Self::Css => tree_sitter_css::LANGUAGE,
            Self::Markdown => tree_sitter_md::LANGUAGE,
        }
        .into()
    }
}

#[cfg(test)]
mod tests {
    use super::Language;

    #[test]
    fn the_clients_word_counts_before_the_files_name() {
        assert_eq!(Language::of("cpp", Some("a/b.h")), Some(Language::Cpp));
        assert_eq!(Language::of("", Some("a.b/c.TSX")), Some(Language::Tsx));
        assert_eq!(Language::of("plaintext", Some("a.rs/notes")), None);
        assert_eq!(Language::of("haskell", None), None);
    }
}
