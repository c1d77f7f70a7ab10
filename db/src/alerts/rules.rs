//! The rules of a workspace: the built-in ones with what people changed of them, and their own.

use domain::alerts::{Rule, built_in};
use domain::id::RuleId;
use domain::identity::Role;
use domain::refusal::Refusal;
use serde_json::{Map, Value};
use sqlx::types::Json;
use uuid::Uuid;

use crate::accounts;
use crate::error::Result;
use crate::subjects::{self, from_document};
use crate::tx::{Tx, on};

/// Most rules of one workspace, besides the built-in ones.
const RULES_MAX: usize = 100;

/// Returns all rules: the built-in ones in their order, then those that people made, oldest first.
pub async fn rules(tx: &mut Tx) -> Result<Vec<Rule>> {
    let mut stored = stored(tx).await?;
    let mut rules: Vec<Rule> = built_in();
    for rule in &mut rules {
        if let Some(place) = stored.iter().position(|stored| stored.id == rule.id) {
            *rule = adapted(rule.clone(), stored.remove(place));
        }
    }
    rules.extend(stored.into_iter().filter(|rule| rule.key.is_none()));
    Ok(rules)
}

async fn stored(tx: &mut Tx) -> Result<Vec<Rule>> {
    let workspace = tx.workspace();
    let rows: Vec<(Json<Map<String, Value>>,)> = on!(tx, c => sqlx::query_as(
        "SELECT doc FROM rules WHERE workspace_id = $1 ORDER BY id").bind(workspace).fetch_all(c).await)?;
    rows.into_iter().map(|(Json(doc),)| from_document(doc)).collect()
}

/// Returns a built-in rule with what people set of it: its texts stay those of this version of Keepwell.
fn adapted(own: Rule, set: Rule) -> Rule {
    let mut parameters = own.parameters.clone();
    for parameter in &mut parameters {
        let value = set.parameters.iter().find(|set| set.key == parameter.key).map(|set| set.value);
        if let Some(value) = value.filter(|value| parameter.takes(*value)) {
            parameter.value = value;
        }
    }
    let Rule { key, name, kind, condition, clear, says, .. } = own;
    Rule { key, name, kind, condition, clear, says, parameters, ..set }
}

/// Returns one rule, or refuses.
pub async fn rule(tx: &mut Tx, id: RuleId) -> Result<Rule> {
    let found = rules(tx).await?.into_iter().find(|rule| rule.id == id);
    Ok(found.ok_or(Refusal::NotFound)?)
}

/// Makes a rule of people's own; managers and administrators. Its id, version and times are set here.
pub async fn create_rule(tx: &mut Tx, draft: Rule) -> Result<Rule> {
    tx.require(Role::Manager)?;
    let own = stored(tx).await?.iter().filter(|rule| rule.key.is_none()).count();
    if own >= RULES_MAX {
        return Err(Refusal::Conflict("A workspace has at most 100 rules of its own. Remove one.".to_owned()).into());
    }
    let now = tx.now();
    let rule = Rule {
        id: RuleId(Uuid::now_v7()),
        version: 1,
        key: None,
        off_at: None,
        off_by: None,
        created_at: now,
        updated_at: now,
        ..draft
    };
    let rule = rule.check(&accounts::catalogue(tx).await?)?;
    subjects::create(tx, &rule).await?;
    Ok(rule)
}

/// Replaces what a rule says, on the version it was changed on; managers and administrators. Of a built-in rule the
/// parameters, the scope and the times can be changed, and whether it is on.
pub async fn change_rule(tx: &mut Tx, draft: Rule) -> Result<Rule> {
    tx.require(Role::Manager)?;
    let before = rule(tx, draft.id).await?;
    if before.version != draft.version {
        return Err(
            Refusal::Conflict("Somebody else has changed this rule meanwhile. Look at it again.".to_owned()).into()
        );
    }
    let (now, user) = (tx.now(), tx.actor().user);
    let mut after = if before.is_built_in() {
        adapted(before.clone(), draft)
    } else {
        Rule { key: None, kind: before.kind, ..draft }
    };
    after.created_at = before.created_at;
    if before.is_on() == after.is_on() {
        (after.off_at, after.off_by) = (before.off_at, before.off_by);
    } else if !after.is_on() {
        (after.off_at, after.off_by) = (Some(now), user);
    }
    let mut after = after.check(&accounts::catalogue(tx).await?)?;
    if before.version == 0 {
        (after.version, after.created_at, after.updated_at) = (1, now, now);
        subjects::create(tx, &after).await?;
    } else {
        subjects::update(tx, &before, &after).await?;
    }
    rule(tx, after.id).await
}

/// Switches a rule on or off; managers and administrators. Its open alerts end with it.
pub async fn switch_rule(tx: &mut Tx, id: RuleId, on: bool) -> Result<Rule> {
    tx.require(Role::Manager)?;
    let mut draft = rule(tx, id).await?;
    draft.off_at = (!on).then_some(tx.now());
    change_rule(tx, draft).await
}

/// Removes a rule that people made, or gives a built-in one its first settings back; managers and administrators.
pub async fn remove_rule(tx: &mut Tx, id: RuleId) -> Result<()> {
    tx.require(Role::Manager)?;
    let stored: Option<Rule> = subjects::find(tx, id.0).await?;
    match stored {
        Some(rule) => subjects::remove(tx, &rule).await,
        None => {
            rule(tx, id).await?;
            Ok(())
        }
    }
}
