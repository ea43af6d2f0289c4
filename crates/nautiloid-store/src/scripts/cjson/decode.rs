//! JSON as Lua values.
//!
//! As lenient as lua-cjson: numbers as C's `strtod` reads them (`0x10`, `01`, `1.`, `inf`, `nan`), control characters in
//! strings, and the end of the text at a zero byte. A stack of its own instead of recursion: depth costs no thread
//! stack.

use mlua::{IntoLuaMulti, Lua, MultiValue, Table, Value};

use super::MAX_DEPTH;
use super::token::{Lexer, Token};

/// The value, or `nil` and why not.
pub(in crate::scripts) fn decode(lua: &Lua, text: &[u8]) -> mlua::Result<MultiValue> {
    // UTF-16 and UTF-32 have a zero among their first two bytes.
    if let [0, _, ..] | [_, 0, ..] = text {
        return (Value::Nil, "JSON parser does not support UTF-16 or UTF-32").into_lua_multi(lua);
    }
    match (Decoder { lua, lexer: Lexer::new(text), open: Vec::new() }).document() {
        Ok(value) => value.into_lua_multi(lua),
        Err(Failure::Text(text)) => (Value::Nil, text).into_lua_multi(lua),
        Err(Failure::Lua(error)) => Err(error),
    }
}

enum Failure {
    Text(String),
    /// Out of memory.
    Lua(mlua::Error),
}

impl From<mlua::Error> for Failure {
    fn from(error: mlua::Error) -> Self {
        Failure::Lua(error)
    }
}

/// An array or object whose end has not come yet.
enum Open {
    Array { items: Table, length: i64 },
    Object { members: Table, key: Value },
}

struct Decoder<'a> {
    lua: &'a Lua,
    lexer: Lexer<'a>,
    open: Vec<Open>,
}

impl Decoder<'_> {
    fn document(mut self) -> Result<Value, Failure> {
        let mut token = self.lexer.next();
        loop {
            // `token` begins a value.
            let mut value = match token {
                Token::String(text) => Value::String(self.lua.create_string(&text)?),
                Token::Number(n) => Value::Number(n),
                Token::Boolean(b) => Value::Boolean(b),
                Token::Null => Value::NULL,
                Token::ArrayBegin => {
                    self.descend()?;
                    let items = self.lua.create_table()?;
                    token = self.lexer.next();
                    if token != Token::ArrayEnd {
                        self.open.push(Open::Array { items, length: 0 });
                        continue;
                    }
                    Value::Table(items)
                }
                Token::ObjectBegin => {
                    self.descend()?;
                    let members = self.lua.create_table()?;
                    token = self.lexer.next();
                    if token != Token::ObjectEnd {
                        token = self.member(members, token)?;
                        continue;
                    }
                    Value::Table(members)
                }
                other => return Err(self.expected("value", &other)),
            };
            // The value belongs into what is open; closing that makes another value.
            loop {
                match self.open.pop() {
                    None => {
                        return match self.lexer.next() {
                            Token::End => Ok(value),
                            other => Err(self.expected("the end", &other)),
                        };
                    }
                    Some(Open::Array { items, length }) => {
                        items.raw_set(length + 1, value)?;
                        match self.lexer.next() {
                            Token::ArrayEnd => value = Value::Table(items),
                            Token::Comma => {
                                self.open.push(Open::Array { items, length: length + 1 });
                                token = self.lexer.next();
                                break;
                            }
                            other => return Err(self.expected("comma or array end", &other)),
                        }
                    }
                    Some(Open::Object { members, key }) => {
                        members.raw_set(key, value)?;
                        match self.lexer.next() {
                            Token::ObjectEnd => value = Value::Table(members),
                            Token::Comma => {
                                let key = self.lexer.next();
                                token = self.member(members, key)?;
                                break;
                            }
                            other => return Err(self.expected("comma or object end", &other)),
                        }
                    }
                }
            }
        }
    }

    /// A member's key and colon; gives the first token of its value.
    fn member(&mut self, members: Table, key: Token) -> Result<Token, Failure> {
        let Token::String(key) = key else { return Err(self.expected("object key string", &key)) };
        let key = Value::String(self.lua.create_string(&key)?);
        match self.lexer.next() {
            Token::Colon => {
                self.open.push(Open::Object { members, key });
                Ok(self.lexer.next())
            }
            other => Err(self.expected("colon", &other)),
        }
    }

    fn descend(&self) -> Result<(), Failure> {
        let depth = self.open.len() + 1;
        if depth <= MAX_DEPTH {
            return Ok(());
        }
        let at = self.lexer.position();
        Err(Failure::Text(format!("Found too many nested data structures ({depth}) at character {at}")))
    }

    fn expected(&self, what: &str, found: &Token) -> Failure {
        let at = self.lexer.token_position() + 1;
        Failure::Text(format!("Expected {what} but found {} at character {at}", found.name()))
    }
}
