//! Turns the translations in `locales` into the module `i18n`, one type-checked key per text.

use leptos_i18n_parser::parse_locales::options::{Config, ParseOptions};
use leptos_i18n_parser::parse_locales::parse_locales;
use std::error::Error;
use std::path::Path;
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=locales");
    let mut namespaces = Vec::new();
    for entry in fs::read_dir("locales/en")? {
        let path = entry?.path();
        if let Some(name) = path.file_stem().and_then(|name| name.to_str()) {
            namespaces.push(name.to_owned());
        }
    }
    namespaces.sort();
    let config =
        Config::new("en")?.add_namespaces(namespaces)?.parse_options(ParseOptions::new().interpolate_display(true));
    let translations = parse_locales(None, config)?;
    for warning in translations.diag.warnings().iter() {
        println!("cargo::warning={warning}");
    }
    for error in translations.diag.errors().iter() {
        println!("cargo::error={error}");
    }
    let attributes = "#![allow(missing_docs, clippy::all, clippy::allow_attributes_without_reason, clippy::expect_used, reason = \"generated\")]"
        .parse()?;
    let module = leptos_i18n_codegen::gen_code(&translations, None, false, Some(&attributes), false)?;
    fs::write(Path::new(&env::var("OUT_DIR")?).join("i18n.rs"), module.to_string())?;
    Ok(())
}
