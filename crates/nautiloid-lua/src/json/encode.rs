//! Lua values to JSON.

use std::ffi::c_void;
use std::io::Write as _;
use std::ops::Range;

use mlua::{Table, Value};

use super::encode_error::{DEEPEST, EncodeError, Problem, Step};

/// Integers up to here have no gaps among doubles: 2^53.
const LARGEST_EXACT: u64 = 1 << 53;

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
pub(crate) fn encode(value: &Value) -> Result<Vec<u8>, EncodeError> {
    let mut encoder = Encoder { out: Vec::with_capacity(128), open: Vec::new() };
    encoder.value(value)?;
    Ok(encoder.out)
}

/// A field of an object: its key, and where in the output key and value are. No values of Lua are kept for it, of which
/// a VM can lend only some ten thousands at a time.
type Field = (Vec<u8>, Range<usize>);

struct Encoder {
    out: Vec<u8>,
    /// The tables that the value being written is in. Compared by address, which holds as long as they are referenced
    /// from the value at the root.
    open: Vec<*const c_void>,
}

impl Encoder {
    fn value(&mut self, value: &Value) -> Result<(), EncodeError> {
        match value {
            Value::Nil => self.out.extend_from_slice(b"null"),
            Value::LightUserData(pointer) if pointer.0.is_null() => self.out.extend_from_slice(b"null"),
            Value::Boolean(true) => self.out.extend_from_slice(b"true"),
            Value::Boolean(false) => self.out.extend_from_slice(b"false"),
            Value::Integer(n) if n.unsigned_abs() <= LARGEST_EXACT => self.integer(*n),
            // Of a double no more digits than it has, whichever way mlua gives it.
            #[expect(clippy::cast_precision_loss, reason = "a number of LuaJIT is a double to begin with")]
            Value::Integer(n) => self.number(*n as f64)?,
            Value::Number(n) => self.number(*n)?,
            Value::String(s) => self.string(&s.as_bytes()),
            Value::Table(table) => self.table(table)?,
            Value::Function(_) => return Err(Problem::Type("function").into()),
            Value::Thread(_) => return Err(Problem::Type("coroutine").into()),
            _ => return Err(Problem::Type("userdata").into()),
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
        let text = String::from_utf8_lossy(bytes);
        let start = self.out.len();
        if serde_json::to_writer(&mut self.out, &text).is_err() {
            // A write into memory does not fail; were it to, the answer must still be JSON.
            self.out.truncate(start);
            self.out.extend_from_slice(b"\"\"");
        }
    }

    fn table(&mut self, table: &Table) -> Result<(), EncodeError> {
        let address = table.to_pointer();
        if self.open.contains(&address) {
            return Err(Problem::Cycle.into());
        }
        if self.open.len() == DEEPEST {
            return Err(Problem::TooDeep.into());
        }
        self.open.push(address);
        self.opened_table(table)?;
        self.open.pop();
        Ok(())
    }

    /// Takes the table for what its first key says, in the one pass that this needs when it is true. LuaJIT gives the
    /// keys of a table's array part first and in order, so that an array nearly always is written in that pass.
    fn opened_table(&mut self, table: &Table) -> Result<(), EncodeError> {
        let start = self.out.len();
        let mut written = 0;
        let mut in_order = true;
        let mut fields: Vec<Field> = Vec::new();
        each(table, |key, value| match key {
            Value::String(key) if written == 0 && in_order => {
                let key = key.as_bytes();
                let start = self.out.len();
                self.string(&key);
                self.out.push(b':');
                self.value(&value).map_err(|error| error.under(Step::field(&key)))?;
                fields.push((key.to_vec(), start..self.out.len()));
                Ok(())
            }
            Value::Integer(index) if in_order && fields.is_empty() && usize::try_from(index) == Ok(written + 1) => {
                self.out.push(if written == 0 { b'[' } else { b',' });
                written += 1;
                self.value(&value).map_err(|error| error.under(Step::Index(written)))
            }
            Value::Integer(_) | Value::Number(_) if fields.is_empty() => {
                in_order = false;
                Ok(())
            }
            Value::String(_) | Value::Integer(_) | Value::Number(_) => Err(Problem::Mixed.into()),
            Value::Boolean(_) => Err(Problem::Key("boolean").into()),
            Value::Table(_) => Err(Problem::Key("table").into()),
            Value::Function(_) => Err(Problem::Key("function").into()),
            Value::Thread(_) => Err(Problem::Key("coroutine").into()),
            _ => Err(Problem::Key("userdata").into()),
        })?;
        if !fields.is_empty() {
            self.object(start, fields);
            return Ok(());
        }
        if !in_order {
            self.out.truncate(start);
            return self.scattered_array(table);
        }
        self.out.extend_from_slice(if written == 0 { b"[]" } else { b"]" });
        Ok(())
    }

    /// Puts an object's fields, which are written from `start` on, into the order of their keys.
    fn object(&mut self, start: usize, mut fields: Vec<Field>) {
        fields.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
        let written = self.out.split_off(start);
        let mut separator = b'{';
        for (_, place) in fields {
            self.out.push(separator);
            separator = b',';
            self.out.extend(written.get(place.start - start..place.end - start).unwrap_or_default());
        }
        self.out.push(b'}');
    }

    /// An array whose members are not stored in order: its keys are all numbers, whichever.
    fn scattered_array(&mut self, table: &Table) -> Result<(), EncodeError> {
        let mut count = 0_usize;
        let mut largest = 0;
        each(table, |key, _| {
            match key {
                Value::Integer(index) if index >= 1 => largest = largest.max(index),
                _ => return Err(Problem::SparseArray.into()),
            }
            count += 1;
            Ok(())
        })?;
        if usize::try_from(largest) != Ok(count) {
            return Err(Problem::SparseArray.into());
        }
        let mut separator = b'[';
        for index in 1..=count {
            let value: Value = table.raw_get(index).map_err(Problem::Vm)?;
            self.out.push(separator);
            separator = b',';
            self.value(&value).map_err(|error| error.under(Step::Index(index)))?;
        }
        self.out.push(b']');
        Ok(())
    }
}

/// Visits all keys and values of a table, without its metamethods.
fn each(table: &Table, mut visit: impl FnMut(Value, Value) -> Result<(), EncodeError>) -> Result<(), EncodeError> {
    let mut stopped = None;
    let end = table.for_each(|key: Value, value: Value| {
        visit(key, value).map_err(|error| {
            stopped = Some(error);
            // Only ends the loop; `stopped` has the reason.
            mlua::Error::StackError
        })
    });
    match (stopped, end) {
        (Some(error), _) => Err(error),
        (None, Err(error)) => Err(Problem::Vm(error).into()),
        (None, Ok(())) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use mlua::{Lua, Value};

    use super::encode;

    fn encoded(expression: &str) -> Result<String, String> {
        let lua = Lua::new();
        lua.globals().set("null", Value::NULL).unwrap();
        let value: Value = lua.load(expression).eval().unwrap();
        encode(&value).map(|bytes| String::from_utf8(bytes).unwrap()).map_err(|error| error.to_string())
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
