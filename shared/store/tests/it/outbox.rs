use store::{jobs, outbox};
use testkit::rows;

use crate::setup::*;

#[tokio::test]
async fn a_job_that_was_rolled_back_left_no_message() {
    let database = with_bed().await;
    let mut client = client(&database).await;
    let tx = client.transaction().await.unwrap();
    jobs::insert(&tx, &rows::packing_job(PACKING, BED))
        .await
        .unwrap();
    drop(tx);
    assert!(jobs::find(&client, PACKING).await.unwrap().is_none());
    assert!(relay(&database).await.is_empty());
}

#[tokio::test]
async fn two_relays_never_hold_the_same_message() {
    let database = with_job().await;
    let (mut one, mut two) = (client(&database).await, client(&database).await);
    let (first, second) = (
        one.transaction().await.unwrap(),
        two.transaction().await.unwrap(),
    );
    assert_eq!(outbox::unsent(&first, 10).await.unwrap().len(), 1);
    assert!(outbox::unsent(&second, 10).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_message_whose_relay_died_is_sent_by_the_next_one() {
    let database = with_job().await;
    let mut client = client(&database).await;
    let tx = client.transaction().await.unwrap();
    let due = outbox::unsent(&tx, 10).await.unwrap();
    outbox::mark_sent(&tx, &[due[0].id]).await.unwrap();
    drop(tx);
    assert_eq!(relay(&database).await, [PACKING]);
    assert!(relay(&database).await.is_empty());
}
