use testkit::Cloud;

#[tokio::test]
async fn keys_are_listed_by_how_they_begin_and_folders_by_name() {
    let cloud = Cloud::new().await;
    for key in ["b/1/x", "b/1/y", "b/2/x", "b/latest", "bb/3/x", "other"] {
        cloud.objects.put_bytes(key, vec![1]).await.unwrap();
    }
    let mut keys = cloud.objects.list("b/").await.unwrap();
    keys.sort();
    assert_eq!(keys, ["b/1/x", "b/1/y", "b/2/x", "b/latest"]);
    let mut folders = cloud.objects.folders("b/").await.unwrap();
    folders.sort();
    assert_eq!(folders, ["1", "2"]);
    assert_eq!(cloud.objects.folders("").await.unwrap().len(), 2);
    assert_eq!(cloud.objects.list("none/").await.unwrap(), [""; 0]);
}
