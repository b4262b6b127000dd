//! One chart: frame, grid, axes, the courses and what they are called.

use pdf_writer::Content;

use super::axis::{self, Tick};
use super::text::{self, Align, BOLD, PLAIN, Pen};
use super::{Area, Chart, Line, Point};

/// Left of the frame for the labels of values, below it for those of time, above it for titles.
const LEFT: f32 = 52.0;
const BELOW: f32 = 44.0;
const ABOVE: f32 = 44.0;
const SMALL: f32 = 8.0;
/// Points further apart than so many intervals are not joined: nothing was measured between them.
const BREAK: f64 = 2.5;

const INK: [f32; 3] = [0.11, 0.14, 0.19];
const GREY: [f32; 3] = [0.42, 0.45, 0.5];
const PALE: [f32; 3] = [0.88, 0.89, 0.91];
const BAND: [f32; 3] = [0.83, 0.89, 0.96];
/// Colours that people tell apart, also those who see fewer of them (after Okabe and Ito).
const COLOURS: [[f32; 3]; 8] = [
    [0.0, 0.45, 0.70],
    [0.84, 0.37, 0.0],
    [0.0, 0.62, 0.45],
    [0.80, 0.47, 0.65],
    [0.90, 0.62, 0.0],
    [0.34, 0.71, 0.91],
    [0.36, 0.20, 0.55],
    [0.35, 0.35, 0.35],
];

/// The frame and how values become places in it.
struct Plot {
    frame: Area,
    time: (f64, f64),
    values: (f64, f64),
}

impl Plot {
    fn x(&self, second: f64) -> f32 {
        self.frame.x + share(second, self.time) * self.frame.width
    }

    fn y(&self, value: f64) -> f32 {
        self.frame.y + share(value, self.values) * self.frame.height
    }

    fn place(&self, point: &Point, value: f64) -> (f32, f32) {
        (self.x(point.at.as_second() as f64), self.y(value))
    }
}

/// How far a value is along an axis. Places on paper need no more than single precision.
#[expect(
    clippy::cast_possible_truncation,
    reason = "a share is between 0 and 1"
)]
fn share(value: f64, (low, high): (f64, f64)) -> f32 {
    ((value - low) / (high - low)).clamp(0.0, 1.0) as f32
}

/// Draws the chart into its area.
pub(super) fn draw(page: &mut Content, chart: &Chart, area: Area) {
    let frame = Area {
        x: area.x + LEFT,
        y: area.y + BELOW,
        width: area.width - LEFT,
        height: area.height - BELOW - ABOVE,
    };
    let all = || chart.lines.iter().flat_map(|line| &line.points);
    let is_single = chart.lines.len() == 1;
    let low = all().map(|it| if is_single { it.low } else { it.mean });
    let high = all().map(|it| if is_single { it.high } else { it.mean });
    let low = low.fold(f64::INFINITY, f64::min);
    let high = high.fold(f64::NEG_INFINITY, f64::max);
    let values = if low <= high { (low, high) } else { (0.0, 1.0) };
    let ticks = axis::of_values(values.0, values.1);
    let ends = (
        ticks.first().map_or(0.0, |it| it.at),
        ticks.last().map_or(1.0, |it| it.at),
    );
    let from = chart.from.as_second() as f64;
    let plot = Plot {
        frame,
        time: (from, (chart.to.as_second() as f64).max(from + 1.0)),
        values: ends,
    };
    titles(page, chart, area);
    axes(page, chart, &plot, &ticks);
    if chart.lines.is_empty() {
        colour(page, GREY);
        let middle = (frame.x + frame.width / 2.0, frame.y + frame.height / 2.0);
        Pen::new(page).write(&chart.message, PLAIN, 10.0, middle, Align::Centre);
    } else {
        courses(page, chart, &plot);
        legend(page, chart, area);
    }
}

fn titles(page: &mut Content, chart: &Chart, area: Area) {
    let top = area.y + area.height;
    let points = || chart.lines.iter().flat_map(|line| &line.points);
    let count: i64 = points().map(|it| it.count).sum();
    let samples: i64 = points().map(|it| it.samples).sum();
    let time = "%Y-%m-%d %H:%M";
    let mut about = format!(
        "{} to {} UTC, {count} measured",
        chart.from.strftime(time),
        chart.to.strftime(time)
    );
    if samples > 0 {
        about = format!("{about}, {samples} of them made up as samples");
    }
    colour(page, INK);
    let mut pen = Pen::new(page);
    let title = format!("{} ({})", chart.title, chart.name);
    pen.write(&title, BOLD, 12.0, (area.x, top - 11.0), Align::Left);
    pen.write(&about, PLAIN, SMALL, (area.x, top - 24.0), Align::Left);
}

