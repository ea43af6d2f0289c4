//! Lua values to JSON.

use std::ffi::c_void;
use std::io::Write as _;
use std::ops::Range;

use mlua::{Lua, Value};

use super::encode_error::{DEEPEST, EncodeError, Problem, Step};
use crate::stack::{self, Seen, Stack};

/// Integers up to here have no gaps among doubles: 2^53.
const LARGEST_EXACT: u64 = 1 << 53;

/// Most bytes of room that are kept, of each kind.
const MOST_KEPT: usize = 64 * 1024;

/// Writes a value as JSON.
///
/// - Numbers with an integral value have no fraction and, below 1e21, no exponent; others are the shortest decimal that
///   reads back the same.
/// - Bytes of a string that are not UTF-8 become U+FFFD.
/// - A table with the keys 1 to n is an array, one with string keys an object with its keys in the order of their bytes;
///   the empty table is `[]`. Metamethods are not asked.
/// - nil and the null pointer (`mlua::Value::NULL`) are `null`.
///
/// # Errors
///
/// A value that JSON cannot hold, with the path to it.
pub(crate) fn encode(lua: &Lua, value: &Value) -> Result<Vec<u8>, EncodeError> {
    stack::read(lua, value, |stack| Encoder::default().encode_top(stack)).map_err(Problem::Vm)?
}

/// Room to write values in, which is kept from one to the next.
#[derive(Default)]
pub(crate) struct Encoder {
    out: Vec<u8>,
    /// Where the fields of an object are put into order.
    ordered: Vec<u8>,
    /// The keys of `fields`, one after the other.
    keys: Vec<u8>,
    /// The fields of the objects that the value being written is in, those of the innermost last.
    fields: Vec<Field>,
    /// The tables that the value being written is in, by their addresses.
    open: Vec<*const c_void>,
}

/// A field of an object: where in `keys` its key is, and where in the output key and value are.
struct Field {
    key: Range<usize>,
    written: Range<usize>,
}

impl Encoder {
    /// As [`encode`], of the value on top of the stack.
    pub(crate) fn encode_top(&mut self, stack: &mut Stack) -> Result<Vec<u8>, EncodeError> {
        self.out = Vec::with_capacity(128);
        // What an error has left.
        self.open.clear();
        restart(&mut self.keys);
        restart(&mut self.fields);
        restart(&mut self.ordered);
        self.value(stack)?;
        Ok(std::mem::take(&mut self.out))
    }

    /// Writes the value on top of the stack.
    fn value(&mut self, stack: &mut Stack) -> Result<(), EncodeError> {
        match stack.top() {
            Seen::Nil | Seen::Null => self.out.extend_from_slice(b"null"),
            Seen::Boolean(true) => self.out.extend_from_slice(b"true"),
            Seen::Boolean(false) => self.out.extend_from_slice(b"false"),
            Seen::Number(n) => self.number(n)?,
            Seen::String(bytes) => self.string(bytes),
            Seen::Table(address) => self.table(address, stack)?,
            other @ (Seen::Token(_) | Seen::Other(_)) => return Err(Problem::Type(kind(other)).into()),
        }
        Ok(())
    }

    fn integer(&mut self, n: i64) {
        self.out.extend_from_slice(itoa::Buffer::new().format(n).as_bytes());
    }

    fn number(&mut self, n: f64) -> Result<(), EncodeError> {
        if n.is_nan() {
            return Err(Problem::Number("NaN").into());
        } else if n.is_infinite() {
            return Err(Problem::Number("infinity").into());
        }
        // Negative zero too is 0.
        #[expect(clippy::cast_possible_truncation, reason = "what does not fit is not equal, and is written below")]
        let integer = n as i64;
        #[expect(clippy::cast_precision_loss, reason = "exact up to 2^53")]
        if integer.unsigned_abs() <= LARGEST_EXACT && integer as f64 == n {
            self.integer(integer);
            return Ok(());
        }
        // Where plain digits grow long an exponent takes over, as in JavaScript.
        let written = if (1e-6..1e21).contains(&n.abs()) { write!(self.out, "{n}") } else { write!(self.out, "{n:e}") };
        written.map_err(|error| Problem::Vm(mlua::Error::external(error)).into())
    }

    fn string(&mut self, bytes: &[u8]) {
        // What needs neither a look at UTF-8 nor an escape.
        if bytes.iter().all(|byte| matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\')) {
            self.out.push(b'"');
            self.out.extend_from_slice(bytes);
            self.out.push(b'"');
            return;
        }
        let text = String::from_utf8_lossy(bytes);
        let start = self.out.len();
        if serde_json::to_writer(&mut self.out, &text).is_err() {
            // A write into memory does not fail; were it to, the answer must still be JSON.
            self.out.truncate(start);
            self.out.extend_from_slice(b"\"\"");
        }
    }

    fn table(&mut self, address: *const c_void, stack: &mut Stack) -> Result<(), EncodeError> {
        if self.open.contains(&address) {
            return Err(Problem::Cycle.into());
        }
        if self.open.len() == DEEPEST {
            return Err(Problem::TooDeep.into());
        }
        self.open.push(address);
        self.opened_table(stack)?;
        self.open.pop();
        Ok(())
    }

