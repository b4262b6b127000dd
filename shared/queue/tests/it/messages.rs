use queue::{Delivery, Policy, Queue};
use testkit::Cloud;

async fn receive(cloud: &Cloud, wait_s: u32) -> Vec<Delivery> {
    let from = &cloud.queue_settings.flow;
    cloud.queue.receive(from, 10, wait_s, 60).await.unwrap()
}

#[tokio::test]
async fn a_message_arrives_and_stays_hidden_until_given_back() {
    let cloud = Cloud::new().await;
    let to = &cloud.queue_settings.flow;
    cloud.queue.send(to, &"hello").await.unwrap();
    let first = receive(&cloud, 1).await.pop().unwrap();
    assert_eq!(first.body, "\"hello\"");
    assert_eq!(receive(&cloud, 0).await, []);

    cloud.queue.extend(to, &first.receipt, 0).await.unwrap();
    let second = receive(&cloud, 1).await.pop().unwrap();
    assert_eq!(second.message_id, first.message_id);
}

#[tokio::test]
async fn a_deleted_message_never_comes_back() {
    let cloud = Cloud::new().await;
    let to = &cloud.queue_settings.flow;
    cloud.queue.send(to, &1).await.unwrap();
    let delivery = receive(&cloud, 1).await.pop().unwrap();
    cloud.queue.delete(to, &delivery.receipt).await.unwrap();
    let depth = cloud.queue.depth(to).await.unwrap();
    assert_eq!((depth.visible, depth.in_flight), (0, 0));
}

#[tokio::test]
async fn batches_of_any_size_arrive_completely() {
    let cloud = Cloud::new().await;
    let to = &cloud.queue_settings.packing;
    let numbers: Vec<u32> = (0..23).collect();
    assert_eq!(cloud.queue.send_batch(to, &numbers).await.unwrap(), []);
    let mut arrived = Vec::new();
    let mut receipts = Vec::new();
    while arrived.len() < numbers.len() {
        for delivery in cloud.queue.receive(to, 10, 1, 60).await.unwrap() {
            arrived.push(delivery.body.parse::<u32>().unwrap());
            receipts.push(delivery.receipt);
        }
    }
    arrived.sort_unstable();
    assert_eq!(arrived, numbers);
    assert_eq!(cloud.queue.delete_batch(to, &receipts).await.unwrap(), []);
    assert_eq!(cloud.queue.depth(to).await.unwrap().in_flight, 0);
}

#[tokio::test]
async fn the_entries_of_a_batch_fail_one_by_one() {
    let cloud = Cloud::new().await;
    let to = &cloud.queue_settings.packing;
    cloud.queue.send(to, &1).await.unwrap();
    let good = cloud
        .queue
        .receive(to, 1, 1, 60)
        .await
        .unwrap()
        .pop()
        .unwrap()
        .receipt;
    let failed = cloud
        .queue
        .delete_batch(to, &["no such receipt".to_owned(), good])
        .await
        .unwrap();
    let indices: Vec<usize> = failed.iter().map(|failed| failed.index).collect();
    assert_eq!(indices, [0]);
    assert_eq!(cloud.queue.depth(to).await.unwrap().in_flight, 0);
}

#[tokio::test]
async fn a_message_received_too_often_moves_to_the_dead_letters() {
    let cloud = Cloud::with_policy(Policy {
        visibility_s: 60,
        max_receive_count: 2,
    })
    .await;
    let to = &cloud.queue_settings.flow;
    cloud.queue.send(to, &"poison").await.unwrap();
    for _ in 0..2 {
        let delivery = receive(&cloud, 1).await.pop().unwrap();
        cloud.queue.extend(to, &delivery.receipt, 0).await.unwrap();
    }
    assert_eq!(receive(&cloud, 0).await, []);
    let dead = cloud
        .queue
        .receive(&Queue::dead_of(to), 1, 1, 60)
        .await
        .unwrap();
    assert_eq!(dead[0].body, "\"poison\"");
}
