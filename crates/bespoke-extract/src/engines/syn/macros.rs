//! The bodies of macro calls, where they hold Rust.

use ::syn as rust;
use bespoke_facts::{LineIndex, Span};
use proc_macro2::{Delimiter, TokenStream, TokenTree};
use rust::{
    Token,
    parse::{Parse, ParseStream, Parser},
};

use super::{
    Shaper,
    tree::{Block, CfgArm, Expr, ExprKind, Macro, MacroBody, Matches},
};

/// Reads a macro call, and says whether all of it was followed. `path` is its name; `body` is what stands between its
/// delimiters, and `text` the same without documentation.
pub(crate) fn macro_kind(
    source: &str,
    lines: &LineIndex,
    path: Vec<Span>,
    body: Span,
    text: &str,
) -> (ExprKind, bool) {
    let mut shaper = Shaper::new(source, lines, body.start as usize);
    let tokens = text.parse().unwrap_or_else(|_| TokenStream::new());
    let kind = shaper.macro_inside(path, &tokens, body);
    (kind, !shaper.too_deep)
}

impl Shaper<'_> {
    pub(super) fn macro_call(&mut self, mac: &rust::Macro) -> Expr {
        let (start, path) = self.path(None, &mac.path);
        let delimited = self.delimited(*mac.delimiter.span());
        let inside = Span::new(delimited.start + 1, delimited.end - 1);
        let kind = self.macro_inside(path, &mac.tokens, inside);
        Expr {
            span: Span::new(start, delimited.end),
            kind,
        }
    }

    fn macro_inside(&mut self, path: Vec<Span>, tokens: &TokenStream, inside: Span) -> ExprKind {
        let name = path.last().map_or("", |last| {
            &self.source[last.start as usize..last.end as usize]
        });
        if name == "matches"
            && let Ok(read) = MatchesArgs::parse.parse2(tokens.clone())
        {
            return self.matches(&read);
        }
        let body = self.body(name, tokens, inside);
        ExprKind::Macro(Box::new(Macro { path, body }))
    }

    fn matches(&mut self, read: &MatchesArgs) -> ExprKind {
        let scrutinee = self.expr(&read.scrutinee);
        let (pat, guard) = self.guarded(&read.pat);
        let guard = guard.or_else(|| read.guard.as_ref().map(|guard| self.expr(guard)));
        ExprKind::Matches(Box::new(Matches {
            scrutinee,
            pat,
            guard,
        }))
    }

    fn body(&mut self, name: &str, tokens: &TokenStream, inside: Span) -> MacroBody {
        if tokens.is_empty() {
            return MacroBody::Args(Vec::new());
        }
        match name {
            "cfg" => return MacroBody::Cfg(inside),
            "cfg_if" => {
                if let Ok(read) = CfgIf::parse.parse2(tokens.clone()) {
                    let arms = read.0.iter().map(|arm| self.cfg_arm(arm)).collect();
                    return MacroBody::CfgIf(arms);
                }
            }
            "select" => {
                if let Ok(read) = Select::parse.parse2(tokens.clone()) {
                    return MacroBody::Args(self.exprs(&read.0));
                }
            }
            "json" => {
                let trees: Vec<TokenTree> = tokens.clone().into_iter().collect();
                return MacroBody::Args(self.json(&trees).into_iter().collect());
            }
            _ => {}
        }
        if let Ok(read) = Args::parse.parse2(tokens.clone()) {
            return MacroBody::Args(self.exprs(&read.0));
        }
        let mut strings = Vec::new();
        self.strings(tokens.clone(), &mut strings);
        MacroBody::Args(strings)
    }

    fn cfg_arm(&mut self, arm: &CfgIfArm) -> CfgArm {
        let meta = arm.attr.as_ref().map(|attr| {
            let brackets = self.delimited(attr.bracket_token.span);
            Span::new(brackets.start + 1, brackets.end - 1)
        });
        let block = Block {
            span: self.delimited(arm.brace.span),
            inner: Vec::new(),
            body: self.statements(&arm.stmts),
        };
        CfgArm { meta, block }
    }

    /// `{ "a": 1, b: [2] }` as `json!` takes it.
    fn json(&mut self, trees: &[TokenTree]) -> Option<Expr> {
        if let [TokenTree::Group(group)] = trees {
            let span = self.span(group.span());
            let inside: Vec<TokenTree> = group.stream().into_iter().collect();
            let parts = split(&inside, ',');
            if group.delimiter() == Delimiter::Brace {
                let entries = parts
                    .into_iter()
                    .filter_map(|part| {
                        let colon = part
                            .iter()
                            .enumerate()
                            .position(|(at, tree)| is_colon(part, at, tree))?;
                        Some((self.json(&part[..colon])?, self.json(&part[colon + 1..])?))
                    })
                    .collect();
                return Some(Expr {
                    span,
                    kind: ExprKind::Object(entries),
                });
            }
            if group.delimiter() == Delimiter::Bracket {
                let items = parts
                    .into_iter()
                    .filter_map(|part| self.json(part))
                    .collect();
                return Some(Expr {
                    span,
                    kind: ExprKind::List(items),
                });
            }
        }
        let tokens: TokenStream = trees.iter().cloned().collect();
        if let Ok(expr) = rust::parse2::<rust::Expr>(tokens) {
            return Some(self.expr(&expr));
        }
        let span = self
            .span(trees.first()?.span())
            .join(self.span(trees.last()?.span()));
        let mut strings = Vec::new();
        self.strings(trees.iter().cloned().collect(), &mut strings);
        Some(Expr {
            span,
            kind: ExprKind::Other(strings),
        })
    }

    /// The string literals among tokens that are no Rust.
    fn strings(&self, tokens: TokenStream, found: &mut Vec<Expr>) {
        for tree in tokens {
            match tree {
                TokenTree::Group(group) => self.strings(group.stream(), found),
                TokenTree::Literal(literal) => {
                    let span = self.span(literal.span());
                    let text = &self.source[span.start as usize..span.end as usize];
                    // A documentation comment comes as a literal too.
                    if text.ends_with('"') && !text.starts_with('/') {
                        found.push(Expr {
                            span,
                            kind: ExprKind::Str,
                        });
                    }
                }
                TokenTree::Ident(_) | TokenTree::Punct(_) => {}
            }
        }
    }
}

