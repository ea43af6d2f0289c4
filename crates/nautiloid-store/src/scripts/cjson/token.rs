//! The tokens of JSON, as lua-cjson tells them apart and names them in errors.

use super::number::{number, starts_with};

#[derive(Debug, PartialEq)]
pub(super) enum Token {
    ObjectBegin,
    ObjectEnd,
    ArrayBegin,
    ArrayEnd,
    String(Vec<u8>),
    Number(f64),
    Boolean(bool),
    Null,
    Colon,
    Comma,
    End,
    /// What is wrong there.
    Wrong(&'static str),
}

impl Token {
    /// As errors name it.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Token::ObjectBegin => "T_OBJ_BEGIN",
            Token::ObjectEnd => "T_OBJ_END",
            Token::ArrayBegin => "T_ARR_BEGIN",
            Token::ArrayEnd => "T_ARR_END",
            Token::String(_) => "T_STRING",
            Token::Number(_) => "T_NUMBER",
            Token::Boolean(_) => "T_BOOLEAN",
            Token::Null => "T_NULL",
            Token::Colon => "T_COLON",
            Token::Comma => "T_COMMA",
            Token::End => "T_END",
            Token::Wrong(what) => what,
        }
    }
}

pub(super) struct Lexer<'a> {
    text: &'a [u8],
    at: usize,
    /// Where the last token began, or its mistake was found.
    token: usize,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a [u8]) -> Self {
        Lexer { text, at: 0, token: 0 }
    }

    /// Bytes read so far.
    pub(super) fn position(&self) -> usize {
        self.at
    }

    pub(super) fn token_position(&self) -> usize {
        self.token
    }

    /// The next token. After [`Token::Wrong`] there is no sense in going on.
    pub(super) fn next(&mut self) -> Token {
        while matches!(self.byte(0), b' ' | b'\t' | b'\n' | b'\r') {
            self.at += 1;
        }
        self.token = self.at;
        let (token, length) = match self.rest() {
            [] | [0, ..] => (Token::End, 0),
            [b'{', ..] => (Token::ObjectBegin, 1),
            [b'}', ..] => (Token::ObjectEnd, 1),
            [b'[', ..] => (Token::ArrayBegin, 1),
            [b']', ..] => (Token::ArrayEnd, 1),
            [b':', ..] => (Token::Colon, 1),
            [b',', ..] => (Token::Comma, 1),
            [b'"', ..] => return self.string(),
            [b'-' | b'0'..=b'9', ..] => return self.number(),
            rest if rest.starts_with(b"true") => (Token::Boolean(true), 4),
            rest if rest.starts_with(b"false") => (Token::Boolean(false), 5),
            rest if rest.starts_with(b"null") => (Token::Null, 4),
            [b'+', ..] => return self.number(),
            rest if starts_with(rest, b"inf") || starts_with(rest, b"nan") => return self.number(),
            _ => (Token::Wrong("invalid token"), 0),
        };
        self.at += length;
        token
    }

    fn rest(&self) -> &'a [u8] {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// A byte further on; zero after the end.
    fn byte(&self, ahead: usize) -> u8 {
        self.text.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn wrong(&mut self, what: &'static str) -> Token {
        self.token = self.at;
        Token::Wrong(what)
    }

    fn number(&mut self) -> Token {
        match number(self.rest()) {
            Some((n, length)) => {
                self.at += length;
                Token::Number(n)
            }
            None => self.wrong("invalid number"),
        }
    }

    fn string(&mut self) -> Token {
        let mut out = Vec::new();
        self.at += 1;
        loop {
            match self.byte(0) {
                b'"' => {
                    self.at += 1;
                    return Token::String(out);
                }
                0 => return self.wrong("unexpected end of string"),
                b'\\' => {
                    let plain = match self.byte(1) {
                        b'b' => 0x08,
                        b'f' => 0x0c,
                        b'n' => b'\n',
                        b'r' => b'\r',
                        b't' => b'\t',
                        same @ (b'"' | b'\\' | b'/') => same,
                        b'u' => {
                            let Some((character, length)) = unicode(self.rest()) else {
                                return self.wrong("invalid unicode escape code");
                            };
                            out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
                            self.at += length;
                            continue;
                        }
                        _ => return self.wrong("invalid escape code"),
                    };
                    out.push(plain);
                    self.at += 2;
                }
                byte => {
                    out.push(byte);
                    self.at += 1;
                }
            }
        }
    }
}

/// `\u20ac`, or two of them for a character outside of the first plane, and the length.
fn unicode(text: &[u8]) -> Option<(char, usize)> {
    let unit = |at: usize| {
        let digits = text.get(at..at + 6)?.strip_prefix(b"\\u")?;
        digits.iter().try_fold(0, |unit, &digit| Some(unit << 4 | char::from(digit).to_digit(16)?))
    };
    let first = unit(0)?;
    if !(0xd800..0xe000).contains(&first) {
        return Some((char::from_u32(first)?, 6));
    }
    let second = unit(6)?;
    if first >= 0xdc00 || !(0xdc00..0xe000).contains(&second) {
        return None;
    }
    Some((char::from_u32(0x10000 + ((first & 0x3ff) << 10) + (second & 0x3ff))?, 12))
}
