//! From a request's method and path to what answers it.

use std::collections::HashMap;

use http::{HeaderValue, Method};

use crate::config::Location;

/// Where the hooks are served. The prefix is the one that Nauthilus uses, so that clients need no change.
const HOOKS: &str = "/api/v1/custom";

/// What answers a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Target {
    /// `GET /ping`, for health checks.
    Ping,
    /// The hook of that index.
    Hook(usize),
}

/// What the router found.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Route<'a> {
    /// This answers.
    Found(Target),
    /// Nothing is at this path.
    NotFound,
    /// The path is known, the method is not; the value is for the `Allow` header.
    MethodNotAllowed(&'a HeaderValue),
}

/// All paths that are served.
pub(crate) struct Router {
    paths: HashMap<String, Methods>,
}

struct Methods {
    targets: Vec<(Method, Target)>,
    allow: HeaderValue,
}

impl Router {
    /// Routes to `/ping` and to `hooks`, whose order gives their indices.
    pub(crate) fn new<'a>(hooks: impl IntoIterator<Item = (&'a Location, &'a Method)>) -> Self {
        let mut router = Router { paths: HashMap::new() };
        router.add("/ping".to_owned(), Method::GET, Target::Ping);
        for (index, (location, method)) in hooks.into_iter().enumerate() {
            router.add(format!("{HOOKS}{location}"), method.clone(), Target::Hook(index));
        }
        router
    }

    fn add(&mut self, path: String, method: Method, target: Target) {
        let methods = self
            .paths
            .entry(path)
            .or_insert_with(|| Methods { targets: Vec::new(), allow: HeaderValue::from_static("") });
        methods.targets.push((method, target));
        methods.allow = allow(&methods.targets);
    }

    /// What answers `method` on `path`. `HEAD` is answered as `GET` is, unless it has a hook of its own.
    pub(crate) fn find(&self, method: &Method, path: &str) -> Route<'_> {
        let Some(methods) = self.paths.get(path) else { return Route::NotFound };
        let of = |wanted: &Method| methods.targets.iter().find(|(method, _)| method == wanted);
        match of(method).or_else(|| if *method == Method::HEAD { of(&Method::GET) } else { None }) {
            Some((_, target)) => Route::Found(*target),
            None => Route::MethodNotAllowed(&methods.allow),
        }
    }
}

/// The methods in alphabetical order, `HEAD` wherever `GET` is.
fn allow(targets: &[(Method, Target)]) -> HeaderValue {
    let mut names: Vec<&str> = targets.iter().map(|(method, _)| method.as_str()).collect();
    if names.contains(&"GET") {
        names.push("HEAD");
    }
    names.sort_unstable();
    names.dedup();
    HeaderValue::from_str(&names.join(", ")).unwrap_or(HeaderValue::from_static(""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn router(hooks: &[(&str, Method)]) -> Router {
        let hooks: Vec<(Location, Method)> = hooks
            .iter()
            .map(|(location, method)| (Location::try_from((*location).to_owned()).unwrap(), method.clone()))
            .collect();
        Router::new(hooks.iter().map(|(location, method)| (location, method)))
    }

    #[test]
    fn finds_hooks_by_path_and_method() {
        let router = router(&[("/a", Method::GET), ("/a/b", Method::POST), ("/a", Method::POST)]);
        let found = |index| Route::Found(Target::Hook(index));
        assert_eq!(router.find(&Method::GET, "/api/v1/custom/a"), found(0));
        assert_eq!(router.find(&Method::POST, "/api/v1/custom/a/b"), found(1));
        assert_eq!(router.find(&Method::POST, "/api/v1/custom/a"), found(2));
        assert_eq!(router.find(&Method::GET, "/ping"), Route::Found(Target::Ping));
        for path in ["/", "/a", "/api/v1/custom", "/api/v1/custom/", "/api/v1/custom/a/", "/api/v1/custom/A"] {
            assert_eq!(router.find(&Method::GET, path), Route::NotFound, "{path}");
        }
    }

    #[test]
    fn head_goes_to_get_unless_it_has_its_own_hook() {
        let router = router(&[("/a", Method::GET), ("/b", Method::GET), ("/b", Method::HEAD), ("/c", Method::POST)]);
        let find = |path| router.find(&Method::HEAD, path);
        assert_eq!(find("/api/v1/custom/a"), Route::Found(Target::Hook(0)));
        assert_eq!(find("/api/v1/custom/b"), Route::Found(Target::Hook(2)));
        assert_eq!(find("/api/v1/custom/c"), Route::MethodNotAllowed(&HeaderValue::from_static("POST")));
    }

    #[test]
    fn allow_lists_what_the_path_has() {
        let router = router(&[("/a", Method::PUT), ("/a", Method::GET)]);
        let allow = HeaderValue::from_static("GET, HEAD, PUT");
        assert_eq!(router.find(&Method::DELETE, "/api/v1/custom/a"), Route::MethodNotAllowed(&allow));
        assert_eq!(router.find(&Method::OPTIONS, "/api/v1/custom/a"), Route::MethodNotAllowed(&allow));
    }
}
