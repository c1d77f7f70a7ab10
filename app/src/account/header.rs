//! The head of the page: who this is, how they are, and why.

use std::collections::BTreeMap;

use domain::accounts::AccountRow;
use domain::export::{Request, What};
use domain::fields::FieldType;
use domain::health::HealthSummary;
use domain::id::AccountId;
use domain::identity::Role;
use domain::refusal::Refusal;
use domain::shares::Shown;
use domain::time::Timestamp;
use leptos::prelude::*;
use leptos_meta::Title;
use serde_json::Value;

use super::desk::{marks, may_edit, now, use_desk};
use super::editor::{Cell, FieldValue, cells, people};
use super::panels::Head;
use super::words;
use crate::churn::ChurnChip;
use crate::error::Error;
use crate::exports::{ExportButton, Offer};
use crate::i18n::{Locale, td_string};
use crate::insights::peers::PeerRanks;
use crate::paper::{self, Kind, PaperButton};
use crate::shares::ShareButton;
use crate::ui::health::{BandBadge, band_word};
use crate::ui::icon::{Icon, Pic};
use crate::ui::loaded::{Problem, Skeleton, kept, loading};
use crate::{boot, format};

/// What is above the tabs, or that there is no such account.
#[component]
pub(super) fn Header() -> impl IntoView {
    let desk = use_desk();
    let marked = marks(move || match desk.head.get() {
        Some(Ok(head)) => Some((head.row.account.id.to_string(), texts(&head))),
        _ => None,
    });
    let retry = Callback::new(move |()| desk.head.refetch());
    let owner = Owner::current();
    // Of the past no ranks are kept.
    let ranked = Signal::derive(move || desk.id.get().filter(|_| !desk.in_past.get()));
    view! {
        <Transition fallback=move || view! { <Skeleton lines=5/> }>
            {move || {
                let (locale, owner, in_past) = (desk.language.get(), owner.clone(), desk.in_past.get());
                let loading = loading(desk.head);
                Suspend::new(async move {
                    let Some(loading) = loading else { return ().into_any() };
                    match loading.await {
                        Ok(head) => {
                            desk.seen(head.row.account.version);
                            kept(owner.as_ref(), || view! { <Ready head marked locale/> })
                        }
                        Err(Error::Refused(Refusal::NotFound)) if in_past => {
                            view! { <super::time_slider::NotYet locale/> }.into_any()
                        }
                        Err(Error::Refused(Refusal::NotFound)) => view! { <Missing locale/> }.into_any(),
                        Err(error) => view! { <Problem error retry/> }.into_any(),
                    }
                })
            }}
        </Transition>
        // What waits of its own accord stays outside of what the head waits for.
        <div class="account-marks">
            <super::alerts::AlertBadge/>
            <PeerRanks id=ranked version=desk.watch(super::health::SUBJECTS)/>
            <ReportLink/>
            <ShareReport/>
        </div>
    }
}

/// Leads to the page's account on paper; of the past there is none.
#[component]
fn ReportLink() -> impl IntoView {
    let desk = use_desk();
    let missing = RwSignal::new(false);
    Effect::new(move |_| missing.set(matches!(desk.head.get(), Some(Err(_)))));
    let shown = move || desk.id.get().filter(|_| boot::may(Role::Csm) && !desk.in_past.get() && !missing.get());
    move || {
        shown().map(|id| {
            view! {
                <a class="button no-paper" data-look="quiet" data-size="small" rel="external" download=""
                    href=format!("/api/v1/accounts/{id}/report.pdf")>
                    <Pic icon=Icon::Download/>{td_string!(desk.language.get(), report.button)}
                </a>
                <ExportButton offer=offer(id) small=true/>
                <MorePaper id/>
            }
        })
    }
}

/// Returns what leaves from here: what hangs on the account, and the account itself.
fn offer(id: AccountId) -> Offer {
    Offer {
        whats: &[What::Contacts, What::Alerts, What::Tasks, What::Usage, What::Accounts],
        listed: Signal::derive(Request::default),
        selected: Signal::derive(move || vec![id]),
        shown: Signal::derive(Vec::new),
        one: true,
    }
}

/// The other documents about the account, and other languages.
#[component]
fn MorePaper(id: AccountId) -> impl IntoView {
    let language = use_desk().language;
    let label = Signal::derive(move || td_string!(language.get(), paper.menu).to_owned());
    let offer = move |()| {
        let path = |name: &str| format!("/api/v1/accounts/{id}/{name}.pdf");
        let documents = vec![(Kind::Review, path("review")), (Kind::Health, path("report"))];
        paper::Offer { documents, ..paper::Offer::default() }
    };
    view! { <PaperButton offer label is_quiet=true/> }
}

