//! A task written in one line, such as `call Ada tomorrow 9:00 !high every monday @Acme`: what is understood becomes
//! fields, and everything else is the title.

mod days;
mod repeats;

use serde::{Deserialize, Serialize};

use super::list::Here;
use super::repeat::Repeat;
use super::todo::{MORNING, TodoDraft, When};
use crate::alerts::Priority;
use crate::id::UserId;
use crate::identity::User;
use crate::time::Timestamp;

/// Longest line in characters.
pub const LINE_CHARS_MAX: usize = 400;

/// What a line says.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Quick {
    /// What was not understood: the title.
    pub title: String,
    /// By when.
    pub due: Option<When>,
    /// When to be reminded.
    pub remind: Option<When>,
    /// How much it matters.
    pub priority: Option<Priority>,
    /// How it comes again.
    pub repeat: Option<Repeat>,
    /// What the account is called, or the beginning of that.
    pub account: Option<String>,
    /// Who deals with it.
    pub person: Option<UserId>,
}

impl Quick {
    /// Returns the task without its account, which only the database finds.
    #[must_use]
    pub fn draft(&self) -> TodoDraft {
        TodoDraft {
            title: self.title.clone(),
            assignee: self.person,
            priority: self.priority.unwrap_or(Priority::Medium),
            due: self.due,
            remind: self.remind,
            repeat: self.repeat.clone(),
            ..TodoDraft::default()
        }
    }
}

/// What has been understood so far.
#[derive(Default)]
struct Heard {
    quick: Quick,
    day: Option<Timestamp>,
    minute: Option<u16>,
    repeat: Option<repeats::Spoken>,
    remind: Option<days::Reminder>,
}

/// Returns what a line says. Of two that say the same kind of thing, the first counts and the second stays in the title.
#[must_use]
pub fn read(line: &str, here: Here, people: &[User]) -> Quick {
    let line: String = line.chars().take(LINE_CHARS_MAX).collect();
    let written = words(&line);
    let lower: Vec<String> = written.iter().map(|word| word.to_lowercase()).collect();
    let lower: Vec<&str> = lower.iter().map(|word| word.trim_end_matches([',', ';'])).collect();
    let (mut heard, mut title, mut place) = (Heard::default(), Vec::new(), 0);
    while place < written.len() {
        let taken = heard.hear(&lower[place..], &written[place], here, people);
        if taken == 0 {
            title.push(written[place].as_str());
        }
        place += taken.max(1);
    }
    heard.quick.title = title.join(" ");
    heard.settle(here)
}

impl Heard {
    /// Returns how many words at the beginning were understood.
    fn hear(&mut self, words: &[&str], written: &str, here: Here, people: &[User]) -> usize {
        if let Some(priority) = priority(words[0]).filter(|_| self.quick.priority.is_none()) {
            self.quick.priority = Some(priority);
            return 1;
        }
        if let Some(name) = marked(written, '@').filter(|_| self.quick.account.is_none()) {
            self.quick.account = Some(name);
            return 1;
        }
        let person = marked(written, '+').filter(|_| self.quick.person.is_none());
        if let Some(person) = person.and_then(|name| find_person(&name, people)) {
            self.quick.person = Some(person);
            return 1;
        }
        if let Some((taken, repeat)) = repeats::read(words).filter(|_| self.repeat.is_none()) {
            self.repeat = Some(repeat);
            return taken;
        }
        if let Some((taken, remind)) = days::reminder(words, here).filter(|_| self.remind.is_none()) {
            self.remind = Some(remind);
            return taken;
        }
        if let Some((taken, day)) = days::day(words, here.today).filter(|_| self.day.is_none()) {
            self.day = Some(day);
            return taken;
        }
        if let Some((taken, minute)) = days::time(words).filter(|_| self.minute.is_none()) {
            self.minute = Some(minute);
            return taken;
        }
        0
    }

    /// Puts together what belongs together: a time without a day is the next one, a repetition without days takes the
    /// day's.
    fn settle(self, here: Here) -> Quick {
        let Self { mut quick, day, minute, repeat, remind } = self;
        let next = match minute {
            Some(minute) if minute <= here.minute => here.today.plus_days(1),
            _ => here.today,
        };
        quick.repeat = repeat.map(|repeat| repeat.settled(day.unwrap_or(next)));
        let first = quick.repeat.as_ref().and_then(|repeat| repeat.first(next));
        quick.due = day.or(first).or(minute.map(|_| next)).map(|day| When { day, minute });
        let due = quick.due.map_or(here.today, |due| due.day);
        quick.remind = remind.map(|remind| match remind {
            days::Reminder::At(minute) => When { day: due, minute: Some(minute) },
            days::Reminder::Before(days, minute) => {
                When { day: due.plus_days(-days), minute: Some(minute.unwrap_or(MORNING)) }
            }
            days::Reminder::On(day, minute) => When { day, minute: Some(minute.unwrap_or(MORNING)) },
        });
        quick
    }
}

/// Returns the words of a line; what stands in quotation marks behind a mark is one word.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quoted) = (Vec::new(), String::new(), false);
    for c in line.chars() {
        match c {
            '"' if quoted || matches!(word.as_str(), "@" | "+") => {
                quoted = !quoted;
                if !quoted {
                    words.push(std::mem::take(&mut word));
                }
            }
            c if c.is_whitespace() && !quoted => words.push(std::mem::take(&mut word)),
            c => word.push(c),
        }
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    words
}

/// Returns what stands behind a mark.
fn marked(word: &str, mark: char) -> Option<String> {
    let name = word.strip_prefix(mark)?.trim().trim_end_matches([',', ';', '.']);
    name.chars().next().filter(|first| first.is_alphanumeric()).map(|_| name.to_owned())
}

fn priority(word: &str) -> Option<Priority> {
    Some(match word.strip_prefix('!')? {
        "critical" | "urgent" | "!!" | "1" => Priority::Critical,
        "high" | "!" | "2" => Priority::High,
        "medium" | "normal" | "3" => Priority::Medium,
        "low" | "4" => Priority::Low,
        _ => return None,
    })
}

/// Returns the one person whose name, or one of whose names, begins so.
fn find_person(name: &str, people: &[User]) -> Option<UserId> {
    let name = name.to_lowercase();
    let here = || people.iter().filter(|person| person.deactivated_at.is_none());
    if let Some(exact) = here().find(|person| person.name.to_lowercase() == name) {
        return Some(exact.id);
    }
    let begins = |person: &&User| person.name.to_lowercase().split_whitespace().any(|part| part.starts_with(&name));
    let mut found = here().filter(begins);
    let first = found.next()?;
    found.next().is_none().then_some(first.id)
}