fn split(trees: &[TokenTree], separator: char) -> Vec<&[TokenTree]> {
    trees
        .split(|tree| matches!(tree, TokenTree::Punct(punct) if punct.as_char() == separator))
        .filter(|part| !part.is_empty())
        .collect()
}

/// Whether a token is a `:` that stands alone: `::` belongs to a path.
fn is_colon(trees: &[TokenTree], at: usize, tree: &TokenTree) -> bool {
    let colon = |tree: Option<&TokenTree>| matches!(tree, Some(TokenTree::Punct(punct)) if punct.as_char() == ':');
    colon(Some(tree)) && !colon(trees.get(at + 1)) && !(at > 0 && colon(trees.get(at - 1)))
}

/// `a, b; c`: expressions with separators between.
struct Args(Vec<rust::Expr>);

impl Parse for Args {
    fn parse(input: ParseStream<'_>) -> rust::Result<Self> {
        let mut args = Vec::new();
        while !input.is_empty() {
            args.push(input.parse()?);
            if input.is_empty() {
                break;
            }
            if input.peek(Token![;]) {
                input.parse::<Token![;]>()?;
            } else {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(Self(args))
    }
}

/// `e, P if g`.
struct MatchesArgs {
    scrutinee: rust::Expr,
    pat: rust::Pat,
    guard: Option<rust::Expr>,
}

impl Parse for MatchesArgs {
    fn parse(input: ParseStream<'_>) -> rust::Result<Self> {
        let scrutinee = input.parse()?;
        input.parse::<Token![,]>()?;
        let pat = rust::Pat::parse_multi_with_leading_vert(input)?;
        let guard = if input.peek(Token![if]) {
            input.parse::<Token![if]>()?;
            Some(input.parse()?)
        } else {
            None
        };
        input.parse::<Option<Token![,]>>()?;
        Ok(Self {
            scrutinee,
            pat,
            guard,
        })
    }
}

/// `if #[cfg(a)] { … } else if #[cfg(b)] { … } else { … }`.
struct CfgIf(Vec<CfgIfArm>);

struct CfgIfArm {
    attr: Option<rust::Attribute>,
    brace: rust::token::Brace,
    stmts: Vec<rust::Stmt>,
}

impl Parse for CfgIf {
    fn parse(input: ParseStream<'_>) -> rust::Result<Self> {
        let mut arms = Vec::new();
        loop {
            let attr = if input.peek(Token![if]) {
                input.parse::<Token![if]>()?;
                input.call(rust::Attribute::parse_outer)?.into_iter().next()
            } else {
                None
            };
            let last = attr.is_none();
            let content;
            let brace = rust::braced!(content in input);
            let stmts = content.call(rust::Block::parse_within)?;
            arms.push(CfgIfArm { attr, brace, stmts });
            if input.is_empty() {
                return Ok(Self(arms));
            }
            if last {
                return Err(input.error("expected the end"));
            }
            input.parse::<Token![else]>()?;
        }
    }
}

/// `pattern = future, if precondition => handler`, as `tokio::select!` takes them: all expressions in order.
struct Select(Vec<rust::Expr>);

impl Parse for Select {
    fn parse(input: ParseStream<'_>) -> rust::Result<Self> {
        let mut exprs = Vec::new();
        if input.peek(rust::Ident) && input.peek2(Token![;]) {
            input.parse::<rust::Ident>()?;
            input.parse::<Token![;]>()?;
        }
        while !input.is_empty() {
            let alone =
                input.peek(Token![else]) || input.peek(rust::Ident) && input.peek2(Token![=>]);
            if alone {
                input.parse::<TokenTree>()?;
            } else {
                rust::Pat::parse_multi_with_leading_vert(input)?;
                input.parse::<Token![=]>()?;
                exprs.push(input.parse()?);
                if input.peek(Token![,]) && input.peek2(Token![if]) {
                    input.parse::<Token![,]>()?;
                    input.parse::<Token![if]>()?;
                    exprs.push(input.parse()?);
                }
            }
            input.parse::<Token![=>]>()?;
            let block = input.peek(rust::token::Brace);
            exprs.push(if block {
                rust::Expr::parse_with_earlier_boundary_rule(input)?
            } else {
                input.parse()?
            });
            let comma: Option<Token![,]> = input.parse()?;
            if comma.is_none() && !block && !input.is_empty() {
                return Err(input.error("expected `,`"));
            }
        }
        Ok(Self(exprs))
    }
}
