//! Every relative link of a Markdown file in the repository leads to a file, and to a heading where it names one.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::repository;

#[test]
fn every_relative_link_leads_somewhere() {
    let files = markdown_files(&repository("."));
    assert!(files.len() > 10, "{files:?}");
    let mut broken = Vec::new();
    let mut checked = 0;
    for file in &files {
        for link in links(&std::fs::read_to_string(file).unwrap()) {
            if link.contains("://") || link.starts_with("mailto:") {
                continue;
            }
            checked += 1;
            let (path, heading) = link.split_once('#').unwrap_or((&link, ""));
            let target = if path.is_empty() { file.clone() } else { file.parent().unwrap().join(path) };
            let found = target.exists() && (heading.is_empty() || headings(&target).contains(heading));
            if !found {
                broken.push(format!("{}: {link}", file.display()));
            }
        }
    }
    assert!(checked > 50, "only {checked} links");
    assert!(broken.is_empty(), "broken links:\n{}", broken.join("\n"));
}

/// All of them, but for what is built or hidden.
fn markdown_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy();
        if name == "target" || name.starts_with('.') {
            continue;
        } else if path.is_dir() {
            files.extend(markdown_files(&path));
        } else if name.ends_with(".md") {
            files.push(path);
        }
    }
    files
}

/// The text without blocks of code.
fn prose(text: &str) -> impl Iterator<Item = &str> {
    let mut in_code = false;
    text.lines().filter(move |line| {
        let fence = line.trim_start().starts_with("```");
        in_code ^= fence;
        !in_code && !fence
    })
}

/// The targets of `[…](target)`.
fn links(text: &str) -> Vec<String> {
    let targets = prose(text).flat_map(|line| line.split("](").skip(1));
    targets.filter_map(|rest| rest.split_once(')')).map(|(target, _)| target.to_owned()).collect()
}

/// The names by which headings are linked to: lower case, spaces as hyphens, no punctuation.
fn headings(file: &Path) -> BTreeSet<String> {
    let Ok(text) = std::fs::read_to_string(file) else { return BTreeSet::new() };
    let titles = prose(&text).filter(|line| line.starts_with('#')).map(|line| line.trim_start_matches('#').trim());
    let anchor = |title: &str| {
        let kept = title.to_lowercase().replace(' ', "-");
        kept.chars().filter(|c| c.is_alphanumeric() || matches!(c, '-' | '_')).collect::<String>()
    };
    titles.map(anchor).collect()
}

#[test]
fn links_and_headings_are_found() {
    assert_eq!(links("see [a](b.md) and [c](d.md#e)\n```\n[no](link)\n```\n[`x`](#x)"), ["b.md", "d.md#e", "#x"]);
}
