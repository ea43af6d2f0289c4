//! `nautiloid check`: mistakes in scripts, without running them.

use std::collections::HashSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, anyhow};
use clap::{Args, ValueEnum};
use nautiloid_check::{Checker, Finding, Level, Registered, Report};
use nautiloid_lua::{ModuleSearch, Source};
use nautiloid_server::config::{Config, module_patterns};
use serde::Serialize;

/// Find mistakes in scripts without running them
///
/// Exit code 0: nothing was found; 1: something was found; 2: a file or the configuration cannot be read. The rules are
/// in docs/checking.md; a comment `-- nautiloid: ignore RULE` says that a finding is meant.
#[derive(Debug, Args)]
pub(crate) struct Check {
    /// Scripts, and folders whose *.lua are all checked, also in the folders below [default: the current folder]
    #[arg(value_name = "FILE|DIR")]
    paths: Vec<PathBuf>,

    /// Configuration file: says where require finds modules, and which pools and scripts are registered. Without one,
    /// require looks in the script's folder and those above it, and in lib below each
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    /// How to write what was found
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,

    /// Leave out, and do not count, what is less bad than this
    #[arg(long, value_enum, default_value_t = Least::Warning)]
    level: Least,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Least {
    Warning,
    Error,
}

/// A finding, as `--format json` writes it.
#[derive(Serialize)]
struct JsonFinding<'a> {
    file: &'a str,
    line: usize,
    column: usize,
    level: &'static str,
    rule: &'static str,
    message: &'a str,
}

impl Check {
    /// Says what was found. Errors, which [`ExitCode`] 2 is for, are about files and the configuration.
    pub(crate) fn execute(self) -> ExitCode {
        match self.check() {
            Ok(true) => ExitCode::SUCCESS,
            Ok(false) => ExitCode::from(1),
            Err(error) => {
                eprintln!("nautiloid: {error:#}");
                ExitCode::from(2)
            }
        }
    }

    /// Whether nothing was found.
    fn check(&self) -> anyhow::Result<bool> {
        let config = self.config.as_deref().map(Config::load).transpose()?;
        let checker = Checker::new().map_err(|error| anyhow!("{error}"))?;
        let mut registered = Registered::default();
        let mut reports = Vec::new();
        for path in scripts(&self.paths)? {
            let source = Source::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
            let patterns = match &config {
                Some(config) => config.lua.package_path.clone(),
                // A module in lib may require another one of the site: what is above counts, too.
                None => path.ancestors().skip(1).flat_map(module_patterns).collect(),
            };
            let report = checker.check(&source, &ModuleSearch::new(patterns));
            report.add_to(&mut registered);
            reports.push((source, report));
        }
        if let Some(config) = &config {
            for script in &config.lua.init_scripts {
                let files = ModuleSearch::new(config.lua.package_path.clone());
                checker.check(&script.read()?, &files).add_to(&mut registered);
            }
            config.redis_scripts.iter().for_each(|script| registered.add_script(&script.name));
            reports.iter_mut().for_each(|(_, report)| report.check_names(&registered));
        }
        self.write(&reports)
    }

    fn write(&self, reports: &[(Source, Report)]) -> anyhow::Result<bool> {
        let least = match self.level {
            Least::Warning => Level::Warning,
            Least::Error => Level::Error,
        };
        let of_report = |(source, report)| of_level(report, least).map(move |finding| (source, finding));
        let findings: Vec<(&Source, &Finding)> =
            reports.iter().map(|(source, report)| (source, report)).flat_map(of_report).collect();
        let mut out = std::io::stdout().lock();
        match self.format {
            Format::Text => text(&mut out, reports.len(), &findings),
            Format::Json => json(&mut out, &findings),
        }
        .context("cannot write what was found")?;
        Ok(findings.is_empty())
    }
}

fn of_level(report: &Report, least: Level) -> impl Iterator<Item = &Finding> {
    report.findings().iter().filter(move |finding| finding.rule.level >= least)
}

/// Lines as compilers write them, and a last one that counts.
fn text(out: &mut impl Write, files: usize, findings: &[(&Source, &Finding)]) -> std::io::Result<()> {
    for (source, Finding { position, rule, message }) in findings {
        let (file, line, column) = (source.name(), position.line, position.column);
        writeln!(out, "{file}:{line}:{column}: {}: {message} [{}]", rule.level, rule.name)?;
    }
    let count = |level| findings.iter().filter(|(_, finding)| finding.rule.level == level).count();
    let (errors, warnings) = (counted(count(Level::Error), "error"), counted(count(Level::Warning), "warning"));
    writeln!(out, "{}: {errors}, {warnings}", counted(files, "file"))
}

fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

fn json(out: &mut impl Write, findings: &[(&Source, &Finding)]) -> std::io::Result<()> {
    let findings: Vec<_> = findings
        .iter()
        .map(|(source, Finding { position, rule, message })| JsonFinding {
            file: source.name(),
            line: position.line,
            column: position.column,
            level: rule.level.name(),
            rule: rule.name,
            message,
        })
        .collect();
    serde_json::to_writer_pretty(&mut *out, &findings)?;
    writeln!(out)
}

/// The files that are meant, each once, those of a folder in the order of their names.
fn scripts(paths: &[PathBuf]) -> anyhow::Result<Vec<PathBuf>> {
    let mut scripts = Vec::new();
    if paths.is_empty() {
        add_folder(Path::new(""), &mut scripts)?;
    }
    for path in paths {
        if path.is_dir() {
            add_folder(path, &mut scripts)?;
        } else {
            scripts.push(path.clone());
        }
    }
    let mut seen = HashSet::new();
    scripts.retain(|path| seen.insert(path.clone()));
    Ok(scripts)
}

/// The scripts of a folder and of those below it, but for hidden ones and for links to folders, which may lead back.
fn add_folder(folder: &Path, scripts: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    let shown = if folder == Path::new("") { Path::new(".") } else { folder };
    let mut entries = std::fs::read_dir(shown)
        .and_then(Iterator::collect::<std::io::Result<Vec<_>>>)
        .with_context(|| format!("cannot read the folder {}", shown.display()))?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let (name, path) = (entry.file_name(), folder.join(entry.file_name()));
        if name.as_encoded_bytes().starts_with(b".") {
            continue;
        }
        let kind = entry.file_type().with_context(|| format!("cannot read {}", path.display()))?;
        if kind.is_dir() {
            add_folder(&path, scripts)?;
        } else if path.extension().is_some_and(|extension| extension == "lua") {
            scripts.push(path);
        }
    }
    Ok(())
}
