//! A stack for one test: Postgres, an emulator with policies enforced, and the template deployed into it.

use std::path::Path;

use embedded::postgres::{Postgres, PostgresSettings, program};
use system_tests::Deployment;
use tempfile::TempDir;
use tokio::process::Command;

use crate::api::Api;

/// Everything that ends with the test.
pub struct Stack {
    pub deployment: Deployment,
    database: Postgres,
    folder: TempDir,
}

impl Stack {
    pub async fn deployed() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = Postgres::start(&PostgresSettings {
            data: folder.path().join("database"),
        })
        .await
        .unwrap();
        let deployment = Deployment::start(&folder.path().join("cloud"), database.tcp_url())
            .await
            .unwrap();
        Self {
            deployment,
            database,
            folder,
        }
    }

    /// Where the test and its workers may put files.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The API for nobody.
    pub fn api(&self) -> Api {
        Api::of(&self.deployment)
    }

    /// Makes the database older: what a test cannot wait for.
    pub async fn sql(&self, statement: &str) {
        let ran = Command::new(program("psql").unwrap())
            .args(["-qAt", "-v", "ON_ERROR_STOP=1", "-c", statement])
            .arg(self.deployment.database_url())
            .output()
            .await
            .unwrap();
        let said = String::from_utf8_lossy(&ran.stderr);
        assert!(ran.status.success(), "{statement}: {said}");
    }

    pub async fn end(self) {
        self.deployment.stop().await.unwrap();
        self.database.stop().await.unwrap();
    }
}
