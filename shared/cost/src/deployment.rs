//! What stands and runs in one deployment.

use serde::Serialize;

/// A worker's container on Fargate.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Worker {
    /// Virtual cores.
    pub vcpu: f64,
    /// Memory in GB.
    pub memory_gb: f64,
    /// Seconds between the order for a container and the first job, mostly for its image.
    pub start_s: f64,
}

/// The sizes that `template.yaml` gives, as far as they cost something. A test compares them with the template.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Deployment {
    /// Where beds are packed.
    pub packer: Worker,
    /// Where flows are solved.
    pub solver: Worker,
    /// Workers run on spare capacity.
    pub spot: bool,
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
        packer: Worker {
            vcpu: 2.0,
            memory_gb: 8.0,
            start_s: 60.0,
        },
        solver: Worker {
            vcpu: 8.0,
            memory_gb: 32.0,
            start_s: 60.0,
        },
        spot: true,
        database_acu: Some(0.5),
        nat_gateways: 1,
        secrets: 2,
        alarms: 15,
        metrics: 3,
        dashboards: 1,
        polled_queues: 2,
        function_gb: 0.256,
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
