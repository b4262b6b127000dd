//! Text in Helvetica: its letters as the reader's encoding has them, and how wide they are.

use pdf_writer::{Content, Name, Str};

/// A font of the page.
#[derive(Debug, Clone, Copy)]
pub struct Font {
    /// What it is called in the page's resources.
    pub name: &'static [u8],
    /// Which of the fonts that every reader has it is.
    pub base: &'static [u8],
}

/// For everything but titles.
pub const PLAIN: Font = Font {
    name: b"F1",
    base: b"Helvetica",
};
/// For titles.
pub const BOLD: Font = Font {
    name: b"F2",
    base: b"Helvetica-Bold",
};

/// Widths of the letters from space to tilde in thousandths of the size (Adobe's metrics of Helvetica). The bold ones are
/// a little wider, which only titles on the left notice.
const WIDTHS: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667,
    611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667,
    667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500,
    222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];
/// Of any other letter: that of most small ones.
const OTHER: u16 = 556;

/// Where a text stands to its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// It begins there.
    Left,
    /// Its middle is there.
    Centre,
    /// It ends there.
    Right,
}

/// Writes on a page.
pub struct Pen<'a> {
    page: &'a mut Content,
}

impl<'a> Pen<'a> {
    /// For this page.
    pub fn new(page: &'a mut Content) -> Self {
        Self { page }
    }

    /// Writes one line of text in the present colour.
    pub fn write(&mut self, text: &str, font: Font, size: f32, at: (f32, f32), align: Align) {
        let letters = encoded(text);
        let width = width(&letters, size);
        let x = match align {
            Align::Left => at.0,
            Align::Centre => at.0 - width / 2.0,
            Align::Right => at.0 - width,
        };
        self.page
            .begin_text()
            .set_font(Name(font.name), size)
            .next_line(x, at.1)
            .show(Str(&letters))
            .end_text();
    }
}

/// As much of the text as fits into this width.
pub fn cut(text: &str, size: f32, room: f32) -> String {
    if width(&encoded(text), size) <= room {
        return text.to_owned();
    }
    let mut kept = String::new();
    for letter in text.chars() {
        kept.push(letter);
        if width(&encoded(&kept), size) > room - size {
            break;
        }
    }
    kept + "..."
}

/// How wide a text is.
pub fn width_of(text: &str, size: f32) -> f32 {
    width(&encoded(text), size)
}

fn width(letters: &[u8], size: f32) -> f32 {
    let thousandths: f32 = letters
        .iter()
        .map(|letter| {
            let place = usize::from(letter.wrapping_sub(b' '));
            f32::from(WIDTHS.get(place).copied().unwrap_or(OTHER))
        })
        .sum();
    thousandths * size / 1000.0
}

/// `WinAnsiEncoding` has the letters of Latin-1 at their places; for others there is a question mark.
fn encoded(text: &str) -> Vec<u8> {
    text.chars()
        .map(|letter| match u32::from(letter) {
            code @ (0x20..=0x7e | 0xa0..=0xff) => u8::try_from(code).unwrap_or(b'?'),
            _ => b'?',
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_outside_the_encoding_become_question_marks() {
        assert_eq!(encoded("aé\n漢"), b"a\xe9??");
    }

    #[test]
    fn a_long_text_is_cut_to_its_room() {
        let cut = cut(&"wide ".repeat(50), 9.0, 100.0);
        assert!(
            cut.ends_with("...") && width_of(&cut, 9.0) <= 105.0,
            "{cut}"
        );
    }
}