fn axes(page: &mut Content, chart: &Chart, plot: &Plot, ticks: &[Tick]) {
    let Area {
        x,
        y,
        width,
        height,
    } = plot.frame;
    page.set_line_width(0.5);
    for tick in ticks {
        let at = plot.y(tick.at);
        line(page, PALE, (x, at), (x + width, at));
        colour(page, GREY);
        let place = (x - 5.0, at - 2.8);
        Pen::new(page).write(&tick.label, PLAIN, SMALL, place, Align::Right);
    }
    for tick in axis::of_time(chart.from, chart.to) {
        let at = plot.x(tick.at);
        line(page, PALE, (at, y), (at, y + height));
        colour(page, GREY);
        Pen::new(page).write(&tick.label, PLAIN, SMALL, (at, y - 11.0), Align::Centre);
    }
    line(page, GREY, (x, y), (x + width, y));
    line(page, GREY, (x, y), (x, y + height));
    colour(page, GREY);
    let mut pen = Pen::new(page);
    let unit = if chart.unit == "1" {
        "ratio"
    } else {
        &chart.unit
    };
    pen.write(
        unit,
        PLAIN,
        SMALL,
        (x - 5.0, y + height + 6.0),
        Align::Right,
    );
    pen.write(
        "time (UTC)",
        PLAIN,
        SMALL,
        (x + width, y - 22.0),
        Align::Right,
    );
}

fn courses(page: &mut Content, chart: &Chart, plot: &Plot) {
    if let [only] = chart.lines.as_slice() {
        for run in runs(only, chart.interval_s) {
            band(page, plot, run);
        }
        page.set_line_width(0.7).set_dash_pattern([3.0, 2.0], 0.0);
        for run in runs(only, chart.interval_s) {
            path(page, plot, run, COLOURS[1], |point| point.p95);
        }
        page.set_dash_pattern([], 0.0);
    }
    page.set_line_width(1.2);
    for (number, course) in chart.lines.iter().enumerate() {
        for run in runs(course, chart.interval_s) {
            path(page, plot, run, COLOURS[number % COLOURS.len()], |point| {
                point.mean
            });
        }
    }
}

/// The points of a course that are joined with each other.
fn runs(line: &Line, interval_s: f64) -> impl Iterator<Item = &[Point]> {
    let near = move |one: &Point, next: &Point| {
        next.at.duration_since(one.at).as_secs_f64() <= interval_s * BREAK
    };
    line.points.chunk_by(near)
}

/// From the smallest to the largest.
fn band(page: &mut Content, plot: &Plot, run: &[Point]) {
    let above = run.iter().map(|point| plot.place(point, point.high));
    let below = run.iter().rev().map(|point| plot.place(point, point.low));
    let [red, green, blue] = BAND;
    page.set_fill_rgb(red, green, blue);
    for (index, (x, y)) in above.chain(below).enumerate() {
        if index == 0 {
            page.move_to(x, y);
        } else {
            page.line_to(x, y);
        }
    }
    page.close_path().fill_nonzero();
}

fn path(
    page: &mut Content,
    plot: &Plot,
    run: &[Point],
    [red, green, blue]: [f32; 3],
    value: impl Fn(&Point) -> f64,
) {
    if let [alone] = run {
        let (x, y) = plot.place(alone, value(alone));
        page.set_fill_rgb(red, green, blue);
        page.rect(x - 1.3, y - 1.3, 2.6, 2.6).fill_nonzero();
        return;
    }
    page.set_stroke_rgb(red, green, blue);
    for (index, point) in run.iter().enumerate() {
        let (x, y) = plot.place(point, value(point));
        if index == 0 {
            page.move_to(x, y);
        } else {
            page.line_to(x, y);
        }
    }
    page.stroke();
}

fn legend(page: &mut Content, chart: &Chart, area: Area) {
    let mut entries: Vec<(String, [f32; 3])> = match chart.lines.as_slice() {
        [_] => vec![
            ("mean".to_owned(), COLOURS[0]),
            ("95th percentile".to_owned(), COLOURS[1]),
            ("smallest to largest".to_owned(), BAND),
        ],
        several => several
            .iter()
            .zip(COLOURS.iter().cycle())
            .map(|(line, colour)| {
                (
                    line.name.clone().unwrap_or_else(|| "none".to_owned()),
                    *colour,
                )
            })
            .collect(),
    };
    if chart.left_out > 0 {
        entries.push((format!("and {} more, not drawn", chart.left_out), PALE));
    }
    let mut at = (area.x + LEFT, area.y + 12.0);
    let end = area.x + area.width;
    for (name, shown) in entries {
        let name = text::cut(&name, SMALL, 110.0);
        let needed = text::width_of(&name, SMALL) + 24.0;
        if at.0 + needed > end {
            at = (area.x + LEFT, at.1 - 10.0);
        }
        let [red, green, blue] = shown;
        page.set_fill_rgb(red, green, blue);
        page.rect(at.0, at.1 + 1.0, 8.0, 4.0).fill_nonzero();
        colour(page, INK);
        Pen::new(page).write(&name, PLAIN, SMALL, (at.0 + 12.0, at.1), Align::Left);
        at.0 += needed;
    }
}

fn line(page: &mut Content, [red, green, blue]: [f32; 3], from: (f32, f32), to: (f32, f32)) {
    page.set_stroke_rgb(red, green, blue);
    page.move_to(from.0, from.1).line_to(to.0, to.1).stroke();
}

/// The colour of text.
fn colour(page: &mut Content, [red, green, blue]: [f32; 3]) {
    page.set_fill_rgb(red, green, blue);
}
