//! The rules of the house that a compiler does not hold.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::source::{self, File, files, is_test, names, product, read};

/// Longest file, tests not counted.
const FILE_LINES_MAX: usize = 400;
/// Longest function.
const FUNCTION_LINES_MAX: usize = 70;
/// Longest function that draws.
const COMPONENT_LINES_MAX: usize = 100;
/// Functions that are one table, which is easier read whole.
const TABLES: [(&str, &str); 2] = [("domain/src/accounts/catalogue.rs", "catalogue"), ("app/src/ui/icon.rs", "path")];
/// Server functions that people call before they have signed in.
const OPEN_FUNCTIONS: [&str; 2] = ["sign_in", "set_up"];
/// The browser journey of each feature folder of `app`; the shell is around all of them.
const JOURNEYS: [(&str, &str); 25] = [
    ("account", "account"),
    ("accounts", "accounts"),
    ("churn", "churn"),
    ("exports", "export"),
    ("dashboards", "dashboards"),
    ("advice", "advice"),
    ("duplicates", "duplicates"),
    ("alerts", "alerts"),
    ("identity", "identity"),
    ("imports", "import"),
    ("import_schedules", "import_schedules"),
    ("scorecards", "scorecards"),
    ("insights", "insights"),
    ("lab", "lab"),
    ("notices", "notices"),
    ("paper", "paper"),
    ("quality", "quality"),
    ("reports", "reports"),
    ("schedules", "schedules"),
    ("settings", "settings"),
    ("shares", "shares"),
    ("signals", "signals"),
    ("today", "today"),
    ("todos", "todos"),
    ("value", "value"),
];

#[track_caller]
fn none(rule: &str, found: Vec<String>) {
    assert!(found.is_empty(), "\n{rule}\n  {}\n", found.join("\n  "));
}

fn in_crate<'a>(files: &'a [File], name: &'a str) -> impl Iterator<Item = &'a File> {
    files.iter().filter(move |file| file.path.split('/').next() == Some(name))
}

/// Returns the names below `[dependencies]` of a crate.
fn dependencies(name: &str) -> BTreeSet<String> {
    let manifest = read(&format!("{name}/Cargo.toml")).unwrap();
    let lines = manifest.lines().skip_while(|line| *line != "[dependencies]").skip(1);
    let lines = lines.take_while(|line| !line.starts_with('['));
    lines
        .filter_map(|line| Some(line.split(['.', ' ', '=']).next()?.to_owned()))
        .filter(|name| !name.is_empty())
        .collect()
}

#[test]
fn crates_depend_one_way_only() {
    let allowed: [(&str, &[&str]); 5] = [
        ("domain", &[]),
        ("db", &["domain"]),
        ("app", &["domain", "db"]),
        ("server", &["app", "db", "domain"]),
        ("frontend", &["app"]),
    ];
    let mut found = Vec::new();
    for (name, ours) in allowed {
        for other in allowed.map(|(other, _)| other) {
            if dependencies(name).contains(other) && !ours.contains(&other) {
                found.push(format!("{name} depends on {other}"));
            }
        }
    }
    let app = read("app/Cargo.toml").unwrap();
    if !app.lines().any(|line| line.starts_with("db = ") && line.contains("optional = true")) {
        found.push("app names db without `optional = true`; only its server half may".to_owned());
    }
    none("domain <- db <- app <- server, frontend -> app: dependencies point one way.", found);
}

#[test]
fn each_crate_keeps_to_its_trade() {
    let mut found = Vec::new();
    for (name, foreign) in [
        ("domain", &["leptos", "axum", "tokio", "sqlx", "db", "app"][..]),
        ("db", &["leptos", "axum"]),
        ("app", &["sqlx"]),
        ("server", &["sqlx"]),
        ("frontend", &["sqlx", "axum", "tokio", "db"]),
    ] {
        let known = dependencies(name);
        found.extend(
            foreign.iter().filter(|other| known.contains(**other)).map(|other| format!("{name}/Cargo.toml: {other}")),
        );
        for file in in_crate(&product(), name) {
            found.extend(foreign.iter().flat_map(|other| file.bare_lines_with(&format!("{other}::"))));
        }
    }
    none("domain is pure, only db speaks SQL, only app and server speak leptos and axum.", found);
}

