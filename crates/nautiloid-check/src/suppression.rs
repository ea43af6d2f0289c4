//! Comments that say a finding is no mistake: `-- nautiloid: ignore unchecked-result`.

use nautiloid_redis::commands::nearest::nearest;

use crate::finding::{Finding, Lines};
use crate::rules::{self, RULES, Rule, UNKNOWN_RULE};
use crate::syntax::Comment;

const MARK: &str = "nautiloid: ignore";

/// Which rules are ignored in which lines.
#[derive(Debug, Default)]
pub(crate) struct Suppressions {
    lines: Vec<(usize, &'static Rule)>,
}

impl Suppressions {
    /// What the comments say, and findings for those that say nothing.
    pub(crate) fn read(comments: &[Comment], lines: &Lines<'_>) -> (Self, Vec<Finding>) {
        let mut suppressions = Suppressions::default();
        let mut findings = Vec::new();
        for comment in comments {
            let Some(names) = comment.text.trim_start_matches(['-', '[', '=', ' ']).strip_prefix(MARK) else {
                continue;
            };
            let position = lines.position(comment.at);
            // A comment on a line of its own is about the next one.
            let line = if lines.has_code_before(comment.at) { position.line } else { position.line + 1 };
            let mut names = names.split([',', ':', ' ', ']', '=']).filter(|name| !name.is_empty()).peekable();
            if names.peek().is_none() {
                let message = "say which rule to ignore: -- nautiloid: ignore unchecked-result".to_owned();
                findings.push(Finding { position, rule: &UNKNOWN_RULE, message });
            }
            // Words behind the first that is no rule say why.
            for (index, name) in names.enumerate() {
                match rules::find(name) {
                    Some(rule) => suppressions.lines.push((line, rule)),
                    None if index > 0 => break,
                    None => {
                        let near = nearest(name, RULES.iter().map(|rule| rule.name));
                        let hint = near.map_or(String::new(), |near| format!(": did you mean '{near}'?"));
                        let message = format!("there is no rule '{name}'{hint}");
                        findings.push(Finding { position, rule: &UNKNOWN_RULE, message });
                        break;
                    }
                }
            }
        }
        (suppressions, findings)
    }

    pub(crate) fn ignores(&self, finding: &Finding) -> bool {
        self.lines.iter().any(|(line, rule)| *line == finding.position.line && *rule == finding.rule)
    }
}
