//! Where paths and types end, found from their last token alone.

use ::syn as rust;

use super::Shaper;

impl Shaper<'_> {
    pub(super) fn path_end(&self, path: &rust::Path) -> u32 {
        let Some(last) = path.segments.last() else {
            return 0;
        };
        match &last.arguments {
            rust::PathArguments::None => self.word(&last.ident).end,
            rust::PathArguments::AngleBracketed(arguments) => self.end(arguments.gt_token.span),
            rust::PathArguments::Parenthesized(arguments) => {
                self.output_end(&arguments.output, &arguments.paren_token)
            }
        }
    }

    pub(super) fn type_end(&self, ty: &rust::Type) -> u32 {
        use rust::Type as T;
        match ty {
            T::Array(it) => self.end(it.bracket_token.span.join()),
            T::FnPtr(it) => self.output_end(&it.output, &it.paren_token),
            T::Group(it) => self.type_end(&it.elem),
            T::ImplTrait(it) => self.bounds_end(&it.bounds),
            T::Infer(it) => self.end(it.underscore_token.span),
            T::Macro(it) => self.end(it.mac.delimiter.span().join()),
            T::Never(it) => self.end(it.bang_token.span),
            T::Paren(it) => self.end(it.paren_token.span.join()),
            T::Path(it) => self.path_end(&it.path),
            T::Ptr(it) => self.type_end(&it.elem),
            T::Reference(it) => self.type_end(&it.elem),
            T::Slice(it) => self.end(it.bracket_token.span.join()),
            T::TraitObject(it) => self.bounds_end(&it.bounds),
            T::Tuple(it) => self.end(it.paren_token.span.join()),
            _ => 0,
        }
    }

    fn output_end(&self, output: &rust::ReturnType, paren: &rust::token::Paren) -> u32 {
        match output {
            rust::ReturnType::Default => self.end(paren.span.join()),
            rust::ReturnType::Type(_, ty) => self.type_end(ty),
        }
    }

    fn bounds_end(
        &self,
        bounds: &rust::punctuated::Punctuated<rust::TypeParamBound, rust::Token![+]>,
    ) -> u32 {
        match bounds.last() {
            Some(rust::TypeParamBound::Trait(bound)) => match &bound.paren_token {
                Some(paren) => self.end(paren.span.join()),
                None => self.path_end(&bound.path),
            },
            Some(rust::TypeParamBound::Lifetime(lifetime)) => self.end(lifetime.ident.span()),
            _ => 0,
        }
    }
}