#[test]
fn only_the_server_opens_sockets_and_only_the_egress_client_calls_out() {
    let mut found = Vec::new();
    for file in product() {
        if !file.path.starts_with("server/") {
            found.extend(["axum::serve", "TcpListener"].iter().flat_map(|word| file.bare_lines_with(word)));
        }
        // The one measures the server on this very machine, the other is the only way out.
        if ["server/src/cli/bench/", "server/src/egress/"].iter().any(|folder| file.path.starts_with(folder)) {
            continue;
        }
        let calls = ["TcpStream::connect", "reqwest", "hyper", "ureq", "UdpSocket"];
        found.extend(calls.iter().flat_map(|word| file.bare_lines_with(word)));
    }
    for name in ["domain", "db", "app", "server", "frontend"] {
        let clients = ["reqwest", "hyper", "hyper-util", "ureq", "isahc", "curl"];
        let is_egress = |client: &str| name == "server" && client.starts_with("hyper");
        found.extend(
            clients
                .iter()
                .filter(|client| dependencies(name).contains(**client) && !is_egress(client))
                .map(|client| format!("{name}: {client}")),
        );
    }
    none("Only server/src/egress opens connections to the outside, and only the server listens.", found);
}

#[test]
fn sql_that_is_built_is_built_in_one_place() {
    let elsewhere = product().into_iter().filter(|file| file.path != "db/src/dynamic.rs");
    none(
        "SQL is put together in db/src/dynamic.rs only, from words of the program and never from text.",
        elsewhere.flat_map(|file| file.lines_with("AssertSqlSafe")).collect(),
    );
}

#[test]
fn files_fit_the_head() {
    let rust = product().into_iter().filter(|file| !file.path.starts_with("db/src/seeds/"));
    let other = [("style", ".css"), ("end2end", ".ts"), ("tools", ".sh")].map(|(folder, ending)| files(folder, ending));
    let found = rust.chain(other.into_iter().flatten()).filter_map(|file| {
        let lines = file.without_tests().lines().count();
        (lines > FILE_LINES_MAX).then(|| format!("{}: {lines} lines", file.path))
    });
    none("A file has at most 400 lines, its tests not counted. Split it by subject.", found.collect());
}

#[test]
fn functions_fit_one_screen() {
    let mut found = Vec::new();
    for file in product() {
        for function in file.functions() {
            let draws = function.body.contains("view!");
            if TABLES.contains(&(file.path.as_str(), function.name.as_str())) {
                continue;
            }
            let most = if draws { COMPONENT_LINES_MAX } else { FUNCTION_LINES_MAX };
            if function.lines > most {
                found.push(format!(
                    "{}:{}: {} has {} of {most} lines",
                    file.path, function.line, function.name, function.lines
                ));
            }
        }
    }
    none("A function has at most 70 lines, one that draws 100. Find the part with a name of its own.", found);
}

#[test]
fn nothing_panics_on_purpose() {
    let words = [".unwrap()", ".expect(", "panic!(", "todo!(", "unimplemented!(", "dbg!(", "unreachable!("];
    let found = product().into_iter().flat_map(|file| words.map(|word| file.bare_lines_with(word)).concat());
    none("Return the error instead; the person who asked gets a sentence and the log a line.", found.collect());
}

