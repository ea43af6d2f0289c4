//! Commands of the prompt itself: they begin with a dot, which no chunk of Lua does.

use crate::help;

/// A line that is for the prompt.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Command<'a> {
    /// `.quit`
    Quit,
    /// `.help`, with what it is about; empty for the prompt itself.
    Help(&'a str),
    /// Another word behind a dot.
    Unknown(&'a str),
}

/// What there is, for completion and for those who ask.
const NAMES: [&str; 2] = [".help", ".quit"];

/// What `.help` says.
pub(super) const HELP: &str = "\
Lua is run as it is typed, and what an expression gives is printed. `redis` is the module nauthilus_redis, and `h` the
handle of the default pool. Globals stay; a local ends with its chunk.

  .help NAME  explains a function (.help hset), a module (.help json) or a group (.help hashes)
  .quit       ends it, as Ctrl-D does
  Tab         completes names
  Ctrl-C      stops what runs, or leaves what was typed
";

impl<'a> Command<'a> {
    /// The command in a line; `None` for Lua.
    pub(super) fn parse(line: &'a str) -> Option<Self> {
        let words = line.trim().strip_prefix('.')?;
        let (word, rest) = words.split_once(char::is_whitespace).unwrap_or((words, ""));
        Some(match word {
            "quit" | "exit" => Command::Quit,
            "help" => Command::Help(rest.trim()),
            _ => Command::Unknown(word),
        })
    }
}

/// What the last word of a line that is for the prompt can become; `None` for Lua.
pub(super) fn complete(line: &str) -> Option<(usize, Vec<String>)> {
    if !line.starts_with('.') {
        return None;
    }
    let (begin, names) = match line.rsplit_once(' ') {
        Some((before, _)) => (before.len() + 1, help::names()),
        None => (0, NAMES.map(str::to_owned).to_vec()),
    };
    let word = line.get(begin..).unwrap_or_default();
    Some((begin, names.into_iter().filter(|name| name.starts_with(word)).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_begin_with_a_dot() {
        assert_eq!(Command::parse(".quit"), Some(Command::Quit));
        assert_eq!(Command::parse(" .help  sorted sets "), Some(Command::Help("sorted sets")));
        assert_eq!(Command::parse(".hlep"), Some(Command::Unknown("hlep")));
        assert_eq!(Command::parse("x = .5"), None);
    }

    #[test]
    fn commands_and_what_they_explain_are_completed() {
        assert_eq!(complete(".h"), Some((0, vec![".help".to_owned()])));
        assert_eq!(complete(".help redis_hincrbyf"), Some((6, vec!["redis_hincrbyfloat".to_owned()])));
        assert_eq!(complete("h:ge"), None);
    }
}