/// Lets strangers see the page's account on paper; of the past there is none.
#[component]
fn ShareReport() -> impl IntoView {
    let desk = use_desk();
    // Known in the browser alone, as the head is loaded after the page has begun to be sent.
    let of = RwSignal::new(None);
    Effect::new(move |_| {
        let account = desk.head.get().and_then(Result::ok).map(|head| head.row.account);
        let account = account.filter(|_| !desk.in_past.get());
        let known = account.map(|account| (account.name, Shown::Account { account_id: account.id }));
        if of.with_untracked(|of| *of != known) {
            of.set(known);
        }
    });
    view! { <ShareButton of small=true/> }
}

/// A text per fact, by which a change is noticed.
fn texts(head: &Head) -> BTreeMap<String, String> {
    let mut texts = BTreeMap::new();
    if let Ok(Value::Object(row)) = serde_json::to_value(&head.row.account) {
        for (key, value) in row.into_iter().filter(|(key, _)| key != "version" && key != "updated_at") {
            if let (true, Value::Object(custom)) = (key == "custom", &value) {
                texts.extend(custom.iter().map(|(key, value)| (format!("custom.{key}"), value.to_string())));
            } else {
                texts.insert(key, value.to_string());
            }
        }
    }
    let score = head.row.health.as_ref().map(|health| format::points(health.score));
    texts.insert("score".to_owned(), score.unwrap_or_default());
    let churn = head.row.churn.map(|churn| format::points(churn.pct));
    texts.insert("churn_pct".to_owned(), churn.unwrap_or_default());
    texts
}

type Marked = RwSignal<std::collections::BTreeSet<String>>;

#[component]
fn Ready(head: Head, marked: Marked, locale: Locale) -> impl IntoView {
    let Head { row, parent, custom, why, drags } = head;
    let AccountRow { account, health, churn, .. } = row;
    let named = cells(&account, &custom, locale);
    let cell = |key: &str| named.iter().find(|cell| cell.field.key == key).cloned();
    let (name_cell, owner) = (cell("name"), cell("owner_id"));
    let facts: Vec<Cell> = ["external_id", "domain", "arr_minor", "renewal_at"].into_iter().filter_map(cell).collect();
    let span = td_string!(locale, account.in_30_days).to_owned();
    let because = why.and_then(|why| words::why(&why, &span, locale)).or_else(|| words::drags(&drags, locale));
    let name = account.name.clone();
    view! {
        <Title text=name.clone()/>
        <nav aria-label=td_string!(locale, account.way_here)>
            <ol class="breadcrumb">
                <li><a href="/accounts">{td_string!(locale, account.accounts)}</a></li>
                {parent.map(|(id, name)| view! { <li><a href=format!("/accounts/{id}/overview")>{name}</a></li> })}
                <li aria-current="page">{name}</li>
            </ol>
        </nav>
        <header class="account-head">
            <div>
                <Name cell=name_cell tier=account.tier.clone() stage=account.stage.clone() marked locale/>
                <dl class="account-facts">
                    <Fact name="owner_id" label=words::field_label("owner_id", "", locale) marked>
                        <Owner cell=owner locale/>
                    </Fact>
                    {facts.into_iter().filter(|cell| !cell.shown.is_empty())
                        .map(|cell| view! { <HeadFact cell marked locale/> }).collect_view()}
                    {account.notice_at().map(|notice| {
                        let label = td_string!(locale, account.notice).to_owned();
                        view! { <Fact name="notice_days" label marked>{relative(notice)}</Fact> }
                    })}
                    {account.last_activity_at.map(|touch| {
                        let label = words::field_label("last_activity_at", "", locale);
                        view! { <Fact name="last_activity_at" label marked>{relative(touch)}</Fact> }
                    })}
                </dl>
            </div>
            <div class="account-score">
                <span class:highlight=move || marked.read().contains("score")>
                    <ScoreLarge health href=Some(format!("/accounts/{}/health", account.id)) locale/>
                </span>
                {churn.map(|churn| {
                    let marked = move || marked.read().contains("churn_pct");
                    view! { <div class:highlight=marked><ChurnChip account=account.id churn/></div> }
                })}
            </div>
        </header>
        {because.map(|because| view! { <p class="why">{because}</p> })}
    }
}

#[component]
fn Name(
    cell: Option<Cell>,
    tier: Option<String>,
    stage: Option<String>,
    marked: Marked,
    locale: Locale,
) -> impl IntoView {
    let desk = use_desk();
    let may = may_edit();
    let title = cell.as_ref().map(|cell| cell.shown.clone()).unwrap_or_default();
    let editing = Memo::new(move |_| desk.editing.with(|editing| editing.as_deref() == Some("name")));
    let plain = title.clone();
    let rename = td_string!(locale, account.rename);
    view! {
        <div class="account-name">
            <h1 class:highlight=move || marked.read().contains("name")>{title}</h1>
            {may.then(|| view! {
                <Show when=move || !editing.get() fallback={
                    let cell = cell.clone();
                    move || cell.clone().map(|cell| view! { <FieldValue cell locale/> })
                }>
                    <button class="icon-button" data-size="small" type="button" id="fact-name" aria-label=rename
                        on:click={ let plain = plain.clone(); move |_| desk.edit("name", plain.clone()) }>
                        <crate::ui::icon::Pic icon=crate::ui::icon::Icon::Pencil/>
                    </button>
                </Show>
            })}
            {tier.map(|tier| view! { <span class="badge">{words::word(&tier, locale)}</span> })}
            {stage.map(|stage| view! { <span class="badge" data-tone="info">{words::word(&stage, locale)}</span> })}
        </div>
    }
}

