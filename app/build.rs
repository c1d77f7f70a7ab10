//! Turns the translations in `locales` into the module `i18n`, one type-checked key per text.
//!
//! The server also writes documents, in further languages: `paper` has the texts that stand on paper. What is not
//! among them stays English, and the browser, which shows pages only, has none of it.

use leptos_i18n_parser::parse_locales::options::{Config, ParseOptions};
use leptos_i18n_parser::parse_locales::parse_locales;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// The further languages of documents.
const PAPER: [&str; 2] = ["de", "ar"];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=locales");
    println!("cargo::rerun-if-changed=paper");
    let mut namespaces = Vec::new();
    for entry in fs::read_dir("locales/en")? {
        let path = entry?.path();
        if let Some(name) = path.file_stem().and_then(|name| name.to_str()) {
            namespaces.push(name.to_owned());
        }
    }
    namespaces.sort();
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let mut options = ParseOptions::new().interpolate_display(true);
    let mut config = Config::new("en")?;
    if env::var_os("CARGO_FEATURE_SSR").is_some() {
        config = config.add_locales(PAPER)?.locales_path(gathered(&out, &namespaces)?);
        // Most texts are those of pages; `tidy` looks after those of paper.
        options = options.suppress_key_warnings(true);
    }
    let config = config.add_namespaces(namespaces)?.parse_options(options);
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
    fs::write(out.join("i18n.rs"), module.to_string())?;
    Ok(())
}

/// Puts the languages of pages and those of paper into one folder, as the parser wants them.
fn gathered(out: &Path, namespaces: &[String]) -> Result<PathBuf, Box<dyn Error>> {
    let folder = out.join("locales");
    for name in namespaces {
        let file = format!("{name}.json");
        let put = |language: &str, text: &[u8]| {
            fs::create_dir_all(folder.join(language))?;
            fs::write(folder.join(language).join(&file), text)
        };
        put("en", &fs::read(Path::new("locales/en").join(&file))?)?;
        for language in PAPER {
            let text = fs::read(Path::new("paper").join(language).join(&file)).unwrap_or_else(|_| b"{}".to_vec());
            put(language, &text)?;
        }
    }
    Ok(folder)
}
