//! What the wizard knows: the file, its columns, what was chosen, and where in the work the person is.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::fields::{FieldType, Subject, key_from_heading};
use domain::id::BatchId;
use domain::import::kind::Kind;
use domain::import::mapping::{Mapping, Target};
use domain::import::pair::Checkers;
use domain::import::plan::{Options, default_match_keys};
use domain::import::preview::Preview;
use domain::import::report::{FileId, ImportId, Inspection};
use domain::import::table::Table;
use domain::refusal::{FieldError, Refusal};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};

use crate::i18n::{Locale, td_string};
use crate::language::{Language, use_language};

/// One part of the work, in its order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Choosing the file.
    File,
    /// Saying what its columns are.
    Columns,
    /// Seeing what would happen.
    Check,
    /// Watching it happen, and what came of it.
    Run,
}

impl Step {
    /// All steps.
    pub const ALL: [Self; 4] = [Self::File, Self::Columns, Self::Check, Self::Run];

    /// Returns the word in the address.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Columns => "columns",
            Self::Check => "check",
            Self::Run => "run",
        }
    }

    /// Returns what people call it.
    #[must_use]
    pub fn label(self, locale: Locale) -> &'static str {
        match self {
            Self::File => td_string!(locale, imports.step_file),
            Self::Columns => td_string!(locale, imports.step_columns),
            Self::Check => td_string!(locale, imports.step_check),
            Self::Run => td_string!(locale, imports.step_done),
        }
    }
}

/// Whether the server has the file.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Upload {
    /// No file was chosen.
    #[default]
    Nothing,
    /// It is on its way; the share that has arrived, in percent, where the browser says so.
    Sending(Option<u32>),
    /// The server has it.
    Stored(FileId),
    /// It did not arrive, and why.
    Failed(String),
}

/// A small file that the browser has read itself.
#[derive(Clone)]
pub struct Local {
    /// The bytes, for sending them (again).
    pub bytes: Arc<Vec<u8>>,
    /// The rows.
    pub table: Arc<Table<'static>>,
}

/// The state of one visit to the wizard.
#[derive(Clone, Copy)]
pub struct Wizard {
    /// Where the person is.
    pub step: Memo<Step>,
    /// The import that the address names.
    pub import: Memo<Option<ImportId>>,
    /// What the rows are.
    pub kind: RwSignal<Kind>,
    /// What the file holds.
    pub inspection: RwSignal<Option<Arc<Inspection>>>,
    /// What was chosen.
    pub options: RwSignal<Option<Options>>,
    /// The columns whose target the person has chosen.
    pub chosen: RwSignal<BTreeSet<usize>>,
    /// What is wrong with the choices.
    pub problems: Memo<Vec<FieldError>>,
    /// The file as the browser read it; none where it is large or a workbook.
    pub local: RwSignal<Option<Local>>,
    /// What the browser found in it with the present choices.
    pub checked: RwSignal<Option<Result<Preview, Refusal>>>,
    /// Whether the server has the file.
    pub upload: RwSignal<Upload>,
    /// The name of the file that is being read.
    pub reading: RwSignal<Option<String>>,
    /// Why the file cannot be used.
    pub problem: RwSignal<Option<String>>,
    /// Grows when an import or an undo has ended, so that the history loads again.
    pub ended: RwSignal<u32>,
    /// The language of what is said outside of views.
    pub language: Language,
    turn: StoredValue<u32>,
    visit: Callback<(String, bool)>,
}

impl Wizard {
    /// Starts the wizard where the address says.
    #[must_use]
    pub fn new(ended: RwSignal<u32>) -> Self {
        let (query, navigate) = (use_query_map(), use_navigate());
        let (inspection, options) = (RwSignal::new(None::<Arc<Inspection>>), RwSignal::new(None::<Options>));
        let import = Memo::new(move |_| query.with(|query| query.get_str("import").and_then(|id| id.parse().ok())));
        let step = Memo::new(move |_| {
            let wanted = query.with(|query| query.get("step")).unwrap_or_default();
            match wanted.as_str() {
                "columns" => Step::Columns,
                "check" if options.with(Option::is_some) => Step::Check,
                "check" => Step::Columns,
                "run" if import.with(Option::is_some) => Step::Run,
                _ => Step::File,
            }
        });
        let of = query.with_untracked(|query| query.get_str("of").and_then(Kind::from_key));
        let kind = of.unwrap_or(Kind::One(Subject::Account));
        let visit = Callback::new(move |(address, replace): (String, bool)| {
            navigate(&address, NavigateOptions { replace, scroll: !replace, ..NavigateOptions::default() });
        });
        Self {
            step,
            import,
            kind: RwSignal::new(kind),
            inspection,
            options,
            chosen: RwSignal::new(BTreeSet::new()),
            problems: Memo::new(move |_| problems(&inspection.read(), &options.read())),
            local: RwSignal::new(None),
            checked: RwSignal::new(None),
            upload: RwSignal::new(Upload::Nothing),
            reading: RwSignal::new(None),
            problem: RwSignal::new(None),
            ended,
            language: use_language(),
            turn: StoredValue::new(0),
            visit,
        }
    }

    /// Goes to a step.
    pub fn go(self, step: Step) {
        self.visit.run((self.address(step), false));
    }

