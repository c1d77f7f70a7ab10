//! A file as its parts: everything that cannot be understood is named with its line.

use domain::configuration::{
    BuiltInPart, CardPart, DashboardPart, FORMAT, FieldPart, Problem, ReportPart, RulePart, Section, ViewPart,
    WorkspacePart,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::yaml::{self, Node, What, problem, short};

/// The parts of a file. The place of a part in its list is its place in the file.
#[derive(Default)]
pub(super) struct File {
    pub(super) workspace: Option<WorkspacePart>,
    pub(super) fields: Vec<FieldPart>,
    pub(super) scorecards: Vec<CardPart>,
    pub(super) built_in_rules: Vec<BuiltInPart>,
    pub(super) rules: Vec<RulePart>,
    pub(super) views: Vec<ViewPart>,
    pub(super) reports: Vec<ReportPart>,
    pub(super) dashboards: Vec<DashboardPart>,
}

/// Reads a file; the values with their lines say later where something stands.
pub(super) fn read(text: &str) -> Result<(Node, File), Vec<Problem>> {
    let node = yaml::read(text).map_err(|problem| vec![problem])?;
    let mut problems = Vec::new();
    let What::Map(map) = &node.what else {
        return Err(vec![problem(1, "This is not a configuration. Export one to see what it looks like.")]);
    };
    let format = node.get("keepwell").map(Node::value);
    if format != Some(json!(FORMAT)) {
        let line = node.line_at(["keepwell"]);
        return Err(vec![problem(line, "Begin the file with “keepwell: 1”. Other forms cannot be read here.")]);
    }
    for (key, part) in map {
        if key != "keepwell" && !Section::ALL.iter().any(|section| section.key() == key) {
            problems.push(problem(part.line, &format!("There is no part “{}”. Check how it is spelt.", short(key))));
        }
    }
    let mut file = File::default();
    match node.get(Section::Workspace.key()).map(typed) {
        Some(Ok(part)) => file.workspace = Some(part),
        Some(Err(wrong)) => problems.push(wrong),
        None => {}
    }
    file.fields = list(&node, Section::Fields, &mut problems);
    file.scorecards = list(&node, Section::Scorecards, &mut problems);
    file.built_in_rules = list(&node, Section::BuiltInRules, &mut problems);
    file.rules = list(&node, Section::Rules, &mut problems);
    file.views = list(&node, Section::Views, &mut problems);
    file.reports = list(&node, Section::Reports, &mut problems);
    file.dashboards = list(&node, Section::Dashboards, &mut problems);
    if problems.is_empty() { Ok((node, file)) } else { Err(problems) }
}

fn list<P: Serialize + DeserializeOwned>(node: &Node, section: Section, problems: &mut Vec<Problem>) -> Vec<P> {
    let parts = match node.get(section.key()).map(|node| (&node.what, node.line)) {
        None | Some((What::Scalar(Value::Null), _)) => return Vec::new(),
        Some((What::List(parts), _)) => parts,
        Some((_, line)) => {
            problems.push(problem(line, &format!("Write “{}” as a list, each thing after a dash.", section.key())));
            return Vec::new();
        }
    };
    let mut read = Vec::with_capacity(parts.len());
    for part in parts {
        match typed(part) {
            Ok(part) => read.push(part),
            Err(wrong) => problems.push(wrong),
        }
    }
    read
}

/// Reads one part; a word that it does not have is a mistake, too.
fn typed<P: Serialize + DeserializeOwned>(node: &Node) -> Result<P, Problem> {
    let value = node.value();
    let part: P = serde_path_to_error::deserialize(&value).map_err(|error| {
        let text = error.path().to_string();
        let steps: Vec<String> = text.split(['.', '[', ']']).filter(|step| !step.is_empty()).map(short).collect();
        let place = if steps.iter().all(|step| step == "?") { String::new() } else { format!("“{text}”: ") };
        let line = node.line_at(steps.iter().map(String::as_str));
        Problem { name: name_of(&value), ..problem(line, &format!("{place}{}.", error.inner())) }
    })?;
    let again = serde_json::to_value(&part).unwrap_or_default();
    match unknown(node, &again) {
        None => Ok(part),
        Some((line, word)) => {
            let message = format!("There is no “{}” here. Check how it is spelt.", short(&word));
            Err(Problem { name: name_of(&value), ..problem(line, &message) })
        }
    }
}

/// Returns the first word that nothing was read from.
fn unknown(node: &Node, read: &Value) -> Option<(u32, String)> {
    match (&node.what, read) {
        (What::Map(map), Value::Object(known)) => map.iter().find_map(|(key, child)| match known.get(key) {
            Some(value) => unknown(child, value),
            None => (!is_nothing(child)).then(|| (child.line, key.clone())),
        }),
        (What::List(list), Value::Array(known)) => {
            list.iter().zip(known).find_map(|(child, value)| unknown(child, value))
        }
        _ => None,
    }
}

fn is_nothing(node: &Node) -> bool {
    match &node.what {
        What::Scalar(value) => value.is_null(),
        What::List(list) => list.is_empty(),
        What::Map(map) => map.is_empty(),
    }
}

fn name_of(value: &Value) -> String {
    let name = ["name", "key", "rule"].iter().find_map(|key| value.get(key).and_then(Value::as_str));
    name.map(short).unwrap_or_default()
}
