//! `nautiloid stubs`: the files are Lua and annotations that a language server reads, and define what the modules have.
#![allow(clippy::unwrap_used, clippy::panic, reason = "clippy takes a test's own functions for production code")]

mod support;

use std::path::Path;

use emmylua_parser::{LuaLanguageLevel, LuaParser, ParserConfig};
use nautiloid_lua::declarations;
use serde_json::Value;
use support::{nautiloid, stderr, stdout};

/// A folder of stubs.
fn stubs() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let output = nautiloid().arg("stubs").arg(folder.path().join("new/stubs")).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    folder
}

fn read(folder: &tempfile::TempDir, file: &str) -> String {
    std::fs::read_to_string(folder.path().join("new/stubs").join(file)).unwrap()
}

/// What a parser of Lua and its annotations has to say.
fn faults(text: &str) -> Vec<String> {
    let tree = LuaParser::parse(text, ParserConfig::with_level(LuaLanguageLevel::LuaJIT));
    tree.get_errors().iter().map(|error| error.message.clone()).collect()
}

#[test]
fn every_stub_is_read_without_a_fault() {
    let folder = stubs();
    let mut files: Vec<String> =
        nautiloid_lua::built_in_modules().iter().map(|module| format!("{}.lua", module.name)).collect();
    files.push("globals.lua".to_owned());
    for file in &files {
        assert_eq!(faults(&read(&folder, file)), Vec::<String>::new(), "{file}");
    }
    assert_eq!(std::fs::read_dir(folder.path().join("new/stubs")).unwrap().count(), files.len());
    // The parser does read annotations.
    for broken in ["---@param\nfunction f() end", "---@return table<string,\nfunction f() end", "function f( end"] {
        assert!(!faults(broken).is_empty(), "{broken}");
    }
}

#[test]
fn stubs_define_what_the_modules_have() {
    let folder = stubs();
    for module in nautiloid_lua::built_in_modules() {
        let copy = format!("stub_of_{}", module.name);
        std::fs::write(folder.path().join(format!("{copy}.lua")), read(&folder, &format!("{}.lua", module.name)))
            .unwrap();
        let code = format!(
            "local stub, module, other = require('{copy}'), require('{}'), {{}} \
             for name, value in pairs(module) do if type(stub[name]) ~= type(value) then other[#other + 1] = name end end \
             for name, value in pairs(stub) do if type(module[name]) ~= type(value) then other[#other + 1] = name end end \
             return table.concat(other, ' ')",
            module.name
        );
        let output = nautiloid().args(["run", "-e", &code]).current_dir(folder.path()).output().unwrap();
        assert_eq!(stdout(&output), "\"\"\n", "{}: {}", module.name, stderr(&output));
    }
}

#[test]
fn handles_have_the_functions_as_methods() {
    let text = read(&stubs(), "nauthilus_redis.lua");
    for function in nautiloid_lua::built_in_modules().into_iter().flat_map(|module| module.functions) {
        if let Some(method) = function.method {
            assert!(text.contains(&format!("\nfunction Handle:{method}(")), "{method}");
        }
    }
    for line in [
        "---@class nautiloid.Handle",
        "---@param handle \"default\"|nautiloid.Handle",
        "---@return { cursor: integer, keys: string[] }? result # `{ cursor = number, keys = array of strings }`",
        "---@overload fun(handle: \"default\"|nautiloid.Handle, key: string|number, values: table<string|number, string|number|boolean>): ",
    ] {
        assert!(text.contains(line), "{line}");
    }
}

#[test]
fn the_configuration_in_the_documentation_is_json_that_names_the_stubs() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/editors.md");
    let page = std::fs::read_to_string(page).unwrap();
    let json = page.split_once("```json\n").unwrap().1.split_once("```").unwrap().0;
    let configuration: Value = serde_json::from_str(json).unwrap();
    assert_eq!(configuration["workspace.library"][0], "stubs");
    assert_eq!(configuration["diagnostics.globals"][0], declarations::CALLBACK);
}

#[test]
fn a_folder_that_cannot_be_written_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let output = nautiloid().arg("stubs").arg(&file).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).starts_with(&format!("nautiloid: cannot make {}", file.display())), "{}", stderr(&output));
}
