//! syn: Rust files, and the bodies of macros whichever engine reads the file around them.

mod ends;
mod expressions;
mod items;
mod macros;
mod patterns;
pub(crate) mod tree;

use ::syn as rust;
use bespoke_facts::{LineIndex, Span};
use expressions::attrs_of;
pub(crate) use macros::macro_kind;
use proc_macro2::extra::DelimSpan;
use tree::{Attr, Block, Expr, ExprKind, File, Let, Stmt};

/// Reads a file; `start` is where Rust starts in it. `None` where syn does not accept it.
pub(crate) fn read(source: &str, lines: &LineIndex, start: usize) -> Option<File> {
    let read = rust::parse_file(source).ok()?;
    let mut shaper = Shaper::new(source, lines, start);
    let (_, inner) = shaper.attrs(&read.attrs);
    let body = read.items.iter().map(|item| shaper.item(item)).collect();
    let mut file = File {
        inner,
        body,
        ..File::default()
    };
    file.too_deep = shaper.too_deep;
    file.unshaped = shaper.unshaped;
    Some(file)
}

/// Frees what syn keeps of the places of all that this thread has read. No token may be used after it.
pub(crate) fn forget() {
    proc_macro2::extra::invalidate_current_thread_spans();
}

/// Turns syn's tree into ours.
struct Shaper<'a> {
    source: &'a str,
    lines: &'a LineIndex,
    /// Where in the source the text given to syn starts.
    base: u32,
    base_line: u32,
    ascii: bool,
    depth: u32,
    too_deep: bool,
    unshaped: bool,
    /// Attributes of a statement, which syn hangs on the leftmost expression in it.
    hoisted: Option<*const rust::Attribute>,
}

impl<'a> Shaper<'a> {
    fn new(source: &'a str, lines: &'a LineIndex, base: usize) -> Self {
        let base = u32::try_from(base).unwrap_or(u32::MAX);
        Self {
            source,
            lines,
            base,
            base_line: lines.line(base),
            ascii: source.is_ascii(),
            depth: 0,
            too_deep: false,
            unshaped: false,
            hoisted: None,
        }
    }

    fn offset(&self, at: proc_macro2::LineColumn) -> u32 {
        let line = u32::try_from(at.line).unwrap_or(1).saturating_sub(1);
        let from = if line == 0 {
            self.base
        } else {
            self.lines.start_of(self.base_line + line)
        };
        if self.ascii {
            return from + u32::try_from(at.column).unwrap_or(0);
        }
        let rest = &self.source[from as usize..];
        let plain = rest.len() >= at.column && rest.as_bytes()[..at.column].is_ascii();
        let bytes = if plain {
            at.column
        } else {
            rest.char_indices()
                .nth(at.column)
                .map_or(rest.len(), |(at, _)| at)
        };
        from + u32::try_from(bytes).unwrap_or(0)
    }

    fn start(&self, span: proc_macro2::Span) -> u32 {
        self.offset(span.start())
    }

    fn end(&self, span: proc_macro2::Span) -> u32 {
        self.offset(span.end())
    }

    fn span(&self, span: proc_macro2::Span) -> Span {
        Span::new(self.start(span), self.end(span))
    }

    /// A word's span: its end is seen in the text sooner than looked up.
    fn word(&self, ident: &proc_macro2::Ident) -> Span {
        let start = self.start(ident.span());
        let bytes = &self.source.as_bytes()[start as usize..];
        let raw = if bytes.starts_with(b"r#") { 2 } else { 0 };
        let len = bytes[raw..]
            .iter()
            .take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_')
            .count();
        if bytes.get(raw + len).is_some_and(|byte| *byte >= 0x80) {
            return self.span(ident.span());
        }
        Span::new(start, start + u32::try_from(raw + len).unwrap_or(0))
    }

    fn delimited(&self, span: DelimSpan) -> Span {
        self.span(span.join())
    }

