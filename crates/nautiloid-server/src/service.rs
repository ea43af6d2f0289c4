//! From one request to one response.

use std::convert::Infallible;
use std::rc::Rc;

use http::Request;
use http::header::EXPECT;
use http_body_util::Full;
use hyper::body::Incoming;
use nautiloid_lua::{ClientAddress, HookRequest};

use crate::answer::{self, Answer};
use crate::body::{self, BodyError};
use crate::router::{Route, Target};
use crate::workbench::Workbench;

/// Answers a request; never fails, because every failure has its answer.
pub(crate) async fn answer(
    bench: Rc<Workbench>,
    client: Rc<ClientAddress>,
    request: Request<Incoming>,
) -> Result<Answer, Infallible> {
    Ok(match bench.site.router.find(request.method(), request.uri().path()) {
        Route::Found(Target::Hook(index)) => run_hook(&bench, index, client, request).await,
        Route::Found(Target::Ping) => answer::pong(),
        Route::NotFound => answer::not_found(),
        Route::MethodNotAllowed(allow) => answer::method_not_allowed(allow),
    })
}

async fn run_hook(bench: &Workbench, index: usize, client: Rc<ClientAddress>, request: Request<Incoming>) -> Answer {
    // The router's indices are those of `hooks`, and a hook's script is one of `programs`.
    let Some(hook) = bench.site.hooks.get(index) else { return answer::not_found() };
    let Some(program) = bench.programs.get(hook.script) else { return answer::not_found() };

    let (parts, body) = request.into_parts();
    let awaits_consent = parts.headers.contains_key(EXPECT);
    let body = match body::read(body, bench.site.max_body_size, awaits_consent).await {
        Ok(body) => body,
        Err(BodyError::TooLarge) => return answer::too_large(),
        Err(BodyError::TimedOut) => return answer::timed_out(),
        Err(BodyError::Malformed) => return answer::bad_body(),
    };
    match bench.host.run_hook(program, HookRequest { parts, body, client: Rc::clone(&client) }).await {
        Ok(response) => response.map(Full::new),
        Err(error) => {
            tracing::error!(
                script = program.name(),
                location = hook.location.as_str(),
                method = hook.method.as_str(),
                client = %client,
                error = error.to_string(),
                traceback = error.traceback(),
                "hook failed"
            );
            answer::internal_error()
        }
    }
}
