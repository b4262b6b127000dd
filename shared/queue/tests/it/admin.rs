use queue::{Name, Policy, Queue};
use testkit::Cloud;

const POLICY: Policy = Policy {
    visibility_s: 60,
    max_receive_count: 3,
};

#[tokio::test]
async fn making_a_queue_twice_keeps_its_messages_and_takes_the_new_policy() {
    let cloud = Cloud::new().await;
    let first = Queue::ensure(&cloud.queue_settings, "twice", POLICY)
        .await
        .unwrap();
    cloud.queue.send(&first, &"kept").await.unwrap();
    let changed = Policy {
        visibility_s: 90,
        ..POLICY
    };
    let second = Queue::ensure(&cloud.queue_settings, "twice", changed)
        .await
        .unwrap();
    assert_eq!(first, second);
    assert_eq!(cloud.queue.depth(&second).await.unwrap().visible, 1);
}

#[tokio::test]
async fn an_absent_queue_is_told_apart_from_other_failures() {
    let cloud = Cloud::new().await;
    let base = cloud
        .queue_settings
        .flow
        .url()
        .rsplit_once('/')
        .unwrap()
        .0
        .to_owned();
    let absent = Name::new(format!("{base}/absent"));
    let error = cloud.queue.send(&absent, &1).await.unwrap_err();
    assert!(error.is_missing_queue(), "{error}");
}

#[tokio::test]
async fn a_purged_queue_is_empty() {
    let cloud = Cloud::new().await;
    let name = &cloud.queue_settings.flow;
    cloud.queue.send(name, &1).await.unwrap();
    cloud.queue.purge(name).await.unwrap();
    assert_eq!(cloud.queue.depth(name).await.unwrap().visible, 0);
}
