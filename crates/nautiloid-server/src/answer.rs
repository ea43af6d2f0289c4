//! The responses that no script writes. Their bodies are static, so that refusing costs next to nothing, and they tell
//! a client nothing about the inside: the reason is in the log.

use bytes::Bytes;
use http::header::{ALLOW, CONNECTION, CONTENT_TYPE};
use http::{HeaderValue, Response, StatusCode};
use http_body_util::Full;

/// A response as the workers send it: the body is in memory and whole.
pub(crate) type Answer = Response<Full<Bytes>>;

/// `GET /ping`
pub(crate) fn pong() -> Answer {
    plain(StatusCode::OK, "text/plain; charset=utf-8", "pong")
}

/// Nothing is at this path.
pub(crate) fn not_found() -> Answer {
    json(StatusCode::NOT_FOUND, r#"{"error":"not found"}"#)
}

/// The path has no hook for this method, but for those in `allow`.
pub(crate) fn method_not_allowed(allow: &HeaderValue) -> Answer {
    let mut answer = json(StatusCode::METHOD_NOT_ALLOWED, r#"{"error":"method not allowed"}"#);
    answer.headers_mut().insert(ALLOW, allow.clone());
    answer
}

/// The body is larger than `max_body_size`. What is left of it is not read, so the connection ends here.
pub(crate) fn too_large() -> Answer {
    last(json(StatusCode::PAYLOAD_TOO_LARGE, r#"{"error":"request body too large"}"#))
}

/// The body stopped coming.
pub(crate) fn timed_out() -> Answer {
    last(json(StatusCode::REQUEST_TIMEOUT, r#"{"error":"timeout while reading the request body"}"#))
}

/// The body is not what its headers promised.
pub(crate) fn bad_body() -> Answer {
    last(json(StatusCode::BAD_REQUEST, r#"{"error":"malformed request body"}"#))
}

/// A hook failed.
pub(crate) fn internal_error() -> Answer {
    json(StatusCode::INTERNAL_SERVER_ERROR, r#"{"error":"internal server error"}"#)
}

fn json(status: StatusCode, body: &'static str) -> Answer {
    plain(status, "application/json", body)
}

fn plain(status: StatusCode, content_type: &'static str, body: &'static str) -> Answer {
    let mut answer = Response::new(Full::new(Bytes::from_static(body.as_bytes())));
    *answer.status_mut() = status;
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    answer
}

fn last(mut answer: Answer) -> Answer {
    answer.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    answer
}
