//! A script as a tree. Places are offsets in its text, in bytes.

/// Statements that share their local variables.
#[derive(Debug, Default)]
pub(crate) struct Block {
    pub(crate) statements: Vec<Statement>,
}

#[derive(Debug)]
pub(crate) enum Statement {
    Local {
        names: Vec<Name>,
        values: Vec<Expression>,
    },
    Assign {
        targets: Vec<Expression>,
        values: Vec<Expression>,
    },
    /// `target += value`
    Compound {
        target: Expression,
        operator: &'static str,
        value: Expression,
    },
    /// A call, whose results nobody sees.
    Call(Expression),
    Do(Block),
    While {
        condition: Expression,
        body: Block,
    },
    Repeat {
        body: Block,
        until: Expression,
    },
    If {
        arms: Vec<(Expression, Block)>,
        otherwise: Option<Block>,
    },
    Count {
        name: Name,
        bounds: Vec<Expression>,
        body: Block,
    },
    Each {
        names: Vec<Name>,
        values: Vec<Expression>,
        body: Block,
    },
    Function {
        target: Expression,
        function: Function,
    },
    LocalFunction {
        name: Name,
        function: Function,
    },
    Return(Vec<Expression>),
    /// `break`, `goto` and labels: nothing to find there that the compiler does not.
    Jump,
}

#[derive(Debug, Clone)]
pub(crate) struct Name {
    pub(crate) text: String,
    pub(crate) at: usize,
}

#[derive(Debug)]
pub(crate) struct Function {
    /// Where its `function` is; no other function has the same.
    pub(crate) at: usize,
    /// With `self`, where it is a method's.
    pub(crate) parameters: Vec<Name>,
    pub(crate) body: Block,
}

#[derive(Debug)]
pub(crate) struct Expression {
    pub(crate) kind: ExpressionKind,
    /// Where it begins; of an operation or a call, where the operator or the arguments' name is.
    pub(crate) at: usize,
}

#[derive(Debug)]
pub(crate) enum ExpressionKind {
    Nil,
    Boolean(bool),
    /// `None` for what is no number of Lua's: `10LL`.
    Number(Option<f64>),
    String(Vec<u8>),
    Varargs,
    Function(Function),
    Name(String),
    /// `of.key`, `of["key"]`; with `safe` `of?.key`, which is nil when `of` is.
    Index {
        of: Box<Expression>,
        key: Box<Expression>,
        safe: bool,
    },
    Call {
        function: Box<Expression>,
        arguments: Vec<Expression>,
        safe: bool,
    },
    /// `of:name(…)`
    Method {
        of: Box<Expression>,
        name: Name,
        arguments: Vec<Expression>,
        safe: bool,
    },
    Table(Vec<Field>),
    Unary {
        operator: &'static str,
        operand: Box<Expression>,
    },
    Binary {
        operator: &'static str,
        left: Box<Expression>,
        right: Box<Expression>,
    },
    /// `condition ? yes : no`
    Choice {
        condition: Box<Expression>,
        yes: Box<Expression>,
        no: Box<Expression>,
    },
    /// `(…)`, which has one result.
    Parentheses(Box<Expression>),
}

/// An entry of a table.
#[derive(Debug)]
pub(crate) struct Field {
    /// `None` where the position is the key.
    pub(crate) key: Option<Expression>,
    pub(crate) value: Expression,
}

impl Expression {
    /// The expression in any parentheses around it.
    pub(crate) fn inner(&self) -> &Expression {
        let mut expression = self;
        while let ExpressionKind::Parentheses(inner) = &expression.kind {
            expression = inner;
        }
        expression
    }

    /// Whether it may have any number of results.
    pub(crate) fn is_open(&self) -> bool {
        matches!(self.kind, ExpressionKind::Call { .. } | ExpressionKind::Method { .. } | ExpressionKind::Varargs)
    }

    /// The text of a literal string.
    pub(crate) fn literal(&self) -> Option<&str> {
        match &self.inner().kind {
            ExpressionKind::String(text) => std::str::from_utf8(text).ok(),
            _ => None,
        }
    }
}
