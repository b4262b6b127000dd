//! Somebody's project with one of everything in it, made anew for each attempt.

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use leito_http::testing::{self, Answer, send};
use leito_http::{App, BASE_PATH, Downloads, password, service};
use store::access::Role;
use store::bed_files::{self, NewFile};
use store::{Client, beds, jobs, project_members, projects, simulations, users};
use testkit::{Cloud, Database, database, rows};
use uuid::Uuid;

use super::made::MADE;
use crate::openapi::routes;

/// Of everybody.
const PASSWORD: &str = "a long sentence";
/// The one object that all files are.
const OBJECT: &str = "artifacts/permissions/particles.csv";
const BED: &str = "bed demo { geometry { diameter = 2 cm; height = 10 cm; } particles { diameter = 5 mm; count = 100; } }";

/// The whole API, and what is the same for all attempts.
pub struct World {
    pub router: Router,
    app: App,
    password_hash: String,
    _database: Database,
}

impl World {
    pub async fn new() -> Self {
        let (cloud, database) = (Cloud::new().await, database().await);
        cloud
            .objects
            .put_bytes(OBJECT, b"hello".to_vec())
            .await
            .unwrap();
        let mut app = testing::app(database.store().clone(), cloud.queue, cloud.objects);
        app.downloads = Downloads::Redirect;
        Self {
            router: service(routes(), app.clone()),
            app,
            password_hash: password::hash(PASSWORD.to_owned()).await.unwrap(),
            _database: database,
        }
    }

    fn token(&self, user: Uuid) -> String {
        let now = self.app.clock.now();
        self.app.tokens.issue(user, user, now).unwrap()
    }

    async fn client(&self) -> Client {
        self.app.store.client().await.unwrap()
    }

    async fn person(&self, is_admin: bool) -> Uuid {
        let user = users::NewUser {
            password_hash: Some(self.password_hash.clone()),
            is_admin,
            ..rows::user(self.app.ids.next())
        };
        let mut client = self.client().await;
        let tx = client.transaction().await.unwrap();
        users::insert(&tx, &user).await.unwrap();
        tx.commit().await.unwrap();
        user.id
    }
}

/// What one attempt is about. The owner made everything; the colleague only looks.
pub struct Scene {
    owner: Uuid,
    colleague: Uuid,
    project: Uuid,
    bed: Uuid,
    simulation: Uuid,
    packing_job: Uuid,
    file: Uuid,
}

impl Scene {
    /// The jobs of the bed have ended, unless they are what it is about.
    pub async fn new(world: &World, target: &str) -> Self {
        let next = || world.app.ids.next();
        let scene = Self {
            owner: world.person(false).await,
            colleague: world.person(false).await,
            project: next(),
            bed: next(),
            simulation: next(),
            packing_job: next(),
            file: next(),
        };
        scene.store(world, !target.ends_with("/cancel")).await;
        scene
    }

    async fn store(&self, world: &World, at_rest: bool) {
        let (bed, simulation) = (
            self.row_of_bed(),
            rows::simulation(self.simulation, self.bed),
        );
        let packing = rows::packing_job(self.packing_job, self.bed);
        let flow = rows::flow_job(world.app.ids.next(), &simulation, Some(self.packing_job));
        let mut client = world.client().await;
        let tx = client.transaction().await.unwrap();
        let project = rows::project(self.project, self.owner);
        projects::insert(&tx, &project).await.unwrap();
        project_members::insert(&tx, self.project, self.colleague, Role::Viewer)
            .await
            .unwrap();
        beds::insert(&tx, &bed).await.unwrap();
        simulations::insert(&tx, &simulation).await.unwrap();
        jobs::insert(&tx, &packing).await.unwrap();
        jobs::insert(&tx, &flow).await.unwrap();
        bed_files::insert(&tx, self.bed, Some(self.simulation), &[self.row_of_file()])
            .await
            .unwrap();
        if at_rest {
            jobs::request_cancel(&tx, self.packing_job).await.unwrap();
        }
        // Nobody is to be woken for jobs that only stand there.
        tx.batch_execute("DELETE FROM outbox").await.unwrap();
        tx.commit().await.unwrap();
    }

