//! All of a task in a form: a new one, or one that is there.

use domain::alerts::Priority;
use domain::id::UserId;
use domain::todos::{NOTE_CHARS_MAX, TITLE_CHARS_MAX, TodoDraft, When};
use leptos::prelude::*;

use super::ask::PersonSelect;
use super::hand::{Form, Hand};
use super::repeat_fields::{RepeatFields, Repeating};
use super::words;
use crate::ui::question::Question;
use crate::ui::text_area::TextArea;

/// Longest name of an account that is typed.
const ACCOUNT_CHARS_MAX: usize = 200;

/// What is typed in the form.
#[derive(Clone, Copy)]
struct Fields {
    title: RwSignal<String>,
    note: RwSignal<String>,
    account: RwSignal<String>,
    assignee: RwSignal<String>,
    priority: RwSignal<Priority>,
    due: Moment,
    remind: Moment,
    repeat: Repeating,
}

/// A day and a time as they are typed.
#[derive(Clone, Copy)]
struct Moment {
    day: RwSignal<String>,
    clock: RwSignal<String>,
}

impl Moment {
    fn of(when: Option<When>) -> Self {
        Self {
            day: RwSignal::new(when.map_or_else(String::new, |when| when.day.iso_date())),
            clock: RwSignal::new(when.map_or_else(String::new, When::clock)),
        }
    }

    fn read(self) -> Option<When> {
        When::typed(&self.day.get_untracked(), &self.clock.get_untracked())
    }
}

impl Fields {
    fn of(form: &Form) -> Self {
        let draft = &form.draft;
        Self {
            title: RwSignal::new(draft.title.clone()),
            note: RwSignal::new(draft.note.clone()),
            account: RwSignal::new(form.account.clone()),
            assignee: RwSignal::new(draft.assignee.map_or_else(String::new, |user| user.to_string())),
            priority: RwSignal::new(draft.priority),
            due: Moment::of(draft.due),
            remind: Moment::of(draft.remind),
            repeat: Repeating::of(draft.repeat.as_ref()),
        }
    }

    /// Returns what is typed, and the name of the account where that is another than before.
    fn read(self, form: &Form) -> (TodoDraft, String) {
        let account = self.account.get_untracked().trim().to_owned();
        let is_same = account == form.account.trim();
        let draft = TodoDraft {
            title: self.title.get_untracked(),
            note: self.note.get_untracked(),
            account_id: form.draft.account_id.filter(|_| is_same),
            alert_id: form.draft.alert_id,
            assignee: self.assignee.get_untracked().parse::<UserId>().ok(),
            priority: self.priority.get_untracked(),
            due: self.due.read(),
            remind: self.remind.read(),
            repeat: self.repeat.read(),
        };
        (draft, if is_same { String::new() } else { account })
    }
}

/// The form.
#[component]
pub(super) fn TodoForm(hand: Hand, form: Form) -> impl IntoView {
    let fields = Fields::of(&form);
    let submit = Callback::new(move |()| {
        let (draft, account) = fields.read(&form);
        hand.save(Form { draft, ..form.clone() }, account);
    });
    let max = u32::try_from(NOTE_CHARS_MAX).unwrap_or(4_000);
    view! {
        <Question of=hand.inquiry() submit>
            <div class="field">
                <label class="field-label" for="task-title">{text!(todos.field_title)}</label>
                <input class="input" id="task-title" autocomplete="off" autofocus maxlength=TITLE_CHARS_MAX
                    prop:value=move || fields.title.get() on:input=move |event| fields.title.set(event_target_value(&event))/>
            </div>
            <div class="form-row">
                <Times id="task-due" label=text!(todos.field_due) moment=fields.due/>
                <Times id="task-remind" label=text!(todos.field_remind) moment=fields.remind/>
            </div>
            <RepeatFields repeating=fields.repeat/>
            <Whom hand fields/>
            <div class="field">
                <label class="field-label" for="task-note">{text!(todos.field_note)}</label>
                <TextArea id="task-note" value=fields.note max/>
            </div>
        </Question>
    }
}

/// A day with a time, both of which may be empty.
#[component]
fn Times<L>(id: &'static str, label: L, moment: Moment) -> impl IntoView
where
    L: Fn() -> &'static str + Copy + Send + Sync + 'static,
{
    let time = format!("{id}-time");
    view! {
        <fieldset class="field">
            <legend class="field-label">{label}</legend>
            <div class="row" data-gap="small" data-nowrap="">
                <label class="visually-hidden" for=id>{text!(todos.day)}</label>
                <input class="input" id=id type="date" prop:value=move || moment.day.get()
                    on:input=move |event| moment.day.set(event_target_value(&event))/>
                <label class="visually-hidden" for=time.clone()>{text!(todos.time)}</label>
                <input class="input" id=time type="time" prop:value=move || moment.clock.get()
                    on:input=move |event| moment.clock.set(event_target_value(&event))/>
            </div>
        </fieldset>
    }
}

/// Who deals with it, how much it matters, and which account it is about.
#[component]
fn Whom(hand: Hand, fields: Fields) -> impl IntoView {
    let set_priority = move |event: leptos::ev::Event| {
        if let Some(priority) = Priority::from_key(&event_target_value(&event)) {
            fields.priority.set(priority);
        }
    };
    view! {
        <div class="form-row">
            <div class="field">
                <label class="field-label" for="task-assignee">{text!(todos.assignee)}</label>
                <PersonSelect id="task-assignee" chosen=fields.assignee/>
            </div>
            <div class="field">
                <label class="field-label" for="task-priority">{text!(todos.field_priority)}</label>
                <select class="select" id="task-priority" on:change=set_priority>
                    {Priority::ALL.into_iter().map(|priority| view! {
                        <option value=priority.key() prop:selected=move || fields.priority.get() == priority>
                            {move || words::priority(priority, hand.language.get())}
                        </option>
                    }).collect_view()}
                </select>
            </div>
        </div>
        <div class="field">
            <label class="field-label" for="task-account">{text!(todos.field_account)}</label>
            <input class="input" id="task-account" autocomplete="off" maxlength=ACCOUNT_CHARS_MAX
                aria-describedby="task-account-hint" prop:value=move || fields.account.get()
                on:input=move |event| fields.account.set(event_target_value(&event))/>
            <p class="field-hint" id="task-account-hint">{text!(todos.field_account_hint)}</p>
        </div>
    }
}
