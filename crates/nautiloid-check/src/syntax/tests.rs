//! Our parser and LuaJIT take the same texts for scripts.

use std::path::Path;

use nautiloid_lua::{Compiler, Source};
use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::parse;

/// All of the syntax, the newer parts of LuaJIT's included.
const SAMPLES: &[&str] = &[
    "local a, b = 1, 0x1p4; ; local c = nil",
    "x = 1LL y = 2ULL z = 3i w = 0xA.8p-2 v = 1e+5 u = .5 t = 5. s = 1_000 r = 0b101",
    "s = 'a\\n\\x41\\065\\z   b\\u{20AC}' .. \"\\\"\" .. [==[ ]] ]==] --[[ c ]] -- d",
    "for i = 1, 10, 2 do if i > 3 then break local x = i elseif i < 2 then goto done else continue end ::done:: end",
    "while not (a == b) and a ~= b or a != b && !a || b ?? c do a = a and b end",
    "repeat local n = n - 1 until n <= 0 or #t >= -n ^ 2 ^ 3",
    "for k, v in pairs { 1, 2; x = 3, ['y'] = 4, f(), } do print(k, v) end",
    "function t.a.b:c(x, ...) return ..., (...) end local function f() return end return f(1)(2).x[3]:y 'z' { 4 }",
    "x += 1 y -= 2 t.x *= 3 t[1] /= 4 s ..= 'x' m %= 5 b &= 6 b |= 7 b ~= 8 b <<= 1 b >>= 2 b ~>>= 3",
    "v = a ? b : c w = (a ? b : c):d() q = a ? (b:c()) : d ? e : f",
    "v = a?.b?.c?.[1]?.(2)?.:m(3) a?.f() w = a:m?.(4) o?.x = 5",
    "f = x -> x + 1 g = |a, b| -> a * b h = || -> do return 1 end k = |...| -> f(...) t = a ? x -> y : z",
    "const limit = 3 const function f() end local const, continue = 1, 2 const = continue continue = const + continue",
    "x = a & b | c ~ d << 1 >> 2 ~>> 3 y = ~x z = not -#t",
];

fn texts() -> Vec<Vec<u8>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut texts: Vec<_> = SAMPLES.iter().map(|text| text.as_bytes().to_vec()).collect();
    for folder in ["tests/lua", "examples/quickstart/hooks", "tests/check/good"] {
        for entry in std::fs::read_dir(root.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "lua") {
                texts.push(std::fs::read(path).unwrap());
            }
        }
    }
    texts.sort_by_key(Vec::len);
    texts
}

/// What LuaJIT alone finds: our parser does not look for it.
const ONLY_LUAJIT: &[&str] = &[
    "undefined label",
    "duplicate label",
    "no loop to",
    "outside a vararg function",
    "jumps into the scope",
    "const",
    "more than",
    "too complex",
    "too long",
    "local variables",
    "overflow",
];

/// Fails when the two do not agree.
fn compare(compiler: &Compiler, text: &[u8]) {
    let source = Source::new("s", text);
    match (compiler.check(&source), parse(source.lua())) {
        (Ok(()), Err(error)) => {
            panic!("LuaJIT reads this, we say {:?}:\n{}", error, String::from_utf8_lossy(text));
        }
        (Err(error), Ok(_)) => {
            let message = error.to_string();
            let known = ONLY_LUAJIT.iter().any(|known| message.contains(known));
            assert!(known, "LuaJIT says {message}, we read:\n{}", String::from_utf8_lossy(text));
        }
        (Ok(()), Ok(_)) | (Err(_), Err(_)) => {}
    }
}

#[test]
fn every_script_of_the_repository_is_read_as_luajit_reads_it() {
    let compiler = Compiler::new().unwrap();
    texts().iter().for_each(|text| compare(&compiler, text));
}

#[test]
fn the_samples_are_scripts() {
    let compiler = Compiler::new().unwrap();
    for text in SAMPLES {
        compiler.check(&Source::new("s", text.as_bytes())).unwrap();
    }
}

/// Bits that change what a text means.
const BITS: &[&str] = &[
    " ", "\n", ",", ";", "(", ")", "{", "}", "[", "]", "=", "==", ":", "::", ".", "..", "...", "?", "?.", "??", "->",
    "|", "||", "&&", "!", "!=", "~", "~=", "<<", ">>", "~>>", "+", "+=", "-", "--", "#", "^", "'", "\"", "[[", "]]",
    "\\", "x", "1", "0x", "1e", "_", "LL", "end", "do", "then", "else", "if", "for", "in", "while", "repeat", "until",
    "function", "local", "const", "continue", "return", "break", "goto", "nil", "not", "and", "or", "x -> ", "f()",
    "\u{e9}", "@", "$",
];

fn damage() -> impl Strategy<Value = (Index, Index, &'static str, bool)> {
    (any::<Index>(), any::<Index>(), select(BITS), any::<bool>())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn damaged_scripts_are_read_as_luajit_reads_them(which in any::<Index>(), damages in prop::collection::vec(damage(), 1..4)) {
        let compiler = Compiler::new().unwrap();
        let texts = texts();
        // Short ones more often: more of their text is damaged.
        let texts = if which.index(3) == 0 { &texts[..] } else { &texts[..SAMPLES.len()] };
        let mut text = which.get(texts).clone();
        for (from, length, bit, cut) in damages {
            let at = from.index(text.len() + 1);
            let end = if cut { (at + length.index(8)).min(text.len()) } else { at };
            text.splice(at..end, bit.bytes());
        }
        compare(&compiler, &text);
    }
}
