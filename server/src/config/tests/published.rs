//! The schemas that editors are given are those that are applied. `UPDATE_EXPECT=1` writes them anew.

use std::path::Path;

use super::*;

#[test]
fn editors_have_the_schemas_that_are_applied() {
    is_published("user.schema.json", &schema());
    is_published("project.schema.json", &project_schema());
}

#[expect(clippy::disallowed_methods, reason = "a developer asked to have the file of the repository written")]
fn is_published(name: &str, schema: &Value) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../editors/vscode/schemas").join(name);
    let text = format!("{schema:#}\n");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == text,
        "{name} is not current: run this test with UPDATE_EXPECT=1, then `npm run settings`"
    );
}
