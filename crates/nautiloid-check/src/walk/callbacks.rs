//! Functions that are called back by C functions, in which nothing can wait.

use std::collections::{HashMap, HashSet};

use crate::rules::{Rule, WAITS_IN_CALLBACK};

/// Which of a script's functions wait, and which are callbacks. Functions are known by their place.
#[derive(Debug, Default)]
pub(super) struct Callbacks {
    waits: HashMap<usize, Vec<(usize, String)>>,
    calls: HashMap<usize, Vec<usize>>,
    callbacks: Vec<(usize, String)>,
}

impl Callbacks {
    /// A function calls one that waits.
    pub(super) fn waits(&mut self, function: usize, at: usize, name: &str) {
        self.waits.entry(function).or_default().push((at, name.to_owned()));
    }

    /// A function calls another one of the script.
    pub(super) fn calls(&mut self, function: usize, other: usize) {
        self.calls.entry(function).or_default().push(other);
    }

    /// A function is called back by one of Lua's own.
    pub(super) fn called_back(&mut self, function: usize, by: &str) {
        self.callbacks.push((function, by.to_owned()));
    }

    pub(super) fn findings(&self) -> Vec<(usize, &'static Rule, String)> {
        let mut findings = Vec::new();
        for (callback, by) in &self.callbacks {
            let mut seen = HashSet::from([*callback]);
            let mut left = vec![*callback];
            while let Some(function) = left.pop() {
                for (at, name) in self.waits.get(&function).into_iter().flatten() {
                    let message = format!(
                        "'{name}' cannot wait for an answer inside a callback of {by}: call it before, or collect what \
                         is needed and call it after"
                    );
                    findings.push((*at, &WAITS_IN_CALLBACK, message));
                }
                left.extend(self.calls.get(&function).into_iter().flatten().filter(|other| seen.insert(**other)));
            }
        }
        findings
    }
}
