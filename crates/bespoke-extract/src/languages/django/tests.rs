//! Regions, and what is no template.

use bespoke_facts::{FileFacts, IssueReason, Span, dump};

use super::LANGUAGE;
use crate::{STACK_BYTES, extract};

fn facts(source: &str) -> FileFacts {
    extract(source.as_bytes(), &LANGUAGE)
}

fn text(source: &str, span: Option<Span>) -> &str {
    span.map_or("-", |it| &source[it.start as usize..it.end as usize])
}

/// The guarded text of each branch, and the text of the other outcome.
fn regions(source: &str) -> Vec<(&str, &str)> {
    let facts = facts(source);
    let texts = |(then, otherwise)| (text(source, then), text(source, otherwise));
    let branches = facts.branches.iter();
    branches.map(|it| texts((it.then, it.otherwise))).collect()
}

fn places(source: &str) -> u32 {
    let issues = facts(source).issues;
    let syntax = issues.iter().find_map(|issue| match issue {
        IssueReason::Syntax { places } => Some(*places),
        _ => None,
    });
    syntax.unwrap_or(0)
}

/// On a thread like those that extract.
fn on_a_large_stack(work: fn()) {
    let thread = std::thread::Builder::new().stack_size(STACK_BYTES);
    let outcome = thread.spawn(work).expect("a thread can be had").join();
    assert!(outcome.is_ok());
}

#[test]
fn a_part_is_guarded_up_to_the_next() {
    assert_eq!(
        regions("{% if a %}A{% elif b %}B{% if c %}C{% endif %}{% else %}D{% endif %}"),
        [
            ("A", "{% elif b %}B{% if c %}C{% endif %}{% else %}D"),
            ("B{% if c %}C{% endif %}", "D"),
            ("C", "-"),
        ]
    );
    assert_eq!(
        regions("{% flag F %}on{% else %}off{% endflag %}"),
        [("on", "off")]
    );
    assert_eq!(
        regions("{% for a in b if c %}A{% else %}B{% endfor %}"),
        [("A", "-")]
    );
    assert_eq!(
        regions("{% if a %}{% for b in c %}B{% empty %}C{% endfor %}{% else %}D{% endif %}"),
        [("{% for b in c %}B{% empty %}C{% endfor %}", "D")]
    );
    assert_eq!(
        regions("{% if a %}{% panel %}x{% endpanel %}{% else %}y{% endif %}"),
        [("{% panel %}x{% endpanel %}", "y")]
    );
    assert_eq!(regions("{{ x if a else y }}"), [("x", "y")]);
}

#[test]
fn elements_are_guarded_up_to_their_end() {
    assert_eq!(
        regions(
            "<p v-if='a'><p>A</p></p><!-- c --><b x v-else-if=\"c\">B</b> <i v-else>C</i><i>D</i>"
        ),
        [
            ("'><p>A</p></p>", "\">B</b> <i v-else>C</i>"),
            ("\">B</b>", ">C</i>"),
        ]
    );
    assert_eq!(
        regions("<ul><li {% if a > b %}x{% endif %} *ngIf=\"a; else b\">A</ul><hr v-show='b'>C"),
        [("x", "-"), ("\">A</ul>", "-"), ("'>", "-")]
    );
    assert_eq!(
        regions("<p v-if='a'></p><p></p><p v-else></p>"),
        [("'></p>", "-")]
    );
    assert_eq!(
        regions("<script>'<p v-if=\"a\">'</script><!-- <p v-if='a'> -->"),
        []
    );
}

#[test]
fn what_is_not_closed_goes_to_the_end() {
    assert_eq!(regions("{% if a %}x {% if b %}y{% endif %} z").len(), 2);
    assert_eq!(
        regions("{% if a %}x {% for b in c %}y{% endif %} z{% if d %}"),
        [("x {% for b in c %}y", "-"), ("", "-")]
    );
    for (source, broken) in [
        ("{% if a %}x", 1),
        ("x{% endif %}", 1),
        ("x{% else %}", 1),
        ("{% if a", 1),
        ("{% if", 1),
        ("{% if {% if a %}{% endif %}", 1),
        ("{% if a %}{% else %}{% elif b %}{% endif %}", 1),
        ("{% raw %}{% if a %}", 2),
        ("{% if a %}{% for b in c %}{% endif %}", 1),
        ("{% panel %}{% endwith %}", 0),
        ("{% if %}{% elif %}{% endif %}", 0),
        ("{% %}{%%}{{}}{{ }}{##}{#", 0),
        ("a { b } {{ c", 0),
    ] {
        assert_eq!(places(source), broken, "{source}");
    }
}

#[test]
fn complexity_is_counted_as_in_code() {
    let facts = facts("{% if a %}{% if b and c %}{% else %}{% endif %}{% elif d %}{% endif %}");
    // Three conditions and one `and`; 1 + 2 for the nested one, 1 each for `and`, `else` and `elif`.
    assert_eq!((facts.top_cyclomatic, facts.top_cognitive), (4, 6));
}

