use leito_http::testing::{get, send};
use store::access::Role;
use store::bed_files::{self, NewFile};
use testkit::Cloud;
use uuid::Uuid;

use crate::support::{Service, serving};

/// Records a file whose content is its name, of the simulation or of the packing.
async fn stored(service: &Service, cloud: &Cloud, bed: Uuid, simulation: Option<Uuid>, name: &str) {
    let id = service.app.ids.next();
    let object_key = format!("artifacts/{id}");
    let content = name.as_bytes().to_vec();
    let bytes = i64::try_from(content.len()).unwrap();
    cloud.objects.put_bytes(&object_key, content).await.unwrap();
    let file = NewFile {
        id,
        kind: "table".to_owned(),
        name: name.to_owned(),
        object_key,
        content_type: "text/csv".to_owned(),
        bytes,
        sha256: "a".repeat(64),
        unpacked: None,
    };
    let mut client = service.app.store.client().await.unwrap();
    let tx = client.transaction().await.unwrap();
    bed_files::insert(&tx, bed, simulation, &[file])
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn the_archive_of_a_simulation_holds_its_files_and_no_others() {
    let (mut service, cloud) = (serving().await, Cloud::new().await);
    service.app.objects = cloud.objects.clone();
    let bed = service.bed("demo").await;
    let (one, other) = (service.simulation(bed).await, service.simulation(bed).await);
    stored(&service, &cloud, bed, None, "particles.csv").await;
    stored(&service, &cloud, bed, Some(one), "flow.csv").await;
    stored(&service, &cloud, bed, Some(other), "other.csv").await;
    let viewer = service.for_another(Some(Role::Viewer)).await;
    let path = format!("/api/v1/simulations/{one}/files.zip");
    let answer = send(&viewer, get(&path)).await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("content-type")),
        (200, "application/zip")
    );
    let named = answer.header("content-disposition").to_owned();
    assert!(
        named.starts_with(&format!(
            "attachment; filename=\"demo simulation {one}.zip\""
        )),
        "{named}"
    );
    let whole = String::from_utf8_lossy(&answer.body).into_owned();
    assert!(
        whole.contains("flow.csv") && !whole.contains("other.csv") && !whole.contains("particles")
    );
    let stranger = service.for_another(None).await;
    send(&stranger, get(&path))
        .await
        .is_problem(404, "not_found");
}