#[test]
fn pages_stay_inside_their_policy() {
    let mut found = Vec::new();
    for file in files("app/src", ".rs") {
        if file.path != "app/src/ui/text_area.rs" {
            found.extend(file.bare_lines_with("<textarea"));
            found.extend(file.bare_lines_with("textarea()"));
        }
        if file.path != "app/src/shell/document.rs" {
            found.extend(file.bare_lines_with("inner_html"));
        }
        let styles = file.bare();
        let lines = styles.lines().enumerate().filter(|(_, line)| {
            line.contains(" style=") || line.contains(" style:") || line.trim_start().starts_with("style=")
        });
        found.extend(lines.map(|(index, line)| format!("{}:{}: {}", file.path, index + 1, line.trim())));
    }
    none(
        "No `<textarea>` but ui::text_area (its children are not escaped), no inner_html but the boot data, no style \
         attribute (the policy blocks it).",
        found,
    );
}

#[test]
fn the_windows_title_is_escaped_in_one_place() {
    let titles = files("app/src", ".rs").into_iter().filter(|file| file.path != "app/src/routes.rs");
    let found = titles.flat_map(|file| file.bare_lines_with("formatter="));
    none(
        "leptos_meta writes titles as they are; window_title in routes.rs escapes them for all pages.",
        found.collect(),
    );
    assert!(read("app/src/routes.rs").unwrap().contains("formatter=window_title/>"));
}

#[test]
fn server_functions_ask_first_who_is_there() {
    let functions = source::server_functions();
    assert!(functions.len() > 20, "the reader of sources no longer finds the server functions");
    let found = functions.iter().filter(|function| {
        let waits_for = function.body.split(".await").next().unwrap_or_default();
        !waits_for.contains("signed_in()") && !OPEN_FUNCTIONS.contains(&function.name.as_str())
    });
    let found = found.map(|function| format!("{}: {}", function.file, function.name)).collect();
    none(
        "The first thing a server function waits for is signed_in(), or the function is on the short list here.",
        found,
    );
    let mut seen = BTreeSet::new();
    let twice =
        functions.iter().filter(|function| !seen.insert(function.name.clone())).map(|function| function.name.clone());
    none("Two server functions with one name are one too many for the log and the reader.", twice.collect());
}

#[test]
fn features_of_the_pages_use_each_other_by_the_front_door() {
    let mut found = Vec::new();
    let features = features();
    for file in files("app/src", ".rs") {
        let home = file.path.split('/').nth(2).unwrap_or_default().to_owned();
        if home.ends_with(".rs") {
            continue;
        }
        for feature in &features {
            if home == "ui" {
                found.extend(file.bare_lines_with(&format!("crate::{feature}::")));
            } else if *feature != home && feature != "shell" {
                found.extend(file.bare_lines_with(&format!("crate::{feature}::server_fns")));
            }
        }
    }
    none("ui uses no feature, and a feature uses another's mod.rs, never its server functions.", found);
}

fn features() -> Vec<String> {
    let is_feature = |name: &String| source::root().join("app/src").join(name).join("mod.rs").is_file() && name != "ui";
    names("app/src").into_iter().filter(is_feature).collect()
}

#[test]
fn each_feature_has_its_journey() {
    let specs = names("end2end/tests");
    let mut found = Vec::new();
    for feature in features().into_iter().filter(|feature| feature != "shell") {
        match JOURNEYS.iter().find(|(name, _)| *name == feature) {
            Some((_, spec)) if specs.contains(&format!("{spec}.spec.ts")) => {}
            Some((_, spec)) => found.push(format!("app/src/{feature} needs end2end/tests/{spec}.spec.ts")),
            None => found.push(format!("app/src/{feature}: name its journey in JOURNEYS here")),
        }
    }
    none("Each feature of the pages has a browser journey.", found);
}

#[test]
fn both_engines_have_the_same_migrations() {
    assert_eq!(names("migrations/sqlite"), names("migrations/postgres"));
    let code = read("db/src/migrate.rs").unwrap();
    let missing = names("migrations/sqlite")
        .into_iter()
        .filter(|name| !code.contains(&format!("\"{}\"", name.trim_end_matches(".sql"))));
    none("Each migration is listed in db/src/migrate.rs.", missing.filter(|name| name.ends_with(".sql")).collect());
}

