use testkit::Cloud;

#[tokio::test]
async fn pages_give_every_object_once_and_in_order() {
    let cloud = Cloud::new().await;
    let keys: Vec<String> = (0..5).map(|number| format!("a/{number}")).collect();
    for key in &keys {
        cloud.objects.put_bytes(key, vec![0; 3]).await.unwrap();
    }
    cloud.objects.put_bytes("b/other", vec![]).await.unwrap();
    let mut found = Vec::new();
    let mut next = None;
    loop {
        let page = cloud.objects.list("a/", next, 2).await.unwrap();
        assert!(page.objects.len() <= 2 && page.objects.iter().all(|object| object.bytes == 3));
        found.extend(page.objects.into_iter().map(|object| object.key));
        next = page.next;
        if next.is_none() {
            break;
        }
    }
    assert_eq!(found, keys);
}

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
