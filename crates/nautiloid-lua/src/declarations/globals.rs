//! Lua's own words, the globals of the sandbox, and what Lua has elsewhere and scripts have not here.

use super::function::{Declaration, required};
use super::types::Type;

/// The words of LuaJIT's grammar, which are no names.
pub const KEYWORDS: &[&str] = &[
    "and", "break", "do", "else", "elseif", "end", "false", "for", "function", "goto", "if", "in", "local", "nil",
    "not", "or", "repeat", "return", "then", "true", "until", "while",
];

/// Lua's own globals that scripts find, other than libraries.
pub const BASE: &[&str] = &[
    "_G",
    "_VERSION",
    "assert",
    "collectgarbage",
    "error",
    "getmetatable",
    "ipairs",
    "load",
    "loadstring",
    "next",
    "pairs",
    "pcall",
    "print",
    "rawequal",
    "rawget",
    "rawlen",
    "rawset",
    "select",
    "setmetatable",
    "tonumber",
    "tostring",
    "type",
    "unpack",
    "xpcall",
];

/// A library of Lua's own.
#[derive(Debug, Clone, Copy)]
pub struct Library {
    /// Its name: `string`.
    pub name: &'static str,
    /// What is in it.
    pub members: &'static [&'static str],
}

/// Lua's libraries, with what the sandbox leaves of them.
pub const LIBRARIES: &[Library] = &[
    Library {
        name: "bit",
        members: &[
            "arshift", "band", "bnot", "bor", "bswap", "bxor", "lshift", "rol", "ror", "rshift", "tobit", "tohex",
        ],
    },
    Library { name: "coroutine", members: &["create", "isyieldable", "resume", "running", "status", "wrap", "yield"] },
    Library {
        name: "math",
        members: &[
            "abs",
            "acos",
            "asin",
            "atan",
            "atan2",
            "ceil",
            "cos",
            "cosh",
            "deg",
            "exp",
            "floor",
            "fmod",
            "frexp",
            "huge",
            "ldexp",
            "log",
            "log10",
            "max",
            "min",
            "modf",
            "pi",
            "pow",
            "rad",
            "random",
            "randomseed",
            "sin",
            "sinh",
            "sqrt",
            "tan",
            "tanh",
        ],
    },
    Library { name: "os", members: &["clock", "date", "difftime", "getenv", "time"] },
    Library { name: "package", members: &["loaded", "path"] },
    Library {
        name: "string",
        members: &[
            "byte", "char", "find", "format", "gmatch", "gsub", "len", "lower", "match", "rep", "reverse", "sub",
            "upper",
        ],
    },
    Library {
        name: "table",
        members: &[
            "concat", "foreach", "foreachi", "getn", "insert", "maxn", "move", "pack", "remove", "sort", "unpack",
        ],
    },
];

/// The global functions that are none of Lua's 5.1, or not quite.
pub(crate) const FUNCTIONS: &[Declaration] = &[REQUIRE, DYNAMIC_LOADER];

const REQUIRE: Declaration = Declaration::new(
    "require",
    &[required("name", Type::String)],
    "Gives a built-in module, or what the file of that name on package_path returns.",
)
.gives(&[Type::Any], "the module");

const DYNAMIC_LOADER: Declaration = Declaration::new(
    "dynamic_loader",
    &[required("name", Type::String)],
    "Makes a module available to require, which here all are: there is no need to call it.",
);

/// Names of modules in old scripts, and what those modules are called now.
pub(crate) const OLD_NAMES: &[(&str, &str)] =
    &[("nauthilus_gluahttp", "glua_http"), ("nauthilus_gluacrypto", "crypto")];

/// What some other names of modules began with in old scripts.
pub(crate) const OLD_PREFIX: &str = "nauthilus_gll_";

/// The name of a module that `require` looks for when a script writes `name`: old names lead to the new ones.
pub fn module_name(name: &str) -> &str {
    let new = OLD_NAMES.iter().find(|(old, _)| *old == name).map(|(_, new)| *new);
    new.or_else(|| name.strip_prefix(OLD_PREFIX).filter(|rest| !rest.is_empty())).unwrap_or(name)
}

/// Something of Lua that the sandbox leaves out.
#[derive(Debug, Clone, Copy)]
pub struct Removed {
    /// As a script writes it: `io`, `os.execute`.
    pub name: &'static str,
    /// What to do instead, or why there is nothing.
    pub instead: &'static str,
}

const FILES: &str = "files belong to the operator: keep data in Redis, or in a module on package_path";
const PROGRAMS: &str = "scripts start no programs: keep data in Redis, and let a service of its own act on it";
const FUNCTIONS_OF_OTHERS: &str = "it reaches into the functions of other requests";
const ENVIRONMENTS: &str =
    "it reaches into the functions of other requests: give load the globals as its fourth argument";

/// What Lua has elsewhere and the sandbox leaves out.
pub const REMOVED: &[Removed] = &[
    Removed {
        name: "io",
        instead: "print writes to the log, or to standard output in nautiloid run; keep data in Redis",
    },
    Removed { name: "debug", instead: FUNCTIONS_OF_OTHERS },
    Removed { name: "ffi", instead: "native code could do anything" },
    Removed { name: "jit", instead: "compiled loops cannot be interrupted, so nothing is compiled" },
    Removed { name: "dofile", instead: "put the code on package_path and require it" },
    Removed { name: "loadfile", instead: "put the code on package_path and require it" },
    Removed { name: "module", instead: "a module is a file that returns a table" },
    Removed { name: "getfenv", instead: FUNCTIONS_OF_OTHERS },
    Removed { name: "setfenv", instead: ENVIRONMENTS },
    Removed { name: "newproxy", instead: "use setmetatable on a table" },
    Removed { name: "gcinfo", instead: "use collectgarbage(\"count\")" },
    Removed { name: "os.execute", instead: PROGRAMS },
    Removed { name: "os.exit", instead: "return from the script, or raise an error" },
    Removed { name: "os.remove", instead: FILES },
    Removed { name: "os.rename", instead: FILES },
    Removed { name: "os.tmpname", instead: FILES },
    Removed { name: "os.setlocale", instead: "the locale belongs to the whole process" },
    Removed { name: "string.dump", instead: "load takes source text only" },
    Removed { name: "package.cpath", instead: "native code could do anything" },
    Removed { name: "package.loadlib", instead: "native code could do anything" },
    Removed { name: "package.loaders", instead: "require looks on package_path of the configuration" },
    Removed { name: "package.preload", instead: "require looks on package_path of the configuration" },
    Removed { name: "package.seeall", instead: "a module is a file that returns a table" },
];