#[component]
fn Fact(name: &'static str, label: String, marked: Marked, children: Children) -> impl IntoView {
    view! { <div><dt>{label}</dt><dd class:highlight=move || marked.read().contains(name)>{children()}</dd></div> }
}

#[component]
fn HeadFact(cell: Cell, marked: Marked, locale: Locale) -> impl IntoView {
    let key = cell.field.key.clone();
    let label = words::field_label(&key, &cell.field.label, locale);
    let shown = match (&cell.field.kind, cell.value.as_i64()) {
        (FieldType::Date, Some(at)) => relative(Timestamp(at)).into_any(),
        _ => view! { <span class="truncate" title=cell.shown.clone()>{cell.shown.clone()}</span> }.into_any(),
    };
    view! { <div><dt>{label}</dt><dd class:highlight=move || marked.read().contains(&key)>{shown}</dd></div> }
}

/// A date and how far away it is.
pub(super) fn relative(at: Timestamp) -> impl IntoView {
    view! { <time datetime=at.iso_date()>{format::date(at)}</time><span class="muted">{format::relative(at, now())}</span> }
}

#[component]
fn Owner(cell: Option<Cell>, locale: Locale) -> impl IntoView {
    let desk = use_desk();
    let (value, shown) = cell.map(|cell| (cell.value, cell.shown)).unwrap_or_default();
    if !may_edit() {
        return if shown.is_empty() { "–".to_owned() } else { shown }.into_any();
    }
    let chosen = value.as_str().unwrap_or_default().to_owned();
    let change = move |event: leptos::ev::Event| {
        let id = event_target_value(&event);
        desk.save("owner_id", &if id.is_empty() { Value::Null } else { Value::from(id) });
    };
    view! {
        <select class="select" data-size="small" aria-label=words::field_label("owner_id", "", locale) on:change=change>
            <option value="" selected=chosen.is_empty() prop:selected=chosen.is_empty()>{td_string!(locale, account.nobody)}</option>
            {people().into_iter().map(|(id, name)| {
                let is_owner = id == chosen;
                view! { <option value=id selected=is_owner prop:selected=is_owner>{name}</option> }
            }).collect_view()}
        </select>
    }
    .into_any()
}

/// The score with its band, its trend and how much of the weight is known.
#[component]
pub(super) fn ScoreLarge(
    /// The present health.
    health: Option<HealthSummary>,
    /// Where it leads.
    href: Option<String>,
    /// The language.
    locale: Locale,
) -> impl IntoView {
    let band = health.as_ref().map(|health| health.band);
    let score = health.as_ref().map_or_else(|| "–".to_owned(), |health| format::score(health.score));
    let label = td_string!(locale, account.score_of, score = score.clone(), band = band_word(band, locale));
    let trend = health.as_ref().and_then(|health| health.trend_30d).map(|change| {
        let text = td_string!(locale, account.trend_30, change = format::signed_points(change));
        view! { <span class="trend" data-direction=format::direction(change)>{text}</span> }
    });
    let coverage = health.as_ref().map(|health| {
        let share = format::percent(health.coverage.as_f64().round());
        view! { <span class="muted">{td_string!(locale, account.coverage_of, share = share)}</span> }
    });
    let inner = view! {
        <span class="visually-hidden">{label}</span>
        <span class="score-value" aria-hidden="true">{score}</span>
        <span class="score-side"><BandBadge band/>{trend}{coverage}</span>
    };
    let desk = use_desk();
    let drivers = health.as_ref().and(desk.id.get_untracked()).map(|id| id.to_string());
    let drivers_at = desk.as_of.get_untracked().map(|at| at.0.to_string());
    match href {
        Some(href) => view! {
            <a class="score-large" data-band=format::band_key(band) href=href
                data-drivers=drivers data-drivers-at=drivers_at>{inner}</a>
        }
        .into_any(),
        None => view! { <div class="score-large" data-band=format::band_key(band)>{inner}</div> }.into_any(),
    }
}

#[component]
fn Missing(locale: Locale) -> impl IntoView {
    view! {
        <Title text=td_string!(locale, account.missing_title)/>
        <div class="error-page">
            <p class="error-code">"404"</p>
            <h1>{td_string!(locale, account.missing_title)}</h1>
            <p>{td_string!(locale, account.missing_text)}</p>
            <a class="button" data-look="primary" href="/accounts">{td_string!(locale, account.missing_action)}</a>
        </div>
    }
}
