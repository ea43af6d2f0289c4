//! What belongs to one request: what came in, what goes out, and what it waits for.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::ffi::c_void;
use std::fmt;
use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;
use std::rc::Rc;

use bytes::Bytes;
use http::header::{self, MaxSizeReached};
use http::{HeaderMap, HeaderValue, StatusCode};
use mlua::{LightUserData, Table};

use crate::json::EncodeError;
use crate::stack::Results;

/// What a waiting function waits for; its output are the results in Lua.
pub(crate) type Pending = Pin<Box<dyn Future<Output = Box<dyn Results>>>>;

/// What a waiting function yields. Only its address counts; nothing is ever read through it.
pub(crate) fn pending_marker() -> LightUserData {
    marker(0)
}

/// What a coroutine yields that is ready for the next request.
pub(crate) fn ready_marker() -> LightUserData {
    marker(1)
}

fn marker(number: usize) -> LightUserData {
    static MARKERS: [u8; 2] = [0; 2];
    LightUserData((&raw const MARKERS[number]).cast_mut().cast())
}

/// A request to a hook.
#[derive(Debug)]
pub struct HookRequest {
    /// Method, URI and headers.
    pub parts: http::request::Parts,
    /// The whole body.
    pub body: Bytes,
    /// Who sent it.
    pub client: Rc<ClientAddress>,
}

/// The address of a client, in the form that scripts see: written once a connection.
#[derive(Debug)]
pub struct ClientAddress {
    /// IPv4 or IPv6, as text.
    pub ip: Box<str>,
    /// The port.
    pub port: u16,
}

impl fmt::Display for ClientAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ClientAddress { ip, port } = self;
        if ip.contains(':') { write!(f, "[{ip}]:{port}") } else { write!(f, "{ip}:{port}") }
    }
}

impl From<SocketAddr> for ClientAddress {
    fn from(address: SocketAddr) -> Self {
        ClientAddress { ip: address.ip().to_string().into(), port: address.port() }
    }
}

/// What the script has said of the response so far.
#[derive(Debug, Default)]
pub(crate) struct ResponseDraft {
    pub(crate) status: Option<StatusCode>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Option<Bytes>,
}

impl ResponseDraft {
    /// Says what the body is, unless the script has said so.
    pub(crate) fn content_type(&mut self, value: &'static str) -> Result<(), MaxSizeReached> {
        if !self.headers.contains_key(header::CONTENT_TYPE) {
            self.headers.try_insert(header::CONTENT_TYPE, HeaderValue::from_static(value))?;
        }
        Ok(())
    }
}

/// One run of a script: a request to a hook, an init script, or a script of the command line.
pub(crate) struct Exchange {
    /// `None` outside HTTP.
    pub(crate) request: Option<HookRequest>,
    pub(crate) response: RefCell<ResponseDraft>,
    /// What the hook returned, as JSON; `None` for nil, and when the script has written a body itself.
    pub(crate) result: RefCell<Option<Result<Vec<u8>, EncodeError>>>,
    /// The values of `nauthilus_context`, made when first used.
    pub(crate) context: RefCell<Option<Table>>,
    pending: RefCell<Option<Pending>>,
    /// What a function has begun and another will end; it ends with the exchange at the latest.
    held: RefCell<Vec<(i64, Box<dyn Any>)>>,
}

impl Exchange {
    pub(crate) fn new(request: Option<HookRequest>) -> Rc<Self> {
        Rc::new(Exchange {
            request,
            response: RefCell::default(),
            result: RefCell::default(),
            context: RefCell::default(),
            pending: RefCell::default(),
            held: RefCell::default(),
        })
    }

    /// Holds something until it is released by the number that it gets.
    pub(crate) fn hold(&self, thing: impl Any) -> i64 {
        let mut held = self.held.borrow_mut();
        let number = held.last().map_or(1, |(last, _)| last + 1);
        held.push((number, Box::new(thing)));
        number
    }

    /// Gives back what is held under a number; `None` when there is nothing, or something of another type.
    pub(crate) fn release<T: Any>(&self, number: i64) -> Option<T> {
        let mut held = self.held.borrow_mut();
        let place = held.iter().position(|(held, thing)| *held == number && thing.is::<T>())?;
        held.remove(place).1.downcast().ok().map(|thing| *thing)
    }

    pub(crate) fn wait_for(&self, pending: Pending) {
        *self.pending.borrow_mut() = Some(pending);
    }

    pub(crate) fn take_pending(&self) -> Option<Pending> {
        self.pending.borrow_mut().take()
    }
}

/// The exchange whose code the VM is running right now.
///
/// Set around every resumption of a request's coroutine and taken away after, so that modules find their request
/// without a binding of their own, and never another's.
#[derive(Clone, Default)]
pub(crate) struct Current(Rc<Running>);

#[derive(Default)]
struct Running {
    exchange: RefCell<Option<Rc<Exchange>>>,
    /// The address of the coroutine that the driver has resumed.
    coroutine: Cell<Option<*const c_void>>,
}

impl Current {
    /// Makes `exchange` the current one, in that coroutine, until the guard is dropped.
    pub(crate) fn enter(&self, exchange: &Rc<Exchange>, coroutine: *const c_void) -> Entered<'_> {
        *self.0.exchange.borrow_mut() = Some(Rc::clone(exchange));
        self.0.coroutine.set(Some(coroutine));
        Entered(self)
    }

    /// The current exchange; `None` only while a VM is being set up.
    pub(crate) fn get(&self) -> Option<Rc<Exchange>> {
        self.0.exchange.borrow().clone()
    }

    /// Whether this is the coroutine that the driver has resumed, and none that the script has.
    pub(crate) fn is_driven(&self, coroutine: *const c_void) -> bool {
        self.0.coroutine.get() == Some(coroutine)
    }
}

pub(crate) struct Entered<'a>(&'a Current);

impl Drop for Entered<'_> {
    fn drop(&mut self) {
        self.0.0.exchange.borrow_mut().take();
        self.0.0.coroutine.set(None);
    }
}
