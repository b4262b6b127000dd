//! How a submission becomes beds, simulations and jobs, in the transaction that stores it.

use automation::{Fault, Refused, Request, Study};
use leito_http::{Actor, App, Code, FieldError, Problem};
use serde_json::{Value, json};
use store::access::Role;
use store::audits::{self, NewAudit};
use store::simulations::Simulation;
use store::{Error, Transaction, beds, projects, simulations};
use studies::{Begun, Home, Stored, simulate, store_bed};
use uuid::Uuid;

use crate::create::refused;

/// Where work is carried out, for whom, and why.
pub struct Site<'a> {
    pub tx: &'a Transaction<'a>,
    pub app: &'a App,
    pub actor: &'a Actor,
    pub submission_id: Uuid,
}

/// What a request is about, found and allowed.
pub enum Place {
    /// A project that beds are stored in.
    Project(Uuid),
    /// A stored bed, locked.
    Bed(Box<beds::Bed>),
    /// Completed simulations of one project.
    Simulations(Uuid),
}

/// What is behind a submission.
#[derive(Default)]
pub struct Done {
    /// The simulations that its result speaks of.
    pub simulations: Vec<Uuid>,
    /// The jobs made for it.
    pub jobs: Vec<Uuid>,
}

impl Place {
    pub fn project_id(&self) -> Uuid {
        match self {
            Self::Project(id) | Self::Simulations(id) => *id,
            Self::Bed(bed) => bed.project_id,
        }
    }
}

impl Done {
    fn add(&mut self, begun: &Begun) {
        self.simulations.push(begun.simulation.id);
        self.jobs.extend(begun.jobs.iter().map(|job| job.id));
    }
}

impl Site<'_> {
    /// Finds what the request is about, if the caller may change something there.
    pub async fn place(&self, request: &Request, named: Option<Uuid>) -> Result<Place, Problem> {
        let place = match request {
            Request::Studies(_) => Place::Project(self.project(named).await?),
            Request::Sweep { bed_id, .. } => Place::Bed(Box::new(self.bed(*bed_id).await?)),
            Request::Report { simulation_ids } => {
                Place::Simulations(self.completed(simulation_ids).await?)
            }
        };
        if named.is_some_and(|named| named != place.project_id()) {
            let message = "what the payload names belongs to another project";
            return Err(Problem::new(Code::InvalidBody, message)
                .with_errors([FieldError::new("/project_id", message)]));
        }
        Ok(place)
    }

    /// Makes what the request asks for.
    pub async fn carry_out(&self, place: Place, request: Request) -> Result<Done, Problem> {
        let mut done = Done::default();
        match (place, request) {
            (Place::Bed(bed), Request::Sweep { velocities_m_s, .. }) => {
                let swept = automation::sweep(&read(&bed)?, &velocities_m_s, &self.app.machine)
                    .map_err(|faults| refused(&Refused::Payload(faults)))?;
                done.add(&self.begin(&bed, &swept).await?);
            }
            (place, Request::Studies(studies)) => {
                for study in studies {
                    let bed = self.store(place.project_id(), &study).await?;
                    done.add(&self.begin(&bed, &study.studied).await?);
                }
            }
            (_, Request::Report { simulation_ids }) => done.simulations = simulation_ids,
            (_, Request::Sweep { .. }) => {}
        }
        Ok(done)
    }

    async fn project(&self, named: Option<Uuid>) -> Result<Uuid, Problem> {
        let named = match named {
            Some(id) => Some(id),
            None => projects::only_writable(self.tx, self.actor.user_id).await?,
        };
        let id = named.ok_or_else(|| {
            let message = "say which project; you may change none or several";
            Problem::new(Code::InvalidBody, message)
                .with_errors([FieldError::new("/project_id", message)])
        })?;
        let project = projects::get(self.tx, self.actor.as_at_least(Role::Editor), id).await?;
        Ok(project.id)
    }

    async fn bed(&self, id: Uuid) -> Result<beds::Bed, Problem> {
        let bed = beds::lock_for(self.tx, self.actor.as_at_least(Role::Editor), id).await;
        bed.map_err(|error| missing(error, "/bed_id"))
    }

    /// The project of these simulations, all of which are completed.
    async fn completed(&self, ids: &[Uuid]) -> Result<Uuid, Problem> {
        let mut found: Option<Simulation> = None;
        let mut faults = Vec::new();
        for (index, id) in ids.iter().enumerate() {
            let pointer = format!("/simulation_ids/{index}");
            let by = self.actor.as_at_least(Role::Editor);
            let simulation = simulations::get_for(self.tx, by, *id).await;
            let simulation = simulation.map_err(|error| missing(error, &pointer))?;
            if simulation.status != "completed" {
                let message = format!("is {}; a report has completed ones", simulation.status);
                faults.push(Fault::new(pointer, message));
            } else if found
                .as_ref()
                .is_some_and(|it| it.project_id != simulation.project_id)
            {
                faults.push(Fault::new(
                    pointer,
                    "belongs to another project than the first",
                ));
            }
            found.get_or_insert(simulation);
        }
        match found {
            Some(first) if faults.is_empty() => Ok(first.project_id),
            _ => Err(refused(&Refused::Payload(faults))),
        }
    }

    /// The bed of a study, locked: new, or the same that the project has already.
    async fn store(&self, project_id: Uuid, study: &Study) -> Result<beds::Bed, Problem> {
        let home = Home {
            project_id,
            created_by: self.actor.user_id,
            description: study.description.clone(),
        };
        match store_bed(self.tx, self.app.ids.as_ref(), home, &study.bed).await? {
            Stored::New(bed) => {
                let meta = json!({ "name": bed.name, "version": bed.version });
                self.record("bed", "created", bed.id, project_id, meta)
                    .await?;
                Ok(bed)
            }
            Stored::Same(bed) => {
                let by = self.actor.as_at_least(Role::Editor);
                Ok(beds::lock_for(self.tx, by, bed.id).await?)
            }
            Stored::NameTaken => Err(Problem::name_taken("bed", &study.bed.name)),
        }
    }

    async fn begin(&self, stored: &beds::Bed, bed: &bed::Bed) -> Result<Begun, Problem> {
        let ids = self.app.ids.as_ref();
        let begun = simulate(self.tx, ids, stored, bed, self.actor.user_id).await?;
        let meta =
            json!({ "bed_id": stored.id, "velocities_m_s": begun.simulation.velocities_m_s });
        let id = begun.simulation.id;
        self.record("simulation", "started", id, stored.project_id, meta)
            .await?;
        Ok(begun)
    }

    async fn record(
        &self,
        kind: &'static str,
        action: &'static str,
        target_id: Uuid,
        project_id: Uuid,
        meta: Value,
    ) -> Result<(), Problem> {
        let audit = NewAudit {
            target_id: Some(target_id),
            project_id: Some(project_id),
            submission_id: Some(self.submission_id),
            meta,
            ..self.actor.audit(self.app, kind, action)
        };
        Ok(audits::insert(self.tx, &audit).await?)
    }
}

/// The specification of a stored bed. It was valid when it was stored, so anything else is our mistake.
fn read(stored: &beds::Bed) -> Result<bed::Bed, Problem> {
    bed::from_stored(stored.spec.get()).map_err(Problem::internal)
}

/// What the payload names and is not there is a fault of the payload.
fn missing(error: Error, pointer: &str) -> Problem {
    match error {
        Error::NotFound { what, id } => {
            let fault = Fault::new(pointer, format!("there is no {what} {id}"));
            refused(&Refused::Payload(vec![fault]))
        }
        error => error.into(),
    }
}
