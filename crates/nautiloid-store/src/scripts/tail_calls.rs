//! Keeps a script's calls from being tail calls, so that errors can name their line.
//!
//! `return redis.call('INCR', KEYS[1])` is how most scripts end. Lua 5.1 runs such a call of a C function with the
//! caller's frame still there, and Redis' errors say `on @user_script:1`. LuaJIT drops that frame first, and with it the
//! line. Two small insertions, made before compiling, keep it, change no result, and move no line:
//!
//! - Of the whole script Redis takes the first value only, so its own `return f(x)` becomes `return f(x), nil`.
//! - Inside a function the number of values matters. Calls that give exactly one, `redis.…(…)`, `cjson.…(…)` and
//!   `error(…)`, are put in parentheses there.
//!
//! This reads tokens and not the grammar. What it makes of text that is not Lua does not matter: such text is compiled
//! as it came, for its error.

use std::ops::Range;

/// The script with the insertions.
pub(super) fn without(source: &[u8]) -> Vec<u8> {
    let tokens = tokens(source);
    let mut insertions: Vec<(usize, &str)> = Vec::new();
    let mut blocks = Blocks::default();
    for (index, token) in tokens.iter().enumerate() {
        if token.text(source) != b"return" {
            blocks.pass(token.text(source));
        } else if blocks.in_function() {
            insertions.extend(parentheses(source, &tokens[index + 1..]).into_iter().flatten());
        } else {
            insertions.extend(second_value(source, &tokens[index + 1..]));
        }
    }
    insertions.sort_by_key(|(at, _)| *at);
    let mut out = Vec::with_capacity(source.len() + insertions.len() * 5);
    let mut done = 0;
    for (at, text) in insertions {
        out.extend_from_slice(&source[done..at]);
        out.extend_from_slice(text.as_bytes());
        done = at;
    }
    out.extend_from_slice(&source[done..]);
    out
}

/// `, nil` after the statement whose expressions begin with `rest`, when its last one may be a call.
fn second_value(source: &[u8], rest: &[Token]) -> Option<(usize, &'static str)> {
    let mut blocks = Blocks::default();
    let end = rest.iter().position(|token| {
        let text = token.text(source);
        let ends = blocks.0.is_empty() && matches!(text, b"end" | b"else" | b"elseif" | b"until" | b";");
        blocks.pass(text);
        ends
    });
    let last = rest[..end.unwrap_or(rest.len())].last()?;
    let call = last.kind == Kind::String || matches!(last.text(source), b")" | b"}");
    call.then_some((last.place.end, ", nil"))
}

/// Parentheses around a call that gives exactly one value.
fn parentheses(source: &[u8], rest: &[Token]) -> Option<[(usize, &'static str); 2]> {
    let word = |index: usize| rest.get(index).map_or(&b""[..], |token| token.text(source));
    let open = match word(0) {
        b"redis" | b"cjson" if word(1) == b"." => 3,
        b"error" => 1,
        _ => return None,
    };
    if word(open) != b"(" {
        return None;
    }
    let mut depth = 0_usize;
    let close = rest[open..].iter().find(|token| {
        match token.text(source) {
            b"(" => depth += 1,
            b")" => depth -= 1,
            _ => {}
        }
        depth == 0
    })?;
    Some([(rest[0].place.start, "("), (close.place.end, ")")])
}

/// The blocks that are open: `true` for a function.
#[derive(Default)]
struct Blocks(Vec<bool>);

impl Blocks {
    fn pass(&mut self, word: &[u8]) {
        match word {
            b"function" => self.0.push(true),
            // `while` and `for` open with their `do`.
            b"if" | b"do" | b"repeat" => self.0.push(false),
            b"end" | b"until" => drop(self.0.pop()),
            _ => {}
        }
    }

    fn in_function(&self) -> bool {
        self.0.contains(&true)
    }
}

#[derive(Debug, PartialEq, Eq, Clone, Copy)]
enum Kind {
    /// A word, a number, or one byte of anything else.
    Plain,
    String,
}

#[derive(Debug)]
struct Token {
    kind: Kind,
    place: Range<usize>,
}

impl Token {
    fn text<'a>(&self, source: &'a [u8]) -> &'a [u8] {
        if self.kind == Kind::Plain { &source[self.place.clone()] } else { b"" }
    }
}

