//! oxc: TypeScript and JavaScript, its tree straight to facts.
//!
//! What is written is what [`crate::lower`] writes of a tree-sitter tree, handler by handler under the same names; a
//! test holds the two against each other. Where oxc reports an error, or what it read lies too deep, the answer is
//! `None` and the grammar reads the file.

mod control;
mod declarations;
mod modules;
mod values;

use std::cell::RefCell;

use bespoke_facts::{ExprId, FactsBuilder, FileFacts, Span};
use oxc_allocator::Allocator;
use oxc_ast::ast::{Program, Statement};
use oxc_parser::{ParseOptions, Parser};
use oxc_span::SourceType;

use crate::{depth::Depth, engines::nesting, lower::Position};

/// What a file may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// JavaScript, JSX in it.
    JavaScript,
    /// TypeScript.
    TypeScript,
    /// TypeScript with JSX.
    Tsx,
}

impl Dialect {
    /// The ways to read it, the likeliest first. A file does not say whether it is a module or a script, nor
    /// whether it only declares.
    fn source_types(self) -> &'static [SourceType] {
        const JAVASCRIPT: &[SourceType] = &[SourceType::unambiguous().with_jsx(true)];
        const TYPESCRIPT: &[SourceType] =
            &[SourceType::ts().with_unambiguous(true), SourceType::d_ts()];
        const TSX: &[SourceType] = &[SourceType::tsx().with_unambiguous(true)];
        match self {
            Self::JavaScript => JAVASCRIPT,
            Self::TypeScript => TYPESCRIPT,
            Self::Tsx => TSX,
        }
    }
}

/// oxc does not accept a text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Refused;

/// Reads a file. `None` where oxc does not accept it.
pub(crate) fn read(facts: FactsBuilder<'_>, dialect: Dialect) -> Option<FileFacts> {
    let source = facts.source();
    let whole = Span::new(0, u32::try_from(source.len()).ok()?);
    let mut scripts = Scripts::new(facts, dialect);
    scripts.program(whole).ok()?;
    scripts.finish()
}

/// Lowers parts of a text one after the other: scripts and expressions that stand in something else.
pub(crate) struct Scripts<'a> {
    /// What is found; taken only while a part is read.
    facts: Option<FactsBuilder<'a>>,
    source: &'a str,
    dialect: Dialect,
    cut: bool,
}

impl<'a> Scripts<'a> {
    pub(crate) fn new(facts: FactsBuilder<'a>, dialect: Dialect) -> Self {
        Self {
            source: facts.source(),
            facts: Some(facts),
            dialect,
            cut: false,
        }
    }

    /// Reads a part as a program.
    pub(crate) fn program(&mut self, part: Span) -> Result<(), Refused> {
        self.lower(part, Lowering::program)
    }

    /// Reads the expression that starts a part, and gives its value, if it has one.
    pub(crate) fn expression(
        &mut self,
        part: Span,
        position: Position,
    ) -> Result<Option<ExprId>, Refused> {
        self.lower(part, |lowering, program| {
            lowering.comments(program);
            let directive = program.directives.first();
            if let Some(directive) = directive {
                return Some(lowering.string(directive.expression.span));
            }
            program.body.iter().find_map(|statement| match statement {
                Statement::ExpressionStatement(it) => lowering.expr(&it.expression, position),
                other => lowering.statement(other),
            })
        })
    }

    fn lower<T>(
        &mut self,
        part: Span,
        read: impl FnOnce(&mut Lowering<'a>, &Program<'_>) -> T,
    ) -> Result<T, Refused> {
        thread_local! {
            static ARENA: RefCell<Allocator> = RefCell::new(Allocator::new());
        }
        let text = self.source.get(part.start as usize..part.end as usize);
        let types = self.dialect != Dialect::JavaScript;
        let text = text
            .filter(|text| !nesting::is_extreme(text))
            .filter(|text| !types || !nesting::is_tried_often(text))
            .ok_or(Refused)?;
        ARENA.with_borrow_mut(|arena| {
            for source_type in self.dialect.source_types() {
                arena.reset();
                let options = ParseOptions {
                    allow_return_outside_function: true,
                    ..ParseOptions::default()
                };
                let parser = Parser::new(arena, text, *source_type).with_options(options);
                let parsed = parser.parse();
                if parsed.panicked || parsed.is_flow_language || !parsed.diagnostics.is_empty() {
                    continue;
                }
                let mut lowering = Lowering {
                    facts: self.facts.take().ok_or(Refused)?,
                    source: self.source,
                    base: part.start,
                    depth: Depth::default(),
                    exporting: false,
                    constant: false,
                    pending_name: None,
                    pending_decorators: Vec::new(),
                };
                let value = read(&mut lowering, &parsed.program);
                self.cut |= lowering.depth.cut;
                self.facts = Some(lowering.facts);
                return Ok(value);
            }
            Err(Refused)
        })
    }

    /// What is found so far, to add to.
    pub(crate) fn facts(&mut self) -> Option<&mut FactsBuilder<'a>> {
        self.facts.as_mut()
    }

    /// `None` where something lay too deep.
    pub(crate) fn finish(self) -> Option<FileFacts> {
        let facts = self.facts.filter(|_| !self.cut)?;
        Some(facts.finish())
    }
}

struct Lowering<'a> {
    facts: FactsBuilder<'a>,
    source: &'a str,
    /// Where in the source the text given to oxc starts.
    base: u32,
    depth: Depth,
    /// Inside `export`, directly.
    exporting: bool,
    /// Inside a `const` declaration.
    constant: bool,
    /// Name for the function value that comes next.
    pending_name: Option<Span>,
    /// Decorators of the definition that comes next.
    pending_decorators: Vec<usize>,
}

impl Lowering<'_> {
    fn program(&mut self, program: &Program<'_>) {
        self.comments(program);
        for directive in &program.directives {
            self.string(directive.expression.span);
        }
        self.statements(&program.body);
    }

    fn comments(&mut self, program: &Program<'_>) {
        let hashbang = program.hashbang.as_ref().map(|it| it.span);
        for comment in program.comments.iter().map(|it| it.span).chain(hashbang) {
            let at = self.at(comment);
            self.facts.comment(at);
        }
    }

    fn at(&self, span: oxc_span::Span) -> Span {
        Span::new(span.start + self.base, span.end + self.base)
    }
}
