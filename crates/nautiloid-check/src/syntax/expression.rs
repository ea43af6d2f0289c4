//! Expressions.

use super::ast::{Block, Expression, ExpressionKind, Field, Function, Name, Statement};
use super::parser::{LONGEST_CHAIN, Parsed, Parser, index};
use super::token::Kind;

/// Operators with two operands, and how strongly they bind on the left and on the right.
const BINARY: [(&str, u8, u8); 25] = [
    ("or", 1, 1),
    ("||", 1, 1),
    ("??", 1, 1),
    ("and", 2, 2),
    ("&&", 2, 2),
    ("<", 3, 3),
    (">", 3, 3),
    ("<=", 3, 3),
    (">=", 3, 3),
    ("~=", 3, 3),
    ("!=", 3, 3),
    ("==", 3, 3),
    ("|", 4, 4),
    ("~", 5, 5),
    ("&", 6, 6),
    ("<<", 7, 7),
    (">>", 7, 7),
    ("~>>", 7, 7),
    // `a .. b .. c` is `a .. (b .. c)`, and so it is with `^`.
    ("..", 9, 8),
    ("+", 10, 10),
    ("-", 10, 10),
    ("*", 11, 11),
    ("/", 11, 11),
    ("%", 11, 11),
    ("^", 14, 13),
];

const UNARY: [&str; 5] = ["not", "!", "-", "#", "~"];
const UNARY_BINDS: u8 = 12;

