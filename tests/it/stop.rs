use crate::leito::Place;
use crate::study::small;

#[tokio::test]
async fn a_system_told_to_stop_while_it_solves_gives_the_job_back_and_the_attempt_does_not_count() {
    let place = Place::new().await;
    let leito = place.up().await;
    let study = leito.api.study(&small()).await;
    leito.api.works_on(&study.flow, "solving").await;
    assert!(leito.stop().await.success());
    place.nothing_runs().await;

    let leito = place.up().await;
    let ended = leito.api.end_of(&study.flow).await;
    assert_eq!(
        (&ended["status"], &ended["attempt"]),
        (&"completed".into(), &1.into())
    );
    let history = leito.api.history(&study.flow).await;
    let begins = ["queued", "claimed", "stage_finished mesh"];
    assert_eq!(history[..3], begins.map(str::to_owned), "{history:?}");
    assert!(history.contains(&"interrupted".to_owned()), "{history:?}");
    assert!(history.contains(&"reused mesh".to_owned()), "{history:?}");
    assert!(!history.contains(&"retry".to_owned()), "{history:?}");

    assert!(leito.stop().await.success());
    place.nothing_runs().await;
}
