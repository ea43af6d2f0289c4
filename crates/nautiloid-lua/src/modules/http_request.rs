//! `nauthilus_http_request`: what the client sent.

use http::HeaderMap;
use mlua::{Lua, Table};
use percent_encoding::percent_decode;

use crate::arguments::Raise;
use crate::declarations::{Declaration, DeclaredModule, Type, required};
use crate::exchange::{Exchange, HookRequest};
use crate::module::{Binder, Module};

pub(super) const DECLARED: DeclaredModule = DeclaredModule {
    name: "nauthilus_http_request",
    summary: "What the client sent; outside a hook every function raises an error.",
    functions: &[METHOD, PATH, QUERY_PARAM, HEADER, ALL_HEADERS, BODY],
    constants: Vec::new,
};

const METHOD: Declaration = Declaration::new("get_http_method", &[], "Gives the method of the request.")
    .gives(&[Type::String], "`\"GET\"`, `\"POST\"`, …");

const PATH: Declaration = Declaration::new("get_http_path", &[], "Gives the path of the request.")
    .gives(&[Type::String], "the path, as it was sent");

const QUERY_PARAM: Declaration = Declaration::new(
    "get_http_query_param",
    &[required("name", Type::TEXT)],
    "Gives the first value of a query parameter.",
)
.gives(&[Type::OneOf(&[Type::String, Type::Nil])], "the value, decoded; nil when there is none");

const HEADER: Declaration = Declaration::new(
    "get_http_request_header",
    &[required("name", Type::TEXT)],
    "Gives the values of a header, in the order they came.",
)
.gives(&[Type::Array(&Type::String)], "an array of strings, empty when there is none");

const ALL_HEADERS: Declaration = Declaration::new("get_all_http_request_headers", &[], "Gives every header.").gives(
    &[Type::Map(&Type::String, &Type::Array(&Type::String))],
    "a table name → array of values, the names in lower case",
);

const BODY: Declaration = Declaration::new("get_http_request_body", &[], "Gives the body of the request.")
    .gives(&[Type::String], "the body, any bytes; `\"\"` when there is none");

pub(super) fn module(binder: &Binder) -> mlua::Result<Module> {
    let module = binder.module(DECLARED.name)?;
    binder.direct_in_request(&module, METHOD, |lua, exchange, _| {
        Ok(lua.create_string(request(exchange)?.parts.method.as_str())?)
    })?;
    binder.direct_in_request(&module, PATH, |lua, exchange, _| {
        Ok(lua.create_string(request(exchange)?.parts.uri.path())?)
    })?;
    binder.direct_in_request(&module, QUERY_PARAM, |lua, exchange, arguments| {
        let name = arguments.text(0)?;
        let query = request(exchange)?.parts.uri.query().unwrap_or_default();
        query_parameter(query.as_bytes(), name.as_bytes()).map(|value| Ok(lua.create_string(value)?)).transpose()
    })?;
    binder.direct_in_request(&module, HEADER, |lua, exchange, arguments| {
        let name = arguments.text(0)?;
        // A name that no header can have is simply not there.
        let values = match std::str::from_utf8(name.as_bytes()) {
            Ok(name) => header_values(lua, &request(exchange)?.parts.headers, name)?,
            Err(_) => lua.create_table()?,
        };
        Ok(values)
    })?;
    binder.direct_in_request(&module, ALL_HEADERS, |lua, exchange, _| {
        let headers = &request(exchange)?.parts.headers;
        let all = lua.create_table_with_capacity(0, headers.keys_len())?;
        for name in headers.keys() {
            all.raw_set(name.as_str(), header_values(lua, headers, name.as_str())?)?;
        }
        Ok(all)
    })?;
    binder.direct_in_request(&module, BODY, |lua, exchange, _| Ok(lua.create_string(&request(exchange)?.body)?))?;
    Ok(module)
}

fn request(exchange: &Exchange) -> Result<&HookRequest, Raise> {
    exchange.request.as_ref().ok_or_else(|| Raise::Message("there is no HTTP request outside a hook".to_owned()))
}

/// The values of a header in the order they came; names are compared without case.
fn header_values(lua: &Lua, headers: &HeaderMap, name: &str) -> mlua::Result<Table> {
    lua.create_sequence_from(
        headers
            .get_all(name)
            .iter()
            .map(|value| lua.create_string(value.as_bytes()))
            .collect::<mlua::Result<Vec<_>>>()?,
    )
}

/// The first value of a parameter, decoded: `+` is a space and `%41` is `A`, as in HTML forms.
fn query_parameter(query: &[u8], name: &[u8]) -> Option<Vec<u8>> {
    query.split(|&b| b == b'&').find_map(|pair| {
        let mut halves = pair.splitn(2, |&b| b == b'=');
        let key = halves.next().unwrap_or_default();
        (decode(key) == name).then(|| decode(halves.next().unwrap_or_default()))
    })
}

fn decode(text: &[u8]) -> Vec<u8> {
    let spaced: Vec<u8> = text.iter().map(|&b| if b == b'+' { b' ' } else { b }).collect();
    percent_decode(&spaced).collect()
}

#[cfg(test)]
mod tests {
    use super::query_parameter;

    #[test]
    fn query_parameters() {
        let query = b"a=1&b=x+y%26z&empty=&flag&a=2&%63=3";
        for (name, value) in [("a", "1"), ("b", "x y&z"), ("empty", ""), ("flag", ""), ("c", "3")] {
            assert_eq!(query_parameter(query, name.as_bytes()).as_deref(), Some(value.as_bytes()), "{name}");
        }
        assert_eq!(query_parameter(query, b"missing"), None);
    }
}
