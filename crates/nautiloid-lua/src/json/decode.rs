//! JSON to Lua values.

use std::fmt;

use mlua::{Lua, LuaString, Value};
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// Reads one JSON text.
///
/// `null` is nil: it leaves a hole in an array and nothing in an object. A number is the nearest double. Of an object's
/// equal keys the last one counts.
///
/// # Errors
///
/// Text that is not JSON, is not UTF-8, is followed by something else or nests deeper than 127; the message ends with
/// the line and column.
pub(crate) fn decode(lua: &Lua, text: &[u8]) -> Result<Value, DecodeError> {
    let mut deserializer = serde_json::Deserializer::from_slice(text);
    let value = Builder(lua).deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(value)
}

/// `cannot decode JSON: expected value at line 1 column 7`
#[derive(Debug, thiserror::Error)]
#[error("cannot decode JSON: {0}")]
pub(crate) struct DecodeError(#[from] serde_json::Error);

/// Makes a value of whatever comes.
struct Builder<'a>(&'a Lua);

impl<'de> DeserializeSeed<'de> for Builder<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Builder<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Nil)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Boolean(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        #[expect(clippy::cast_precision_loss, reason = "Lua has doubles only")]
        Ok(Value::Number(value as f64))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        #[expect(clippy::cast_precision_loss, reason = "Lua has doubles only")]
        Ok(Value::Number(value as f64))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Value::Number(value))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        self.0.create_string(value).map(Value::String).map_err(E::custom)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let table = self.0.create_table().map_err(A::Error::custom)?;
        let mut index = 0;
        while let Some(member) = members.next_element_seed(Builder(self.0))? {
            index += 1;
            if !member.is_nil() {
                table.raw_set(index, member).map_err(A::Error::custom)?;
            }
        }
        Ok(Value::Table(table))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Value, A::Error> {
        let table = self.0.create_table().map_err(A::Error::custom)?;
        while let Some(key) = fields.next_key_seed(Key(self.0))? {
            let value = fields.next_value_seed(Builder(self.0))?;
            // A nil too, since it may follow an equal key.
            table.raw_set(key, value).map_err(A::Error::custom)?;
        }
        Ok(Value::Table(table))
    }
}

/// Makes a string of an object's key.
struct Key<'a>(&'a Lua);

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = LuaString;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<LuaString, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Key<'_> {
    type Value = LuaString;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<LuaString, E> {
        self.0.create_string(value).map_err(E::custom)
    }
}

#[cfg(test)]
mod tests {
    use mlua::Lua;

    use super::decode;

    /// Runs `condition` on the decoded value, as `v`.
    fn holds(json: &str, condition: &str) -> bool {
        let lua = Lua::new();
        let value = decode(&lua, json.as_bytes()).unwrap_or_else(|error| panic!("{json}: {error}"));
        lua.globals().set("v", value).unwrap();
        lua.load(format!("return {condition}")).eval().unwrap()
    }

    #[test]
    fn reads_every_kind_of_value() {
        let cases = [
            ("null", "v == nil"),
            (" true\n", "v == true"),
            ("false", "v == false"),
            ("0", "v == 0"),
            ("-12.5e1", "v == -125"),
            ("0.1", "v == 0.1"),
            ("9007199254740993", "v == 2^53"),
            ("18446744073709551615", "v == 2^64"),
            ("123456789012345678901234567890", "v == 123456789012345678901234567890"),
            ("-9223372036854775808", "v == -2^63"),
            (r#""a\u0000\n\ud83d\udc19ü""#, r#"v == "a\0\n🐙ü""#),
            ("[]", "type(v) == 'table' and next(v) == nil"),
            ("{}", "type(v) == 'table' and next(v) == nil"),
            ("[1, null, \"c\", null]", "v[1] == 1 and v[2] == nil and v[3] == 'c' and v[4] == nil"),
            (r#"{"a": {"b": [true]}, "c": null, "": 1}"#, "v.a.b[1] == true and v.c == nil and v[''] == 1"),
            (r#"{"a": 1, "a": 2, "b": 1, "b": null}"#, "v.a == 2 and v.b == nil"),
            (r#"{"1": "x"}"#, "v['1'] == 'x' and v[1] == nil"),
        ];
        for (json, condition) in cases {
            assert!(holds(json, condition), "{json}: {condition}");
        }
    }

    #[test]
    fn says_where_the_text_is_wrong() {
        let lua = Lua::new();
        let deep = "[".repeat(128);
        let cases: [(&[u8], &str); 9] = [
            (b"", "cannot decode JSON: EOF while parsing a value at line 1 column 0"),
            (b"[1,\n 2", "cannot decode JSON: EOF while parsing a list at line 2 column 2"),
            (b"{} x", "cannot decode JSON: trailing characters at line 1 column 4"),
            (b"1 2", "cannot decode JSON: trailing characters at line 1 column 3"),
            (b"{'a': 1}", "cannot decode JSON: key must be a string at line 1 column 2"),
            (b"[1,]", "cannot decode JSON: trailing comma at line 1 column 4"),
            (b"1e999", "cannot decode JSON: number out of range at line 1 column 5"),
            (b"\"\xff\"", "cannot decode JSON: invalid unicode code point at line 1 column 2"),
            (deep.as_bytes(), "cannot decode JSON: recursion limit exceeded at line 1 column 128"),
        ];
        for (json, message) in cases {
            let error = decode(&lua, json).unwrap_err().to_string();
            assert_eq!(error, message, "{:?}", String::from_utf8_lossy(json));
        }
    }

    #[test]
    fn a_vm_without_memory_is_an_error() {
        let lua = Lua::new();
        lua.set_memory_limit(lua.used_memory() + 100_000).unwrap();
        let json = format!("[{:?}]", "x".repeat(1_000_000));
        let error = decode(&lua, json.as_bytes()).unwrap_err().to_string();
        assert!(error.contains("memory"), "{error}");
    }
}
