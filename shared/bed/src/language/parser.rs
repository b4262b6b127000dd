//! Tokens to a tree of blocks and properties. Knows the form of the language, none of its names.
//! After an error it goes on with the next property, so that one run shows them all.

use std::ops::Range;

use super::diagnostic::Diagnostics;
use super::lexer::{Kind, Token, tokens};

/// A text and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Spanned<'a> {
    pub text: &'a str,
    pub span: Range<usize>,
}

/// A source file: one bed.
#[derive(Debug)]
pub(super) struct File<'a> {
    pub name: Spanned<'a>,
    pub blocks: Vec<Block<'a>>,
}

/// `name { … }`
#[derive(Debug)]
pub(super) struct Block<'a> {
    pub name: Spanned<'a>,
    pub properties: Vec<Property<'a>>,
}

/// `name = value`
#[derive(Debug)]
pub(super) struct Property<'a> {
    pub name: Spanned<'a>,
    /// Missing when it could not be read, which has been said.
    pub value: Option<Value<'a>>,
}

/// A value and where it stands.
#[derive(Debug)]
pub(super) struct Value<'a> {
    pub form: Form<'a>,
    pub span: Range<usize>,
}

/// What a value looks like.
#[derive(Debug)]
pub(super) enum Form<'a> {
    /// A number, with a unit or bare.
    Number {
        number: &'a str,
        unit: Option<Spanned<'a>>,
    },
    /// A word.
    Word(&'a str),
    /// `[ …, … ]`; a unit behind it has been given to every number inside.
    List(Vec<Value<'a>>),
}

/// Marks that the parser lost its way; the reason has been said.
struct Lost;

/// Reads the tree of a source; nothing when there is no bed in it at all.
pub(super) fn parse<'a>(source: &'a str, diagnostics: &mut Diagnostics) -> Option<File<'a>> {
    let mut parser = Parser {
        tokens: tokens(source),
        at: 0,
        ended: false,
        diagnostics,
    };
    parser.file().ok()
}

struct Parser<'a, 'd> {
    tokens: Vec<Token<'a>>,
    at: usize,
    /// Whether an error at the end of the source has been said; the same end lacks everything else too.
    ended: bool,
    diagnostics: &'d mut Diagnostics,
}

