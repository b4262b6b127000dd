//! S3 and SQS for tests: one emulator per test binary, a bucket and queues of its own for every test.
//! The emulator and its folder end with the test binary, however that ends. `LEITO_TEST_ENDPOINT` names another one that
//! runs already, such as `LocalStack` (`./dev emulators`); what the tests make in it stays.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use embedded::emulator::{Emulator, EmulatorSettings, Resources};
use objects::Objects;
use queue::{Policy, Queue};
use tokio::sync::OnceCell;

static EMULATOR: OnceCell<Running> = OnceCell::const_new();
static CLOUDS: AtomicU32 = AtomicU32::new(0);

/// Where the emulator is; ours ends with this.
struct Running {
    endpoint_url: String,
    _ours: Option<Emulator>,
}

/// A bucket and two queues that no other test sees.
#[derive(Clone, Debug)]
pub struct Cloud {
    /// The queues.
    pub queue: Queue,
    /// The bucket.
    pub objects: Objects,
    /// How another process reaches the queues.
    pub queue_settings: queue::Settings,
    /// How another process reaches the bucket.
    pub object_settings: objects::Settings,
}

impl Cloud {
    /// A cloud whose queues hide messages long enough for any test and give up late.
    ///
    /// # Panics
    /// As [`Cloud::with_policy`].
    pub async fn new() -> Self {
        Self::with_policy(Policy {
            visibility_s: 120,
            max_receive_count: 5,
        })
        .await
    }

    /// A cloud whose queues follow this policy.
    ///
    /// # Panics
    /// When the emulator does not start or refuses a bucket or a queue.
    pub async fn with_policy(policy: Policy) -> Self {
        let emulator = EMULATOR.get_or_init(start).await;
        let number = CLOUDS.fetch_add(1, Ordering::Relaxed);
        let own = format!("{}-{number}", std::process::id());
        let resources = Resources {
            bucket: format!("bucket-{own}"),
            packing: format!("packing-{own}"),
            flow: format!("flow-{own}"),
            policy,
        };
        let (queue_settings, object_settings) = resources
            .ensure(&emulator.endpoint_url)
            .await
            .expect("bucket and queues are made");
        Self {
            queue: Queue::connect(&queue_settings).await,
            objects: Objects::connect(&object_settings).await,
            queue_settings,
            object_settings,
        }
    }

    /// Where the emulator listens.
    pub fn endpoint_url(&self) -> &str {
        let url = self.queue_settings.endpoint.url.as_deref();
        url.unwrap_or_default()
    }
}

/// The emulator that `./dev` installs into the checkout.
pub fn emulator_program() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../.leito/emulator/bin/ministack")
}

async fn start() -> Running {
    if let Some(endpoint_url) = given_endpoint() {
        return Running {
            endpoint_url,
            _ours: None,
        };
    }
    let data = std::env::temp_dir().join(format!("leito-test-emulator-{}", std::process::id()));
    let settings = EmulatorSettings {
        program: emulator_program(),
        data,
        keep: false,
        port: None,
        env: Vec::new(),
    };
    let emulator = Emulator::start(&settings)
        .await
        .expect("the emulator starts; ./dev setup installs it");
    Running {
        endpoint_url: emulator.endpoint_url().to_owned(),
        _ours: Some(emulator),
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "no setting of Leito's: which emulator the tests of one run use"
)]
fn given_endpoint() -> Option<String> {
    std::env::var("LEITO_TEST_ENDPOINT").ok()
}
