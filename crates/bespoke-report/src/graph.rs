//! A dependency graph to text that other programs draw or read.

use std::io::{self, Write};

use bespoke_analysis::{View, ViewEdge};
use serde_json::json;

/// Form of a graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GraphFormat {
    /// Graphviz.
    Dot,
    /// Nodes and edges.
    Json,
    /// Mermaid's flowchart, as Markdown viewers show it.
    Mermaid,
    /// `GraphML` (Brandes et al., 2002), as yEd, Gephi and networkx read it.
    GraphMl,
}

/// Writes a graph.
pub fn write_graph(view: &View, format: GraphFormat, out: &mut dyn Write) -> io::Result<()> {
    match format {
        GraphFormat::Dot => dot(view, out),
        GraphFormat::Json => json(view, out),
        GraphFormat::Mermaid => mermaid(view, out),
        GraphFormat::GraphMl => graphml(view, out),
    }
}

fn kinds(edge: &ViewEdge) -> Vec<&'static str> {
    edge.kinds.iter().map(|kind| kind.id()).collect()
}

fn dot(view: &View, out: &mut dyn Write) -> io::Result<()> {
    let quoted = |text: &str| {
        let text = text.replace('\\', "\\\\").replace('"', "\\\"");
        format!("\"{}\"", text.replace(['\n', '\r'], " "))
    };
    writeln!(out, "digraph dependencies {{")?;
    writeln!(out, "  rankdir=LR;")?;
    writeln!(out, "  node [shape=box, fontname=\"sans-serif\"];")?;
    for (at, node) in view.nodes.iter().enumerate() {
        let style = match (node.kind, &node.owner) {
            (_, Some(_)) => ", style=filled, fillcolor=\"#fde2c8\"",
            ("package", _) => ", style=dashed",
            _ => "",
        };
        writeln!(out, "  n{at} [label={}{style}];", quoted(&node.id))?;
    }
    for edge in &view.edges {
        let mut notes = Vec::new();
        if edge.count > 1 {
            notes.push(edge.count.to_string());
        }
        notes.extend(edge.condition.clone());
        let label = match notes.as_slice() {
            [] => String::new(),
            notes => format!(" [label={}]", quoted(&notes.join(" "))),
        };
        writeln!(out, "  n{} -> n{}{label};", edge.from, edge.to)?;
    }
    writeln!(out, "}}")
}

fn json(view: &View, out: &mut dyn Write) -> io::Result<()> {
    let nodes: Vec<_> = view
        .nodes
        .iter()
        .map(|node| {
            json!({ "id": node.id, "kind": node.kind, "files": node.files, "owner": node.owner })
        })
        .collect();
    let id = |at: u32| view.nodes.get(at as usize).map(|node| &node.id);
    let edges: Vec<_> = view
        .edges
        .iter()
        .map(|edge| {
            json!({
                "from": id(edge.from),
                "to": id(edge.to),
                "kinds": kinds(edge),
                "count": edge.count,
                "condition": edge.condition,
            })
        })
        .collect();
    serde_json::to_writer_pretty(&mut *out, &json!({ "nodes": nodes, "edges": edges }))?;
    writeln!(out)
}

fn mermaid(view: &View, out: &mut dyn Write) -> io::Result<()> {
    let quoted = |text: &str| {
        let mut safe = String::new();
        for char in text.chars() {
            match char {
                '"' | '#' | '<' | '>' | '&' | '`' | '|' => {
                    safe.extend(["#", &u32::from(char).to_string(), ";"]);
                }
                char if char.is_control() => safe.push(' '),
                char => safe.push(char),
            }
        }
        format!("\"{safe}\"")
    };
    writeln!(out, "flowchart LR")?;
    for (at, node) in view.nodes.iter().enumerate() {
        let class = if node.owner.is_some() {
            ":::customer"
        } else {
            ""
        };
        writeln!(out, "  n{at}[{}]{class}", quoted(&node.id))?;
    }
    for edge in &view.edges {
        let label = match (&edge.condition, edge.count) {
            (Some(condition), _) => format!("|{}|", quoted(condition)),
            (None, 1) => String::new(),
            (None, count) => format!("|{count}|"),
        };
        writeln!(out, "  n{} -->{label} n{}", edge.from, edge.to)?;
    }
    writeln!(out, "  classDef customer fill:#fde2c8")
}

