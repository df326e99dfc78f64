//! What the node kinds of each grammar mean: the one table that a new language has to add to.

use super::language::Language;

/// What a language's nodes mean.
pub(super) struct Table {
    /// Kind of a node that defines something, and what that is for people.
    pub(super) definitions: &'static [(&'static str, &'static str)],
    /// Kinds of nodes that import something.
    pub(super) imports: &'static [&'static str],
    /// Kinds of statements and calls that may stand for a body that nobody has written; their text decides.
    pub(super) stops: &'static [&'static str],
    /// What stands between the names of a qualified name.
    pub(super) joined_by: &'static str,
    /// Whether a definition without a body node has an empty body, not none.
    pub(super) no_body_is_empty: bool,
}

const NONE: Table =
    Table { definitions: &[], imports: &[], stops: &[], joined_by: ".", no_body_is_empty: false };

static RUST: Table = Table {
    definitions: &[
        ("function_item", "function"),
        ("function_signature_item", "function"),
        ("struct_item", "struct"),
        ("enum_item", "enum"),
        ("union_item", "union"),
        ("trait_item", "trait"),
        ("impl_item", "implementation"),
        ("mod_item", "module"),
        ("macro_definition", "macro"),
        ("const_item", "constant"),
        ("static_item", "static"),
        ("type_item", "type"),
    ],
    imports: &["use_declaration", "extern_crate_declaration"],
    stops: &["macro_invocation"],
    joined_by: "::",
    ..NONE
};

static PYTHON: Table = Table {
    definitions: &[("function_definition", "function"), ("class_definition", "class")],
    imports: &["import_statement", "import_from_statement", "future_import_statement"],
    stops: &["raise_statement"],
    ..NONE
};

const JS_DEFINITIONS: &[(&str, &str)] = &[
    ("function_declaration", "function"),
    ("generator_function_declaration", "function"),
    ("method_definition", "method"),
    ("class_declaration", "class"),
    ("abstract_class_declaration", "class"),
    ("interface_declaration", "interface"),
    ("enum_declaration", "enum"),
    ("type_alias_declaration", "type"),
    ("internal_module", "namespace"),
    ("variable_declarator", "function"),
    ("field_definition", "method"),
    ("public_field_definition", "method"),
];

static JAVASCRIPT: Table = Table {
    definitions: JS_DEFINITIONS,
    imports: &["import_statement"],
    stops: &["throw_statement"],
    ..NONE
};

static GO: Table = Table {
    definitions: &[
        ("function_declaration", "function"),
        ("method_declaration", "method"),
        ("type_spec", "type"),
        ("type_alias", "type"),
    ],
    imports: &["import_declaration"],
    stops: &["call_expression"],
    ..NONE
};

static JAVA: Table = Table {
    definitions: &[
        ("class_declaration", "class"),
        ("interface_declaration", "interface"),
        ("enum_declaration", "enum"),
        ("record_declaration", "record"),
        ("annotation_type_declaration", "annotation"),
        ("method_declaration", "method"),
        ("constructor_declaration", "constructor"),
    ],
    imports: &["import_declaration"],
    stops: &["throw_statement"],
    ..NONE
};

static C: Table = Table {
    definitions: &[
        ("function_definition", "function"),
        ("struct_specifier", "struct"),
        ("enum_specifier", "enum"),
        ("union_specifier", "union"),
        ("type_definition", "type"),
        ("preproc_function_def", "macro"),
    ],
    imports: &["preproc_include"],
    stops: &["call_expression"],
    ..NONE
};

static CPP: Table = Table {
    definitions: &[
        ("function_definition", "function"),
        ("class_specifier", "class"),
        ("struct_specifier", "struct"),
        ("enum_specifier", "enum"),
        ("union_specifier", "union"),
        ("namespace_definition", "namespace"),
        ("type_definition", "type"),
        ("alias_declaration", "type"),
        ("concept_definition", "concept"),
        ("preproc_function_def", "macro"),
    ],
    imports: &["preproc_include", "using_declaration"],
    stops: &["throw_statement", "call_expression"],
    joined_by: "::",
    ..NONE
};

