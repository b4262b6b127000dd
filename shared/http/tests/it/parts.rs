//! The state over a real database and a real object store.

use axum::Router;
use leito_http::testing::app;
use leito_http::{App, service};
use testkit::{Cloud, Database};
use utoipa_axum::router::OpenApiRouter;

/// Every part, and the state over them.
pub struct World {
    pub app: App,
    pub database: Database,
}

pub async fn world() -> World {
    // Boxed: the calls of the AWS SDK are tens of kilobytes of state.
    let (database, cloud) = tokio::join!(testkit::database(), Box::pin(Cloud::new()));
    let app = app(database.store().clone(), cloud.queue, cloud.objects);
    World { app, database }
}

impl World {
    /// The service around toy routes.
    pub fn around(&self, routes: Router<App>) -> Router {
        service(OpenApiRouter::from(routes), self.app.clone())
    }

    /// The one number that a query finds.
    pub async fn count(&self, query: &str) -> i64 {
        let client = self.database.store().client().await.unwrap();
        client.query_one(query, &[]).await.unwrap().get(0)
    }
}
