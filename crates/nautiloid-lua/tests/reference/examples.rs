//! The examples of the table as a file of the conformance suite, which runs them on every topology.
//!
//! A line `call --> results` becomes a check of what the call gives; every other line is just run.

use std::fmt::Write;

use nautiloid_redis::commands::{self, Command};

pub(crate) fn script() -> String {
    let mut script = String::from(
        "-- The examples of the reference. Written from the table of commands in crates/nautiloid-redis/src/commands; a test\n\
         -- keeps it true.\n\
         \n\
         local check = require(\"check\")\n\
         local example, results = check.example, check.results\n",
    );
    for command in commands::all() {
        add(&mut script, command);
    }
    script.push_str("\nreturn check.report()\n");
    script
}

fn add(script: &mut String, command: &Command) {
    let _ = write!(script, "\nexample(\"{}\", function(redis)\n", command.name);
    for line in command.doc.example {
        let line = match line.split_once(" --> ") {
            None => (*line).to_owned(),
            Some((call, results)) => check(call, results),
        };
        let _ = writeln!(script, "  {line}");
    }
    script.push_str("end)\n");
}

/// `redis.redis_incr("default", "k") --> 1` is `results(redis.redis_incr("default", "k")):gives(1)`.
fn check(call: &str, results: &str) -> String {
    let (results, method) = if let Some(members) = results.strip_suffix(" (in any order)") {
        (members, "gives_members")
    } else if let Some(number) = results.strip_suffix(" (about)") {
        (number, "gives_about")
    } else {
        (results, "gives")
    };
    match call.split_once(" = ") {
        // `local step = call --> results` keeps what the call gives for the lines that follow.
        Some((variable, _)) if variable.starts_with("local ") => {
            format!("{call}\n  results({}):{method}({results})", variable.trim_start_matches("local "))
        }
        _ => format!("results({call}):{method}({results})"),
    }
}
