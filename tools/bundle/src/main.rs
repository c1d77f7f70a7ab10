//! Cuts the browser's program into what each screen loads, and writes the JavaScript that ties the pieces together.
//!
//! `bundle PROGRAM.wasm FOLDER BUILD`: the names of all files end in the name of the build, because pieces of one build
//! do not fit those of another.

use std::collections::HashMap;
use std::path::Path;
use std::{env, fs};

use anyhow::{Context, Result, anyhow, bail};
use wasm_bindgen_cli_support::Bindgen;
use wasm_split_cli_support::{Options, transform};

/// The name of the program; `LEPTOS_OUTPUT_NAME` in `.cargo/config.toml` says the same.
const NAME: &str = "keepwell";

fn main() -> Result<()> {
    let words: Vec<String> = env::args().skip(1).collect();
    let [program, folder, build] = words.as_slice() else {
        bail!("bundle PROGRAM.wasm FOLDER BUILD");
    };
    let folder = Path::new(folder);
    fs::create_dir_all(folder)?;
    let main = folder.join("main.wasm");
    let needs = split(Path::new(program), folder, &main, build)?;
    bind(&main, folder, build)?;
    fs::remove_file(&main)?;
    let manifest = folder.join(format!("__wasm_split_manifest.{build}.json"));
    fs::write(manifest, serde_json::to_string(&needs)?)?;
    Ok(())
}

/// Cuts the program at its lazy routes; the rest, for [`bind`], is written to `main`.
///
/// Returns which pieces each route needs, by the names of their files.
fn split(program: &Path, folder: &Path, main: &Path, build: &str) -> Result<HashMap<String, Vec<String>>> {
    let input = fs::read(program).with_context(|| format!("cannot read {}", program.display()))?;
    let loader = format!("./__wasm_split.{build}.js");
    let entry = format!("./{NAME}.{build}.js");
    let mut options = Options::new(&input);
    options.output_dir = folder;
    options.main_out_path = main;
    options.main_module = &entry;
    options.link_name = &loader;
    let done = transform(options).map_err(|problem| anyhow!("the program could not be split: {problem:#}"))?;

    let loader = folder.join(loader);
    let mut text = fs::read_to_string(&loader)?;
    for piece in done.split_modules {
        let named = piece.with_extension(format!("{build}.wasm"));
        // The loader asks for "./name.wasm", between quotes: no name is the beginning of another.
        text = text.replace(&format!("./{}\"", file_name(&piece)?), &format!("./{}\"", file_name(&named)?));
        fs::rename(&piece, &named)?;
    }
    fs::write(&loader, text)?;
    let mut needs = done.prefetch_map;
    needs.values_mut().flatten().for_each(|piece| *piece = format!("{piece}.{build}"));
    Ok(needs)
}

/// Writes the program's first part and its JavaScript.
fn bind(main: &Path, folder: &Path, build: &str) -> Result<()> {
    // Names stay as the linker made them, and what the linker exports stays, because the pieces ask for it by name.
    Bindgen::new()
        .input_path(main)
        .out_name(NAME)
        .web(true)?
        .typescript(false)
        .keep_lld_exports(true)
        .demangle(false)
        .generate(folder)?;
    fs::rename(folder.join(format!("{NAME}_bg.wasm")), folder.join(format!("{NAME}.{build}.wasm")))?;
    fs::rename(folder.join(format!("{NAME}.js")), folder.join(format!("{NAME}.{build}.js")))?;
    Ok(())
}

fn file_name(path: &Path) -> Result<&str> {
    path.file_name().and_then(|name| name.to_str()).with_context(|| format!("{} has no name", path.display()))
}
