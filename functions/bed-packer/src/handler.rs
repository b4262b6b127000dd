//! A packing job from its specification to its output.

use std::path::Path;

use async_trait::async_trait;
use bed::Bed;
use engine::blender::{self, Packing};
use engine::{Context, EngineError};
use job::{Failure, Job, Kind};
use runtime::SharedIds;
use stages::{LEITO, PACKING, Share, bed_of, context, failure, output_of, packing_key};
use store::Transaction;
use tokio::sync::OnceCell;
use worker::{Handler, Stage, Work};

use crate::record;

/// Packs beds with the installed Blender.
pub struct BedPacker {
    /// Blender's version, asked for once a process: starting it takes a second.
    version: OnceCell<String>,
    ids: SharedIds,
}

/// A finished packing.
#[derive(Debug)]
pub struct Packed {
    /// The bed it is of.
    pub bed: Bed,
    /// Its key and files.
    pub stage: Stage,
    /// What was measured.
    pub packing: Packing,
}

impl BedPacker {
    /// A handler that takes the keys of new rows from `ids`.
    pub fn new(ids: SharedIds) -> Self {
        Self {
            version: OnceCell::new(),
            ids,
        }
    }

    async fn version(&self, context: &Context) -> Result<&str, EngineError> {
        let version = self.version.get_or_try_init(|| blender::version(context));
        version.await.map(String::as_str)
    }

    async fn stage(&self, work: &Work, bed: &Bed) -> Result<Stage, Failure> {
        let context = context(work, work.dir.clone(), Share::WHOLE);
        let version = self.version(&context).await;
        let version = version.map_err(|error| failure(&error))?;
        let key = packing_key(bed, &[("blender", version), LEITO]);
        if let Some(done_before) = work.find_stage(PACKING, &key).await? {
            return Ok(done_before);
        }
        let packing = blender::pack(bed, &context)
            .await
            .map_err(|error| failure(&error))?;
        let files: Vec<(&str, &Path)> = packing
            .files
            .iter()
            .map(|file| (file.name.as_str(), file.path.as_path()))
            .collect();
        work.publish_stage(PACKING, &key, serde_json::json!(packing), &files)
            .await
    }
}

#[async_trait]
impl Handler for BedPacker {
    type Output = Packed;

    fn kind(&self) -> Kind {
        Kind::Packing
    }

    async fn run(&self, work: &Work) -> Result<Packed, Failure> {
        let bed = bed_of(&work.job)?;
        let stage = self.stage(work, &bed).await?;
        let packing = output_of(&stage)?;
        Ok(Packed {
            bed,
            stage,
            packing,
        })
    }

    async fn finish(
        &self,
        tx: &Transaction<'_>,
        job: &Job,
        packed: &Packed,
    ) -> Result<(), store::Error> {
        record::write(tx, job, packed, self.ids.as_ref()).await
    }
}
