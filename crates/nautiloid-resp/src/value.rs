//! One reply as a value.

use bytes::Bytes;

/// One reply of a server, RESP2 or RESP3.
///
/// Strings are slices of the buffer they arrived in: cloning one copies no bytes.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// No value: `$-1` or `_`. What a client reads as `*-1` is this, too.
    Nil,
    /// No array: `*-1`, or `_` in RESP3. Only servers tell the two apart.
    NilArray,
    /// `:1`
    Integer(i64),
    /// `,1.5` (RESP3)
    Double(f64),
    /// `#t` (RESP3)
    Boolean(bool),
    /// `(123…` (RESP3): the digits.
    BigNumber(Bytes),
    /// `+OK`
    Status(Bytes),
    /// `-ERR …` or `!…`: the whole text, its code first.
    Error(Bytes),
    /// `$3`, or `=` (RESP3) without its format prefix.
    Bulk(Bytes),
    /// `*2`
    Array(Vec<Value>),
    /// `%1` (RESP3): pairs in the order they came.
    Map(Vec<(Value, Value)>),
    /// `~2` (RESP3)
    Set(Vec<Value>),
    /// `>2` (RESP3): sent by the server unasked, never the reply to a command.
    Push(Vec<Value>),
}

impl Value {
    /// `+OK`.
    pub const OK: Value = Value::Status(Bytes::from_static(b"OK"));

    /// A bulk string of the bytes given.
    pub fn bulk(bytes: impl Into<Bytes>) -> Self {
        Value::Bulk(bytes.into())
    }

    /// An error reply of the text given, its code first: `ERR no such key`.
    pub fn error(text: impl Into<Bytes>) -> Self {
        Value::Error(text.into())
    }
}
