use std::time::Duration;

use objects::Range;
use testkit::Cloud;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

async fn read(cloud: &Cloud, range: Option<Range>) -> (Option<String>, String) {
    let download = cloud.objects.get_stream("digits", range).await.unwrap();
    let content_range = download.content_range.clone();
    let mut text = String::new();
    download
        .into_reader()
        .read_to_string(&mut text)
        .await
        .unwrap();
    (content_range, text)
}

#[tokio::test]
async fn a_range_gives_just_that_part() {
    let cloud = Cloud::new().await;
    cloud
        .objects
        .put_bytes("digits", b"0123456789".to_vec())
        .await
        .unwrap();
    let middle = Range {
        first: 2,
        last: Some(4),
    };
    assert_eq!(
        read(&cloud, Some(middle)).await,
        (Some("bytes 2-4/10".to_owned()), "234".to_owned())
    );
    let rest = Range {
        first: 7,
        last: None,
    };
    assert_eq!(read(&cloud, Some(rest)).await.1, "789");
    assert_eq!(read(&cloud, None).await, (None, "0123456789".to_owned()));
}

#[tokio::test]
async fn a_link_needs_no_credentials_and_names_the_download() {
    let cloud = Cloud::new().await;
    cloud
        .objects
        .put_bytes("digits", b"0123456789".to_vec())
        .await
        .unwrap();
    let minute = Duration::from_mins(1);
    let link = cloud
        .objects
        .presign_get("digits", minute, "my \"digits\".txt")
        .await
        .unwrap();
    let (host, path) = link
        .strip_prefix("http://")
        .unwrap()
        .split_once('/')
        .unwrap();
    let mut stream = TcpStream::connect(host).await.unwrap();
    let request = format!("GET /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let answer = answer.to_lowercase();
    assert!(
        answer.starts_with("http/1.1 200") && answer.ends_with("0123456789"),
        "{answer}"
    );
    assert!(
        answer.contains("content-disposition: attachment; filename=\"my _digits_.txt\""),
        "{answer}"
    );
}