static C_SHARP: Table = Table {
    definitions: &[
        ("namespace_declaration", "namespace"),
        ("class_declaration", "class"),
        ("struct_declaration", "struct"),
        ("interface_declaration", "interface"),
        ("enum_declaration", "enum"),
        ("record_declaration", "record"),
        ("method_declaration", "method"),
        ("constructor_declaration", "constructor"),
        ("property_declaration", "property"),
        ("local_function_statement", "function"),
    ],
    imports: &["using_directive"],
    stops: &["throw_statement", "throw_expression"],
    ..NONE
};

static RUBY: Table = Table {
    definitions: &[
        ("method", "method"),
        ("singleton_method", "method"),
        ("class", "class"),
        ("module", "module"),
    ],
    imports: &["call"],
    stops: &["call"],
    joined_by: "::",
    no_body_is_empty: true,
};

static PHP: Table = Table {
    definitions: &[
        ("function_definition", "function"),
        ("method_declaration", "method"),
        ("class_declaration", "class"),
        ("interface_declaration", "interface"),
        ("trait_declaration", "trait"),
        ("enum_declaration", "enum"),
    ],
    imports: &["namespace_use_declaration", "require_once_expression", "require_expression"],
    stops: &["throw_expression", "throw_statement"],
    joined_by: "::",
    ..NONE
};

static BASH: Table =
    Table { definitions: &[("function_definition", "function")], imports: &["command"], ..NONE };

static LUA: Table = Table {
    definitions: &[
        ("function_declaration", "function"),
        ("assignment_statement", "function"),
        ("field", "function"),
    ],
    imports: &["function_call"],
    stops: &["function_call"],
    no_body_is_empty: true,
    ..NONE
};

static JSON: Table = Table { definitions: &[("pair", "key")], ..NONE };

static TOML: Table =
    Table { definitions: &[("table", "table"), ("table_array_element", "table"), ("pair", "key")], ..NONE };

static YAML: Table = Table { definitions: &[("block_mapping_pair", "key"), ("flow_pair", "key")], ..NONE };

static HTML: Table = Table {
    definitions: &[("element", "element"), ("script_element", "script"), ("style_element", "style")],
    joined_by: " > ",
    ..NONE
};

static CSS: Table = Table {
    definitions: &[
        ("rule_set", "rule"),
        ("media_statement", "media query"),
        ("keyframes_statement", "animation"),
        ("supports_statement", "condition"),
    ],
    imports: &["import_statement"],
    joined_by: " / ",
    ..NONE
};

static MARKDOWN: Table = Table { definitions: &[("section", "section")], joined_by: " / ", ..NONE };

impl Language {
    pub(super) const fn table(self) -> &'static Table {
        match self {
            Self::Rust => &RUST,
            Self::Python => &PYTHON,
            Self::JavaScript | Self::TypeScript | Self::Tsx => &JAVASCRIPT,
            Self::Go => &GO,
            Self::Java => &JAVA,
            Self::C => &C,
            Self::Cpp => &CPP,
            Self::CSharp => &C_SHARP,
            Self::Ruby => &RUBY,
            Self::Php => &PHP,
            Self::Bash => &BASH,
            Self::Lua => &LUA,
            Self::Json => &JSON,
            Self::Toml => &TOML,
            Self::Yaml => &YAML,
            Self::Html => &HTML,
            Self::Css => &CSS,
            Self::Markdown => &MARKDOWN,
        }
    }

    /// Whether it is a language of programs, whose symbols can be tested and refactored.
    #[must_use]
    pub const fn has_code(self) -> bool {
        !matches!(self, Self::Json | Self::Toml | Self::Yaml | Self::Html | Self::Css | Self::Markdown)
    }
}
