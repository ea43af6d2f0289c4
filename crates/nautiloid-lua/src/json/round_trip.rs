//! What is encoded reads back as the same.

use mlua::{Lua, Value};
use proptest::prelude::*;

use super::{decode, encode};

/// A value that survives the way to JSON and back: no nil inside, and no empty object, which Lua cannot tell from an
/// empty array.
#[derive(Debug, Clone)]
enum Sample {
    Nil,
    Boolean(bool),
    Number(f64),
    Text(String),
    Array(Vec<Sample>),
    Object(Vec<(String, Sample)>),
}

impl Sample {
    fn to_lua(&self, lua: &Lua) -> Value {
        match self {
            Sample::Nil => Value::Nil,
            Sample::Boolean(value) => Value::Boolean(*value),
            Sample::Number(value) => Value::Number(*value),
            Sample::Text(value) => Value::String(lua.create_string(value).unwrap()),
            Sample::Array(members) => {
                let members = members.iter().map(|member| member.to_lua(lua));
                Value::Table(lua.create_sequence_from(members).unwrap())
            }
            Sample::Object(fields) => {
                let fields = fields.iter().map(|(key, value)| (key.as_str(), value.to_lua(lua)));
                Value::Table(lua.create_table_from(fields).unwrap())
            }
        }
    }
}

/// The same value, tables by what they hold.
fn same(a: &Value, b: &Value) -> bool {
    let (Value::Table(a), Value::Table(b)) = (a, b) else {
        return a == b;
    };
    let within = |a: &mlua::Table, b: &mlua::Table| {
        a.pairs::<Value, Value>().all(|pair| {
            let (key, value) = pair.unwrap();
            same(&value, &b.raw_get(key).unwrap())
        })
    };
    within(a, b) && within(b, a)
}

fn leaf() -> impl Strategy<Value = Sample> {
    prop_oneof![
        any::<bool>().prop_map(Sample::Boolean),
        (proptest::num::f64::NORMAL | proptest::num::f64::SUBNORMAL | proptest::num::f64::ZERO)
            .prop_map(Sample::Number),
        any::<i64>().prop_map(|n| Sample::Number(n as f64)),
        any::<i16>().prop_map(|n| Sample::Number(f64::from(n))),
        any::<String>().prop_map(Sample::Text),
    ]
}

fn sample() -> impl Strategy<Value = Sample> {
    let inner = leaf().prop_recursive(5, 64, 8, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(Sample::Array),
            prop::collection::vec((any::<String>(), inner), 1..8).prop_map(Sample::Object),
        ]
    });
    prop_oneof![1 => Just(Sample::Nil), 20 => inner]
}

proptest! {
    #[test]
    fn encoded_values_read_back_the_same(sample in sample()) {
        let lua = Lua::new();
        let value = sample.to_lua(&lua);
        let json = encode(&lua, &value).unwrap();
        let back = decode(&lua, &json).unwrap();
        prop_assert!(same(&value, &back), "{}", String::from_utf8_lossy(&json));
        // And the text is settled: the same value always has the same one.
        prop_assert_eq!(encode(&lua, &back).unwrap(), json);
    }

    #[test]
    fn every_text_is_read_or_refused(text in any::<Vec<u8>>()) {
        let lua = Lua::new();
        if let Ok(value) = decode(&lua, &text) {
            // A number out of a text is finite, and holes are the one thing that is not written again.
            let _ = encode(&lua, &value);
        }
    }
}