    fn row_of_bed(&self) -> beds::NewBed {
        let spec = bed::to_json(&bed::parse(BED, "demo").unwrap());
        beds::NewBed {
            project_id: self.project,
            created_by: Some(self.owner),
            name: "demo".to_owned(),
            spec_hash: bed::content_hash("bed", &spec, &[]),
            spec,
            ..rows::bed(self.bed)
        }
    }

    fn row_of_file(&self) -> NewFile {
        NewFile {
            id: self.file,
            kind: "particles".to_owned(),
            name: "particles.csv".to_owned(),
            object_key: OBJECT.to_owned(),
            content_type: "text/csv".to_owned(),
            bytes: 5,
            sha256: "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824".to_owned(),
            unpacked: None,
        }
    }

    /// The token of somebody in this role; none for nobody.
    pub async fn somebody(&self, world: &World, role: &str) -> Option<String> {
        let user = match role {
            "anonymous" => return None,
            "owner" => self.owner,
            "admin" => world.person(true).await,
            "stranger" => world.person(false).await,
            member => {
                let user = world.person(false).await;
                let mut client = world.client().await;
                let tx = client.transaction().await.unwrap();
                let role = member.parse().unwrap();
                project_members::insert(&tx, self.project, user, role)
                    .await
                    .unwrap();
                tx.commit().await.unwrap();
                user
            }
        };
        Some(world.token(user))
    }

    /// A path with its ids in place of their names: each is of what the word before it names.
    pub async fn filled(&self, world: &World, target: &str) -> String {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let mut whole = Vec::new();
        let mut before = "";
        for step in path.split('/') {
            whole.push(if step.starts_with('{') {
                self.id_of(world, before).await
            } else {
                step.to_owned()
            });
            before = step;
        }
        let path = whole.join("/");
        match self.text(query) {
            query if query.is_empty() => path,
            query => format!("{path}?{query}"),
        }
    }

    async fn id_of(&self, world: &World, what: &str) -> String {
        let id = match what {
            "projects" => self.project,
            "members" | "accounts" => self.colleague,
            "beds" => self.bed,
            "files" => self.file,
            "simulations" => self.simulation,
            "jobs" | "task" => self.packing_job,
            "submission-kinds" => return "velocity-sweep".to_owned(),
            "{kind}" => return "1".to_owned(),
            what => return self.made(world, what).await,
        };
        id.to_string()
    }

    async fn made(&self, world: &World, what: &str) -> String {
        let made = MADE.iter().find(|(noun, ..)| *noun == what);
        let (_, path, body, pointer) = made.unwrap_or_else(|| panic!("made.rs knows no {what}"));
        let request = Request::post(format!("{BASE_PATH}{}", self.text(path)))
            .header(
                "authorization",
                format!("Bearer {}", world.token(self.owner)),
            )
            .header("content-type", "application/json")
            .body(Body::from(self.text(body)))
            .unwrap();
        let answer = send(&world.router, request).await;
        let id = answer.json().pointer(pointer).cloned();
        let id = id.unwrap_or_else(|| panic!("no {what} was made: {}", answer.json()));
        id.as_str().unwrap().to_owned()
    }

    /// A body or query with what it is about in place of `$project` and the like.
    pub fn text(&self, text: &str) -> String {
        [
            ("$project", self.project.to_string()),
            ("$bed", self.bed.to_string()),
            ("$simulation", self.simulation.to_string()),
            ("$job", self.packing_job.to_string()),
            ("$file", self.file.to_string()),
            ("$owner_email", rows::user(self.owner).email),
            (
                "$new_email",
                format!("new.{}@example.org", self.owner.simple()),
            ),
            ("$outsider_email", rows::user(rows::USER).email),
            ("$password", PASSWORD.to_owned()),
        ]
        .iter()
        .fold(text.to_owned(), |text, (name, value)| {
            text.replace(name, value)
        })
    }

    /// Whether an answer names something of the project that the request did not: who is not in it learns of nothing, from
    /// a list as little as elsewhere.
    pub fn is_told_of(&self, asked: &str, answer: &Answer) -> bool {
        let told = String::from_utf8_lossy(&answer.body);
        let things = [
            self.project,
            self.bed,
            self.simulation,
            self.packing_job,
            self.file,
        ];
        things
            .map(|id| id.to_string())
            .iter()
            .any(|id| told.contains(id) && !asked.contains(id))
    }
}
