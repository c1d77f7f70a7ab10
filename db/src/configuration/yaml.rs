//! Reading YAML: into values that know their lines, and nothing that grows by itself.
//!
//! Anchors, aliases, tags and a second document are refused: a configuration has no use for them, and a few lines of
//! aliases can stand for more than any memory holds.

use domain::configuration::Problem;
use saphyr_parser::{Event, Parser, ScalarStyle, Span};
use serde_json::{Map, Number, Value};

/// How deep things may be in each other.
const DEPTH_MAX: usize = 32;
/// Most words of one map.
const WORDS_MAX: usize = 1_000;
/// Most values of a file.
const VALUES_MAX: usize = 200_000;

/// A value with the line on which it begins.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) line: u32,
    pub(super) what: What,
}

/// What a value is.
#[derive(Debug)]
pub(super) enum What {
    Scalar(Value),
    List(Vec<Node>),
    Map(Vec<(String, Node)>),
}

/// Reads a text that holds one value, or says what is wrong with it and where.
pub(super) fn read(text: &str) -> Result<Node, Problem> {
    let mut reader = Reader { open: Vec::new(), done: None, values: 0 };
    let mut parser = Parser::new_from_str(text.strip_prefix('\u{feff}').unwrap_or(text));
    while let Some(event) = parser.next_event() {
        match event {
            Ok((event, span)) => reader.take(event, span)?,
            Err(error) => {
                let message = format!("This is not YAML: {}.", error.info());
                return Err(problem(line_of(error.marker().line()), &message));
            }
        }
    }
    reader.done.ok_or_else(|| problem(1, "There is nothing in this file."))
}

/// A list or a map that is not whole yet.
enum Open {
    List(u32, Vec<Node>),
    Map(u32, Vec<(String, Node)>, Option<String>),
}

struct Reader {
    open: Vec<Open>,
    done: Option<Node>,
    values: usize,
}

impl Reader {
    fn take(&mut self, event: Event<'_>, span: Span) -> Result<(), Problem> {
        const PLAIN: &str = "Write this out: references, anchors and tags are not used in configurations.";
        let line = line_of(span.start.line());
        let opens = matches!(event, Event::SequenceStart(..) | Event::MappingStart(..));
        if opens && self.open.len() >= DEPTH_MAX {
            return Err(problem(line, "Things are too deep in each other here."));
        }
        match event {
            Event::Alias(_)
            | Event::Scalar(_, _, 1.., _)
            | Event::Scalar(_, _, _, Some(_))
            | Event::SequenceStart(1.., _)
            | Event::SequenceStart(_, Some(_))
            | Event::MappingStart(1.., _)
            | Event::MappingStart(_, Some(_)) => Err(problem(line, PLAIN)),
            Event::DocumentStart(_) if self.done.is_some() => Err(problem(line, "Only one document is read.")),
            Event::Scalar(text, style, ..) => self.scalar(line, &text, style),
            Event::SequenceStart(..) => {
                self.open.push(Open::List(line, Vec::new()));
                Ok(())
            }
            Event::MappingStart(..) => {
                self.open.push(Open::Map(line, Vec::new(), None));
                Ok(())
            }
            Event::SequenceEnd | Event::MappingEnd => match self.open.pop() {
                Some(Open::List(line, list)) => self.put(Node { line, what: What::List(list) }),
                Some(Open::Map(line, map, _)) => self.put(Node { line, what: What::Map(map) }),
                None => Ok(()),
            },
            _ => Ok(()),
        }
    }

    fn scalar(&mut self, line: u32, text: &str, style: ScalarStyle) -> Result<(), Problem> {
        if let Some(Open::Map(_, map, key @ None)) = self.open.last_mut() {
            if map.len() >= WORDS_MAX {
                return Err(problem(line, "There is more here than a configuration can hold."));
            }
            if map.iter().any(|(known, _)| known == text) {
                return Err(problem(line, &format!("“{}” stands here twice.", short(text))));
            }
            *key = Some(text.to_owned());
            return Ok(());
        }
        let value = if style == ScalarStyle::Plain { plain(text) } else { Value::from(text) };
        self.put(Node { line, what: What::Scalar(value) })
    }

    fn put(&mut self, node: Node) -> Result<(), Problem> {
        self.values += 1;
        if self.values > VALUES_MAX {
            return Err(problem(node.line, "There is more in this file than a configuration can hold."));
        }
        match self.open.last_mut() {
            None => self.done = Some(node),
            Some(Open::List(_, list)) => list.push(node),
            Some(Open::Map(_, map, key)) => match key.take() {
                Some(key) => map.push((key, node)),
                None => return Err(problem(node.line, "Use a word before the colon.")),
            },
        }
        Ok(())
    }
}

/// Returns what a word without quotes stands for: nothing, yes or no, a number, or itself.
pub(super) fn plain(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Value::Null,
        "true" | "True" | "TRUE" => return Value::Bool(true),
        "false" | "False" | "FALSE" => return Value::Bool(false),
        _ => {}
    }
    if let Ok(whole) = text.parse::<i64>() {
        return Value::from(whole);
    }
    // The words for what is no number are words, and so is whatever merely begins with a digit.
    let is_number = text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E'))
        && text.bytes().any(|b| b.is_ascii_digit());
    let number = text.parse::<f64>().ok().filter(|_| is_number).and_then(Number::from_f64);
    number.map_or_else(|| Value::from(text), Value::Number)
}

impl Node {
    /// Returns the value without its lines.
    pub(super) fn value(&self) -> Value {
        match &self.what {
            What::Scalar(value) => value.clone(),
            What::List(list) => Value::Array(list.iter().map(Self::value).collect()),
            What::Map(map) => {
                Value::Object(map.iter().map(|(key, node)| (key.clone(), node.value())).collect::<Map<_, _>>())
            }
        }
    }

    /// Returns what stands under a word of a map.
    pub(super) fn get(&self, key: &str) -> Option<&Self> {
        match &self.what {
            What::Map(map) => map.iter().find(|(known, _)| known == key).map(|(_, node)| node),
            _ => None,
        }
    }

    /// Returns the line of what a path leads to, or of the last thing on the way that is there. The things of a list
    /// are called by their places or by their keys.
    pub(super) fn line_at<'a>(&self, path: impl IntoIterator<Item = &'a str>) -> u32 {
        let mut node = self;
        for step in path {
            let next = match &node.what {
                What::Map(_) => node.get(step),
                What::List(list) => step.parse::<usize>().ok().and_then(|place| list.get(place)).or_else(|| {
                    let is_it = |one: &&Self| matches!(one.get("key").map(|key| &key.what), Some(What::Scalar(Value::String(key))) if key == step);
                    list.iter().find(is_it)
                }),
                What::Scalar(_) => None,
            };
            let Some(next) = next else { break };
            node = next;
        }
        node.line
    }
}

pub(super) fn problem(line: u32, message: &str) -> Problem {
    Problem { line: Some(line), name: String::new(), message: message.to_owned() }
}

/// Returns the beginning of a text that somebody wrote, for a message.
pub(super) fn short(text: &str) -> String {
    text.chars().take(60).collect()
}

fn line_of(line: usize) -> u32 {
    u32::try_from(line).unwrap_or(u32::MAX).max(1)
}
