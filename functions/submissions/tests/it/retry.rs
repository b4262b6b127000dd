use serde_json::Value;

use crate::support::{ids, serving};

#[tokio::test]
async fn what_failed_is_tried_again_until_it_is_done() {
    let service = serving().await;
    let submission = service.study().await;
    service.fail(ids(&submission["jobs"])[0]).await;
    let again = service.post(&submission, "/retry").await.is(202);
    assert_eq!(again["status"], "queued");
    assert_eq!(again["error"], Value::Null);
    assert_eq!(again["jobs"], submission["jobs"], "the same jobs");
    service.work(&submission).await;
    assert_eq!(service.show(&submission).await["status"], "done");
    let done = service.post(&submission, "/retry").await;
    done.is_problem(409, "conflict");
}