fn tokens(source: &[u8]) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(&byte) = source.get(at) {
        let start = at;
        let rest = &source[at..];
        let mut kind = Kind::Plain;
        match byte {
            _ if byte.is_ascii_whitespace() => {
                at += 1;
                continue;
            }
            b'-' if rest.starts_with(b"--") => {
                at += 2 + long_bracket(&rest[2..]).unwrap_or_else(|| line(&rest[2..]));
                continue;
            }
            b'"' | b'\'' => {
                at += quoted(rest);
                kind = Kind::String;
            }
            b'[' => match long_bracket(rest) {
                Some(length) => {
                    at += length;
                    kind = Kind::String;
                }
                None => at += 1,
            },
            _ if word_byte(byte) => at += rest.iter().take_while(|&&b| word_byte(b)).count(),
            _ => at += 1,
        }
        tokens.push(Token { kind, place: start..at });
    }
    tokens
}

fn word_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

fn line(text: &[u8]) -> usize {
    text.iter().position(|&b| b == b'\n').unwrap_or(text.len())
}

/// The length of the quoted string that `text` begins with.
fn quoted(text: &[u8]) -> usize {
    let quote = text[0];
    let mut at = 1;
    while let Some(&byte) = text.get(at) {
        match byte {
            b'\\' => at += 2,
            _ if byte == quote => return at + 1,
            _ => at += 1,
        }
    }
    text.len()
}

/// The length of the `[[…]]` or `[==[…]==]` that `text` begins with.
fn long_bracket(text: &[u8]) -> Option<usize> {
    let level = text.strip_prefix(b"[")?.iter().take_while(|&&b| b == b'=').count();
    if text.get(level + 1) != Some(&b'[') {
        return None;
    }
    let mut close = vec![b'='; level + 2];
    close[0] = b']';
    close[level + 1] = b']';
    let inner = &text[level + 2..];
    let end = inner.windows(close.len()).position(|window| window == close);
    Some(end.map_or(text.len(), |end| level + 2 + end + close.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(source: &str, expected: &str) {
        assert_eq!(String::from_utf8_lossy(&without(source.as_bytes())), expected);
    }

    #[test]
    fn the_scripts_own_returns() {
        check("return redis.call('a')", "return redis.call('a'), nil");
        check("return f{1} -- end", "return f{1}, nil -- end");
        check("return f'x';", "return f'x', nil;");
        check("return f[[x]]", "return f[[x]], nil");
        check("if x then return f(x) else return 2 end", "if x then return f(x), nil else return 2 end");
        check("for i=1,2 do return g(i) end", "for i=1,2 do return g(i), nil end");
        check("repeat return f() until x", "repeat return f(), nil until x");
        for same in ["return", "return 1", "do return end", "return x", "return a, b", "return '['", "-- return f()"] {
            check(same, if same == "return '['" { "return '[', nil" } else { same });
        }
    }

    #[test]
    fn returns_of_functions() {
        check(
            "local function f() return redis.call(g('('), (2)) end return f()",
            "local function f() return (redis.call(g('('), (2))) end return f(), nil",
        );
        check(
            "f(function() if x then return error('a') end end)",
            "f(function() if x then return (error('a')) end end)",
        );
        check("function f() return g(1) end", "function f() return g(1) end");
        check(
            "return pcall(function() return cjson.decode(x).y end)",
            "return pcall(function() return (cjson.decode(x)).y end), nil",
        );
    }

    #[test]
    fn what_is_no_lua_comes_back() {
        for odd in
            ["return '", "return [==[", "\"\\", "return redis.call(", "end end until", "--[[", "function return redis."]
        {
            without(odd.as_bytes());
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_comes_through(words in proptest::collection::vec(
            proptest::sample::select(vec![
                "return ", "redis", ".", "call", "(", ")", "{", "}", "function ", "end ", "if ", "do ", "repeat ", "until ",
                "error", "'", "\"", "\\", "[[", "]]", "--", "\n", ";", "x", "1", ",", "é",
            ]),
            0..40,
        )) {
            let source = words.concat();
            let out = without(source.as_bytes());
            // Only insertions: the source is what is left without them.
            let mut rest = out.iter();
            proptest::prop_assert!(source.bytes().all(|byte| rest.any(|&b| b == byte)));
            proptest::prop_assert_eq!(lines(&out), lines(source.as_bytes()));
        }
    }

    fn lines(text: &[u8]) -> usize {
        text.iter().filter(|&&b| b == b'\n').count()
    }
}