fn graphml(view: &View, out: &mut dyn Write) -> io::Result<()> {
    let safe = |text: &str| {
        let mut safe = String::new();
        for char in text.chars() {
            match char {
                '&' => safe.push_str("&amp;"),
                '<' => safe.push_str("&lt;"),
                '>' => safe.push_str("&gt;"),
                '"' => safe.push_str("&quot;"),
                char if char.is_control() => safe.push(' '),
                char => safe.push(char),
            }
        }
        safe
    };
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(
        out,
        "<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">"
    )?;
    for (key, of, kind) in [
        ("kind", "node", "string"),
        ("files", "node", "int"),
        ("owner", "node", "string"),
        ("kinds", "edge", "string"),
        ("count", "edge", "int"),
        ("condition", "edge", "string"),
    ] {
        writeln!(
            out,
            "  <key id=\"{key}\" for=\"{of}\" attr.name=\"{key}\" attr.type=\"{kind}\"/>"
        )?;
    }
    writeln!(
        out,
        "  <graph id=\"dependencies\" edgedefault=\"directed\">"
    )?;
    for node in &view.nodes {
        writeln!(out, "    <node id=\"{}\">", safe(&node.id))?;
        writeln!(out, "      <data key=\"kind\">{}</data>", node.kind)?;
        writeln!(out, "      <data key=\"files\">{}</data>", node.files)?;
        if let Some(owner) = &node.owner {
            writeln!(out, "      <data key=\"owner\">{}</data>", safe(owner))?;
        }
        writeln!(out, "    </node>")?;
    }
    for edge in &view.edges {
        let id = |at: u32| view.nodes.get(at as usize).map(|node| safe(&node.id));
        let (Some(from), Some(to)) = (id(edge.from), id(edge.to)) else {
            continue;
        };
        writeln!(out, "    <edge source=\"{from}\" target=\"{to}\">")?;
        writeln!(
            out,
            "      <data key=\"kinds\">{}</data>",
            kinds(edge).join(" ")
        )?;
        writeln!(out, "      <data key=\"count\">{}</data>", edge.count)?;
        if let Some(condition) = &edge.condition {
            writeln!(
                out,
                "      <data key=\"condition\">{}</data>",
                safe(condition)
            )?;
        }
        writeln!(out, "    </edge>")?;
    }
    writeln!(out, "  </graph>\n</graphml>")
}

#[cfg(test)]
mod tests {
    use bespoke_analysis::{EdgeKind, ViewNode};

    use super::*;

    fn view() -> View {
        let node = |id: &str, owner: Option<&str>| ViewNode {
            id: id.to_owned(),
            kind: "file",
            files: 1,
            owner: owner.map(str::to_owned),
        };
        View {
            nodes: vec![
                node("a\"<b>&\u{1b}.ts", None),
                node("custom/acme/x.ts", Some("acme")),
            ],
            edges: vec![ViewEdge {
                from: 0,
                to: 1,
                kinds: vec![EdgeKind::Import, EdgeKind::Call],
                count: 2,
                condition: Some("feature == \"x\" && <y>".to_owned()),
            }],
        }
    }

    fn written(format: GraphFormat) -> String {
        let mut out = Vec::new();
        write_graph(&view(), format, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn names_cannot_leave_their_place() {
        assert!(written(GraphFormat::Dot).contains(r#"label="a\"<b>&"#));
        let graphml = written(GraphFormat::GraphMl);
        assert!(
            graphml.contains("source=\"a&quot;&lt;b&gt;&amp; .ts\""),
            "{graphml}"
        );
        let mermaid = written(GraphFormat::Mermaid);
        assert!(
            mermaid.contains("n0[\"a#34;#60;b#62;#38; .ts\"]"),
            "{mermaid}"
        );
        let json: serde_json::Value = serde_json::from_str(&written(GraphFormat::Json)).unwrap();
        assert_eq!(json["edges"][0]["to"], "custom/acme/x.ts");
        assert_eq!(json["edges"][0]["kinds"], json!(["import", "call"]));
    }
}
