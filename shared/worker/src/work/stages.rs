//! Outputs of finished stages, under the hash of everything they depend on: the cache between jobs and the checkpoint
//! between attempts. Files go to the object store first, the row that points to them last.

use std::path::Path;

use job::{EventKind, Failure};
use objects::artifact_key;
use serde_json::{Value, json};
use store::stage_outputs::{self, StageOutput};
use store::{bed_files, object_tombstones};

use super::Work;
use super::stored::{StoredFile, name_to_store};
use crate::failures;
use crate::patience::persist;
use crate::stop::Reason;

/// A finished stage.
#[derive(Clone, Debug, PartialEq)]
pub struct Stage {
    /// Hash of everything it depends on.
    pub key: String,
    /// Its numbers.
    pub output: Value,
    /// Its files.
    pub files: Vec<StoredFile>,
}

impl Stage {
    /// The stage in a row.
    pub fn read(row: StageOutput) -> Result<Self, Failure> {
        let files = serde_json::from_value(row.files).map_err(|error| {
            Failure::permanent("stage_unreadable", format!("stage {}: {error}", row.key))
        })?;
        Ok(Self {
            key: row.key,
            output: row.output,
            files,
        })
    }

    /// The file of that name.
    pub fn file(&self, name: &str) -> Option<&StoredFile> {
        self.files.iter().find(|file| file.name == name)
    }
}

impl Work {
    /// The output of a stage that was finished before, by whatever job.
    pub async fn find_stage(&self, stage: &str, key: &str) -> Result<Option<Stage>, Failure> {
        let found = persist(&self.stop, || Box::pin(self.look_up(stage, key)));
        found
            .await
            .map_err(|error| self.failed(&error))?
            .map(Stage::read)
            .transpose()
    }

    /// Stores what a stage gave: `files` are names and places on this machine. When another worker was faster, its
    /// output is the one that counts and is returned.
    pub async fn publish_stage(
        &self,
        stage: &str,
        key: &str,
        output: Value,
        files: &[(&str, &Path)],
    ) -> Result<Stage, Failure> {
        let mut stored = Vec::with_capacity(files.len());
        for (name, path) in files {
            stored.push(self.upload(key, name, path).await?);
        }
        let published = Stage {
            key: key.to_owned(),
            output,
            files: stored,
        };
        let row = StageOutput {
            key: key.to_owned(),
            stage: stage.to_owned(),
            output: published.output.clone(),
            files: json!(published.files),
        };
        let earlier = persist(&self.stop, || Box::pin(self.record(&row)));
        match earlier.await.map_err(|error| self.failed(&error))? {
            None => Ok(published),
            Some(earlier) => {
                self.discard(&published).await;
                Stage::read(earlier)
            }
        }
    }

    /// Brings a stage's file here as the engine wrote it, checked against its hash. A stage whose file is gone or damaged
    /// is forgotten, so that the next attempt makes it anew, and no bed shows that file any more.
    pub async fn fetch(&self, stage: &Stage, name: &str, to: &Path) -> Result<(), Failure> {
        let missing = || objects::Error::Missing {
            key: format!("{name} of stage {}", stage.key),
        };
        let file = stage
            .file(name)
            .ok_or_else(|| failures::artifact_lost(self.job.id, &missing()))?;
        match file.get(&self.objects, to).await {
            Ok(()) => Ok(()),
            Err(error @ (objects::Error::Missing { .. } | objects::Error::Corrupt { .. })) => {
                self.forget(stage, file).await?;
                Err(failures::artifact_lost(self.job.id, &error))
            }
            Err(error) => Err(failures::objects(self.job.id, &error)),
        }
    }

    /// Every attempt writes under its own token: two workers that finish the same stage never mix their files. A worker
    /// that dies before the row points to the object leaves a tombstone, by which the clean-up finds it.
    async fn upload(&self, key: &str, name: &str, path: &Path) -> Result<StoredFile, Failure> {
        let token = self.claimed.lease.token.simple().to_string();
        let own = token.get(20..).unwrap_or(&token);
        let key = artifact_key(key, &format!("{own}/{}", name_to_store(name)));
        let keys = std::slice::from_ref(&key);
        let buried = persist(&self.stop, || Box::pin(self.bury(keys)));
        buried.await.map_err(|error| self.failed(&error))?;
        StoredFile::put(&self.objects, name, path, &key)
            .await
            .map_err(|error| failures::objects(self.job.id, &error))
    }

    async fn look_up(&self, stage: &str, key: &str) -> Result<Option<StageOutput>, store::Error> {
        let client = self.store.client().await?;
        let found = stage_outputs::find(&client, key).await?;
        if found.is_some() {
            let data = json!({ "stage": stage, "key": key });
            store::jobs::note(&client, &self.claimed, EventKind::Reused, &data).await?;
        }
        Ok(found)
    }

    async fn bury(&self, keys: &[String]) -> Result<u64, store::Error> {
        let client = self.store.client().await?;
        object_tombstones::bury(&client, keys).await
    }

    async fn remove(&self, stage: &Stage, lost: &StoredFile) -> Result<(), store::Error> {
        let mut client = self.store.client().await?;
        let tx = client.transaction().await?;
        stage_outputs::forget(&tx, &stage.key).await?;
        bed_files::forget_object(&tx, &lost.key).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Writes the row and its event, or gives the row that was there.
    async fn record(&self, row: &StageOutput) -> Result<Option<StageOutput>, store::Error> {
        let mut client = self.store.client().await?;
        let tx = client.transaction().await?;
        let data = json!({ "stage": row.stage, "key": row.key });
        store::jobs::note(&tx, &self.claimed, EventKind::StageFinished, &data).await?;
        let fresh = stage_outputs::publish(&tx, row).await?;
        let earlier = if fresh {
            None
        } else {
            stage_outputs::find(&tx, &row.key).await?
        };
        tx.commit().await?;
        // A commit whose answer was lost is repeated and then finds its own row.
        Ok(earlier.filter(|earlier| earlier.files != row.files))
    }

    async fn discard(&self, published: &Stage) {
        let keys: Vec<String> = published
            .files
            .iter()
            .map(|file| file.key.clone())
            .collect();
        if let Err(error) = self.objects.delete(&keys).await {
            tracing::warn!(%error, "the files of a stage that another worker finished first stay behind");
        }
    }

    async fn forget(&self, stage: &Stage, lost: &StoredFile) -> Result<(), Failure> {
        let forgotten = persist(&self.stop, || Box::pin(self.remove(stage, lost)));
        forgotten.await.map_err(|error| self.failed(&error))
    }

    fn failed(&self, error: &store::Error) -> Failure {
        if matches!(error, store::Error::LeaseLost(_)) {
            self.stop.request(Reason::LeaseLost);
        }
        failures::database_failure(self.job.id, error)
    }
}
