//! Choices that are kept for the next file: taking them over, keeping new ones, deleting old ones.

use domain::id::PresetId;
use domain::import::report::Preset;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::parts::Choice;
use super::server_fns::{delete_preset, list_presets, save_preset};
use super::wizard::Wizard;
use crate::i18n::td_string;
use crate::ui::dialog::Dialog;
use crate::ui::icon::{Icon, Pic};
use crate::ui::toast::use_toasts;

/// The presets of this kind of file.
#[component]
pub fn Presets(
    /// The state of the visit.
    wizard: Wizard,
) -> impl IntoView {
    let (presets, chosen) = (RwSignal::new(Vec::<Preset>::new()), RwSignal::new(None::<PresetId>));
    let (saving, toasts) = (RwSignal::new(false), use_toasts());
    let load = Callback::new(move |()| {
        spawn_local(async move {
            match list_presets(wizard.kind.get_untracked()).await {
                Ok(list) => {
                    let _ = presets.try_set(list);
                }
                Err(error) => toasts.error(&error),
            }
        });
    });
    Effect::new(move |_| load.run(()));
    let choose = Callback::new(move |id: String| {
        let found = presets.with_untracked(|list| list.iter().find(|preset| preset.id.to_string() == id).cloned());
        chosen.set(found.as_ref().map(|preset| preset.id));
        let (Some(preset), Some(file)) = (found, wizard.inspection.get_untracked()) else { return };
        match preset.fit(&file.headings) {
            Some(options) => {
                wizard.options.set(Some(options));
                wizard.chosen.set((0..file.headings.len()).collect());
                toasts.say(td_string!(wizard.language.get_untracked(), imports.preset_used, name = preset.name));
            }
            None => {
                chosen.set(None);
                toasts.say(td_string!(wizard.language.get_untracked(), imports.preset_unfit, name = preset.name));
            }
        }
    });
    let delete = move |_| {
        let Some(id) = chosen.get_untracked() else { return };
        chosen.set(None);
        spawn_local(async move {
            match delete_preset(id).await {
                Ok(()) => load.run(()),
                Err(error) => toasts.error(&error),
            }
        });
    };
    let value = Signal::derive(move || chosen.get().map(|id| id.to_string()).unwrap_or_default());
    let name = Signal::derive(move || td_string!(wizard.language.get(), imports.preset).to_owned());
    view! {
        <div class="row" data-gap="small">
            <Show when=move || !presets.with(Vec::is_empty)>
                {move || {
                    let options = presets.get().into_iter().map(|preset| view! { <option value=preset.id.to_string()>{preset.name}</option> }).collect_view();
                    view! {
                        <Choice value name choose>
                            <option value="">{text!(imports.preset_none)}</option>
                            {options}
                        </Choice>
                    }
                }}
                <button class="icon-button" type="button" aria-label=text!(imports.preset_delete) title=text!(imports.preset_delete)
                    prop:disabled=move || chosen.with(Option::is_none) on:click=delete><Pic icon=Icon::Trash/></button>
            </Show>
            <button class="button" data-size="small" type="button" on:click=move |_| saving.set(true)>{text!(imports.preset_save)}</button>
        </div>
        <SaveDialog wizard open=saving saved=Callback::new(move |id| { load.run(()); chosen.set(Some(id)); })/>
    }
}

#[component]
fn SaveDialog(wizard: Wizard, open: RwSignal<bool>, saved: Callback<PresetId>) -> impl IntoView {
    let (name, problem) = (RwSignal::new(String::new()), RwSignal::new(None::<String>));
    let toasts = use_toasts();
    let title = Signal::derive(move || td_string!(wizard.language.get(), imports.preset_save_title).to_owned());
    let save = Callback::new(move |()| {
        let Some((file, options)) = wizard.inspection.get_untracked().zip(wizard.options.get_untracked()) else {
            return;
        };
        spawn_local(async move {
            match save_preset(name.get_untracked(), file.headings.clone(), options).await {
                Ok(id) => {
                    toasts.say(td_string!(
                        wizard.language.get_untracked(),
                        imports.preset_saved,
                        name = name.get_untracked()
                    ));
                    problem.set(None);
                    open.set(false);
                    saved.run(id);
                }
                Err(error) => problem.set(Some(super::reading::sentence(wizard, &error))),
            }
        });
    });
    view! {
        <Dialog open title>
            <form on:submit=move |event| { event.prevent_default(); save.run(()); }>
                <div class="dialog-body">
                    <div class="field">
                        <label class="field-label" for="preset-name">{text!(imports.preset_name)}</label>
                        <input class="input" id="preset-name" type="text" maxlength="100" required autofocus
                            aria-describedby="preset-problem" aria-invalid=move || problem.with(Option::is_some).then_some("true")
                            prop:value=move || name.get() on:input=move |event| name.set(event_target_value(&event))/>
                        <p class="field-hint">{text!(imports.preset_hint)}</p>
                        <p class="field-error" id="preset-problem" role="alert">{move || problem.get()}</p>
                    </div>
                </div>
                <footer class="dialog-foot">
                    <button class="button" type="button" on:click=move |_| open.set(false)>{text!(common.cancel)}</button>
                    <button class="button" data-look="primary" type="submit">{text!(common.save)}</button>
                </footer>
            </form>
        </Dialog>
    }
}
