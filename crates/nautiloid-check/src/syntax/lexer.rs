//! A text as tokens, as LuaJIT reads it.

use nautiloid_lua::declarations::KEYWORDS;

use super::token::{Kind, SYMBOLS, Token};
use super::{Comment, SyntaxError, number};

/// All tokens of a text, and its comments.
#[derive(Debug)]
pub(super) struct Lexed {
    /// The last of them is [`Kind::End`].
    pub(super) tokens: Vec<Token>,
    pub(super) comments: Vec<Comment>,
}

pub(super) fn lex(text: &[u8]) -> Result<Lexed, SyntaxError> {
    let mut lexer = Lexer { text, at: 0, comments: Vec::new() };
    let mut tokens = Vec::new();
    loop {
        let token = lexer.token()?;
        let ended = token.kind == Kind::End;
        tokens.push(token);
        if ended {
            return Ok(Lexed { tokens, comments: lexer.comments });
        }
    }
}

struct Lexer<'a> {
    text: &'a [u8],
    at: usize,
    comments: Vec<Comment>,
}

impl Lexer<'_> {
    fn token(&mut self) -> Result<Token, SyntaxError> {
        self.skip_space_and_comments()?;
        let start = self.at;
        let kind = match self.peek(0) {
            None => Kind::End,
            Some(c) if is_name(c) && !c.is_ascii_digit() => self.name(),
            Some(c) if c.is_ascii_digit() => self.number()?,
            Some(b'.') if self.peek(1).is_some_and(|c| c.is_ascii_digit()) => self.number()?,
            Some(quote @ (b'"' | b'\'')) => Kind::String(self.quoted(quote)?),
            Some(b'[') if self.long_bracket().is_some() => Kind::String(self.long("unfinished long string")?),
            Some(b'[') if self.peek(1) == Some(b'=') => return Err(self.error(start, "invalid long string delimiter")),
            Some(_) => self.symbol(),
        };
        Ok(Token { kind, start, end: self.at })
    }

    fn peek(&self, ahead: usize) -> Option<u8> {
        self.text.get(self.at + ahead).copied()
    }

    fn rest(&self) -> &[u8] {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn slice(&self, start: usize) -> &[u8] {
        self.text.get(start..self.at).unwrap_or_default()
    }

    fn error(&self, start: usize, problem: &str) -> SyntaxError {
        SyntaxError { at: start, message: problem.to_owned() }
    }

    fn skip_space_and_comments(&mut self) -> Result<(), SyntaxError> {
        loop {
            match self.peek(0) {
                Some(b' ' | b'\t' | b'\x0b' | b'\x0c' | b'\r' | b'\n') => self.at += 1,
                Some(b'-') if self.peek(1) == Some(b'-') => {
                    let start = self.at;
                    self.at += 2;
                    if self.long_bracket().is_some() {
                        self.long("unfinished long comment")?;
                    } else {
                        while self.peek(0).is_some_and(|c| c != b'\n' && c != b'\r') {
                            self.at += 1;
                        }
                    }
                    let text = String::from_utf8_lossy(self.slice(start)).into_owned();
                    self.comments.push(Comment { at: start, text });
                }
                _ => return Ok(()),
            }
        }
    }

    fn name(&mut self) -> Kind {
        let start = self.at;
        while self.peek(0).is_some_and(is_name) {
            self.at += 1;
        }
        let name = String::from_utf8_lossy(self.slice(start)).into_owned();
        match KEYWORDS.iter().find(|keyword| **keyword == name) {
            Some(keyword) => Kind::Keyword(keyword),
            None => Kind::Name(name),
        }
    }

    fn number(&mut self) -> Result<Kind, SyntaxError> {
        let start = self.at;
        let hexadecimal = self.peek(0) == Some(b'0') && matches!(self.peek(1), Some(b'x' | b'X'));
        let exponent = if hexadecimal { b'p' } else { b'e' };
        let mut last = 0;
        while let Some(c) = self.peek(0) {
            let signed = matches!(c, b'+' | b'-') && last | 0x20 == exponent;
            if !(is_name(c) || c == b'.' || signed) {
                break;
            }
            if c != b'_' {
                last = c;
            }
            self.at += 1;
        }
        match number::parse(self.slice(start)) {
            Some(value) => Ok(Kind::Number(value)),
            None => Err(self.error(start, "malformed number")),
        }
    }

    fn quoted(&mut self, quote: u8) -> Result<Vec<u8>, SyntaxError> {
        let start = self.at;
        self.at += 1;
        let mut content = Vec::new();
        loop {
            match self.peek(0) {
                None | Some(b'\n' | b'\r') => return Err(self.error(start, "unfinished string")),
                Some(b'\\') => self.escape(start, &mut content)?,
                Some(c) => {
                    self.at += 1;
                    if c == quote {
                        return Ok(content);
                    }
                    content.push(c);
                }
            }
        }
    }

    fn escape(&mut self, start: usize, content: &mut Vec<u8>) -> Result<(), SyntaxError> {
        let invalid = self.error(self.at, "invalid escape sequence");
        self.at += 1;
        let Some(c) = self.peek(0) else { return Err(self.error(start, "unfinished string")) };
        self.at += 1;
        match c {
            b'a' => content.push(7),
            b'b' => content.push(8),
            b'f' => content.push(12),
            b'n' => content.push(b'\n'),
            b'r' => content.push(b'\r'),
            b't' => content.push(b'\t'),
            b'v' => content.push(11),
            b'\\' | b'"' | b'\'' => content.push(c),
            b'\n' | b'\r' => {
                // Both bytes of a line end are one.
                if self.peek(0).is_some_and(|next| next != c && matches!(next, b'\n' | b'\r')) {
                    self.at += 1;
                }
                content.push(b'\n');
            }
            b'z' => {
                while self.peek(0).is_some_and(|c| c.is_ascii_whitespace() || c == b'\x0b') {
                    self.at += 1;
                }
            }
            b'x' => {
                let digits = self.rest().get(..2).filter(|digits| digits.iter().all(u8::is_ascii_hexdigit));
                let value = digits.and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok());
                content.push(value.ok_or(invalid)?);
                self.at += 2;
            }
            b'u' => self.code_point(content).ok_or(invalid)?,
            b'0'..=b'9' => {
                self.at -= 1;
                let digits = self.rest().iter().take(3).take_while(|c| c.is_ascii_digit()).count();
                let value = std::str::from_utf8(self.rest().get(..digits).unwrap_or_default());
                content.push(value.ok().and_then(|digits| digits.parse().ok()).ok_or(invalid)?);
                self.at += digits;
            }
            _ => return Err(invalid),
        }
        Ok(())
    }

    /// `{20AC}` behind `\u`, as UTF-8; surrogates are none.
    fn code_point(&mut self, content: &mut Vec<u8>) -> Option<()> {
        let inside = self.rest().strip_prefix(b"{")?;
        let end = inside.iter().position(|&c| c == b'}')?;
        let digits = inside.get(..end).filter(|digits| digits.iter().all(u8::is_ascii_hexdigit))?;
        let code = u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
        let mut bytes = [0; 4];
        content.extend_from_slice(char::from_u32(code)?.encode_utf8(&mut bytes).as_bytes());
        self.at += end + 2;
        Some(())
    }

    /// How many `=` are in the `[==[` here.
    fn long_bracket(&self) -> Option<usize> {
        let inside = self.rest().strip_prefix(b"[")?;
        let level = inside.iter().take_while(|&&c| c == b'=').count();
        (inside.get(level) == Some(&b'[')).then_some(level)
    }

    /// What is between long brackets.
    fn long(&mut self, problem: &str) -> Result<Vec<u8>, SyntaxError> {
        let start = self.at;
        let level = self.long_bracket().unwrap_or_default();
        self.at += level + 2;
        let close = [&b"]"[..], &vec![b'='; level], b"]"].concat();
        let Some(length) = self.rest().windows(close.len()).position(|window| window == close) else {
            return Err(SyntaxError { at: start, message: problem.to_owned() });
        };
        let content = self.rest().get(..length).unwrap_or_default();
        let content = content.strip_prefix(b"\r").unwrap_or(content);
        let content = content.strip_prefix(b"\n").unwrap_or(content).to_vec();
        self.at += length + close.len();
        Ok(content)
    }

    fn symbol(&mut self) -> Kind {
        match SYMBOLS.iter().find(|symbol| self.rest().starts_with(symbol.as_bytes())) {
            Some(symbol) => {
                self.at += symbol.len();
                Kind::Symbol(symbol)
            }
            None => {
                self.at += 1;
                Kind::Unknown
            }
        }
    }
}

/// Letters, digits, `_`, and whatever is not ASCII.
fn is_name(c: u8) -> bool {
    c.is_ascii_alphanumeric() || c == b'_' || c >= 0x80
}
