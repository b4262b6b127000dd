//! What stands and runs in one deployment.

use serde::Serialize;

/// The sizes that `template.yaml` gives, as far as they cost something. A test compares them with the template.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Deployment {
    /// Memory of the function that packs beds, in GB.
    pub packer_gb: f64,
    /// Virtual cores of a container on Fargate that solves flows.
    pub solver_vcpu: f64,
    /// Memory of such a container, in GB.
    pub solver_gb: f64,
    /// Share of those containers that run on spare capacity.
    pub spot_share: f64,
    /// Capacity units that the database never goes below; none: it is somebody else's.
    pub database_acu: Option<f64>,
    /// Gateways through which the private network reaches the rest of AWS.
    pub nat_gateways: u32,
    /// Secrets.
    pub secrets: u32,
    /// Alarms.
    pub alarms: u32,
    /// Metrics of our own.
    pub metrics: u32,
    /// Dashboards beyond what is free.
    pub dashboards: u32,
    /// Queues on which Lambda waits for messages.
    pub polled_queues: u32,
    /// Memory of a function that answers requests, in GB.
    pub function_gb: f64,
}

impl Deployment {
    /// What the template makes when nothing is asked of it.
    pub const TEMPLATE: Self = Self {
        packer_gb: 3.455,
        solver_vcpu: 8.0,
        solver_gb: 32.0,
        spot_share: 2.0 / 3.0,
        database_acu: Some(0.5),
        nat_gateways: 1,
        secrets: 3,
        alarms: 61,
        metrics: 5,
        dashboards: 1,
        polled_queues: 3,
        function_gb: 0.25,
    };

    /// The same on a database that is there anyway, which takes the private network away with it.
    #[must_use]
    pub const fn without_database(mut self) -> Self {
        self.database_acu = None;
        self.nat_gateways = 0;
        self.secrets -= 1;
        self
    }
}
