//! How fast a tree of facts is linked, searched and measured. `cargo bench -p bespoke-analysis`.
//!
//! Facts are written by hand, so that this crate's tests and benches need no grammar.

use bespoke_analysis::{FileSet, Role, Settings, SourceFile, analyse};
use bespoke_facts::{
    BindingKind, BranchKind, CallForm, CompareOp, DefinitionKind, DefinitionStart, ExprKind,
    FactsBuilder, FileFacts, Import, Imported, RepoPath, Span,
};
use divan::Bencher;

/// Functions of each file.
const FUNCTIONS: u32 = 10;

fn main() {
    divan::main();
}

#[divan::bench(args = [10, 100, 1_000])]
fn tree(bencher: Bencher<'_, '_>, files: usize) {
    let set = FileSet {
        files: (0..files).map(file).collect(),
        paths: (0..files).map(path).collect(),
        ..FileSet::default()
    };
    let settings = Settings::default();
    bencher.bench(|| analyse(divan::black_box(&set), &settings, None));
}

fn path(at: usize) -> RepoPath {
    RepoPath::new(format!("src/m{at:04}.ts"))
}

fn file(at: usize) -> SourceFile {
    SourceFile {
        path: path(at),
        language: "typescript",
        role: Role::Product,
        facts: facts(at).into(),
    }
}

/// As of `export const SLUG = "acme"` and functions of the form
/// `if (org.slug === OTHER) { … } if (useFlag("f7")) { … }`, where `OTHER` is the `SLUG` of the file before.
fn facts(at: usize) -> FileFacts {
    let source = "x;\n".repeat(20 * FUNCTIONS as usize);
    let mut facts = FactsBuilder::new(&source);
    let top = Span::new(0, 2);
    import(
        &mut facts,
        &format!("./m{:04}", at.saturating_sub(1)),
        "SLUG",
        "OTHER",
    );
    import(
        &mut facts,
        "@launchdarkly/react-client-sdk",
        "useFlag",
        "useFlag",
    );
    let slug = facts.string(["acme", "globex", "initech"][at % 3], top);
    facts.binding(BindingKind::Constant, "SLUG", Some(slug), top, true);
    for function in 0..FUNCTIONS {
        // Twenty lines of three bytes each; the two conditions stand on the second and the tenth.
        let line = |line: u32| 60 * function + 3 * line;
        let span = Span::new(line(0), line(19));
        let name = format!("price{at}x{function}");
        facts.begin_definition(&DefinitionStart {
            name: &name,
            kind: DefinitionKind::Function,
            span,
            exported: true,
        });
        facts.begin_function(Some(&name), span, span);

        let here = Span::new(line(1), line(1) + 1);
        let org = facts.name("org", here);
        let left = facts.member(org, "slug", here);
        let right = facts.name("OTHER", here);
        let op = CompareOp::Equal;
        let condition = facts.expr(ExprKind::Compare { op, left, right }, here);
        let then = Some(Span::new(line(2), line(6)));
        facts.branch(BranchKind::If, condition, here, (then, None), false);

        let here = Span::new(line(9), line(9) + 1);
        let callee = facts.name("useFlag", here);
        let key = facts.string(&format!("f{}", at % 50), here);
        let args = facts.children(&[key]);
        let form = CallForm::Call;
        let condition = facts.expr(ExprKind::Call { callee, args, form }, here);
        let then = Some(Span::new(line(10), line(14)));
        facts.branch(BranchKind::If, condition, here, (then, None), false);

        facts.end_function();
        facts.end_definition();
    }
    facts.finish()
}

fn import(facts: &mut FactsBuilder<'_>, source: &str, name: &str, local: &str) {
    let import = Import {
        source: facts.intern(source),
        imported: Imported::Named(facts.intern(name)),
        local: Some(facts.intern(local)),
        type_only: false,
        reexport: false,
        span: Span::new(0, 2),
    };
    facts.import(import);
}