#[test]
fn comments_are_no_code() {
    let source = "<!-- a\nb -->\n<p>\n{# c #}\n{% comment %}\nd\n{% endcomment %}\n<!-- e\n";
    assert_eq!(facts(source).nloc, 2);
    let plain = "<!-- a\n-->\n<p>if (a) { b }</p>\n";
    let facts = facts(plain);
    assert_eq!((facts.nloc, facts.exprs.len()), (1, 0));
}

#[test]
fn names_are_bound() {
    let text = dump(&facts(
        "{% with a=b.c d=1 %}{% endwith %}{% with x|f as y %}{% endwith %}{% set p, q = 1, 2 %}\
         {% set n.m = 3 %}{% enabled \"k\" user as on %}",
    ));
    let bindings: Vec<_> = text
        .lines()
        .filter_map(|line| line.strip_prefix("binding "))
        .map(|line| {
            let (before, value) = line.split_once(" = ").unwrap_or_default();
            let words: Vec<_> = before.split(' ').skip(1).take(2).collect();
            format!("{} = {value}", words.join(" "))
        })
        .collect();
    assert_eq!(
        bindings,
        [
            "Variable on = (call enabled \"k\" user)",
            "Constant d = 1",
            "Constant y = (call f x)",
            "Variable p = 1",
            "Variable q = 2",
            "Constant a = b.c",
            "Assignment m = 3",
        ]
    );
}

#[test]
fn line_ends_and_marks_do_not_matter() {
    let unix = "\u{feff}{% if a == 'x' %}\nb\n{% endif %}\n";
    let windows = unix.replace('\n', "\r\n");
    assert_eq!(facts(unix).nloc, 3);
    assert_eq!(facts(&windows).nloc, 3);
    assert_eq!(regions(&windows), [("\r\nb\r\n", "-")]);
    assert_eq!(facts("").branches.len(), 0);
    let bytes = b"{% if a == \"\xff\" %}{% endif %}";
    assert_eq!(extract(bytes, &LANGUAGE).branches.len(), 1);
}

#[test]
fn depth_is_bounded() {
    on_a_large_stack(|| {
        let blocks = "{% if a %}".repeat(10_000) + &"{% endif %}".repeat(10_000);
        let read = facts(&blocks);
        assert_eq!(read.branches.len(), crate::MAX_DEPTH as usize);
        let limit = crate::MAX_DEPTH;
        assert_eq!(read.issues, [IssueReason::TooDeep { limit }]);
        for piece in [
            "(",
            "[",
            "not ",
            "! ",
            "a.",
            "a(",
            "a|f:",
            "a if ",
            "a ? ",
            "-",
            "a[0].",
            "{a:",
            "a and b or ",
            "a is not ",
            "'\\",
            "(a or ",
            "x ~ ",
            "a, ",
            "as ",
            "a= ",
        ] {
            let inner = piece.repeat(10_000);
            for (open, close) in [
                ("{{", "}}"),
                ("{% if ", "%}"),
                ("{% set a = ", "%}"),
                ("{% for ", "%}"),
                ("{% f ", "%}"),
            ] {
                facts(&format!("{open}{inner}{close}"));
            }
        }
        let wide = "a and ".repeat(10_000) + "b";
        assert_eq!(facts(&format!("{{{{ {wide} }}}}")).issues, []);
    });
}

/// Each of these is read again from each of its places by a reader that is not linear.
#[test]
fn repeated_openers_are_read_once() {
    on_a_large_stack(|| {
        for piece in [
            "{%",
            "{{",
            "{#",
            "<!--",
            "{% if",
            "{% raw %}",
            "{% comment %}",
            "{{ '",
            "{% endif %}",
            "{% a %}",
            "-->",
            "{% if a %}{% b %}",
            "{% b %}{% endif %}",
            "{% else %}",
            "{% case %}",
            "{%%}",
            "{% 'é' %}",
            "<p v-if='a'>",
            "<p v-if='",
            "<p v-if=\"<p a='",
            "</p>",
            "<p v-if='a'></b>",
            "<script>v-if",
            "<p v-if='a'/><p v-else-if='b'/>",
            "<a v-if {%",
            "<!--v-if",
            "{{é",
            "%}",
        ] {
            facts(&piece.repeat(50_000));
        }
    });
}

#[test]
fn every_prefix_of_a_template_is_read() {
    let source = "<!-- é -->{%- if a|f:\"é\" == b.0['é'] -%}{{ x if y else z }}{% raw %}{% endraw %}\
                  {% switch s %}{% case 'a' %}{% endswitch %}{# é #}{% with é=1 %}{% endwith %}<é v-if='é' é><i v-else x=\"é\" />{% endif %}";
    for (at, _) in source.char_indices() {
        facts(&source[..at]);
        facts(&source[at..]);
    }
}
