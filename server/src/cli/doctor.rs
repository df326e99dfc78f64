//! `vouchsafe doctor`: what this machine enforces, found by trying it.

use std::fmt::Write;

use serde_json::json;
use vouchsafe_confine::{LayerState, Report};

use super::DoctorArgs;
use super::doctor_model::doctor_model;
use super::exit::{Exit, Failure};
use super::output::{self, Paint};
use crate::agent::{Dirs, Services, tier_in_words};
use crate::recipe::{RootFacts, ToolPlaces, Tools};

pub(super) fn doctor(args: &DoctorArgs) -> Result<Exit, Failure> {
    if let Some(profile) = &args.model {
        return doctor_model(profile, args.json);
    }
    let services = Services::new(Dirs::of_process()).map_err(|error| Failure::Refused(error.to_string()))?;
    let confinement =
        services.enforced().map(|enforced| enforced.report().clone()).map_err(|error| error.to_string());
    let record = services.store().map(|_| services.dirs.state.clone()).map_err(|error| error.to_string());
    let current = std::env::current_dir()?;
    let recipes = recipes(&current, &services.dirs);
    let exit = if confinement.is_ok() && record.is_ok() { Exit::Done } else { Exit::Unconfinable };
    if args.json {
        let text = json!({
            "version": 1,
            "confinement": confinement.as_ref().map_err(|error| json!({ "refused": error })).map_or_else(|error| error, |report| json!(report)),
            "record": record.as_ref().ok(),
            "record_problem": record.as_ref().err(),
            "cache": services.dirs.cache,
            "recipes": recipes,
        });
        output::print(format!("{text:#}\n").as_bytes())?;
        return Ok(exit);
    }
    let paint = Paint::stdout();
    let mut out = String::new();
    match &confinement {
        Ok(report) => confined(&mut out, paint, report),
        Err(error) => _ = writeln!(out, "{} {error}", paint.bad("tasks are refused here:")),
    }
    match &record {
        Ok(path) => _ = writeln!(out, "{}  {}", paint.bold("record"), path.display()),
        Err(error) => _ = writeln!(out, "{} {error}", paint.bad("record")),
    }
    _ = writeln!(out, "{}   {}", paint.bold("cache"), services.dirs.cache.display());
    let names = if recipes.is_empty() { "none fits this directory".to_owned() } else { recipes.join(", ") };
    _ = writeln!(out, "{} {names}", paint.bold("recipes"));
    output::print(out.as_bytes())?;
    Ok(exit)
}

fn confined(out: &mut String, paint: Paint, report: &Report) {
    _ = writeln!(out, "{} {}", paint.bold("confinement"), tier_in_words(report.tier));
    _ = writeln!(out, "  kernel {}, Landlock ABI {}", report.kernel, report.landlock_abi);
    for layer in &report.layers {
        match &layer.state {
            LayerState::On => _ = writeln!(out, "  {} {}: {}", paint.good("✓"), layer.name, layer.closes),
            LayerState::Off(why) => _ = writeln!(out, "  {} {}: off: {why}", paint.bad("✗"), layer.name),
        }
    }
    if !report.open.is_empty() {
        _ = writeln!(out, "  {}", paint.bold("stays open"));
        report.open.iter().for_each(|open| _ = writeln!(out, "    {open}"));
    }
    report.mend.iter().for_each(|mend| _ = writeln!(out, "  to mend: {mend}"));
}

/// The recipes that would be offered for this directory as a workspace.
fn recipes(current: &std::path::Path, dirs: &Dirs) -> Vec<String> {
    let sources =
        crate::config::Sources::read(Some(current), dirs.config_home.as_deref(), dirs.home.as_deref(), None);
    let config = crate::config::load(&sources).config;
    let (tools, facts) = (Tools::new(ToolPlaces::from_env(current)), RootFacts::read(current));
    let fitting = crate::recipe::applicable(&config.recipes, &tools, &facts, None);
    fitting.into_iter().map(|recipe| recipe.name.clone()).collect()
}
