//! Checks messages against the official meta model of LSP: wrong types, missing and unknown fields, closed enumerations.
//!
//! Invariants
//! - The same rules as `protocol/strict.py`, which is the reference; `protocol/strict.rs` compares the two.
//!
//! Absent on purpose
//! - Methods that the model does not know: they are counted by nobody and checked by nobody.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde_json::{Map, Value, json};

use crate::log::Sent;

static MODEL: LazyLock<Model> = LazyLock::new(|| {
    Model::read(include_str!("../protocol/metaModel.json")).expect("metaModel.json is readable")
});

/// The meta model, looked up by name.
struct Model {
    requests: HashMap<String, Value>,
    notifications: HashMap<String, Value>,
    structures: HashMap<String, Value>,
    aliases: HashMap<String, Value>,
    enumerations: HashMap<String, Value>,
}

impl Model {
    fn read(text: &str) -> serde_json::Result<Self> {
        let model: Value = serde_json::from_str(text)?;
        let table = |list: &str, key: &str| {
            let items = model[list].as_array().into_iter().flatten();
            items.map(|item| (item[key].as_str().unwrap_or_default().to_owned(), item.clone())).collect()
        };
        Ok(Self {
            requests: table("requests", "method"),
            notifications: table("notifications", "method"),
            structures: table("structures", "name"),
            aliases: table("typeAliases", "name"),
            enumerations: table("enumerations", "name"),
        })
    }

    /// The properties of a structure, inherited and mixed in ones first.
    fn properties(&self, structure: &Value) -> Map<String, Value> {
        let mut all = Map::new();
        for list in ["extends", "mixins"] {
            for base in structure[list].as_array().into_iter().flatten() {
                all.extend(self.properties(self.structure(base["name"].as_str().unwrap_or_default())));
            }
        }
        all.extend(named(&structure["properties"]));
        all
    }

    fn structure(&self, name: &str) -> &Value {
        self.structures.get(name).unwrap_or(&Value::Null)
    }

    /// What is wrong with `value` as a `kind`; `at` says where we are.
    fn check(&self, kind: &Value, value: &Value, at: &str) -> Vec<String> {
        match kind["kind"].as_str().unwrap_or_default() {
            "base" => base(kind["name"].as_str().unwrap_or_default(), value, at),
            "reference" => self.reference(kind["name"].as_str().unwrap_or_default(), value, at),
            "array" => self.array(&kind["element"], value, at),
            "map" => self.map(&kind["value"], value, at),
            "or" => self.either(&kind["items"], value, at),
            "and" => {
                let parts = kind["items"].as_array().into_iter().flatten();
                let all = parts.map(|part| self.structure(part["name"].as_str().unwrap_or_default()));
                self.object(&all.flat_map(|one| self.properties(one)).collect(), value, at, "and")
            }
            "literal" => self.object(&named(&kind["value"]["properties"]), value, at, "literal"),
            "tuple" => self.tuple(&kind["items"], value, at),
            "stringLiteral" | "integerLiteral" | "booleanLiteral" if *value == kind["value"] => Vec::new(),
            "stringLiteral" | "integerLiteral" | "booleanLiteral" => {
                vec![format!("{at}: expected {}", quoted(&kind["value"]))]
            }
            other => vec![format!("{at}: ? {other}")],
        }
    }

    fn reference(&self, name: &str, value: &Value, at: &str) -> Vec<String> {
        if matches!(name, "LSPAny" | "LSPObject" | "LSPArray") {
            return Vec::new();
        }
        if let Some(enumeration) = self.enumerations.get(name) {
            let problems = self.check(&enumeration["type"], value, at);
            let open = enumeration["supportsCustomValues"] == true;
            let mut values = enumeration["values"].as_array().into_iter().flatten();
            return if !problems.is_empty() || open || values.any(|one| one["value"] == *value) {
                problems
            } else {
                vec![format!("{at}: {} not in enum {name}", quoted(value))]
            };
        }
        match self.aliases.get(name) {
            Some(alias) => self.check(&alias["type"], value, at),
            None => self.object(&self.properties(self.structure(name)), value, at, name),
        }
    }

    fn array(&self, element: &Value, value: &Value, at: &str) -> Vec<String> {
        let Some(items) = value.as_array() else { return vec![format!("{at}: expected array")] };
        let each = items.iter().enumerate();
        each.flat_map(|(i, item)| self.check(element, item, &format!("{at}[{i}]"))).collect()
    }

    fn map(&self, kind: &Value, value: &Value, at: &str) -> Vec<String> {
        let Some(entries) = value.as_object() else { return vec![format!("{at}: expected map")] };
        entries.iter().flat_map(|(key, entry)| self.check(kind, entry, &format!("{at}.{key}"))).collect()
    }

