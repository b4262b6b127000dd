//! The page of a link: plain HTML in one piece, nothing loaded from anywhere, nothing executed, every text escaped.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use leito_http::{Code, Problem, secret};
use store::bed_files::File;
use store::fileshare_items::Opened;

use super::study::{Item, Number, Study};

const STYLE: &str = include_str!("page.css");
/// What a page shows of a study's numbers; the rest is in the files and for programs.
const SHOWN: [(&str, &str); 4] = [
    ("pressure_drop_pa", "Pressure drop"),
    ("pressure_gradient_pa_m", "Pressure gradient"),
    ("particle_reynolds", "Reynolds number"),
    ("meshed_porosity", "Porosity"),
];
const PASSWORD_FIELD: &str =
    "<label>Password <input type=\"password\" name=\"password\" required autofocus></label>";

/// A page whose texts are escaped already.
#[derive(Debug)]
pub(super) struct Page {
    title: &'static str,
    body: String,
}

/// The page of one file.
pub(super) fn file(file: &File, link: &Opened) -> Page {
    let body = format!(
        "<h1>{}</h1><p>{}</p>{}<form method=\"post\"><button>Download</button></form>",
        escaped(&file.name),
        size(file.bytes),
        terms(link.expires_at, link.downloads_left),
    );
    Page {
        title: "Shared file",
        body,
    }
}

/// The page of a link before its password is known.
pub(super) fn locked(expires_at: Timestamp) -> Page {
    let body = format!(
        "<h1>Protected link</h1>{}{}",
        terms(expires_at, None),
        unlock()
    );
    Page {
        title: "Protected link",
        body,
    }
}

/// The page of a study; what opened it opens its files too.
pub(super) fn study(study: &Study, password: Option<&str>) -> Page {
    let numbers: Vec<String> = study.results.iter().filter_map(number_row).collect();
    let files: Vec<String> = study.files.iter().map(file_row).collect();
    let (numbers, files) = (numbers.concat(), files.concat());
    let known = password.map_or_else(String::new, |password| {
        let value = escaped(password);
        format!("<input type=\"hidden\" name=\"password\" value=\"{value}\">")
    });
    let all = match study.files.as_slice() {
        [] => "",
        _ => "<p><button name=\"archive\" value=\"zip\">Download all (zip)</button></p>",
    };
    let body = format!(
        "<h1>{}</h1><p>{} flow, {}</p>{}<table>{numbers}</table>\
         <form method=\"post\">{known}{all}<table>{files}</table></form>",
        escaped(&study.name),
        escaped(&study.regime.replace('_', " ")),
        escaped(&study.status),
        terms(study.expires_at, study.downloads_left),
    );
    Page {
        title: "Shared study",
        body,
    }
}

fn number_row(number: &Number) -> Option<String> {
    let (_, name) = SHOWN
        .iter()
        .find(|(quantity, _)| *quantity == number.quantity)?;
    let (velocity, value) = (number.superficial_velocity_m_s, significant(number.value));
    let unit = escaped(&number.unit);
    Some(format!(
        "<tr><td>{velocity} m/s</td><td>{name}</td><td>{value} {unit}</td></tr>"
    ))
}

fn file_row(file: &Item) -> String {
    let (id, name, bytes) = (file.id, escaped(&file.name), size(file.bytes));
    format!(
        "<tr><td>{name}</td><td>{bytes}</td><td><button name=\"file\" value=\"{id}\">Download</button></td></tr>"
    )
}

/// The page of a refusal, if people can do something with it.
pub(super) fn refusal(problem: &Problem) -> Option<Page> {
    let (title, words, form) = match problem.code() {
        Code::NotFound => (
            "No such link",
            "This link leads nowhere. It may have expired, have been revoked, or be used up.",
            String::new(),
        ),
        Code::PasswordRequired => ("Protected link", "The link asks for a password.", unlock()),
        Code::WrongPassword => ("Protected link", "That was not the password.", unlock()),
        Code::RateLimited => (
            "Too many tries",
            "Wait a quarter of an hour, then try again.",
            String::new(),
        ),
        _ => return None,
    };
    let body = format!("<h1>{title}</h1><p role=\"alert\">{words}</p>{form}");
    Some(Page { title, body })
}

fn unlock() -> String {
    format!("<form method=\"post\">{PASSWORD_FIELD} <button>Open</button></form>")
}

fn terms(expires_at: Timestamp, left: Option<i32>) -> String {
    let until = expires_at.strftime("%Y-%m-%d %H:%M UTC");
    let left = match left {
        None => String::new(),
        Some(1) => ", for one download".to_owned(),
        Some(left) => format!(", for {left} downloads"),
    };
    format!("<p class=\"terms\">Available until {until}{left}</p>")
}

impl Page {
    /// The page; `elsewhere` is where its form may end besides here.
    pub(super) fn into_response(self, elsewhere: Option<&str>) -> Result<Response, Problem> {
        let (nonce, _) = secret::new("")?;
        let Self { title, body } = self;
        let html = format!(
            "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width\"><title>{title} · Leito</title>\
             <style nonce=\"{nonce}\">{STYLE}</style></head><body><main>{body}</main></body></html>"
        );
        let policy = format!(
            "default-src 'none'; style-src 'nonce-{nonce}'; form-action 'self' {}; base-uri 'none'; \
             frame-ancestors 'none'",
            elsewhere.unwrap_or_default()
        );
        let policy = HeaderValue::from_str(&policy).map_err(Problem::internal)?;
        let mut response = (StatusCode::OK, html).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/html; charset=utf-8"),
        );
        Ok(response)
    }
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            _ => escaped.push(letter),
        }
    }
    escaped
}

fn size(bytes: i64) -> String {
    let bytes_real = bytes as f64;
    match bytes {
        ..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{:.1} kB", bytes_real / 1e3),
        1_000_000..1_000_000_000 => format!("{:.1} MB", bytes_real / 1e6),
        _ => format!("{:.1} GB", bytes_real / 1e9),
    }
}

/// Four digits that count.
fn significant(value: f64) -> String {
    let size = value.abs();
    if size > 0.0 && !(1e-3..1e6).contains(&size) {
        return format!("{value:.3e}");
    }
    let steps = [1e3, 1e2, 1e1, 1.0, 1e-1, 1e-2];
    let decimals = steps.iter().position(|step| size >= *step).unwrap_or(6);
    format!("{value:.decimals$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_numbers_read_well() {
        assert_eq!(
            [size(999), size(1500), size(2_500_000)],
            ["999 bytes", "1.5 kB", "2.5 MB"]
        );
        assert_eq!(
            [
                significant(0.430_27),
                significant(53.853),
                significant(3.714e-8),
                significant(0.0)
            ],
            ["0.4303", "53.85", "3.714e-8", "0.000000"]
        );
    }

    #[test]
    fn no_text_can_end_what_it_stands_in() {
        assert_eq!(
            escaped("<b title='x\"'>&"),
            "&lt;b title=&#39;x&quot;&#39;&gt;&amp;"
        );
    }
}