impl<'a> Parser<'a, '_> {
    fn file(&mut self) -> Result<File<'a>, Lost> {
        let keyword = self.word("`bed NAME {`")?;
        if keyword.text != "bed" {
            let message = format!("expected `bed NAME {{`, found `{}`", keyword.text);
            self.diagnostics
                .push(keyword.span, message)
                .hint("a file holds one bed: `bed demo { … }`");
            return Err(Lost);
        }
        let name = self.word("the name of the bed")?;
        self.mark('{', "after the name of the bed")?;
        let mut blocks = Vec::new();
        while !self.closes() {
            match self.block() {
                Ok(block) => blocks.push(block),
                Err(Lost) => self.skip_block(),
            }
        }
        if self.mark('}', "at the end of the bed").is_ok() && self.peek().kind != Kind::End {
            let span = self.peek().span.clone();
            let found = self.found();
            self.diagnostics
                .push(span, format!("expected the end of the file, found {found}"))
                .hint("a file holds one bed");
        }
        Ok(File { name, blocks })
    }

    fn block(&mut self) -> Result<Block<'a>, Lost> {
        let name = self.word("a block")?;
        if self.peek().kind == Kind::Mark('=') {
            let message = format!("`{}` stands outside of any block", name.text);
            self.diagnostics
                .push(name.span, message)
                .hint("write `geometry { diameter = 50 mm }`");
            return Err(Lost);
        }
        self.mark('{', "to open the block")?;
        let mut properties = Vec::new();
        while !self.closes() {
            match self.property() {
                Ok(property) => properties.push(property),
                Err(Lost) => self.skip_property(),
            }
        }
        // An unclosed block has been reported; what was in it still counts.
        let _ = self.mark('}', "to close the block");
        Ok(Block { name, properties })
    }

    fn property(&mut self) -> Result<Property<'a>, Lost> {
        let name = self.word("a property")?;
        self.mark('=', "after the name of the property")?;
        let value = self
            .value()
            .and_then(|value| self.end_of_property().map(|()| value));
        if value.is_err() {
            self.skip_property();
        }
        Ok(Property {
            name,
            value: value.ok(),
        })
    }

    fn value(&mut self) -> Result<Value<'a>, Lost> {
        let start = self.peek().span.start;
        let form = match self.peek().kind {
            Kind::Number => Form::Number {
                number: self.next().text,
                unit: self.unit(),
            },
            Kind::Word => Form::Word(self.next().text),
            Kind::Mark('[') => self.list()?,
            _ => return Err(self.expected("a value", "after `=`")),
        };
        Ok(Value {
            form,
            span: start..self.tokens[self.at - 1].span.end,
        })
    }

    fn list(&mut self) -> Result<Form<'a>, Lost> {
        self.next();
        let mut items = Vec::new();
        while self.peek().kind != Kind::Mark(']') {
            if self.peek().kind == Kind::Mark('[') {
                return Err(self.expected("a value", "in the list: lists hold no lists"));
            }
            items.push(self.value()?);
            match self.peek().kind {
                Kind::Mark(',') => {
                    self.next();
                }
                Kind::Mark(']') => {}
                _ => return Err(self.expected("`,` or `]`", "in the list")),
            }
        }
        self.next();
        if let Some(shared) = self.unit() {
            self.share(&shared, &mut items);
        }
        Ok(Form::List(items))
    }

    /// Gives the unit behind a list to every number in it.
    fn share(&mut self, shared: &Spanned<'a>, items: &mut [Value<'a>]) {
        for item in items {
            if let Form::Number { unit, .. } = &mut item.form {
                if let Some(own) = unit {
                    self.diagnostics
                        .push(own.span.clone(), "a unit both here and behind the list")
                        .related(shared.span.clone(), "the unit of every value")
                        .hint("leave one of them out");
                }
                *unit = Some(shared.clone());
            }
        }
    }

    /// A unit stands on the line of its number and is not the name of the next property.
    fn unit(&mut self) -> Option<Spanned<'a>> {
        let token = self.peek();
        let names_property = self
            .tokens
            .get(self.at + 1)
            .is_some_and(|it| it.kind == Kind::Mark('='));
        if token.kind != Kind::Word || token.new_line || names_property {
            return None;
        }
        let token = self.next();
        Some(Spanned {
            text: token.text,
            span: token.span,
        })
    }

    /// A property ends with `;`, with its line, or with its block.
    fn end_of_property(&mut self) -> Result<(), Lost> {
        if self.peek().kind == Kind::Mark(';') {
            while self.peek().kind == Kind::Mark(';') {
                self.next();
            }
            return Ok(());
        }
        if self.peek().new_line || self.closes() {
            return Ok(());
        }
        if self.peek().kind == Kind::Mark(',') {
            let span = self.peek().span.clone();
            self.diagnostics
                .push(span, "expected `;` or a new line, found `,`")
                .hint("a decimal point is a `.`; a list stands in brackets: `[0.1, 0.2] m/s`");
            return Err(Lost);
        }
        Err(self.expected("`;` or a new line", "after the value"))
    }

    fn peek(&self) -> &Token<'a> {
        &self.tokens[self.at]
    }

    /// Takes a token; the end stays where it is.
    fn next(&mut self) -> Token<'a> {
        let token = self.tokens[self.at].clone();
        if token.kind != Kind::End {
            self.at += 1;
        }
        token
    }

    /// Whether a block or the source ends here.
    fn closes(&self) -> bool {
        matches!(self.peek().kind, Kind::Mark('}') | Kind::End)
    }

    fn word(&mut self, what: &str) -> Result<Spanned<'a>, Lost> {
        if self.peek().kind != Kind::Word {
            return Err(self.expected(what, ""));
        }
        let token = self.next();
        Ok(Spanned {
            text: token.text,
            span: token.span,
        })
    }

    fn mark(&mut self, mark: char, place: &str) -> Result<(), Lost> {
        if self.peek().kind != Kind::Mark(mark) {
            return Err(self.expected(&format!("`{mark}`"), place));
        }
        self.next();
        Ok(())
    }

    fn found(&self) -> String {
        match self.peek().kind {
            Kind::End => "the end of the file".to_owned(),
            Kind::OpenComment => "a comment that is never closed".to_owned(),
            _ => format!("`{}`", self.peek().text),
        }
    }

    fn expected(&mut self, what: &str, place: &str) -> Lost {
        let message = format!("expected {what} {place}");
        let message = format!("{}, found {}", message.trim_end(), self.found());
        let (kind, span) = (self.peek().kind, self.peek().span.clone());
        let open_comment = kind == Kind::OpenComment;
        if !self.ended {
            let end = if open_comment {
                span.start + 2
            } else {
                span.end
            };
            let hint = open_comment.then(|| "close the comment with `*/`".to_owned());
            self.diagnostics
                .push(span.start..end, message)
                .hint_if(hint);
        }
        self.ended = open_comment || kind == Kind::End;
        Lost
    }

    /// To behind the property that could not be read: a `;`, a new line, or the end of its block.
    fn skip_property(&mut self) {
        let mut first = true;
        while !self.closes() && (first || !self.peek().new_line) {
            first = false;
            if self.next().kind == Kind::Mark(';') {
                return;
            }
        }
    }

    /// To behind the block that could not be read.
    fn skip_block(&mut self) {
        let mut depth = 0_usize;
        let mut first = true;
        while self.peek().kind != Kind::End {
            let token = self.peek();
            match token.kind {
                Kind::Mark('}') if depth == 0 => return,
                Kind::Mark('}') => depth -= 1,
                Kind::Mark('{') => depth += 1,
                _ if depth == 0 && token.new_line && !first => return,
                _ => {}
            }
            let closed = token.kind == Kind::Mark('}') && depth == 0;
            self.next();
            first = false;
            if closed {
                return;
            }
        }
    }
}