#[test]
fn everything_that_can_happen_is_recorded_somewhere() {
    let changes = read("domain/src/changes.rs").unwrap();
    let list = changes.split("pub enum Change {").nth(1).and_then(|rest| rest.split("\n}").next()).unwrap();
    let variants =
        list.lines().map(str::trim).filter(|line| line.ends_with(',')).map(|line| line.trim_end_matches(','));
    let files = product();
    let code: String = in_crate(&files, "db").map(File::code).collect();
    none(
        "A change that nobody records is not one; drop it from the list or record it.",
        variants.filter(|variant| !code.contains(&format!("Change::{variant}"))).map(str::to_owned).collect(),
    );
}

#[test]
fn decisions_are_numbered_without_gaps() {
    let pages = names("docs/decisions").into_iter().filter(|name| name.ends_with(".md") && name != "README.md");
    let found = pages.enumerate().filter(|(index, name)| !name.starts_with(&format!("{:04}-", index + 1)));
    none(
        "docs/decisions counts 0001, 0002, 0003 …",
        found.map(|(index, name)| format!("{name} is number {}", index + 1)).collect(),
    );
}

#[test]
fn nothing_is_left_for_later() {
    let words = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X")];
    let all = [("", ".rs"), ("", ".css"), ("", ".ts"), ("", ".sh"), ("", ".sql"), ("", ".md"), ("", ".js")];
    let mut found = Vec::new();
    for (folder, ending) in all {
        for file in files(folder, ending) {
            for (index, line) in file.text.lines().enumerate() {
                if words.iter().any(|word| line.split(|c: char| !c.is_alphanumeric()).any(|part| part == *word)) {
                    found.push(format!("{}:{}: {}", file.path, index + 1, line.trim()));
                }
            }
        }
    }
    none("What is left to do is an issue, not a comment.", found);
}

#[test]
fn every_language_says_the_same_things() {
    let mut found = Vec::new();
    let languages: Vec<String> = names("app/locales").into_iter().filter(|name| !name.starts_with('.')).collect();
    for language in languages.iter().filter(|language| *language != "en") {
        if names("app/locales/en") != names(&format!("app/locales/{language}")) {
            found.push(format!("{language}: other files than English"));
        }
    }
    for name in names("app/locales/en") {
        let english = texts("en", &name);
        for language in &languages {
            let other = texts(language, &name);
            for (key, arguments) in &english {
                match other.get(key) {
                    None => found.push(format!("{language}/{name}: {key} is missing")),
                    Some(theirs) if theirs != arguments => {
                        found.push(format!("{language}/{name}: {key} has {theirs:?}, English {arguments:?}"));
                    }
                    Some(_) => {}
                }
            }
            found.extend(
                other
                    .keys()
                    .filter(|key| !english.contains_key(*key))
                    .map(|key| format!("{language}/{name}: {key} is not English")),
            );
        }
    }
    none("Every language has the same keys with the same arguments.", found);
}

#[test]
fn languages_of_paper_say_the_same_things() {
    let mut found = Vec::new();
    for name in names("app/paper/de").into_iter().chain(names("app/paper/ar")).collect::<BTreeSet<_>>() {
        let (english, german, arabic) =
            (texts_in("app/locales/en", &name), texts_in("app/paper/de", &name), texts_in("app/paper/ar", &name));
        for key in german.keys().chain(arabic.keys()).collect::<BTreeSet<_>>() {
            let arguments = [&english, &german, &arabic].map(|texts| texts.get(key));
            if arguments.iter().any(|other| other.is_none() || *other != arguments[0]) {
                found.push(format!("{name}: {key} has {arguments:?}"));
            }
        }
    }
    // What is written for documents alone is complete.
    for name in ["paper.json", "report.json"] {
        let screen =
            ["button", "menu", "dialog_title", "document", "from", "to", "span_hint", "language", "take", "which"];
        let is_of_screen = |key: &str| screen.iter().any(|word| key == *word || key.starts_with(&format!("{word}_")));
        let others = ["zip_hint", "summary_button", "batch_button", "begun"];
        let german = texts_in("app/paper/de", name);
        let missing = texts_in("app/locales/en", name).into_keys();
        let missing = missing.filter(|key| !is_of_screen(key) && !others.contains(&key.as_str()));
        found.extend(
            missing.filter(|key| !german.contains_key(key)).map(|key| format!("{name}: {key} is English only")),
        );
    }
    none("Documents say the same in each of their languages, with the arguments of the English texts.", found);
}

