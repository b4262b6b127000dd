//! A PDF with charts in it: vector lines, axes with units, one of the fonts that every reader has. A pure function of
//! what is to be shown.

mod axis;
mod chart;
mod text;

use jiff::Timestamp;
use pdf_writer::{Content, Finish, Name, Pdf, Rect, Ref, TextStr};

use text::{Align, BOLD, PLAIN, Pen};

/// A4, in points.
const PAGE: (f32, f32) = (595.0, 842.0);
const MARGIN: f32 = 50.0;
const CHART_HEIGHT: f32 = 208.0;
const GAP: f32 = 24.0;
/// What the head of the first page takes.
const HEAD: f32 = 50.0;

/// A document.
#[derive(Debug)]
pub struct Report {
    /// What stands at the top.
    pub title: String,
    /// What was chosen, in words; may be empty.
    pub about: String,
    /// When it was made.
    pub made_at: Timestamp,
    /// Its charts.
    pub charts: Vec<Chart>,
}

/// One chart.
#[derive(Debug)]
pub struct Chart {
    /// What stands above it.
    pub title: String,
    /// The number's name in the API.
    pub name: String,
    /// Its unit.
    pub unit: String,
    /// Where the time begins.
    pub from: Timestamp,
    /// Where it ends.
    pub to: Timestamp,
    /// The time that one point stands for.
    pub interval_s: f64,
    /// Its courses.
    pub lines: Vec<Line>,
    /// Courses that there was no room for.
    pub left_out: i64,
    /// What stands in it when it has none.
    pub message: String,
}

/// One course.
#[derive(Debug)]
pub struct Line {
    /// What it is called; none for the only one.
    pub name: Option<String>,
    /// In the order of time.
    pub points: Vec<Point>,
}

/// The measurements of one stretch of time.
#[derive(Debug, Clone, Copy)]
pub struct Point {
    /// Where it begins.
    pub at: Timestamp,
    /// How many.
    pub count: i64,
    /// Those of them that are samples.
    pub samples: i64,
    /// Smallest.
    pub low: f64,
    /// Arithmetic mean.
    pub mean: f64,
    /// Largest.
    pub high: f64,
    /// 95th percentile.
    pub p95: f64,
}

/// A place on the page: left, bottom, width, height.
#[derive(Debug, Clone, Copy)]
struct Area {
    x: f32,
    y: f32,
    width: f32,
    height: f32,
}

impl Report {
    /// The document's bytes.
    pub fn pdf(&self) -> Vec<u8> {
        let pages = self.pages();
        let mut ids = (1..).map(Ref::new);
        let mut next = || ids.next().unwrap_or(Ref::new(i32::MAX));
        let (catalog, tree, info, plain, bold) = (next(), next(), next(), next(), next());
        let mut pdf = Pdf::new();
        pdf.catalog(catalog).pages(tree);
        pdf.document_info(info)
            .title(TextStr(&self.title))
            .producer(TextStr("Leito"));
        for (id, font) in [(plain, PLAIN), (bold, BOLD)] {
            let mut written = pdf.type1_font(id);
            written.base_font(Name(font.base));
            written.encoding_predefined(Name(b"WinAnsiEncoding"));
        }
        let mut kids = Vec::with_capacity(pages.len());
        for content in pages {
            let (id, stream) = (next(), next());
            kids.push(id);
            let mut page = pdf.page(id);
            page.parent(tree).contents(stream);
            page.media_box(Rect::new(0.0, 0.0, PAGE.0, PAGE.1));
            let mut resources = page.resources();
            let mut fonts = resources.fonts();
            fonts.pair(Name(PLAIN.name), plain);
            fonts.pair(Name(BOLD.name), bold);
            fonts.finish();
            resources.finish();
            page.finish();
            pdf.stream(stream, &content.finish());
        }
        let count = i32::try_from(kids.len()).unwrap_or(i32::MAX);
        pdf.pages(tree).kids(kids).count(count);
        pdf.finish()
    }

    /// As many charts on a page as fit under each other.
    fn pages(&self) -> Vec<Content> {
        let mut pages = vec![self.first_page()];
        let mut top = PAGE.1 - MARGIN - HEAD;
        for chart in &self.charts {
            if top - CHART_HEIGHT < MARGIN {
                pages.push(Content::new());
                top = PAGE.1 - MARGIN;
            }
            let area = Area {
                x: MARGIN,
                y: top - CHART_HEIGHT,
                width: PAGE.0 - 2.0 * MARGIN,
                height: CHART_HEIGHT,
            };
            if let Some(page) = pages.last_mut() {
                chart::draw(page, chart, area);
            }
            top -= CHART_HEIGHT + GAP;
        }
        pages
    }

    fn first_page(&self) -> Content {
        let mut page = Content::new();
        let mut pen = Pen::new(&mut page);
        let top = PAGE.1 - MARGIN;
        pen.write(&self.title, BOLD, 20.0, (MARGIN, top - 16.0), Align::Left);
        let made = format!("made {}", self.made_at.strftime("%Y-%m-%d %H:%M UTC"));
        pen.write(
            &made,
            PLAIN,
            9.0,
            (PAGE.0 - MARGIN, top - 16.0),
            Align::Right,
        );
        let about = text::cut(&self.about, 9.0, PAGE.0 - 2.0 * MARGIN);
        pen.write(&about, PLAIN, 9.0, (MARGIN, top - 34.0), Align::Left);
        page
    }
}
