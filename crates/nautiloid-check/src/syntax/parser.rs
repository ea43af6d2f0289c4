//! Statements.

use super::SyntaxError;
use super::ast::{Block, Expression, ExpressionKind, Function, Name, Statement};
use super::token::{Kind, Token};

/// So many statements and expressions may be in each other, as in LuaJIT; and so many operators or calls may follow each
/// other, which LuaJIT does not bound, but the depth of our tree.
pub(super) const MOST_NESTED: usize = 200;
pub(super) const LONGEST_CHAIN: usize = 1000;

pub(super) fn parse(text: &[u8], tokens: Vec<Token>) -> Result<Block, SyntaxError> {
    let mut parser = Parser { text, tokens, at: 0, depth: 0, no_colon: false };
    let block = parser.block()?;
    match parser.kind() {
        Kind::End => Ok(block),
        _ => Err(parser.expected("<eof>")),
    }
}

pub(super) type Parsed<T> = Result<T, SyntaxError>;

pub(super) struct Parser<'a> {
    text: &'a [u8],
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
    /// Between `?` and `:`, where a colon begins no method.
    pub(super) no_colon: bool,
}

impl Parser<'_> {
    fn block(&mut self) -> Parsed<Block> {
        let mut block = Block::default();
        self.enter()?;
        loop {
            if self.accept(";") {
                continue;
            }
            match self.kind() {
                kind if ends_block(kind) => break,
                Kind::Keyword("return") => {
                    block.statements.push(self.return_values()?);
                    break;
                }
                _ => block.statements.push(self.statement()?),
            }
        }
        self.leave();
        Ok(block)
    }

    fn statement(&mut self) -> Parsed<Statement> {
        let line = self.token_start();
        match self.kind().clone() {
            Kind::Keyword("if") => self.condition(line),
            Kind::Keyword("while") => {
                self.advance();
                let condition = self.expression()?;
                self.expect("do")?;
                Ok(Statement::While { condition, body: self.block_until("end", "while", line)? })
            }
            Kind::Keyword("do") => {
                self.advance();
                Ok(Statement::Do(self.block_until("end", "do", line)?))
            }
            Kind::Keyword("for") => self.for_loop(line),
            Kind::Keyword("repeat") => {
                self.advance();
                let body = self.block_until("until", "repeat", line)?;
                Ok(Statement::Repeat { body, until: self.expression()? })
            }
            Kind::Keyword("function") => self.function_statement(line),
            Kind::Keyword("local") => self.local(),
            // Words that are keywords only where they can be nothing else.
            Kind::Name(word) if word == "const" && self.next_is(|next| is_name_or(next, "function")) => self.local(),
            Kind::Name(word) if word == "continue" && self.next_is(ends_block) => {
                self.advance();
                Ok(Statement::Jump)
            }
            Kind::Keyword("break") => {
                self.advance();
                Ok(Statement::Jump)
            }
            Kind::Keyword("goto") => {
                self.advance();
                self.name()?;
                Ok(Statement::Jump)
            }
            Kind::Symbol("::") => {
                self.advance();
                self.name()?;
                self.expect("::")?;
                Ok(Statement::Jump)
            }
            _ => self.call_or_assignment(),
        }
    }

    fn return_values(&mut self) -> Parsed<Statement> {
        self.advance();
        let ends = ends_block(self.kind()) || *self.kind() == Kind::Symbol(";");
        let values = if ends { Vec::new() } else { self.expressions()? };
        self.accept(";");
        Ok(Statement::Return(values))
    }

    fn condition(&mut self, line: usize) -> Parsed<Statement> {
        let mut arms = Vec::new();
        loop {
            self.advance();
            let condition = self.expression()?;
            self.expect("then")?;
            arms.push((condition, self.block()?));
            if *self.kind() != Kind::Keyword("elseif") {
                break;
            }
        }
        let otherwise = if self.accept("else") { Some(self.block()?) } else { None };
        self.close("end", "if", line)?;
        Ok(Statement::If { arms, otherwise })
    }

    fn for_loop(&mut self, line: usize) -> Parsed<Statement> {
        self.advance();
        let name = self.name()?;
        if self.accept("=") {
            let mut bounds = vec![self.expression()?];
            self.expect(",")?;
            bounds.push(self.expression()?);
            if self.accept(",") {
                bounds.push(self.expression()?);
            }
            self.expect("do")?;
            return Ok(Statement::Count { name, bounds, body: self.block_until("end", "for", line)? });
        }
        let mut names = vec![name];
        while self.accept(",") {
            names.push(self.name()?);
        }
        if *self.kind() != Kind::Keyword("in") {
            return Err(self.error("'=' or 'in' expected"));
        }
        self.advance();
        let values = self.expressions()?;
        self.expect("do")?;
        Ok(Statement::Each { names, values, body: self.block_until("end", "for", line)? })
    }

    fn function_statement(&mut self, line: usize) -> Parsed<Statement> {
        self.advance();
        let name = self.name()?;
        let mut target = Expression { kind: ExpressionKind::Name(name.text), at: name.at };
        let mut method = false;
        while !method {
            method = *self.kind() == Kind::Symbol(":");
            if !method && *self.kind() != Kind::Symbol(".") {
                break;
            }
            self.advance();
            let name = self.name()?;
            target = index(target, name, false);
        }
        let function = self.function_body(method, line)?;
        Ok(Statement::Function { target, function })
    }

    fn local(&mut self) -> Parsed<Statement> {
        self.advance();
        let line = self.token_start();
        if self.accept("function") {
            let name = self.name()?;
            let function = self.function_body(false, line)?;
            return Ok(Statement::LocalFunction { name, function });
        }
        let mut names = vec![self.name()?];
        while self.accept(",") {
            names.push(self.name()?);
        }
        let values = if self.accept("=") { self.expressions()? } else { Vec::new() };
        Ok(Statement::Local { names, values })
    }

    fn call_or_assignment(&mut self) -> Parsed<Statement> {
        let first = self.suffixed(true)?;
        if matches!(first.kind, ExpressionKind::Call { .. } | ExpressionKind::Method { .. }) {
            return Ok(Statement::Call(first));
        }
        let assignable =
            |target: &Expression| matches!(target.kind, ExpressionKind::Name(_) | ExpressionKind::Index { .. });
        if assignable(&first)
            && let Some(operator) = self.compound_operator()
        {
            return Ok(Statement::Compound { target: first, operator, value: self.expression()? });
        }
        let mut targets = vec![first];
        while self.accept(",") {
            targets.push(self.suffixed(true)?);
        }
        // `a?.b = 1` may set nothing, which with several targets nobody could follow.
        let has_link = targets.len() > 1 && targets.iter().any(has_safe_link);
        if has_link || !targets.iter().all(assignable) {
            return Err(self.error("syntax error"));
        }
        self.expect("=")?;
        Ok(Statement::Assign { targets, values: self.expressions()? })
    }

    /// Parameters and body, from the parenthesis to `end`.
    pub(super) fn function_body(&mut self, method: bool, line: usize) -> Parsed<Function> {
        let mut parameters = Vec::new();
        if method {
            parameters.push(Name { text: "self".to_owned(), at: self.token_start() });
        }
        self.expect("(")?;
        if !self.accept(")") {
            self.parameters(&mut parameters)?;
            self.expect(")")?;
        }
        // Methods can be called again inside.
        let no_colon = std::mem::take(&mut self.no_colon);
        let body = self.block_until("end", "function", line)?;
        self.no_colon = no_colon;
        Ok(Function { at: line, parameters, body })
    }

    pub(super) fn parameters(&mut self, parameters: &mut Vec<Name>) -> Parsed<()> {
        loop {
            if self.accept("...") {
                return Ok(());
            }
            match self.kind() {
                Kind::Name(_) => parameters.push(self.name()?),
                _ => return Err(self.error("<name> or '...' expected")),
            }
            if !self.accept(",") {
                return Ok(());
            }
        }
    }

    pub(super) fn block_until(&mut self, close: &'static str, open: &str, line: usize) -> Parsed<Block> {
        let block = self.block()?;
        self.close(close, open, line)?;
        Ok(block)
    }

    /// Passes over what closes something that was opened at an offset.
    pub(super) fn close(&mut self, close: &'static str, open: &str, opened: usize) -> Parsed<()> {
        if self.accept(close) {
            return Ok(());
        }
        let line = |at: usize| self.text.iter().take(at).filter(|&&c| c == b'\n').count() + 1;
        let (opened, here) = (line(opened), line(self.token_start()));
        Err(if opened == here {
            self.expected(close)
        } else {
            self.error(&format!("'{close}' expected (to close '{open}' at line {opened})"))
        })
    }

    pub(super) fn enter(&mut self) -> Parsed<()> {
        self.depth += 1;
        if self.depth >= MOST_NESTED { Err(self.error("chunk has too many syntax levels")) } else { Ok(()) }
    }

    pub(super) fn leave(&mut self) {
        self.depth -= 1;
    }

    pub(super) fn kind(&self) -> &Kind {
        self.tokens.get(self.at).map_or(&Kind::End, |token| &token.kind)
    }

    pub(super) fn token_start(&self) -> usize {
        self.tokens.get(self.at).map_or(self.text.len(), |token| token.start)
    }

    pub(super) fn advance(&mut self) {
        self.at += 1;
    }

    /// Whether the token behind the one here is such a one.
    pub(super) fn next_is(&self, such: impl Fn(&Kind) -> bool) -> bool {
        self.tokens.get(self.at + 1).is_some_and(|token| such(&token.kind))
    }

    /// Passes over `+=` and the like: an operator with `=` right behind it; `~=` is one by itself.
    fn compound_operator(&mut self) -> Option<&'static str> {
        let Kind::Symbol(operator) = *self.kind() else { return None };
        if operator == "~=" {
            self.advance();
            return Some("~");
        }
        let (here, next) = (self.tokens.get(self.at)?, self.tokens.get(self.at + 1)?);
        let adjacent = here.end == next.start && matches!(next.kind, Kind::Symbol("=" | "=="));
        if !adjacent || !COMPOUND.contains(&operator) {
            return None;
        }
        self.at += 2;
        Some(operator)
    }

    /// Passes over this symbol or keyword if it is here.
    pub(super) fn accept(&mut self, what: &str) -> bool {
        let found = matches!(self.kind(), Kind::Keyword(word) | Kind::Symbol(word) if *word == what);
        if found {
            self.advance();
        }
        found
    }

    pub(super) fn expect(&mut self, what: &str) -> Parsed<()> {
        if self.accept(what) { Ok(()) } else { Err(self.expected(what)) }
    }

    pub(super) fn name(&mut self) -> Parsed<Name> {
        let at = self.token_start();
        match self.kind().clone() {
            Kind::Name(text) => {
                self.advance();
                Ok(Name { text, at })
            }
            _ => Err(self.error("<name> expected")),
        }
    }

    pub(super) fn expected(&self, what: &str) -> SyntaxError {
        self.error(&format!("'{what}' expected"))
    }

    pub(super) fn error(&self, problem: &str) -> SyntaxError {
        let near = match self.tokens.get(self.at) {
            Some(Token { kind: Kind::End, .. }) | None => "<eof>".to_owned(),
            Some(token) => {
                String::from_utf8_lossy(self.text.get(token.start..token.end).unwrap_or_default()).into_owned()
            }
        };
        SyntaxError { at: self.token_start(), message: format!("{problem} near '{near}'") }
    }
}

