//! One mesh and the flows on it. Whatever an earlier attempt or another job finished is taken from the store; files are
//! brought here only when an engine has to run on them.

use std::path::Path;

use bed::{Bed, content_hash};
use engine::openfoam::{self, Flow, MESH_ARCHIVE, Mesh};
use job::Failure;
use serde_json::json;
use stages::{LEITO, Share, context, failure, output_of};
use worker::{Stage, Work};

use crate::Packed;

const MESH: &str = "mesh";
const FLOW: &str = "flow";

/// One flow and its files.
#[derive(Debug, Clone)]
pub struct Solution {
    /// Its numbers, or the statement that it did not converge.
    pub flow: Flow,
    /// Its key and files.
    pub stage: Stage,
}

/// The run of one job.
pub(crate) struct Study<'a> {
    pub work: &'a Work,
    pub bed: &'a Bed,
    pub packed: &'a Packed,
    pub version: &'a str,
}

/// A mesh, and whether its case is in the job's folder.
struct Meshed {
    mesh: Mesh,
    stage: Stage,
    is_here: bool,
}

impl Study<'_> {
    /// The mesh and the flow at every velocity of the bed, in order.
    pub async fn run(&self) -> Result<(Mesh, Vec<Solution>), Failure> {
        let mut meshed = self.meshed().await?;
        let mut flows = Vec::new();
        for &velocity_m_s in &self.bed.flow.velocities_m_s {
            let key = self.flow_key(&meshed.stage.key, velocity_m_s);
            flows.push((velocity_m_s, self.found(FLOW, &key).await?, key));
        }
        let of = flows.iter().filter(|(_, stage, _)| stage.is_none()).count();
        let mut done = 0;
        let mut solutions = Vec::with_capacity(flows.len());
        for (velocity_m_s, stage, key) in flows {
            let stage = if let Some(stage) = stage {
                stage
            } else {
                let share = Share { done, of };
                done += 1;
                self.solve(&mut meshed, velocity_m_s, &key, share).await?
            };
            solutions.push(Solution {
                flow: output_of(&stage)?,
                stage,
            });
        }
        Ok((meshed.mesh, solutions))
    }

    async fn meshed(&self) -> Result<Meshed, Failure> {
        let inputs = json!({
            "particles_sha256": self.packed.particles_hash()?,
            "settings": self.bed.mesh_inputs(),
        });
        let key = content_hash(MESH, &inputs, &self.versions());
        if let Some(stage) = self.found(MESH, &key).await? {
            return Ok(Meshed {
                mesh: output_of(&stage)?,
                stage,
                is_here: false,
            });
        }
        let spheres = self.packed.particles(self.work).await?;
        let context = context(self.work, self.work.dir.clone(), Share::WHOLE);
        let made = openfoam::mesh(self.bed, &spheres, &self.packed.numbers, &context).await;
        let mesh = made.map_err(|error| failure(&error))?;
        let archive = self.work.dir.join(MESH_ARCHIVE);
        let files = [(MESH_ARCHIVE, archive.as_path())];
        let stage = self
            .work
            .publish_stage(MESH, &key, json!(mesh), &files)
            .await?;
        // another worker may have been faster: then its mesh is the one that counts
        let is_here = stage.output == json!(mesh);
        Ok(Meshed {
            mesh: output_of(&stage)?,
            stage,
            is_here,
        })
    }

    async fn solve(
        &self,
        meshed: &mut Meshed,
        velocity_m_s: f64,
        key: &str,
        share: Share,
    ) -> Result<Stage, Failure> {
        let context = context(self.work, self.work.dir.clone(), share);
        if !meshed.is_here {
            let archive = self.work.dir.join(MESH_ARCHIVE);
            self.work
                .fetch(&meshed.stage, MESH_ARCHIVE, &archive)
                .await?;
            openfoam::restore_mesh(&archive, &context)
                .await
                .map_err(|error| failure(&error))?;
            meshed.is_here = true;
        }
        let solved = openfoam::solve(self.bed, &meshed.mesh, velocity_m_s, &context).await;
        let mut flow = solved.map_err(|error| failure(&error))?;
        // places on this machine are nobody else's business
        let files = std::mem::take(&mut flow.files);
        let files: Vec<(&str, &Path)> = files
            .iter()
            .map(|file| (file.name.as_str(), file.path.as_path()))
            .collect();
        self.work
            .publish_stage(FLOW, key, json!(flow), &files)
            .await
    }

    async fn found(&self, stage: &str, key: &str) -> Result<Option<Stage>, Failure> {
        self.work.find_stage(stage, key).await
    }

    fn flow_key(&self, mesh_key: &str, velocity_m_s: f64) -> String {
        let inputs = json!({ "mesh": mesh_key, "flow": self.bed.flow_inputs(velocity_m_s) });
        content_hash(FLOW, &inputs, &self.versions())
    }

    fn versions(&self) -> [(&str, &str); 3] {
        [
            ("openfoam", self.version),
            ("recipe", openfoam::RECIPE),
            LEITO,
        ]
    }
}
