//! The first minutes in a workspace without accounts: three steps, each with its way.

use domain::identity::Role;
use leptos::prelude::*;

use crate::boot;
use crate::ui::icon::{Icon, Pic};

/// What to do first.
#[component]
pub(super) fn Welcome() -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="welcome">
            <header class="card-head"><h2 class="card-title" id="welcome">{text!(today.welcome)}</h2></header>
            <div class="card-body">
                <ol>
                    <li class="setting">
                        <div>
                            <div class="setting-name">{text!(today.step_import)}</div>
                            <div class="setting-text">{text!(today.step_import_text)}</div>
                        </div>
                        <div class="row" hidden=!boot::may(Role::Csm)>
                            <a class="button" href="/accounts">{text!(today.step_add)}</a>
                            <a class="button" data-look="primary" href="/import"><Pic icon=Icon::Upload/>{text!(today.step_import_action)}</a>
                        </div>
                    </li>
                    <li class="setting">
                        <div>
                            <div class="setting-name">{text!(today.step_scores)}</div>
                            <div class="setting-text">{text!(today.step_scores_text)}</div>
                        </div>
                        <a class="button" href="/settings/scorecard">{text!(today.step_scores_action)}</a>
                    </li>
                    <li class="setting">
                        <div>
                            <div class="setting-name">{text!(today.step_team)}</div>
                            <div class="setting-text">{text!(today.step_team_text)}</div>
                        </div>
                        <a class="button" href="/settings/users" hidden=!boot::may(Role::Admin)>{text!(today.step_team_action)}</a>
                    </li>
                </ol>
            </div>
        </section>
    }
}

/// Says that no account is the person's own, and shows everybody's.
#[component]
pub(super) fn NothingMine() -> impl IntoView {
    view! {
        <section class="card">
            <div class="empty">
                <Pic icon=Icon::Inbox/>
                <p class="empty-title">{text!(today.nothing_mine)}</p>
                <p class="empty-text">{text!(today.nothing_mine_text)}</p>
                <a class="button" data-look="primary" href="/">{text!(today.show_everyone)}</a>
            </div>
        </section>
    }
}
