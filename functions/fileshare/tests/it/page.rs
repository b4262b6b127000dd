use serde_json::json;

use crate::support::*;

#[tokio::test]
async fn a_browser_gets_a_page_whose_button_is_the_download() {
    let world = world().await;
    let (path, id) = world.link(json!({ "max_downloads": 3 })).await;
    let page = world.browse(&path).await;
    let html = String::from_utf8(page.body.clone()).unwrap();
    assert_eq!(
        (page.status.as_u16(), page.header("content-type")),
        (200, "text/html; charset=utf-8")
    );
    for part in [
        "particles.csv",
        "39 bytes",
        "for 3 downloads",
        "Available until",
        "<button>Download</button>",
    ] {
        assert!(html.contains(part), "{part} is not in {html}");
    }
    let policy = page.header("content-security-policy");
    assert!(
        policy.starts_with("default-src 'none'; style-src 'nonce-"),
        "{policy}"
    );
    let nonce = policy
        .split("nonce-")
        .nth(1)
        .unwrap()
        .split('\'')
        .next()
        .unwrap();
    assert!(
        html.contains(&format!("<style nonce=\"{nonce}\">")),
        "{html}"
    );
    for foreign in ["<script", "http:", "https:", "src=", "url("] {
        assert!(!html.contains(foreign), "{foreign} is in {html}");
    }
    assert_eq!(
        (
            page.header("cache-control"),
            page.header("referrer-policy"),
            page.header("x-robots-tag")
        ),
        ("no-store", "same-origin", "noindex, nofollow")
    );
    assert_eq!(world.press(&path, "").await.body, CONTENT);
    assert_eq!(world.downloads(&id).await, 1);
}

#[tokio::test]
async fn a_hostile_name_is_text_on_the_page_and_in_the_header() {
    let world = world().await;
    let name = "<img src=x onerror=alert(1)>\"'&\r\nx: y.csv";
    let file = world.file(name, None).await;
    let made = world.share(json!({ "file_id": file })).await;
    let path = made["path"].as_str().unwrap();
    let html = String::from_utf8(world.browse(path).await.body).unwrap();
    assert!(
        html.contains("&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;"),
        "{html}"
    );
    assert!(!html.contains("<img"), "{html}");
    let answer = world.fetch(path).await;
    assert_eq!(answer.status, 200);
    assert!(answer.headers.get("x").is_none());
}

#[tokio::test]
async fn what_others_add_to_a_link_does_no_harm() {
    let world = world().await;
    let (path, _) = world.link(json!({})).await;
    assert_eq!(
        world.fetch(&format!("{path}?utm_source=mail")).await.body,
        CONTENT
    );
}
