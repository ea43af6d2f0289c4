//! `nauthilus_http_response`: what the client gets.

use bytes::Bytes;
use http::header::MaxSizeReached;
use http::{HeaderName, HeaderValue, StatusCode, header};
use mlua::Value;

use crate::arguments::{Arguments, Raise};
use crate::declarations::{Declaration, DeclaredModule, Type, optional, required};
use crate::exchange::Exchange;
use crate::json;
use crate::module::{Binder, Module};

pub(super) const DECLARED: DeclaredModule = DeclaredModule {
    name: "nauthilus_http_response",
    summary: "What the client gets; the last status and body that were set count.",
    functions: &[SET_HEADER, ADD_HEADER, SET_STATUS, STRING, HTML, JSON],
    constants: status_constants,
};

const SET_HEADER: Declaration = Declaration::new(
    "set_http_response_header",
    &[required("name", Type::TEXT), required("value", Type::TEXT)],
    "Sets a header, replacing what it had.",
);

const ADD_HEADER: Declaration = Declaration::new(
    "add_http_response_header",
    &[required("name", Type::TEXT), required("value", Type::TEXT)],
    "Adds a value to a header.",
);

const SET_STATUS: Declaration =
    Declaration::new("set_http_status", &[required("status", Type::Integer)], "Sets the status, 200 to 599.");

const STRING: Declaration = Declaration::new(
    "string",
    &[required("status", Type::Integer), required("body", Type::TEXT)],
    "Answers with plain text.",
);

const HTML: Declaration =
    Declaration::new("html", &[required("status", Type::Integer), required("body", Type::TEXT)], "Answers with HTML.");

const JSON: Declaration = Declaration::new(
    "json",
    &[required("status", Type::Integer), optional("value", Type::Any)],
    "Answers with a value as JSON.",
);

pub(super) fn module(binder: &Binder) -> mlua::Result<Module> {
    let module = binder.module(DECLARED.name)?;
    for (name, code) in status_constants() {
        module.constant(&name, code)?;
    }
    binder.direct_in_request(&module, SET_HEADER, |_, exchange, arguments| {
        let (name, value) = header(arguments)?;
        exchange.response.borrow_mut().headers.try_insert(name, value).map_err(too_many)?;
        Ok(())
    })?;
    binder.direct_in_request(&module, ADD_HEADER, |_, exchange, arguments| {
        let (name, value) = header(arguments)?;
        exchange.response.borrow_mut().headers.try_append(name, value).map_err(too_many)?;
        Ok(())
    })?;
    binder.direct_in_request(&module, SET_STATUS, |_, exchange, arguments| {
        exchange.response.borrow_mut().status = Some(status(arguments)?);
        Ok(())
    })?;
    binder.direct_in_request(&module, STRING, |_, exchange, arguments| {
        write(exchange, arguments, "text/plain; charset=utf-8", arguments.text(1)?.as_bytes().to_vec())
    })?;
    binder.direct_in_request(&module, HTML, |_, exchange, arguments| {
        write(exchange, arguments, "text/html; charset=utf-8", arguments.text(1)?.as_bytes().to_vec())
    })?;
    binder.direct_in_request(&module, JSON, |lua, exchange, arguments| {
        let body = json::encode(lua, arguments.get(1).unwrap_or(&Value::Nil))
            .map_err(|error| arguments.bad(1, &error.to_string()))?;
        write(exchange, arguments, "application/json", body)
    })?;
    Ok(module)
}

/// `STATUS_OK`, `STATUS_NOT_FOUND`, …: every status that has a standard name.
fn status_constants() -> Vec<(String, u16)> {
    (100..600)
        .filter_map(|code| {
            let reason = StatusCode::from_u16(code).ok()?.canonical_reason()?;
            let letters = reason.chars().filter(|c| *c != '\'');
            let name: String =
                letters.map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' }).collect();
            Some((format!("STATUS_{name}"), code))
        })
        .collect()
}

fn write(
    exchange: &Exchange,
    arguments: &Arguments<'_>,
    content_type: &'static str,
    body: Vec<u8>,
) -> Result<(), Raise> {
    let status = status(arguments)?;
    let mut response = exchange.response.borrow_mut();
    response.status = Some(status);
    response.content_type(content_type).map_err(too_many)?;
    response.body = Some(Bytes::from(body));
    Ok(())
}

fn too_many(_: MaxSizeReached) -> Raise {
    Raise::Message("the response has too many headers".to_owned())
}

fn status(arguments: &Arguments<'_>) -> Result<StatusCode, Raise> {
    // 1xx is no final answer, and the connection would wait for one.
    u16::try_from(arguments.integer(0)?)
        .ok()
        .filter(|code| (200..=599).contains(code))
        .and_then(|code| StatusCode::from_u16(code).ok())
        .ok_or_else(|| arguments.bad(0, "a status from 200 to 599 expected"))
}

/// Headers that describe the framing of the message, which is the server's to decide.
const RESERVED: [HeaderName; 4] =
    [header::CONTENT_LENGTH, header::TRANSFER_ENCODING, header::CONNECTION, header::UPGRADE];

fn header(arguments: &Arguments<'_>) -> Result<(HeaderName, HeaderValue), Raise> {
    let name = HeaderName::from_bytes(arguments.text(0)?.as_bytes())
        .map_err(|_| arguments.bad(0, "not the name of a header"))?;
    if RESERVED.contains(&name) {
        return Err(arguments.bad(0, &format!("the server sets {name} by itself")));
    }
    let value = HeaderValue::from_bytes(arguments.text(1)?.as_bytes())
        .map_err(|_| arguments.bad(1, "a header's value cannot hold line breaks or other control characters"))?;
    Ok((name, value))
}
