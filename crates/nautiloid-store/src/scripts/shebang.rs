//! The first line of a script that says how it wants to run: `#!lua flags=no-writes`.

use bytes::Bytes;
use nautiloid_resp::Value;

/// Flags that Redis knows. Only `no-writes` means something here: there is no cluster, no replica and no memory limit.
const FLAGS: &[&[u8]] = &[b"no-writes", b"allow-oom", b"allow-stale", b"no-cluster", b"allow-cross-slot-keys"];

/// What a script says about itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Declared {
    /// No such line: the command that runs it decides.
    Nothing,
    /// It may write.
    Writes,
    /// `no-writes`
    NoWrites,
}

/// Reads the line and gives the rest, from its line end on so that line numbers hold.
pub(super) fn split(source: &Bytes) -> Result<(Declared, Bytes), Value> {
    if !source.starts_with(b"#!") {
        return Ok((Declared::Nothing, source.clone()));
    }
    let Some(end) = source.iter().position(|&b| b == b'\n') else {
        return Err(Value::error("ERR Invalid script shebang"));
    };
    let mut words = source[..end].split(|b| b.is_ascii_whitespace()).filter(|word| !word.is_empty());
    let engine = words.next().unwrap_or_default();
    if engine != b"#!lua" {
        return Err(refused("Unexpected engine in script shebang: ", engine));
    }
    let mut declared = Declared::Writes;
    for word in words {
        let Some(flags) = word.strip_prefix(b"flags=") else {
            return Err(refused("Unknown lua shebang option: ", word));
        };
        for flag in flags.split(|&b| b == b',').filter(|flag| !flag.is_empty()) {
            if !FLAGS.contains(&flag) {
                return Err(refused("Unexpected flag in script shebang: ", flag));
            }
            if flag == b"no-writes" {
                declared = Declared::NoWrites;
            }
        }
    }
    Ok((declared, source.slice(end..)))
}

fn refused(why: &str, what: &[u8]) -> Value {
    Value::error(format!("ERR {why}{}", String::from_utf8_lossy(what)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shebangs() {
        let split = |source: &'static str| split(&Bytes::from_static(source.as_bytes()));
        assert_eq!(split("return 1"), Ok((Declared::Nothing, "return 1".into())));
        assert_eq!(split("#!lua\nreturn 1"), Ok((Declared::Writes, "\nreturn 1".into())));
        assert_eq!(split("#!lua flags=no-writes,allow-oom\n"), Ok((Declared::NoWrites, "\n".into())));
        assert_eq!(split("#!lua"), Err(Value::error("ERR Invalid script shebang")));
        assert_eq!(split("#!js\n"), Err(Value::error("ERR Unexpected engine in script shebang: #!js")));
        assert_eq!(split("#!lua x=y\n"), Err(Value::error("ERR Unknown lua shebang option: x=y")));
        assert_eq!(split("#!lua flags=foo\n"), Err(Value::error("ERR Unexpected flag in script shebang: foo")));
    }
}
