//! The benchmark's hooks: what `../nautiloid/*.lua` do, by hand.

use std::rc::Rc;

use anyhow::Result;
use bytes::{BufMut, Bytes, BytesMut};
use http::{HeaderValue, Request, Response, StatusCode, header};
use http_body_util::Full;

use crate::redis::{Redis, Reply};

/// The commands of `mix`, in order.
const MIX: [&[&str]; 6] = [
    &["INCR", "bench:count"],
    &["HSET", "bench:session", "seen", "yes"],
    &["EXPIRE", "bench:session", "3600"],
    &["HGETALL", "bench:session"],
    &["SADD", "bench:members", "ann"],
    &["SCARD", "bench:members"],
];

/// What `../nautiloid/script.lua` uploads.
const SCRIPT: &str = include_str!("../../shared/script.redis.lua");

pub(crate) struct Hooks {
    redis: Rc<Redis>,
    sha1: Bytes,
}

impl Hooks {
    pub(crate) async fn new(redis: Rc<Redis>) -> Result<Self> {
        let reply = redis.send(&encode(&["SCRIPT", "LOAD", SCRIPT])).await;
        let Reply::Text(sha1) = reply else { anyhow::bail!("SCRIPT LOAD gave {reply:?}") };
        Ok(Hooks { redis, sha1 })
    }

    pub(crate) async fn answer<B>(&self, request: &Request<B>) -> Response<Full<Bytes>> {
        let mut body = BytesMut::with_capacity(64);
        match request.uri().path().strip_prefix("/api/v1/custom/") {
            Some("hello") => body.put_slice(b"{\"hello\":\"world\"}"),
            Some("get") => {
                let reply = self.redis.send(&encode(&["GET", "bench:value"])).await;
                body.put_slice(b"{\"value\":");
                write_text(&mut body, &reply);
                body.put_slice(b"}");
            }
            Some("mix") => {
                let mut replies = Vec::with_capacity(MIX.len());
                for command in MIX {
                    replies.push(self.redis.send(&encode(command)).await);
                }
                write_mix(&mut body, &replies);
            }
            Some("pipe") => {
                let mut commands = BytesMut::with_capacity(256);
                MIX.iter().for_each(|command| encode_to(&mut commands, command));
                write_mix(&mut body, &self.redis.send_all(&commands, MIX.len()).await);
            }
            Some("script") => {
                let sha1 = std::str::from_utf8(&self.sha1).unwrap_or_default();
                let reply = self.redis.send(&encode(&["EVALSHA", sha1, "1", "bench:limit", "60"])).await;
                body.put_slice(b"{\"counted\":");
                body.put_slice(if matches!(reply, Reply::Integer(1..)) { b"true" } else { b"false" });
                body.put_slice(b"}");
            }
            _ => {
                let mut response = Response::new(Full::default());
                *response.status_mut() = StatusCode::NOT_FOUND;
                return response;
            }
        }
        let mut response = Response::new(Full::new(body.freeze()));
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        response
    }
}

fn encode(command: &[&str]) -> BytesMut {
    let mut out = BytesMut::with_capacity(128);
    encode_to(&mut out, command);
    out
}

fn encode_to(out: &mut BytesMut, command: &[&str]) {
    let mut digits = itoa::Buffer::new();
    out.put_u8(b'*');
    out.put_slice(digits.format(command.len()).as_bytes());
    out.put_slice(b"\r\n");
    for argument in command {
        out.put_u8(b'$');
        out.put_slice(digits.format(argument.len()).as_bytes());
        out.put_slice(b"\r\n");
        out.put_slice(argument.as_bytes());
        out.put_slice(b"\r\n");
    }
}

/// The values of the benchmark need no escapes.
fn write_text(body: &mut BytesMut, reply: &Reply) {
    body.put_u8(b'"');
    if let Reply::Text(text) = reply {
        body.put_slice(text);
    }
    body.put_u8(b'"');
}

fn write_mix(body: &mut BytesMut, replies: &[Reply]) {
    let [Reply::Integer(count), _, _, Reply::Array(session), _, Reply::Integer(members)] = replies else { return };
    body.put_slice(b"{\"counted\":");
    body.put_slice(if *count > 0 { b"true" } else { b"false" });
    body.put_slice(b",\"session\":{");
    for (i, pair) in session.chunks_exact(2).enumerate() {
        if i > 0 {
            body.put_u8(b',');
        }
        write_text(body, &pair[0]);
        body.put_u8(b':');
        write_text(body, &pair[1]);
    }
    body.put_slice(b"},\"members\":");
    body.put_slice(itoa::Buffer::new().format(*members).as_bytes());
    body.put_u8(b'}');
}
