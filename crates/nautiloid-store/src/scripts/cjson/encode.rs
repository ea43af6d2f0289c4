//! A Lua value as JSON.

use mlua::{Lua, LuaString, Table, Value};
use nautiloid_resp::general;

use super::MAX_DEPTH;

/// Significant digits of a number.
const PRECISION: usize = 14;
/// A table with an index above this, and more than [`SPARSE_RATIO`] places an item, is no array.
const SPARSE_SAFE: usize = 10;
const SPARSE_RATIO: usize = 2;

/// The text, or `nil` and why not.
pub(in crate::scripts) fn encode(lua: &Lua, value: &Value) -> mlua::Result<(Option<LuaString>, Option<String>)> {
    let mut out = Vec::new();
    match append(&mut out, value, 0) {
        Ok(()) => Ok((Some(lua.create_string(&out)?), None)),
        Err(failure) => Ok((None, Some(failure))),
    }
}

fn append(out: &mut Vec<u8>, value: &Value, depth: usize) -> Result<(), String> {
    match value {
        Value::Nil => out.extend_from_slice(b"null"),
        value if value.is_null() => out.extend_from_slice(b"null"),
        Value::Boolean(true) => out.extend_from_slice(b"true"),
        Value::Boolean(false) => out.extend_from_slice(b"false"),
        Value::Integer(n) => append_number(out, *n as f64)?,
        Value::Number(n) => append_number(out, *n)?,
        Value::String(text) => append_string(out, &text.as_bytes()),
        Value::Table(_) if depth == MAX_DEPTH => {
            return Err(format!("Cannot serialise, excessive nesting ({})", depth + 1));
        }
        Value::Table(table) => match array_length(table)? {
            0 => append_object(out, table, depth + 1)?,
            length => append_array(out, table, length, depth + 1)?,
        },
        other => return Err(cannot(other, "type not supported")),
    }
    Ok(())
}

fn cannot(value: &Value, why: &str) -> String {
    let kind = match value {
        Value::LightUserData(_) => "userdata",
        other => other.type_name(),
    };
    format!("Cannot serialise {kind}: {why}")
}

/// The highest index when all keys are indices of an array that is not sparse; otherwise 0.
fn array_length(table: &Table) -> Result<usize, String> {
    let (mut highest, mut items) = (0, 0);
    let all = table.for_each(|key: Value, _: bool| {
        // Any error will do: it ends the walk.
        highest = highest.max(index(&key).ok_or_else(|| mlua::Error::runtime("not an index"))?);
        items += 1;
        Ok(())
    });
    if all.is_err() {
        return Ok(0);
    }
    if highest > SPARSE_SAFE && highest > items * SPARSE_RATIO {
        return Err("Cannot serialise table: excessively sparse array".into());
    }
    Ok(highest)
}

fn index(key: &Value) -> Option<usize> {
    match key {
        Value::Integer(n) if *n >= 1 => usize::try_from(*n).ok(),
        _ => None,
    }
}

fn append_array(out: &mut Vec<u8>, table: &Table, length: usize, depth: usize) -> Result<(), String> {
    for index in 1..=length {
        out.push(if index == 1 { b'[' } else { b',' });
        append(out, &table.raw_get(index).unwrap_or(Value::Nil), depth)?;
    }
    out.push(b']');
    Ok(())
}

fn append_object(out: &mut Vec<u8>, table: &Table, depth: usize) -> Result<(), String> {
    // First the members and then their values: `for_each` calls from inside the VM, whose C calls nest only so deep.
    let mut members: Vec<(Value, Value)> = Vec::new();
    table
        .for_each(|key, value| {
            members.push((key, value));
            Ok(())
        })
        .map_err(|failure| failure.to_string())?;
    out.push(b'{');
    for (number, (key, value)) in members.iter().enumerate() {
        if number > 0 {
            out.push(b',');
        }
        match key {
            Value::String(text) => append_string(out, &text.as_bytes()),
            Value::Integer(_) | Value::Number(_) => {
                out.push(b'"');
                append(out, key, depth)?;
                out.push(b'"');
            }
            other => return Err(cannot(other, "table key must be a number or string")),
        }
        out.push(b':');
        append(out, value, depth)?;
    }
    out.push(b'}');
    Ok(())
}

fn append_number(out: &mut Vec<u8>, n: f64) -> Result<(), String> {
    if !n.is_finite() {
        return Err("Cannot serialise number: must not be NaN or Inf".into());
    }
    out.extend_from_slice(general(n, PRECISION).as_bytes());
    Ok(())
}

fn append_string(out: &mut Vec<u8>, text: &[u8]) {
    out.push(b'"');
    for &byte in text {
        match byte {
            b'"' | b'\\' | b'/' => out.extend_from_slice(&[b'\\', byte]),
            0x08 => out.extend_from_slice(b"\\b"),
            0x0c => out.extend_from_slice(b"\\f"),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\t' => out.extend_from_slice(b"\\t"),
            0..0x20 | 0x7f => out.extend_from_slice(format!("\\u{byte:04x}").as_bytes()),
            _ => out.push(byte),
        }
    }
    out.push(b'"');
}
