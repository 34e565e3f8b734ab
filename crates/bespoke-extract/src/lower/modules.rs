//! Imports and exports of ECMAScript modules.

use bespoke_facts::{Export, ExprId, Import, Imported, NameId, Span};
use tree_sitter::Node;

use super::{Lowering, Position, children, span_of};

impl Lowering<'_, '_> {
    pub(super) fn import(&mut self, span: Span) -> Option<ExprId> {
        self.comments_within();
        let node = self.cursor.node();
        let parts = children(node);
        let type_only = parts.iter().any(|part| part.kind() == "type");
        // `import a = require("b")` keeps its source in the clause.
        let require = parts
            .iter()
            .find(|part| part.kind() == "import_require_clause");
        let holder = require.copied().unwrap_or(node);
        let source = self.source_of(holder)?;
        let add = |it: &mut Self, imported, local: Option<Node<'_>>, type_only| {
            let local = local.map(|node| it.facts.intern(it.text_of(node)));
            it.facts.import(Import {
                source,
                imported,
                local,
                type_only,
                reexport: false,
                span,
            });
        };
        if let Some(clause) = require {
            add(self, Imported::Namespace, clause.named_child(0), type_only);
            return None;
        }
        let Some(clause) = parts.iter().find(|part| part.kind() == "import_clause") else {
            add(self, Imported::Nothing, None, false);
            return None;
        };
        for part in children(*clause) {
            match part.kind() {
                "identifier" => add(self, Imported::Default, Some(part), type_only),
                "namespace_import" => {
                    add(self, Imported::Namespace, part.named_child(0), type_only);
                }
                "named_imports" => {
                    for specifier in children(part)
                        .into_iter()
                        .filter(|it| it.kind() == "import_specifier")
                    {
                        let types =
                            type_only || specifier.child(0).is_some_and(|it| it.kind() == "type");
                        let Some(name) = specifier.child_by_field_id(self.fields.name) else {
                            continue;
                        };
                        let local = specifier
                            .child_by_field_id(self.fields.alias)
                            .unwrap_or(name);
                        let imported = self.named(name);
                        add(self, imported, Some(local), types);
                    }
                }
                _ => {}
            }
        }
        None
    }

    pub(super) fn export(&mut self, span: Span) -> Option<ExprId> {
        let node = self.cursor.node();
        let fields = self.fields;
        let parts = children(node);
        if let Some(source) = self.source_of(node) {
            self.comments_within();
            self.reexport(&parts, source, span);
            return None;
        }
        for clause in parts.iter().filter(|part| part.kind() == "export_clause") {
            for specifier in children(*clause)
                .into_iter()
                .filter(|it| it.kind() == "export_specifier")
            {
                let Some(local) = specifier.child_by_field_id(fields.name) else {
                    continue;
                };
                let name = specifier.child_by_field_id(fields.alias).unwrap_or(local);
                let name = self
                    .facts
                    .intern(self.text_of(name).trim_matches(['"', '\'']));
                let local = Some(self.facts.intern(self.text_of(local)));
                self.facts.export(Export {
                    name,
                    local,
                    value: None,
                });
            }
        }
        let is_default = parts.iter().any(|part| part.kind() == "default");
        let declared = self
            .child(fields.declaration)
            .and_then(|it| it.child_by_field_id(fields.name));
        let around = std::mem::replace(&mut self.exporting, true);
        let mut value = None;
        self.each_child(|it, field| {
            if it.cursor.node().kind() == "export_clause" {
                it.mentioned();
                return;
            }
            let given = it.lower(Position::Value);
            if field == fields.value || field == fields.declaration {
                value = given;
            }
        });
        self.exporting = around;
        if is_default {
            let name = self.facts.intern("default");
            let local = declared.map(|node| self.facts.intern(self.text_of(node)));
            self.facts.export(Export { name, local, value });
        }
        None
    }

    /// The names in a list of exports: each is read, but for `default`.
    fn mentioned(&mut self) {
        self.each(|it| {
            if it.cursor.node().kind() != "export_specifier" {
                it.lower(Position::Value);
                return;
            }
            it.each(|it| {
                if it.text_of(it.cursor.node()) != "default" {
                    it.lower(Position::Value);
                }
            });
        });
    }

    fn reexport(&mut self, parts: &[Node<'_>], source: NameId, span: Span) {
        let type_only = parts.iter().any(|part| part.kind() == "type");
        let add = |it: &mut Self, imported, local: Option<NameId>| {
            it.facts.import(Import {
                source,
                imported,
                local,
                type_only,
                reexport: true,
                span,
            });
        };
        let mut named = false;
        for part in parts {
            match part.kind() {
                "namespace_export" => {
                    named = true;
                    let local = part
                        .named_child(0)
                        .map(|node| self.facts.intern(self.text_of(node)));
                    add(self, Imported::Namespace, local);
                }
                "export_clause" => {
                    named = true;
                    for specifier in children(*part)
                        .into_iter()
                        .filter(|it| it.kind() == "export_specifier")
                    {
                        let Some(name) = specifier.child_by_field_id(self.fields.name) else {
                            continue;
                        };
                        let local = specifier
                            .child_by_field_id(self.fields.alias)
                            .unwrap_or(name);
                        let local = self.facts.intern(self.text_of(local));
                        let imported = self.named(name);
                        add(self, imported, Some(local));
                    }
                }
                _ => {}
            }
        }
        if !named {
            add(self, Imported::Glob, None);
        }
    }

    fn named(&mut self, name: Node<'_>) -> Imported {
        match self.text_of(name).trim_matches(['"', '\'']) {
            "default" => Imported::Default,
            name => Imported::Named(self.facts.intern(name)),
        }
    }

    fn source_of(&mut self, node: Node<'_>) -> Option<NameId> {
        let source = span_of(node.child_by_field_id(self.fields.source)?);
        let text = self.facts.source_at(source);
        Some(
            self.facts
                .intern(text.get(1..text.len().saturating_sub(1)).unwrap_or("")),
        )
    }
}