    /// Takes the table for what its first key says, in the one pass that this needs when it is true. LuaJIT gives the
    /// keys of a table's array part first and in order, so that an array nearly always is written in that pass.
    fn opened_table(&mut self, stack: &mut Stack) -> Result<(), EncodeError> {
        let start = self.out.len();
        let (first_key, first_field) = (self.keys.len(), self.fields.len());
        let mut written = 0;
        let mut in_order = true;
        let visited = stack.entries(|stack| {
            let is_array = self.fields.len() == first_field;
            match stack.key() {
                Seen::String(key) if written == 0 && in_order => {
                    let field_start = self.out.len();
                    let key_start = self.keys.len();
                    self.keys.extend_from_slice(key);
                    let key = key_start..self.keys.len();
                    self.key(key.clone());
                    self.value(stack)
                        .map_err(|error| error.under(Step::field(self.keys.get(key.clone()).unwrap_or_default())))?;
                    self.fields.push(Field { key, written: field_start..self.out.len() });
                    Ok(())
                }
                Seen::Number(index) if in_order && is_array && index == to_double(written + 1) => {
                    self.out.push(if written == 0 { b'[' } else { b',' });
                    written += 1;
                    self.value(stack).map_err(|error| error.under(Step::Index(written)))
                }
                Seen::Number(_) if is_array => {
                    in_order = false;
                    Ok(())
                }
                Seen::String(_) | Seen::Number(_) => Err(Problem::Mixed.into()),
                other => Err(EncodeError::from(Problem::Key(kind(other)))),
            }
        })?;
        if !visited {
            return Err(Problem::Vm(mlua::Error::StackError).into());
        }
        if self.fields.len() > first_field {
            self.object(start, first_field);
            self.fields.truncate(first_field);
            self.keys.truncate(first_key);
            return Ok(());
        }
        if !in_order {
            self.out.truncate(start);
            return self.scattered_array(stack);
        }
        self.out.extend_from_slice(if written == 0 { b"[]" } else { b"]" });
        Ok(())
    }

    /// Writes a key out of `keys`.
    fn key(&mut self, key: Range<usize>) {
        let keys = std::mem::take(&mut self.keys);
        self.string(keys.get(key).unwrap_or_default());
        self.keys = keys;
        self.out.push(b':');
    }

    /// Puts an object's fields, which are written from `start` on, into the order of their keys.
    fn object(&mut self, start: usize, first_field: usize) {
        let Encoder { out, ordered, keys, fields, .. } = self;
        let fields = fields.get_mut(first_field..).unwrap_or_default();
        fields.sort_unstable_by(|a, b| keys.get(a.key.clone()).cmp(&keys.get(b.key.clone())));
        ordered.clear();
        let mut separator = b'{';
        for Field { written, .. } in fields {
            ordered.push(separator);
            separator = b',';
            ordered.extend_from_slice(out.get(written.clone()).unwrap_or_default());
        }
        ordered.push(b'}');
        out.truncate(start);
        out.extend_from_slice(ordered);
    }

    /// An array whose members are not stored in order: its keys are all numbers, whichever.
    fn scattered_array(&mut self, stack: &mut Stack) -> Result<(), EncodeError> {
        let mut count = 0_usize;
        let mut largest = 0.0_f64;
        stack.entries(|stack| {
            match stack.key() {
                Seen::Number(index) if index >= 1.0 && index.fract() == 0.0 => largest = largest.max(index),
                _ => return Err(EncodeError::from(Problem::SparseArray)),
            }
            count += 1;
            Ok(())
        })?;
        if largest != to_double(count) {
            return Err(Problem::SparseArray.into());
        }
        let mut separator = b'[';
        for index in 1..=count {
            self.out.push(separator);
            separator = b',';
            stack
                .element(index, |stack| self.value(stack))
                .ok_or_else(|| EncodeError::from(Problem::Vm(mlua::Error::StackError)))?
                .map_err(|error| error.under(Step::Index(index)))?;
        }
        self.out.push(b']');
        Ok(())
    }
}

/// Empties a list. One large value is no reason to keep as much room for ever.
fn restart<T>(list: &mut Vec<T>) {
    list.clear();
    list.shrink_to(MOST_KEPT / size_of::<T>());
}