    /// Goes to the first step in place of one that cannot be shown.
    pub fn leave(self) {
        self.visit.run((self.address(Step::File), true));
    }

    /// Notes in the address which file it is, without a new entry in the browser's history.
    pub fn note_file(self) {
        let step = self.step.get_untracked();
        if matches!(step, Step::Columns | Step::Check) {
            self.visit.run((self.address(step), true));
        }
    }

    /// Goes to a running import.
    pub fn watch(self, import: ImportId) {
        self.visit.run((format!("/import?step=run&import={import}"), false));
    }

    fn address(self, step: Step) -> String {
        let of = self.kind.get_untracked().key();
        match (step, self.file()) {
            (Step::File, _) => format!("/import?of={of}"),
            (step, Some(file)) => format!("/import?step={}&of={of}&file={file}", step.key()),
            (step, None) => format!("/import?step={}&of={of}", step.key()),
        }
    }

    /// Returns the server's name for the file, once it has it.
    #[must_use]
    pub fn file(self) -> Option<FileId> {
        self.upload.with_untracked(|upload| if let Upload::Stored(file) = upload { Some(*file) } else { None })
    }

    /// Forgets the file and everything about it; what still works on it stops at its next look at the turn.
    pub fn forget(self) -> u32 {
        self.problem.set(None);
        self.checked.set(None);
        self.options.set(None);
        self.inspection.set(None);
        self.chosen.set(BTreeSet::new());
        self.local.set(None);
        self.upload.set(Upload::Nothing);
        self.reading.set(None);
        self.turn
            .try_update_value(|turn| {
                *turn += 1;
                *turn
            })
            .unwrap_or_default()
    }

    /// Returns the turn of the file at hand.
    #[must_use]
    pub fn turn(self) -> u32 {
        self.turn.try_get_value().unwrap_or_default()
    }

    /// Returns whether work that began in this turn is still wanted.
    #[must_use]
    pub fn is_turn(self, turn: u32) -> bool {
        self.turn.try_get_value() == Some(turn)
    }

    /// Takes over what a file holds.
    pub fn show(self, inspection: Inspection) {
        self.chosen.set(BTreeSet::new());
        self.options.set(Some(inspection.options.clone()));
        self.inspection.set(Some(Arc::new(inspection)));
        self.reading.set(None);
    }

    /// Changes what was chosen; what the server said about the old choices no longer holds.
    pub fn choose(self, change: impl FnOnce(&mut Options)) {
        self.options.update(|options| {
            if let Some(options) = options {
                change(options);
            }
        });
    }

    /// Sends a column somewhere: to the field with this key, to a new field (`+`), or nowhere.
    pub fn send(self, index: usize, choice: &str) {
        let Some(inspection) = self.inspection.get_untracked() else { return };
        let target = match choice {
            "" => Target::Skip,
            "+" => self.new_field(&inspection, index),
            key => Target::Field(key.to_owned()),
        };
        self.chosen.update(|chosen| {
            chosen.insert(index);
        });
        self.choose(|options| {
            if let Some(column) = options.mapping.columns.get_mut(index) {
                column.target = target;
            }
            fit_keys(&mut options.match_keys, options.subject, &options.mapping);
            if let Some(keys) = &mut options.contact_keys {
                fit_keys(keys, Subject::Contact, &options.mapping.part(Subject::Contact));
            }
        });
    }

    fn new_field(self, inspection: &Inspection, index: usize) -> Target {
        let guessed = inspection.options.mapping.columns.get(index).map(|column| column.target.clone());
        if let Some(guess @ Target::NewCustom { .. }) = guessed {
            return guess;
        }
        let label = inspection.headings.get(index).cloned().unwrap_or_default();
        let base = key_from_heading(&label);
        let is_taken = |key: &str| {
            let full = format!("custom.{key}");
            inspection.catalogue.get(&full).is_some()
                || self.options.with_untracked(|options| {
                    options.as_ref().is_some_and(|options| options.mapping.column_of(&full).is_some())
                })
        };
        let mut key = base.clone();
        for copy in 2..1_000 {
            if !is_taken(&key) {
                break;
            }
            key = format!("{base}_{copy}");
        }
        Target::NewCustom { key, label, kind: FieldType::Text }
    }
}

/// Takes the usual keys in place of keys that no column holds any more.
fn fit_keys(keys: &mut Vec<String>, subject: Subject, mapping: &Mapping) {
    if keys.is_empty() || !keys.iter().all(|key| mapping.has(key)) {
        *keys = default_match_keys(subject, mapping);
    }
}

/// What an undo needs to be asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undoable {
    /// What is taken back.
    pub batch: BatchId,
    /// What people recognise it by.
    pub label: String,
}

fn problems(inspection: &Option<Arc<Inspection>>, options: &Option<Options>) -> Vec<FieldError> {
    let (Some(inspection), Some(options)) = (inspection, options) else { return Vec::new() };
    match Checkers::new(&inspection.headings, options, &inspection.catalogue) {
        Ok(_) => Vec::new(),
        Err(Refusal::Invalid(list)) => list,
        Err(other) => vec![FieldError { field: String::new(), message: other.to_string() }],
    }
}
