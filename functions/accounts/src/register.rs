//! `POST /accounts`

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use leito_http::{
    Address, Answer, App, Change, Code, FieldError, Json, Problem, password, throttle,
};
use serde::Deserialize;
use store::audits::{self, NewAudit};
use store::projects::{self, NewProject};
use store::users::{self, NewUser, User};
use store::{Error, Transaction};
use utoipa::ToSchema;

use crate::view::Account;
use crate::{limits, person};

/// What the first project of everybody is called.
const FIRST_PROJECT: &str = "My studies";

/// A person who wants an account.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAccount {
    /// The person's name.
    #[schema(example = "Ada Lovelace", min_length = 1, max_length = 200)]
    name: String,
    /// Nobody else's; kept in lower case.
    #[schema(example = "ada@example.org", format = "email", max_length = 254)]
    email: String,
    /// 10 to 256 characters, and not the e-mail address.
    #[schema(
        example = "a long sentence is easy to keep",
        min_length = 10,
        max_length = 256
    )]
    password: String,
    /// The person's CPF, with or without dots; may be left out.
    #[schema(example = "529.982.247-25")]
    cpf: Option<String>,
}

/// Make an account, and with it a first project.
#[utoipa::path(
    post, path = "/accounts", tag = "accounts", request_body = NewAccount, security(()),
    responses(
        (status = 201, description = "The account; log in with it", body = Account),
        (status = 409, description = "The e-mail address or CPF has an account (`already_registered`)"),
        (status = 429, description = "Too many registrations from here (`rate_limited`)"),
    ),
)]
pub async fn register(
    State(app): State<App>,
    from: Address,
    change: Change,
    Json(new): Json<NewAccount>,
) -> Result<Response, Problem> {
    let (mut user, password) = new.checked(&app)?;
    throttle::count(&app, &limits::registration(from, &user.email)).await?;
    user.password_hash = Some(password::hash(password).await?);
    let mut client = app.store.client().await?;
    let tx = change.begin(&mut client).await?;
    let stored = users::insert(&tx, &user).await.map_err(taken)?;
    settle(&app, &tx, &stored).await?;
    let answer = Answer::created("/accounts/me", &Account::from(stored))?;
    change.commit(tx, &answer).await?;
    Ok(answer.into_response())
}

impl NewAccount {
    /// The account, without its password, or everything that is wrong with it.
    fn checked(self, app: &App) -> Result<(NewUser, String), Problem> {
        let name = person::name(&self.name);
        let email = person::email(&self.email);
        let address = email.as_deref().unwrap_or(&self.email);
        let password = person::password(&self.password, address, "/password");
        let cpf = self.cpf.as_deref().map(person::cpf).transpose();
        match (name, email, password, cpf) {
            (Ok(name), Ok(email), Ok(()), Ok(cpf)) => {
                let user = NewUser {
                    id: app.ids.next(),
                    name,
                    email,
                    cpf,
                    password_hash: None,
                    is_admin: false,
                };
                Ok((user, self.password))
            }
            (name, email, password, cpf) => Err(refused(
                [name.err(), email.err(), password.err(), cpf.err()]
                    .into_iter()
                    .flatten(),
            )),
        }
    }
}

/// Everything that is wrong with what somebody says of themselves.
pub fn refused(errors: impl IntoIterator<Item = FieldError>) -> Problem {
    Problem::new(Code::InvalidBody, "some of this cannot be").with_errors(errors)
}

/// Says which of the two is somebody's already.
pub fn taken(error: Error) -> Problem {
    let at = match &error {
        Error::Conflict { constraint, .. } if constraint == "users_email" => "/email",
        Error::Conflict { constraint, .. } if constraint == "users_cpf" => "/cpf",
        _ => return error.into(),
    };
    let detail = "there is an account for this already; log in instead";
    Problem::new(Code::AlreadyRegistered, detail).with_errors([FieldError::new(at, detail)])
}

async fn settle(app: &App, tx: &Transaction<'_>, user: &User) -> Result<(), Problem> {
    let project = NewProject {
        id: app.ids.next(),
        name: FIRST_PROJECT.to_owned(),
        description: String::new(),
        created_by: user.id,
    };
    projects::insert(tx, &project).await?;
    let registered = NewAudit {
        id: app.ids.next(),
        kind: "user",
        action: "created",
        target_id: Some(user.id),
        project_id: Some(project.id),
        submission_id: None,
        user_id: Some(user.id),
        session_id: None,
        meta: serde_json::json!({}),
    };
    Ok(audits::insert(tx, &registered).await?)
}
