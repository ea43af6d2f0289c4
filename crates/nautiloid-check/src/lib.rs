//! Finds mistakes in scripts without running them.
//!
//! A tour:
//!
//! - [`Checker::check`] looks at one script and gives a [`Report`]; [`rules`] declares what it looks for.
//! - `syntax` reads the text as a tree; `names` says which name means which local variable.
//! - `walk` goes through the tree once, in the order in which it runs: it knows what variables hold where that is plain
//!   (`value`), checks calls against the declarations of `nautiloid-lua` (`fit`), and follows results that may be nil
//!   until somebody looks at them (`unchecked`).
//! - `suppression` is for comments that say a finding is no mistake.
//!
//! It would rather miss a mistake than blame a script that is right: what is not known for certain is no finding.
#![deny(missing_docs)]

pub mod documentation;
mod finding;
mod fit;
mod level;
mod names;
mod registered;
pub mod rules;
mod suppression;
mod syntax;
mod unchecked;
mod value;
mod walk;

use nautiloid_lua::declarations::{self, Function, Module};
use nautiloid_lua::{Compiler, HostError, ModuleSearch, ScriptError, Source};

use finding::Lines;
pub use finding::{Finding, Position};
pub use level::Level;
use registered::NameUses;
pub use registered::Registered;
use suppression::Suppressions;
use walk::Walk;

/// Looks for mistakes in scripts.
#[derive(Debug)]
pub struct Checker {
    compiler: Compiler,
    modules: Vec<Module>,
    globals: Vec<Function>,
}

/// What was found in a script.
#[derive(Debug)]
pub struct Report {
    findings: Vec<Finding>,
    suppressions: Suppressions,
    uses: NameUses,
}

impl Checker {
    /// A checker with all that there is to know.
    ///
    /// # Errors
    /// The VM that judges syntax could not be set up.
    pub fn new() -> Result<Self, HostError> {
        Ok(Checker {
            compiler: Compiler::new()?,
            modules: nautiloid_lua::built_in_modules(),
            globals: declarations::global_functions(),
        })
    }

    /// Looks for mistakes in a script; `files` finds the modules that it may require.
    pub fn check(&self, source: &Source, files: &ModuleSearch) -> Report {
        let lines = Lines::new(source.lua());
        let judgement = self.compiler.check(source);
        let script = match (judgement, syntax::parse(source.lua())) {
            (Ok(()), Ok(script)) => script,
            (Err(problem), parsed) => {
                return Report::of_syntax(syntax_finding(source, &lines, &problem, parsed.err()));
            }
            // LuaJIT reads it and we do not: that is for us to mend, and no fault of the script.
            (Ok(()), Err(error)) => {
                let message = format!("LuaJIT reads this, but it cannot be checked: {}", error.message);
                return Report::of_syntax(Finding {
                    position: lines.position(error.at),
                    rule: &rules::SYNTAX,
                    message,
                });
            }
        };
        let (suppressions, mut findings) = Suppressions::read(&script.comments, &lines);
        let walked = Walk::new(self, files, &script.block).run(&script.block);
        let found = walked.found.into_iter();
        findings.extend(found.map(|(at, rule, message)| Finding { position: lines.position(at), rule, message }));
        let mut report = Report { findings, suppressions, uses: walked.uses.at_positions(&lines) };
        report.settle();
        report
    }

    fn module(&self, name: &str) -> Option<&Module> {
        self.modules.iter().find(|module| module.name == name)
    }
}

/// What LuaJIT says, with the column where our own parser stumbles in the same line.
fn syntax_finding(
    source: &Source,
    lines: &Lines<'_>,
    problem: &ScriptError,
    ours: Option<syntax::SyntaxError>,
) -> Finding {
    let text = problem.to_string();
    let rest = text.strip_prefix(source.name()).and_then(|rest| rest.strip_prefix(':'));
    let judged = rest.and_then(|rest| rest.split_once(": "));
    let judged = judged.and_then(|(line, message)| Some((line.parse().ok()?, message.to_owned())));
    let ours = ours.map(|error| (lines.position(error.at), error.message));
    let (position, message) = match (judged, ours) {
        (Some((line, message)), Some((position, _))) if position.line == line => (position, message),
        (Some((line, message)), _) => (lines.beginning(line), message),
        (None, Some(ours)) => ours,
        (None, None) => (lines.beginning(1), text),
    };
    Finding { position, rule: &rules::SYNTAX, message }
}

impl Report {
    /// What was found, in the order of the text.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Adds what the script registers: pools, and scripts that run inside Redis.
    pub fn add_to(&self, registered: &mut Registered) {
        self.uses.add_to(registered);
    }

    /// Looks for names of pools and scripts that nobody registers.
    pub fn check_names(&mut self, registered: &Registered) {
        self.findings.extend(self.uses.unknown(registered));
        self.settle();
    }

    fn of_syntax(finding: Finding) -> Self {
        Report { findings: vec![finding], suppressions: Suppressions::default(), uses: NameUses::default() }
    }

    /// Drops what is ignored, and what is said twice; puts the rest in order.
    fn settle(&mut self) {
        self.findings.retain(|finding| !self.suppressions.ignores(finding));
        self.findings.sort_by(|a, b| (a.position, a.rule.name, &a.message).cmp(&(b.position, b.rule.name, &b.message)));
        self.findings.dedup_by(|a, b| (a.position, a.rule, &a.message) == (b.position, b.rule, &b.message));
    }
}