/// What messages call a value: threads are what people know as coroutines.
fn kind(value: Seen<'_>) -> &'static str {
    match value.type_name() {
        "thread" => "coroutine",
        other => other,
    }
}

#[expect(clippy::cast_precision_loss, reason = "no table has as many elements as a double cannot count")]
fn to_double(count: usize) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use mlua::{Lua, Value};

    use super::encode;

    fn encoded(expression: &str) -> Result<String, String> {
        let lua = Lua::new();
        lua.globals().set("null", Value::NULL).unwrap();
        let value: Value = lua.load(expression).eval().unwrap();
        encode(&lua, &value).map(|bytes| String::from_utf8(bytes).unwrap()).map_err(|error| error.to_string())
    }

    #[test]
    fn writes_what_json_can_hold() {
        let cases = [
            ("nil", "null"),
            ("null", "null"),
            ("true", "true"),
            ("false", "false"),
            ("0", "0"),
            ("-0", "0"),
            ("-17", "-17"),
            ("1e15", "1000000000000000"),
            ("2^53", "9007199254740992"),
            ("-2^53", "-9007199254740992"),
            ("1e20", "100000000000000000000"),
            ("1e21", "1e21"),
            ("1.7976931348623157e308", "1.7976931348623157e308"),
            ("0.1", "0.1"),
            ("1/3", "0.3333333333333333"),
            ("-2.5", "-2.5"),
            ("1e-6", "0.000001"),
            ("1.5e-7", "1.5e-7"),
            ("5e-324", "5e-324"),
            (r#""""#, r#""""#),
            (r#""a\"b\\c/d\n\r\t\8\12\0\31""#, r#""a\"b\\c/d\n\r\t\b\f\u0000\u001f""#),
            (r#""\127""#, "\"\u{7f}\""),
            ("2^62", "4611686018427388000"),
            ("{ 2^62 }", "[4611686018427388000]"),
            (r#""grüße 🐙""#, r#""grüße 🐙""#),
            (r#""\255a\200""#, "\"\u{FFFD}a\u{FFFD}\""),
            ("{}", "[]"),
            ("{ 1, 'b', false, {} }", r#"[1,"b",false,[]]"#),
            ("{ 1, 2, nil }", "[1,2]"),
            ("{ [3] = 'c', [2] = 'b', [1] = 'a' }", r#"["a","b","c"]"#),
            ("{ [2] = { 1 }, [1] = { a = 1 } }", r#"[{"a":1},[1]]"#),
            ("{ b = 1, a = { c = {} }, B = 'x', [''] = 0 }", r#"{"":0,"B":"x","a":{"c":[]},"b":1}"#),
            (r#"{ ["1"] = true, ["a\"b"] = 1 }"#, r#"{"1":true,"a\"b":1}"#),
            ("setmetatable({ 1 }, { __index = { 1, 2 }, __len = function() return 9 end })", "[1]"),
            ("(function() local shared = { 1 } return { a = shared, b = shared } end)()", r#"{"a":[1],"b":[1]}"#),
        ];
        for (expression, json) in cases {
            assert_eq!(encoded(expression), Ok(json.to_owned()), "{expression}");
        }
    }

    #[test]
    fn names_what_it_cannot_write_and_where_that_is() {
        let cases = [
            ("print", "cannot encode a function at result"),
            ("{ users = { { }, { callback = print } } }", "cannot encode a function at result.users[2].callback"),
            ("{ coroutine.create(print) }", "cannot encode a coroutine at result[1]"),
            ("{ ['not a name'] = newproxy() }", r#"cannot encode a userdata at result["not a name"]"#),
            ("{ a = 0/0 }", "cannot encode NaN, which is not a number in JSON, at result.a"),
            ("{ 1, -1/0 }", "cannot encode infinity, which is not a number in JSON, at result[2]"),
            ("{ 1, nil, 3 }", "cannot encode a sparse array (number keys must be 1 to n without gaps) at result"),
            ("{ [0] = 1 }", "cannot encode a sparse array (number keys must be 1 to n without gaps) at result"),
            (
                "{ a = { [-1] = 1 } }",
                "cannot encode a sparse array (number keys must be 1 to n without gaps) at result.a",
            ),
            ("{ [1.5] = 1 }", "cannot encode a sparse array (number keys must be 1 to n without gaps) at result"),
            ("{ 1, 2, a = 3 }", "cannot encode a table with both number and string keys at result"),
            ("{ a = 3, [7] = 2 }", "cannot encode a table with both number and string keys at result"),
            ("{ a = 3, [1.5] = 2 }", "cannot encode a table with both number and string keys at result"),
            ("{ [true] = 2 }", "cannot encode a table with a key that is a boolean at result"),
            (
                "(function() local t = {} t.a = { t } return t end)()",
                "cannot encode a table that contains itself at result.a[1]",
            ),
        ];
        for (expression, message) in cases {
            assert_eq!(encoded(expression), Err(message.to_owned()), "{expression}");
        }
        let long = encoded("{ [('k'):rep(100)] = print }").unwrap_err();
        assert_eq!(long, format!("cannot encode a function at result[\"{}\"…]", "k".repeat(64)));
    }

    #[test]
    fn an_object_may_have_any_number_of_fields() {
        let json = encoded("(function() local t = {} for i = 1, 100000 do t['k' .. i] = 'v' .. i end return t end)()");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&json.unwrap()).unwrap()["k100000"], "v100000");
    }

    #[test]
    fn bounds_the_depth() {
        let nested =
            |depth| format!("(function() local t = {{}} for _ = 2, {depth} do t = {{ t }} end return t end)()");
        assert_eq!(encoded(&nested(127)), Ok(format!("{}{}", "[".repeat(127), "]".repeat(127))));
        let error = encoded(&nested(128)).unwrap_err();
        assert!(error.starts_with("cannot encode tables nested deeper than 127 at result[1]"), "{error}");
    }
}