/// Whether there is a `?.` in what an assignment sets.
fn has_safe_link(target: &Expression) -> bool {
    match &target.kind {
        ExpressionKind::Index { of, safe, .. } | ExpressionKind::Method { of, safe, .. } => *safe || has_safe_link(of),
        ExpressionKind::Call { function, safe, .. } => *safe || has_safe_link(function),
        _ => false,
    }
}

/// Operators that an assignment may begin with.
const COMPOUND: [&str; 12] = ["+", "-", "*", "/", "%", "&", "|", "~", "<<", ">>", "~>>", ".."];

fn ends_block(kind: &Kind) -> bool {
    matches!(kind, Kind::End | Kind::Keyword("else" | "elseif" | "end" | "until"))
}

fn is_name_or(kind: &Kind, keyword: &str) -> bool {
    match kind {
        Kind::Name(_) => true,
        Kind::Keyword(word) => *word == keyword,
        _ => false,
    }
}

/// `of.name`, or `of?.name`
pub(super) fn index(of: Expression, name: Name, safe: bool) -> Expression {
    let key = Expression { kind: ExpressionKind::String(name.text.into_bytes()), at: name.at };
    Expression { at: name.at, kind: ExpressionKind::Index { of: Box::new(of), key: Box::new(key), safe } }
}
