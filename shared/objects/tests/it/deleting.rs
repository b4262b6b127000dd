use testkit::Cloud;

#[tokio::test]
async fn deleting_takes_present_and_absent_keys() {
    let cloud = Cloud::new().await;
    cloud.objects.put_bytes("here", vec![1]).await.unwrap();
    cloud
        .objects
        .delete(&["here".to_owned(), "absent".to_owned()])
        .await
        .unwrap();
    assert_eq!(cloud.objects.head("here").await.unwrap(), None);
    cloud.objects.delete(&[]).await.unwrap();
}