    /// The alternative with the fewest problems, the first of them when several have as few.
    fn either(&self, kinds: &Value, value: &Value, at: &str) -> Vec<String> {
        let kinds = kinds.as_array().into_iter().flatten();
        kinds.map(|kind| self.check(kind, value, at)).min_by_key(Vec::len).unwrap_or_default()
    }

    fn tuple(&self, kinds: &Value, value: &Value, at: &str) -> Vec<String> {
        match (kinds.as_array(), value.as_array()) {
            (Some(kinds), Some(items)) if kinds.len() == items.len() => {
                kinds.iter().zip(items).flat_map(|(kind, item)| self.check(kind, item, at)).collect()
            }
            _ => vec![format!("{at}: bad tuple")],
        }
    }

    fn object(&self, properties: &Map<String, Value>, value: &Value, at: &str, name: &str) -> Vec<String> {
        let Some(fields) = value.as_object() else { return vec![format!("{at}: expected object {name}")] };
        let needed = properties.iter().filter(|(_, property)| property["optional"] != true);
        let missing = needed.filter(|(key, _)| !fields.contains_key(*key));
        let mut problems: Vec<String> = missing.map(|(key, _)| format!("{at}: missing {key}")).collect();
        for (key, field) in fields {
            match properties.get(key) {
                None => problems.push(format!("{at}: unknown field {key} on {name}")),
                Some(property) => {
                    problems.extend(self.check(&property["type"], field, &format!("{at}.{key}")));
                }
            }
        }
        problems
    }
}

fn named(properties: &Value) -> Map<String, Value> {
    let each = properties.as_array().into_iter().flatten();
    each.map(|property| (property["name"].as_str().unwrap_or_default().to_owned(), property.clone()))
        .collect()
}

fn base(name: &str, value: &Value, at: &str) -> Vec<String> {
    let ok = match name {
        "integer" => value.is_i64() || value.is_u64(),
        "uinteger" => value.as_u64().is_some_and(|number| number < 1 << 31),
        "decimal" => value.is_number(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        _ => value.is_string(),
    };
    if ok { Vec::new() } else { vec![format!("{at}: expected {name}, got {}", cut(value))] }
}

fn cut(value: &Value) -> String {
    value.to_string().chars().take(40).collect()
}

fn quoted(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), |text| format!("'{text}'"))
}

/// Checks one session, message by message: an answer can only be checked when its request was seen.
#[derive(Debug, Default)]
pub struct Checker {
    asked: HashMap<String, String>,
    /// How many server messages were checked.
    pub checked: usize,
}

impl Checker {
    /// What is wrong with this message; always nothing for the client's own.
    pub fn message(&mut self, sent: Sent, message: &Value) -> Vec<String> {
        match (message["method"].as_str(), sent) {
            (Some(method), Sent::ByClient) => {
                if let Some(id) = message.get("id") {
                    self.asked.insert(id.to_string(), method.to_owned());
                }
                Vec::new()
            }
            (Some(method), Sent::ByServer) => {
                let known = MODEL.requests.get(method).or_else(|| MODEL.notifications.get(method));
                known.map_or_else(Vec::new, |spec| self.params(spec, method, message))
            }
            (None, Sent::ByServer) => self.answer(message),
            (None, Sent::ByClient) => Vec::new(),
        }
    }

    fn params(&mut self, spec: &Value, method: &str, message: &Value) -> Vec<String> {
        self.checked += 1;
        match (spec.get("params"), message.get("params")) {
            (None, _) => Vec::new(),
            (Some(_), None) => vec![format!("{method}: missing params")],
            (Some(kind), Some(params)) => MODEL.check(kind, params, method),
        }
    }

    fn answer(&mut self, message: &Value) -> Vec<String> {
        let method = self.asked.remove(&message["id"].to_string());
        let spec = method.as_ref().and_then(|method| MODEL.requests.get(method));
        let (Some(method), Some(spec), Some(result)) = (&method, spec, message.get("result")) else {
            return Vec::new();
        };
        self.checked += 1;
        MODEL.check(&spec["result"], result, &format!("{method} result"))
    }
}

/// Checks a whole log; returns how many server messages were checked and what is wrong.
#[must_use]
pub fn check_log(log: &str) -> (usize, Vec<String>) {
    let mut checker = Checker::default();
    let mut problems = Vec::new();
    for (arrow, body) in log.lines().filter_map(|line| line.split_once(' ')) {
        let sent = [Sent::ByServer, Sent::ByClient].into_iter().find(|sent| sent.arrow() == arrow);
        if let (Some(sent), Ok(message)) = (sent, serde_json::from_str(body)) {
            problems.extend(checker.message(sent, &message));
        }
    }
    (checker.checked, problems)
}

/// A value of the model for tests of the checker itself: does `params` of this method pass?
#[must_use]
pub fn problems_of(method: &str, params: &Value) -> Vec<String> {
    Checker::default().message(Sent::ByServer, &json!({ "method": method, "params": params }))
}
