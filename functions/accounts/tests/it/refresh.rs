use futures::future::join_all;
use jiff::ToSpan;
use leito_http::testing::send;
use serde_json::json;

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

async fn is_in(service: &Service, tokens: &Tokens) -> bool {
    let me = service
        .call("GET", "/accounts/me", &tokens.access, None)
        .await;
    if me.status == 200 {
        return true;
    }
    me.is_problem(401, "unauthenticated");
    false
}

#[tokio::test]
async fn the_access_token_ends_with_its_log_in_however_that_ends() {
    let service = serving().await;
    let (out, stolen, other, here) = (
        service.member(EMAIL).await,
        service.log_in(EMAIL).await,
        service.log_in(EMAIL).await,
        service.log_in(EMAIL).await,
    );
    for log_in in [&out, &stolen, &other, &here] {
        assert!(is_in(&service, log_in).await);
    }
    service
        .call("POST", "/accounts/log-out", &out.access, None)
        .await;
    assert!(!is_in(&service, &out).await && is_in(&service, &stolen).await);
    for _ in 0..2 {
        service.refresh(&stolen.refresh).await;
    }
    assert!(!is_in(&service, &stolen).await && is_in(&service, &other).await);
    let change = json!({ "old_password": PASSWORD, "new_password": "another long sentence" });
    let changed = service.call("POST", "/accounts/me/password", &here.access, Some(&change));
    assert_eq!(changed.await.status, 204);
    assert!(!is_in(&service, &other).await && is_in(&service, &here).await);
}

#[tokio::test]
async fn another_instance_knows_of_an_ended_log_in_some_seconds_later() {
    let service = serving().await;
    let ada = service.member(EMAIL).await;
    let mut elsewhere = service.app.clone();
    elsewhere.sessions = leito_http::Sessions::default();
    let elsewhere = leito_http::service(accounts::router(), elsewhere);
    let ask = async || {
        let me = request("GET", "/accounts/me", Some(&ada.access), None);
        send(&elsewhere, me).await
    };
    assert_eq!(ask().await.status, 200);
    service
        .call("POST", "/accounts/log-out", &ada.access, None)
        .await;
    service.clock.advance(5.seconds().try_into().unwrap());
    let problem = ask().await.is_problem(401, "unauthenticated");
    assert_eq!(problem["detail"], "this log-in has ended; log in again");
}
