//! Imports and exports of ECMAScript modules.

use bespoke_facts::{Export, Import, Imported, NameId};
use oxc_ast::ast::{
    ExportDefaultDeclaration, ExportDefaultDeclarationKind, ImportDeclaration,
    ImportDeclarationSpecifier, ModuleDeclaration, ModuleExportName,
};
use oxc_span::GetSpan as _;

use super::{Lowering, Position};

impl Lowering<'_> {
    pub(super) fn module_declaration(&mut self, it: &ModuleDeclaration<'_>) {
        match it {
            ModuleDeclaration::ImportDeclaration(it) => self.import(it),
            ModuleDeclaration::ExportAllDeclaration(it) => {
                let (source, type_only) = (it.source.span, it.export_kind.is_type());
                match &it.exported {
                    Some(name) => {
                        let local = self.facts.source_at(self.at(name.span()));
                        let local = Some(self.facts.intern(local));
                        self.reexport(source, Imported::Namespace, local, type_only, it.span);
                    }
                    None => self.reexport(source, Imported::Glob, None, type_only, it.span),
                }
            }
            ModuleDeclaration::ExportFromDeclaration(it) => {
                let type_only = it.export_kind.is_type();
                for specifier in &it.specifiers {
                    let local = self.facts.source_at(self.at(specifier.exported.span()));
                    let local = Some(self.facts.intern(local));
                    let imported = self.named(&specifier.local);
                    self.reexport(it.source.span, imported, local, type_only, it.span);
                }
            }
            ModuleDeclaration::ExportNamedDeclaration(it) => {
                for specifier in &it.specifiers {
                    let (local, exported) = (specifier.local.span(), specifier.exported.span());
                    let name = self
                        .facts
                        .source_at(self.at(exported))
                        .trim_matches(['"', '\'']);
                    let name = self.facts.intern(name);
                    self.mentioned(local);
                    if local != exported {
                        self.mentioned(exported);
                    }
                    let local = self.facts.source_at(self.at(local));
                    let local = Some(self.facts.intern(local));
                    self.facts.export(Export {
                        name,
                        local,
                        value: None,
                    });
                }
            }
            ModuleDeclaration::ExportDeclaration(it) => {
                let around = std::mem::replace(&mut self.exporting, true);
                self.declare(&it.declaration);
                self.exporting = around;
            }
            ModuleDeclaration::ExportDefaultDeclaration(it) => self.export_default(it),
            ModuleDeclaration::TSExportAssignment(it) => {
                let around = std::mem::replace(&mut self.exporting, true);
                self.expr(&it.expression, Position::Value);
                self.exporting = around;
            }
            ModuleDeclaration::TSNamespaceExportDeclaration(it) => self.mentioned(it.id.span),
        }
    }

    /// A name in a list of exports.
    fn mentioned(&mut self, span: oxc_span::Span) {
        let at = self.at(span);
        match self.facts.source_at(at) {
            "default" => {}
            text if text.starts_with(['"', '\'']) => {
                self.string(span);
            }
            text => {
                self.facts.name(text, at);
            }
        }
    }

    fn export_default(&mut self, it: &ExportDefaultDeclaration<'_>) {
        let around = std::mem::replace(&mut self.exporting, true);
        let (declared, value) = match &it.declaration {
            ExportDefaultDeclarationKind::FunctionDeclaration(it) => {
                (it.id.as_ref().map(|id| id.span), self.function(it))
            }
            ExportDefaultDeclarationKind::ClassDeclaration(it) => {
                (it.id.as_ref().map(|id| id.span), Some(self.class(it)))
            }
            ExportDefaultDeclarationKind::TSInterfaceDeclaration(it) => {
                self.interface(it.id.span, it.span, it.declare);
                (Some(it.id.span), None)
            }
            other => {
                let value = other.as_expression();
                (None, value.and_then(|it| self.expr(it, Position::Value)))
            }
        };
        self.exporting = around;
        let name = self.facts.intern("default");
        let local = declared.map(|span| {
            let text = self.facts.source_at(self.at(span));
            self.facts.intern(text)
        });
        self.facts.export(Export { name, local, value });
    }

    fn import(&mut self, it: &ImportDeclaration<'_>) {
        let span = self.at(it.span);
        let source = self.unquoted(it.source.span);
        let source = self.facts.intern(source);
        let type_only = it.import_kind.is_type();
        let add = |imported, local: Option<NameId>, type_only| Import {
            source,
            imported,
            local,
            type_only,
            reexport: false,
            span,
        };
        let Some(specifiers) = &it.specifiers else {
            let import = add(Imported::Nothing, None, false);
            self.facts.import(import);
            return;
        };
        for specifier in specifiers {
            let local = self.facts.source_at(self.at(specifier.local().span));
            let local = Some(self.facts.intern(local));
            let import = match specifier {
                ImportDeclarationSpecifier::ImportDefaultSpecifier(_) => {
                    add(Imported::Default, local, type_only)
                }
                ImportDeclarationSpecifier::ImportNamespaceSpecifier(_) => {
                    add(Imported::Namespace, local, type_only)
                }
                ImportDeclarationSpecifier::ImportSpecifier(it) => {
                    let imported = self.named(&it.imported);
                    add(imported, local, type_only || it.import_kind.is_type())
                }
            };
            self.facts.import(import);
        }
    }

    fn reexport(
        &mut self,
        source: oxc_span::Span,
        imported: Imported,
        local: Option<NameId>,
        type_only: bool,
        span: oxc_span::Span,
    ) {
        let source = self.unquoted(source);
        let source = self.facts.intern(source);
        let span = self.at(span);
        self.facts.import(Import {
            source,
            imported,
            local,
            type_only,
            reexport: true,
            span,
        });
    }

    fn named(&mut self, name: &ModuleExportName<'_>) -> Imported {
        match self
            .facts
            .source_at(self.at(name.span()))
            .trim_matches(['"', '\''])
        {
            "default" => Imported::Default,
            name => Imported::Named(self.facts.intern(name)),
        }
    }
}