impl Parser<'_> {
    pub(super) fn expressions(&mut self) -> Parsed<Vec<Expression>> {
        let mut expressions = vec![self.expression()?];
        while self.accept(",") {
            expressions.push(self.expression()?);
        }
        Ok(expressions)
    }

    pub(super) fn expression(&mut self) -> Parsed<Expression> {
        let no_colon = std::mem::take(&mut self.no_colon);
        let expression = self.choice();
        self.no_colon = no_colon;
        expression
    }

    /// An expression, where a colon means what it meant before.
    fn choice(&mut self) -> Parsed<Expression> {
        let condition = self.operation(0)?;
        let at = self.token_start();
        if !self.accept("?") {
            return Ok(condition);
        }
        self.enter()?;
        let no_colon = std::mem::replace(&mut self.no_colon, true);
        let yes = Box::new(self.choice()?);
        self.no_colon = no_colon;
        self.expect(":")?;
        let no = Box::new(self.expression()?);
        self.leave();
        Ok(Expression { at, kind: ExpressionKind::Choice { condition: Box::new(condition), yes, no } })
    }

    /// An expression whose operators bind more strongly than `limit`.
    fn operation(&mut self, limit: u8) -> Parsed<Expression> {
        self.enter()?;
        let at = self.token_start();
        let mut left = match self.unary_operator() {
            Some(operator) => {
                self.advance();
                let operand = Box::new(self.operation(UNARY_BINDS)?);
                Expression { at, kind: ExpressionKind::Unary { operator, operand } }
            }
            None => self.simple()?,
        };
        let mut chain = 0;
        while let Some((operator, _, binds)) = self.binary_operator().filter(|(_, binds, _)| *binds > limit) {
            let at = self.token_start();
            chain += 1;
            if chain > LONGEST_CHAIN {
                return Err(self.error("chunk has too many syntax levels"));
            }
            self.advance();
            let right = Box::new(self.operation(binds)?);
            left = Expression { at, kind: ExpressionKind::Binary { operator, left: Box::new(left), right } };
        }
        self.leave();
        Ok(left)
    }

    fn unary_operator(&self) -> Option<&'static str> {
        let (Kind::Keyword(word) | Kind::Symbol(word)) = *self.kind() else { return None };
        UNARY.into_iter().find(|operator| *operator == word)
    }

    fn binary_operator(&self) -> Option<(&'static str, u8, u8)> {
        let (Kind::Keyword(word) | Kind::Symbol(word)) = *self.kind() else { return None };
        BINARY.into_iter().find(|(operator, ..)| *operator == word)
    }

    fn simple(&mut self) -> Parsed<Expression> {
        let at = self.token_start();
        let kind = match self.kind().clone() {
            Kind::Number(value) => ExpressionKind::Number(value),
            Kind::String(text) => ExpressionKind::String(text),
            Kind::Keyword("nil") => ExpressionKind::Nil,
            Kind::Keyword("true") => ExpressionKind::Boolean(true),
            Kind::Keyword("false") => ExpressionKind::Boolean(false),
            Kind::Symbol("...") => ExpressionKind::Varargs,
            Kind::Symbol("{") => return self.table(),
            Kind::Keyword("function") => {
                self.advance();
                return Ok(Expression { at, kind: ExpressionKind::Function(self.function_body(false, at)?) });
            }
            Kind::Symbol("||") => {
                self.advance();
                return self.short_function(Vec::new(), at);
            }
            Kind::Symbol("|") => {
                self.advance();
                let mut parameters = Vec::new();
                if *self.kind() != Kind::Symbol("|") {
                    self.parameters(&mut parameters)?;
                }
                self.expect("|")?;
                return self.short_function(parameters, at);
            }
            _ => return self.suffixed(false),
        };
        self.advance();
        Ok(Expression { at, kind })
    }

    /// `-> value` or `-> do … end`, behind the parameters.
    fn short_function(&mut self, parameters: Vec<Name>, at: usize) -> Parsed<Expression> {
        self.expect("->")?;
        self.enter()?;
        let body = if self.accept("do") {
            let no_colon = std::mem::take(&mut self.no_colon);
            let body = self.block_until("end", "do", at)?;
            self.no_colon = no_colon;
            body
        } else {
            Block { statements: vec![Statement::Return(vec![self.choice()?])] }
        };
        self.leave();
        Ok(Expression { at, kind: ExpressionKind::Function(Function { at, parameters, body }) })
    }

    /// A name or parentheses, and the fields and calls behind it. A statement cannot begin with a function.
    pub(super) fn suffixed(&mut self, is_statement: bool) -> Parsed<Expression> {
        let at = self.token_start();
        let mut expression = match self.kind().clone() {
            Kind::Name(name) => {
                self.advance();
                if !is_statement && *self.kind() == Kind::Symbol("->") {
                    return self.short_function(vec![Name { text: name, at }], at);
                }
                Expression { at, kind: ExpressionKind::Name(name) }
            }
            Kind::Symbol("(") => {
                self.advance();
                let inner = self.expression()?;
                self.close(")", "(", at)?;
                Expression { at, kind: ExpressionKind::Parentheses(Box::new(inner)) }
            }
            _ => return Err(self.error("unexpected symbol")),
        };
        for _ in 0..LONGEST_CHAIN {
            let safe = self.accept("?.");
            let at = self.token_start();
            expression = match self.kind() {
                Kind::Symbol("[") => {
                    self.advance();
                    let key = self.expression()?;
                    self.expect("]")?;
                    Expression {
                        at,
                        kind: ExpressionKind::Index { of: Box::new(expression), key: Box::new(key), safe },
                    }
                }
                Kind::Symbol(":") if !self.no_colon => {
                    self.advance();
                    let name = self.name()?;
                    let safe = self.accept("?.") || safe;
                    let arguments = self.arguments()?;
                    let at = name.at;
                    Expression { at, kind: ExpressionKind::Method { of: Box::new(expression), name, arguments, safe } }
                }
                Kind::Symbol("(" | "{") | Kind::String(_) => {
                    let at = expression.at;
                    let arguments = self.arguments()?;
                    Expression { at, kind: ExpressionKind::Call { function: Box::new(expression), arguments, safe } }
                }
                kind if safe || *kind == Kind::Symbol(".") => {
                    if !safe {
                        self.advance();
                    }
                    let name = self.name()?;
                    index(expression, name, safe)
                }
                _ => return Ok(expression),
            };
        }
        Err(self.error("chunk has too many syntax levels"))
    }

    fn arguments(&mut self) -> Parsed<Vec<Expression>> {
        let at = self.token_start();
        match self.kind().clone() {
            Kind::String(text) => {
                self.advance();
                Ok(vec![Expression { at, kind: ExpressionKind::String(text) }])
            }
            Kind::Symbol("{") => Ok(vec![self.table()?]),
            Kind::Symbol("(") => {
                self.advance();
                if self.accept(")") {
                    return Ok(Vec::new());
                }
                let arguments = self.expressions()?;
                self.close(")", "(", at)?;
                Ok(arguments)
            }
            _ => Err(self.error("function arguments expected")),
        }
    }

    fn table(&mut self) -> Parsed<Expression> {
        let at = self.token_start();
        self.expect("{")?;
        let mut fields = Vec::new();
        while *self.kind() != Kind::Symbol("}") {
            fields.push(self.field()?);
            if !self.accept(",") && !self.accept(";") {
                break;
            }
        }
        self.close("}", "{", at)?;
        Ok(Expression { at, kind: ExpressionKind::Table(fields) })
    }

    fn field(&mut self) -> Parsed<Field> {
        if self.accept("[") {
            let key = self.expression()?;
            self.expect("]")?;
            self.expect("=")?;
            return Ok(Field { key: Some(key), value: self.expression()? });
        }
        if matches!(self.kind(), Kind::Name(_)) && self.next_is(|next| *next == Kind::Symbol("=")) {
            let name = self.name()?;
            self.expect("=")?;
            let key = Expression { at: name.at, kind: ExpressionKind::String(name.text.into_bytes()) };
            return Ok(Field { key: Some(key), value: self.expression()? });
        }
        Ok(Field { key: None, value: self.expression()? })
    }
}