/// Returns the keys of a file of texts and the arguments of each; the forms of a plural are one text.
fn texts(language: &str, name: &str) -> BTreeMap<String, BTreeSet<String>> {
    texts_in(&format!("app/locales/{language}"), name)
}

fn texts_in(folder: &str, name: &str) -> BTreeMap<String, BTreeSet<String>> {
    let text = read(&format!("{folder}/{name}")).unwrap_or_else(|| "{}".to_owned());
    let value: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{folder}/{name}: {error}"));
    let mut found = BTreeMap::new();
    let mut open = vec![(String::new(), &value)];
    while let Some((path, value)) = open.pop() {
        match value {
            Value::Object(map) => open.extend(map.iter().map(|(key, value)| (format!("{path}.{key}"), value))),
            Value::String(text) => {
                let forms = ["_zero", "_one", "_two", "_few", "_many", "_other"];
                let key = forms.iter().find_map(|form| path.strip_suffix(form)).unwrap_or(&path);
                let arguments =
                    text.split("{{").skip(1).filter_map(|rest| Some(rest.split("}}").next()?.trim().to_owned()));
                found.entry(key.trim_start_matches('.').to_owned()).or_insert_with(BTreeSet::new).extend(arguments);
            }
            _ => {}
        }
    }
    found
}

#[test]
fn documents_lead_somewhere() {
    let mut found = Vec::new();
    for file in files("", ".md") {
        let folder = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        for link in file.text.split("](").skip(1).filter_map(|rest| rest.split([')', ' ']).next()) {
            let target = link.split('#').next().unwrap_or_default();
            let is_outside = link.contains("://") || link.starts_with("mailto:") || target.is_empty();
            if !is_outside && !source::root().join(folder).join(target).exists() {
                found.push(format!("{}: {link}", file.path));
            }
        }
    }
    none("Links between documents lead to files that exist.", found);
}

#[test]
fn styles_work_in_both_directions() {
    let physical = ["margin", "padding", "border", "scroll-margin", "scroll-padding"];
    let mut found = Vec::new();
    for file in files("style", ".css") {
        for (index, line) in file.text.lines().enumerate() {
            let sided = line.split([';', '{']).map(str::trim).any(|rule| {
                let (property, value) = rule.split_once(':').unwrap_or((rule, ""));
                let is_sided = |side: &str| {
                    property == side
                        || physical.iter().any(|name| {
                            property.strip_prefix(name).is_some_and(|rest| rest.starts_with(&format!("-{side}")))
                        })
                };
                let is_aligned =
                    matches!(property, "text-align" | "float" | "clear") && matches!(value.trim(), "left" | "right");
                rule.contains(':') && (is_sided("left") || is_sided("right") || is_aligned)
            });
            if sided {
                found.push(format!("{}:{}: {}", file.path, index + 1, line.trim()));
            }
        }
    }
    none(
        "Use inset-inline-start, margin-inline-end and the like, so that pages can be read from right to left.",
        found,
    );
}

#[test]
fn every_test_file_belongs_to_a_suite() {
    let mut found = Vec::new();
    for suite in ["server/tests/it", "db/tests/it"] {
        let main = read(&format!("{suite}/main.rs")).unwrap_or_default();
        let modules = names(suite).into_iter().filter(|name| name.ends_with(".rs") && name != "main.rs");
        found.extend(
            modules
                .filter(|name| !main.contains(&format!("mod {};", name.trim_end_matches(".rs"))))
                .map(|name| format!("{suite}/{name}")),
        );
    }
    none("A test that is not named in main.rs never runs.", found);
    assert!(is_test("db/tests/it/main.rs"));
}
