//! The schema and the document say everything that can be set, and the same.

use std::collections::BTreeMap;

use super::*;

const DOCUMENT: &str = include_str!("../../../../docs/configuration.md");

/// Every key with its schema, by the name the document uses.
fn keys(schema: &Value, prefix: &str) -> BTreeMap<String, Value> {
    let mut all = BTreeMap::new();
    let named = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
    let any = schema.get("additionalProperties").filter(|any| any.get("properties").is_some());
    let any = any.map(|any| ("NAME".to_owned(), any.clone()));
    for (name, below) in named.map(|(name, below)| (name.clone(), below.clone())).chain(any) {
        let path = if prefix.is_empty() { name } else { format!("{prefix}.{name}") };
        all.extend(keys(&below, &path));
        all.insert(path, below);
    }
    all
}

fn is_leaf(schema: &Value) -> bool {
    !super::schema::is_section(schema)
}

#[test]
fn every_key_has_a_description() {
    let all = keys(&schema(), "");
    assert_eq!(all.values().filter(|key| is_leaf(key)).count(), 70);
    for (name, key) in all {
        let description = key.get("description").and_then(Value::as_str).unwrap_or_default();
        assert!(description.ends_with('.') && !description.contains('\n'), "{name}: {description:?}");
    }
}

#[test]
fn every_limit_and_number_has_a_range_that_holds_its_default() {
    for (name, key) in keys(&schema(), "") {
        if key.get("type") == Some(&"integer".into()) {
            let number = |field: &str| key.get(field).and_then(Value::as_u64);
            let (least, most) = (number("minimum").unwrap(), number("maximum").unwrap());
            assert!(number("default").is_none_or(|default| (least..=most).contains(&default)), "{name}");
        }
    }
}

#[test]
fn the_projects_schema_has_what_a_project_may_set_and_nothing_else() {
    let all = keys(&schema(), "");
    let projects = keys(&project_schema(), "");
    for (name, key) in all.iter().filter(|(_, key)| is_leaf(key)) {
        assert_eq!(projects.contains_key(name), key.get("x-project").is_some(), "{name}");
    }
    for name in
        ["read", "env", "evidence", "log", "hidden.except", "recipes.NAME.env", "limits.output_kept_kib"]
    {
        assert!(all.contains_key(name) && !projects.contains_key(name), "{name}");
    }
}

/// A row of a table in the document: `| key | unit and range | default | project | meaning |`.
fn rows() -> BTreeMap<&'static str, Vec<&'static str>> {
    let cells = |line: &'static str| line.trim_matches('|').split(" | ").map(str::trim).collect::<Vec<_>>();
    let rows = DOCUMENT.lines().filter(|line| line.starts_with("| `")).map(cells);
    rows.filter_map(|row| Some((row.first()?.trim_matches('`'), row.clone()))).collect()
}

#[test]
fn the_document_has_a_row_for_every_key_and_no_other() {
    let all: BTreeMap<_, _> = keys(&schema(), "").into_iter().filter(|(_, key)| is_leaf(key)).collect();
    let rows = rows();
    assert_eq!(all.keys().map(String::as_str).collect::<Vec<_>>(), rows.keys().copied().collect::<Vec<_>>());
    for (name, key) in all {
        let row = &rows[name.as_str()];
        assert_eq!(row.len(), 5, "{name}: {row:?}");
        let project = key.get("x-project").and_then(Value::as_str).unwrap_or("no");
        assert_eq!(row[3], project, "{name}: what a project may do");
        if let (Some(default), Some("integer")) = (key.get("default"), key["type"].as_str()) {
            assert_eq!(row[2], default.to_string(), "{name}: the default");
        }
        if let (Some(least), Some(most)) = (key.get("minimum"), key.get("maximum")) {
            assert!(row[1].ends_with(&format!("{least} to {most}")), "{name}: the range in {:?}", row[1]);
        }
    }
}

#[test]
fn the_document_names_every_built_in_recipe_and_path() {
    let lacks = |text: &str| !DOCUMENT.contains(&format!("`{text}`"));
    let recipes = crate::recipe::built_in();
    let missing: Vec<_> =
        recipes.iter().map(|recipe| recipe.name.as_str()).filter(|name| lacks(name)).collect();
    assert_eq!(missing, [""; 0]);
    let config = Config::default();
    let globs = config.hidden.globs().iter().chain(config.hidden.except()).chain(config.protected.globs());
    let missing: Vec<_> = globs.filter(|glob| lacks(glob)).collect();
    assert_eq!(missing, [""; 0]);
}

#[test]
fn the_examples_in_the_document_are_right() {
    let mut blocks = 0;
    for block in DOCUMENT.split("```toml").skip(1) {
        let text = block.split("```").next().unwrap();
        let loaded = if text.contains(PROJECT_FILE) { project(text) } else { user(text) };
        assert_eq!(said(&loaded), [""; 0], "{text}");
        blocks += 1;
    }
    assert!(blocks >= 3, "{blocks} examples");
}