    /// Splits attributes into those before and those inside what they are about.
    fn attrs(&self, attrs: &[rust::Attribute]) -> (Vec<Attr>, Vec<Attr>) {
        let (mut outer, mut inner) = (Vec::new(), Vec::new());
        for attr in attrs {
            let start = self.start(attr.pound_token.span);
            // A documentation comment comes as an attribute.
            if self.source.as_bytes().get(start as usize) != Some(&b'#') {
                continue;
            }
            let brackets = self.delimited(attr.bracket_token.span);
            let shaped = Attr {
                span: Span::new(start, brackets.end),
                meta: Span::new(brackets.start + 1, brackets.end - 1),
            };
            match attr.style {
                rust::AttrStyle::Outer => outer.push(shaped),
                rust::AttrStyle::Inner(_) => inner.push(shaped),
            }
        }
        (outer, inner)
    }

    fn block(&mut self, block: &rust::Block, inner: Vec<Attr>) -> Block {
        Block {
            span: self.delimited(block.brace_token.span),
            inner,
            body: self.statements(&block.stmts),
        }
    }

    fn statements(&mut self, stmts: &[rust::Stmt]) -> Vec<Stmt> {
        let mut body = Vec::with_capacity(stmts.len());
        for stmt in stmts {
            match stmt {
                rust::Stmt::Local(local) => body.push(Stmt::Let(self.local(local))),
                rust::Stmt::Item(item) => body.push(self.item(item)),
                rust::Stmt::Expr(rust::Expr::Verbatim(tokens), Some(_)) if tokens.is_empty() => {
                    if let Some(Stmt::Expr { dropped, .. }) = body.last_mut() {
                        *dropped = true;
                    }
                }
                rust::Stmt::Expr(expr, semi) => {
                    let expr = self.statement(expr);
                    body.push(Stmt::Expr {
                        expr,
                        dropped: semi.is_some(),
                    });
                }
                rust::Stmt::Macro(stmt) => {
                    let (outer, _) = self.attrs(&stmt.attrs);
                    let expr = attributed(outer, self.macro_call(&stmt.mac));
                    body.push(Stmt::Expr {
                        expr,
                        dropped: stmt.semi_token.is_some(),
                    });
                }
            }
        }
        body
    }

    fn local(&mut self, local: &rust::Local) -> Let {
        let (attrs, _) = self.attrs(&local.attrs);
        let init = local.init.as_ref().map(|init| self.expr(&init.expr));
        let diverge = local
            .init
            .as_ref()
            .and_then(|init| init.diverge.as_ref())
            .and_then(|(_, otherwise)| match &**otherwise {
                rust::Expr::Block(block) => Some(self.block(&block.block, Vec::new())),
                _ => None,
            });
        let start = self.start(local.let_token.span);
        Let {
            span: Span::new(start, self.end(local.semi_token.span)),
            attrs,
            pat: self.pat(&local.pat),
            mutable: false,
            init,
            diverge,
        }
    }

    fn statement(&mut self, expr: &rust::Expr) -> Expr {
        let mut target = expr;
        loop {
            target = match target {
                rust::Expr::Assign(it) => &it.left,
                rust::Expr::Binary(it) => &it.left,
                rust::Expr::Cast(it) => &it.expr,
                _ => break,
            };
        }
        let attrs = attrs_of(target);
        let (outer, _) = self.attrs(attrs);
        if outer.is_empty() {
            return self.expr(expr);
        }
        self.hoisted = attrs.first().map(std::ptr::from_ref);
        let expr = self.expr(expr);
        self.hoisted = None;
        attributed(outer, expr)
    }
}

fn attributed(attrs: Vec<Attr>, expr: Expr) -> Expr {
    if attrs.is_empty() {
        return expr;
    }
    Expr {
        span: expr.span,
        kind: ExprKind::Attributed(attrs, Box::new(expr)),
    }
}
