use futures::future::join_all;

use crate::support::*;

#[tokio::test]
async fn a_token_is_good_once_and_the_next_one_after_it() {
    let service = serving().await;
    let first = service.member(EMAIL).await;
    let second: Tokens = service.refresh(&first.refresh).await.is(200).into();
    let third: Tokens = service.refresh(&second.refresh).await.is(200).into();
    assert_ne!(second.refresh, third.refresh);
}

#[tokio::test]
async fn a_used_token_that_is_shown_again_ends_its_log_in_and_no_other() {
    let service = serving().await;
    let stolen = service.member(EMAIL).await;
    let other = service.log_in(EMAIL).await;
    let next: Tokens = service.refresh(&stolen.refresh).await.is(200).into();
    for token in [&stolen.refresh, &next.refresh, &stolen.refresh] {
        service
            .refresh(token)
            .await
            .is_problem(401, "unauthenticated");
    }
    assert_eq!(service.audits("user", "token_reused").await, 1);
    service.refresh(&other.refresh).await.is(200);
}

#[tokio::test]
async fn of_many_who_show_a_token_at_once_one_goes_on_and_the_log_in_ends() {
    let service = serving().await;
    let shown = service.member(EMAIL).await;
    let answers = join_all((0..8).map(|_| service.refresh(&shown.refresh))).await;
    let good: Vec<_> = answers
        .iter()
        .filter(|answer| answer.status == 200)
        .collect();
    assert_eq!(good.len(), 1);
    let next: Tokens = good[0].json().into();
    service
        .refresh(&next.refresh)
        .await
        .is_problem(401, "unauthenticated");
    let alive = "SELECT count(*) FROM refresh_tokens WHERE revoked_at IS NULL";
    assert_eq!(service.count(alive).await, 0);
}

#[tokio::test]
async fn an_expired_token_and_one_of_nobody_are_refused() {
    let service = serving().await;
    let ada = service.member(EMAIL).await;
    let expire = "UPDATE refresh_tokens SET expires_at = now() - interval '1 second'";
    service.client().await.execute(expire, &[]).await.unwrap();
    for token in [ada.refresh.as_str(), "refresh_x", "", &ada.access] {
        service
            .refresh(token)
            .await
            .is_problem(401, "unauthenticated");
    }
}

#[tokio::test]
async fn logging_out_ends_this_log_in_alone() {
    let service = serving().await;
    let here = service.member(EMAIL).await;
    let there = service.log_in(EMAIL).await;
    let out = service
        .call("POST", "/accounts/log-out", &here.access, None)
        .await;
    assert_eq!((out.status.as_u16(), out.body.len()), (204, 0));
    assert_eq!(service.audits("user", "logged_out").await, 1);
    service
        .refresh(&here.refresh)
        .await
        .is_problem(401, "unauthenticated");
    service.refresh(&there.refresh).await.is(200);
}
