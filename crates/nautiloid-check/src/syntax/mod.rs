//! A script's text as a tree.
//!
//! Of our own, since it has to read what LuaJIT reads, no more and no less, and LuaJIT has become more than Lua 5.1:
//! `+=`, `a ? b : c`, `x?.y`, `x -> x + 1`, `const`, `continue`, `10LL`, `1_000`, text that is no UTF-8. Whether a text is
//! a script at all is LuaJIT's own judgement, and so are the words for what is wrong; from here comes the column. A test
//! compares the two on damaged scripts.

pub(crate) mod ast;
mod expression;
mod lexer;
mod number;
mod parser;
#[cfg(test)]
mod tests;
mod token;

use ast::Block;

/// A script that could be read.
#[derive(Debug)]
pub(crate) struct Script {
    pub(crate) block: Block,
    pub(crate) comments: Vec<Comment>,
}

/// A comment, with the dashes.
#[derive(Debug)]
pub(crate) struct Comment {
    pub(crate) at: usize,
    pub(crate) text: String,
}

/// What is wrong with a text, and where.
#[derive(Debug)]
pub(crate) struct SyntaxError {
    pub(crate) at: usize,
    pub(crate) message: String,
}

/// Reads a script. A first line `#!…` must be cut off.
pub(crate) fn parse(text: &[u8]) -> Result<Script, SyntaxError> {
    let lexed = lexer::lex(text)?;
    let block = parser::parse(text, lexed.tokens)?;
    Ok(Script { block, comments: lexed.comments })
}
