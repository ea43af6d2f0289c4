//! What cannot be written as JSON, and where in a value that is.

use std::fmt;

/// Deepest nesting of tables: what [`super::decode`] reads back.
pub(super) const DEEPEST: usize = 127;

/// `cannot encode a function at result.users[2].callback`
#[derive(Debug, thiserror::Error)]
#[error("cannot encode {problem} at {}", Path(.path))]
pub(crate) struct EncodeError {
    problem: Problem,
    /// Where, innermost first.
    path: Vec<Step>,
}

/// What JSON has no form for.
#[derive(Debug, thiserror::Error)]
pub(super) enum Problem {
    #[error("a {0}")]
    Type(&'static str),
    #[error("{0}, which is not a number in JSON,")]
    Number(&'static str),
    #[error("a sparse array (number keys must be 1 to n without gaps)")]
    SparseArray,
    #[error("a table with both number and string keys")]
    Mixed,
    #[error("a table with a key that is a {0}")]
    Key(&'static str),
    #[error("a table that contains itself")]
    Cycle,
    #[error("tables nested deeper than {DEEPEST}")]
    TooDeep,
    #[error("a table (the Lua VM failed: {0})")]
    Vm(mlua::Error),
}

impl From<Problem> for EncodeError {
    fn from(problem: Problem) -> Self {
        EncodeError { problem, path: Vec::new() }
    }
}

impl EncodeError {
    pub(super) fn under(mut self, step: Step) -> Self {
        self.path.push(step);
        self
    }
}

/// One step from a table to what it holds.
#[derive(Debug)]
pub(super) enum Step {
    Index(usize),
    Field(String),
}

impl Step {
    pub(super) fn field(key: &[u8]) -> Self {
        Step::Field(String::from_utf8_lossy(key).into_owned())
    }
}

/// A path as Lua would write it, starting from `result`.
struct Path<'a>(&'a [Step]);

/// Longest key shown in a path, in characters.
const LONGEST_KEY: usize = 64;

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("result")?;
        for step in self.0.iter().rev() {
            match step {
                Step::Index(index) => write!(f, "[{index}]")?,
                Step::Field(key) if is_name(key) => write!(f, ".{key}")?,
                Step::Field(key) if key.chars().count() > LONGEST_KEY => {
                    write!(f, "[{:?}…]", key.chars().take(LONGEST_KEY).collect::<String>())?;
                }
                Step::Field(key) => write!(f, "[{key:?}]")?,
            }
        }
        Ok(())
    }
}

/// Whether a key can follow a dot.
fn is_name(key: &str) -> bool {
    key.len() <= LONGEST_KEY
        && key.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}
