//! The end of every handler that deletes something: who deleted it is recorded, the transaction committed, and there is
//! nothing left to say.

use axum::response::{IntoResponse, Response};
use serde_json::Value;
use store::Transaction;
use store::audits::{self, NewAudit};
use uuid::Uuid;

use crate::{Actor, Answer, App, Change, Problem};

/// What was deleted, as far as it is recorded.
#[derive(Debug, Clone, PartialEq)]
pub struct Gone {
    /// What it was, as audits call it.
    pub kind: &'static str,
    /// Its id.
    pub id: Uuid,
    /// The project it belonged to.
    pub project_id: Uuid,
    /// What was known of it, without secrets.
    pub meta: Value,
}

impl Gone {
    /// Records that it is gone and commits; 204.
    pub async fn commit(
        self,
        app: &App,
        actor: &Actor,
        change: &Change,
        tx: Transaction<'_>,
    ) -> Result<Response, Problem> {
        let audit = NewAudit {
            target_id: Some(self.id),
            project_id: Some(self.project_id),
            meta: self.meta,
            ..actor.audit(app, self.kind, "deleted")
        };
        audits::insert(&tx, &audit).await?;
        let answer = Answer::no_content();
        change.commit(tx, &answer).await?;
        Ok(answer.into_response())
    }
}
