//! What a parameter is: the description of one property of a bed, and the macro that declares it once.
//! Knows nothing of any particular parameter: those are in `blocks.rs`.

use std::ops::RangeInclusive;

use serde_json::{Map, Value};

use crate::units::Dimension;

/// What a value is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A real number with the dimension of the parameter.
    Number,
    /// A whole number, never negative.
    Integer,
    /// `true` or `false`.
    Flag,
    /// One of these words.
    Word(&'static [&'static str]),
}

/// What happens when a bed does not mention the parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// It is an error. The declared value is only an example, for the documentation.
    Required,
    /// The declared value is used.
    Default,
    /// It stays unset, and what uses it decides.
    Optional,
}

/// The description of one parameter, from which language, JSON, schema and documentation follow.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Name in the `.bed` language.
    pub name: &'static str,
    /// Name of the Rust field and in JSON, with the SI unit as its suffix.
    pub field: &'static str,
    /// One sentence for people.
    pub doc: &'static str,
    /// What a value (of a list: each value) is made of.
    pub kind: Kind,
    /// Whether it takes a list of values.
    pub list: bool,
    /// What happens when it is not mentioned.
    pub need: Need,
    /// Dimension of a number; `Dimension::None` for everything else.
    pub dimension: Dimension,
    /// Allowed values of a number, in SI units.
    pub range: Option<RangeInclusive<f64>>,
}

/// One block of the language: a group of parameters.
#[derive(Clone, Debug)]
pub struct Block {
    /// Name in the `.bed` language and in JSON.
    pub name: &'static str,
    /// One sentence for people.
    pub doc: &'static str,
    /// Its parameters, in the order in which they are written.
    pub parameters: &'static [Parameter],
    /// The declared values as JSON (defaults, and examples of what is required).
    pub declared: fn() -> Map<String, Value>,
}

impl Block {
    /// The parameter with this name in the `.bed` language.
    pub fn by_name(&self, name: &str) -> Option<&'static Parameter> {
        self.parameters.iter().find(|it| it.name == name)
    }

    /// The parameter with this name in JSON.
    pub fn by_field(&self, field: &str) -> Option<&'static Parameter> {
        self.parameters.iter().find(|it| it.field == field)
    }

    /// Whether the whole block may be left out.
    pub fn is_optional(&self) -> bool {
        self.parameters.iter().all(|it| it.need != Need::Required)
    }
}

/// A Rust type that a parameter can have.
pub trait FieldType {
    /// What one value is made of.
    const KIND: Kind;
    /// Whether the type holds a list of values.
    const LIST: bool = false;

    /// Whether the parameter was left open (only an optional one can be).
    fn is_unset(&self) -> bool {
        false
    }
}

impl FieldType for f64 {
    const KIND: Kind = Kind::Number;
}
impl FieldType for u32 {
    const KIND: Kind = Kind::Integer;
}
impl FieldType for bool {
    const KIND: Kind = Kind::Flag;
}
impl<T: FieldType> FieldType for Option<T> {
    const KIND: Kind = T::KIND;

    fn is_unset(&self) -> bool {
        self.is_none()
    }
}
impl<T: FieldType> FieldType for Vec<T> {
    const KIND: Kind = T::KIND;
    const LIST: bool = true;
}

/// The JSON object of a block.
pub(crate) fn object_of<T: serde::Serialize>(block: &T) -> Map<String, Value> {
    match serde_json::to_value(block) {
        Ok(Value::Object(object)) => object,
        _ => Map::new(),
    }
}

/// Declares one block and each of its parameters, once:
///
/// ```text
/// /// Doc sentence.
/// name_in_bed -> field_in_rust_and_json: type, Need value, Dimension in lowest..=highest;
/// ```
///
/// `Required 0.05` gives an example, `Default 0.2` a default and `Optional None` neither.
/// The range is in SI units and only numbers have one. The struct, its serde form, `Default`
/// and the list of [`Parameter`]s come from this.
macro_rules! block {
    (
        $(#[doc = $block_doc:literal])+
        $struct:ident $block:literal {
            $(
                $(#[doc = $doc:literal])+
                $name:ident -> $field:ident: $type:ty, $need:ident $value:expr
                    $(, $dimension:ident in $range:expr)?;
            )+
        }
    ) => {
        $(#[doc = $block_doc])+
        #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
        #[serde(default, deny_unknown_fields)]
        pub struct $struct {
            $(
                $(#[doc = $doc])+
                #[serde(skip_serializing_if = "crate::parameter::FieldType::is_unset")]
                pub $field: $type,
            )+
        }

        impl Default for $struct {
            /// The declared values: defaults, and examples of what a bed has to state.
            fn default() -> Self {
                Self { $($field: $value,)+ }
            }
        }

        impl $struct {
            /// The block's description.
            pub const BLOCK: $crate::parameter::Block = $crate::parameter::Block {
                name: $block,
                doc: concat!($($block_doc),+).trim_ascii(),
                parameters: &[$(
                    $crate::parameter::Parameter {
                        name: stringify!($name),
                        field: stringify!($field),
                        doc: concat!($($doc),+).trim_ascii(),
                        kind: <$type as $crate::parameter::FieldType>::KIND,
                        list: <$type as $crate::parameter::FieldType>::LIST,
                        need: $crate::parameter::Need::$need,
                        dimension: block!(@dimension $($dimension)?),
                        range: block!(@range $($range)?),
                    },
                )+],
                declared: || $crate::parameter::object_of(&$struct::default()),
            };
        }
    };
    (@dimension) => { $crate::units::Dimension::None };
    (@dimension $dimension:ident) => { $crate::units::Dimension::$dimension };
    (@range) => { None };
    (@range $range:expr) => { Some($range) };
}

/// Declares a set of words as an enumeration: the word in the language and in JSON, the variant, its meaning.
macro_rules! words {
    (
        $(#[doc = $enum_doc:literal])+
        $enum:ident { $( $(#[doc = $doc:literal])+ $word:literal => $variant:ident, )+ }
    ) => {
        $(#[doc = $enum_doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $enum {
            $( $(#[doc = $doc])+ #[serde(rename = $word)] $variant, )+
        }

        impl $enum {
            /// Every word, in the order of the declaration.
            pub const WORDS: &[&str] = &[$($word),+];
            /// Every value, in the order of the declaration.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The word in the language and in JSON.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }
        }

        impl std::fmt::Display for $enum {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl $crate::parameter::FieldType for $enum {
            const KIND: $crate::parameter::Kind = $crate::parameter::Kind::Word(Self::WORDS);
        }
    };
}

pub(crate) use {block, words};
