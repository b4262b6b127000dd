//! Opening a connection: who wants it, and whether they may have one more.

use leito_http::{App, Code, Problem, auth, secret};
use push::Push;
use store::live_connections::{self, NewConnection};
use store::live_tickets;
use uuid::Uuid;

use crate::Event;

/// Connections that one person may have at a time.
const MOST_CONNECTIONS: i64 = 20;

pub async fn open(app: &App, push: &dyn Push, event: &Event) -> Result<(), Problem> {
    let new = NewConnection {
        id: event.connection_id().to_owned(),
        gateway: push.gateway().to_owned(),
        user_id: who(app, event).await?,
    };
    let mut client = app.store.client().await?;
    let tx = client.transaction().await.map_err(store::Error::from)?;
    if !live_connections::open(&tx, &new, MOST_CONNECTIONS).await? {
        let detail = format!("you have {MOST_CONNECTIONS} connections open; close one first");
        return Err(Problem::new(Code::RateLimited, detail));
    }
    tx.commit().await.map_err(store::Error::from)?;
    Ok(())
}

/// A ticket stands in the address, for browsers; programs send the header that every request has.
async fn who(app: &App, event: &Event) -> Result<Uuid, Problem> {
    if let Some(ticket) = event.parameter("ticket") {
        let client = app.store.client().await?;
        let owner = live_tickets::take(&client, &secret::hash(ticket)).await?;
        return owner
            .ok_or_else(|| unknown("the ticket is unknown, used or too old; get a new one"));
    }
    let actor = auth::known(app, &event.headers()).await?;
    let missing = || unknown("this needs an Authorization header, or a ticket in the address");
    Ok(actor.ok_or_else(missing)?.user_id)
}

fn unknown(detail: &str) -> Problem {
    Problem::new(Code::Unauthenticated, detail)
}
