//! How fast a job gets from its commit to a worker, and how many jobs that do nothing the engine moves. Beside each
//! figure stands what the emulator or the database does alone on this machine.
#![expect(clippy::print_stdout, reason = "printing figures is what it is for")]

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use async_trait::async_trait;
use embedded::emulator::{Emulator, EmulatorSettings, Resources};
use embedded::postgres::{Postgres, PostgresSettings};
use job::{EventKind, Failure, Job, Kind, Status};
use objects::Objects;
use queue::{Name, Queue};
use runtime::{Ids, SystemIds};
use store::{Store, Transaction, jobs};
use testkit::rows;
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;
use worker::{Handler, Parts, Settings, Work, Worker};

/// Samples of a latency.
const SAMPLES: u64 = 41;
/// Jobs of the throughput run.
const JOBS: usize = 2000;
const WORKERS: usize = 2;

#[tokio::main]
async fn main() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let postgres = Postgres::start(&PostgresSettings {
        data: folder.path().join("database"),
    })
    .await?;
    let emulator = Emulator::start(&EmulatorSettings {
        program: testkit::emulator_program(),
        data: folder.path().join("cloud"),
        keep: true,
        port: None,
        env: Vec::new(),
    })
    .await?;
    store::migrate(postgres.url()).await?;
    testkit::settle(postgres.url()).await;
    let (queues, objects) = Resources::default().ensure(emulator.endpoint_url()).await?;
    let bench = Bench {
        parts: Parts {
            store: Store::connect(&store::Settings::new(postgres.url()))?,
            queue: Queue::connect(&queues).await,
            objects: Objects::connect(&objects).await,
            ids: Arc::new(SystemIds),
            live: worker::Live::default(),
        },
        work_dir: folder.path().join("work"),
        bed_id: SystemIds.next(),
    };
    bench.bed().await?;
    bench.latency().await?;
    bench.throughput().await?;
    bench.parts.store.close();
    emulator.stop().await?;
    postgres.stop().await?;
    Ok(())
}

/// Says when each run began, and does nothing.
struct Nothing(UnboundedSender<(Uuid, Instant)>);

#[async_trait]
impl Handler for Nothing {
    type Output = ();

    fn kind(&self) -> Kind {
        Kind::Packing
    }

    async fn run(&self, work: &Work) -> Result<(), Failure> {
        self.0
            .send((work.job.id, Instant::now()))
            .map_err(|_| Failure::permanent("closed", "nobody listens"))
    }

    async fn finish(&self, _: &Transaction<'_>, _: &Job, (): &()) -> Result<(), store::Error> {
        Ok(())
    }
}

struct Bench {
    parts: Parts,
    work_dir: PathBuf,
    bed_id: Uuid,
}

impl Bench {
    async fn bed(&self) -> Result<()> {
        let mut client = self.parts.store.client().await?;
        let tx = client.transaction().await.map_err(store::Error::from)?;
        store::beds::insert(&tx, &rows::bed(self.bed_id)).await?;
        tx.commit().await.map_err(store::Error::from)?;
        Ok(())
    }

    /// Commits so many jobs in one transaction.
    async fn commit(&self, count: usize) -> Result<Vec<Uuid>> {
        let ids: Vec<Uuid> = (0..count).map(|_| SystemIds.next()).collect();
        let mut client = self.parts.store.client().await?;
        let tx = client.transaction().await.map_err(store::Error::from)?;
        for id in &ids {
            jobs::insert(&tx, &rows::packing_job(*id, self.bed_id)).await?;
        }
        tx.commit().await.map_err(store::Error::from)?;
        Ok(ids)
    }

    fn worker(&self, settings: Settings) -> (Worker<Nothing>, UnboundedReceiver<(Uuid, Instant)>) {
        let (sender, receiver) = mpsc::unbounded_channel();
        (
            Worker::new(self.parts.clone(), Nothing(sender), settings),
            receiver,
        )
    }

    async fn latency(&self) -> Result<()> {
        let alone = self.send_to_receive().await?;
        let (worker, mut begun) = self.worker(Settings::new(&self.work_dir, 1));
        let stop = CancellationToken::new();
        let running = tokio::spawn({
            let stop = stop.clone();
            async move { worker.run(stop).await }
        });
        let mut samples = Vec::new();
        for sample in 0..SAMPLES {
            pause(sample).await;
            let ids = self.commit(1).await?;
            let committed = Instant::now();
            worker::relay(&self.parts.store, &self.parts.queue).await?;
            let (id, at) = begun.recv().await.context("the worker ended")?;
            ensure!(ids == [id], "another job than the one committed");
            samples.push(at - committed);
        }
        stop.cancel();
        running.await?;
        let engine = median(samples);
        println!(
            "send to receive, emulator alone    {:6.1} ms median",
            ms(alone)
        );
        println!(
            "commit to claimed and running      {:6.1} ms median   (target 80; {:.2} of the emulator's own)",
            ms(engine),
            ms(engine) / ms(alone)
        );
        Ok(())
    }

    /// The emulator's own part: it looks at a queue ten times a second.
    async fn send_to_receive(&self) -> Result<Duration> {
        let name = self.parts.queue.of(Kind::Flow).clone();
        let mut samples = Vec::new();
        for sample in 0..SAMPLES {
            let receiving = tokio::spawn({
                let (queue, name) = (self.parts.queue.clone(), name.clone());
                async move {
                    queue
                        .receive(&name, 1, 20, 60)
                        .await
                        .map(|received| (received, Instant::now()))
                }
            });
            pause(sample).await;
            let begun = Instant::now();
            self.parts.queue.send(&name, &sample).await?;
            let (received, at) = receiving.await??;
            samples.push(at - begun);
            for delivery in received {
                self.parts.queue.delete(&name, &delivery.receipt).await?;
            }
        }
        Ok(median(samples))
    }

    async fn throughput(&self) -> Result<()> {
        let alone = self.queue_alone().await?;
        let ids = self.commit(JOBS).await?;
        worker::relay(&self.parts.store, &self.parts.queue).await?;
        let begun = Instant::now();
        let stop = CancellationToken::new();
        let mut running = Vec::new();
        let mut runs = Vec::new();
        for number in 0..WORKERS {
            let settings = Settings {
                concurrency: 20,
                pollers: 2,
                ..Settings::new(self.work_dir.join(number.to_string()), 1)
            };
            let (worker, begun) = self.worker(settings);
            runs.push(begun);
            let stop = stop.clone();
            running.push(tokio::spawn(async move { worker.run(stop).await }));
        }
        self.all_completed(&ids).await?;
        let seconds = begun.elapsed().as_secs_f64();
        self.each_once(&ids).await?;
        stop.cancel();
        for worker in running {
            worker.await?;
        }
        let times: usize = runs
            .iter_mut()
            .map(|runs| std::iter::from_fn(|| runs.try_recv().ok()).count())
            .sum();
        ensure!(times == JOBS, "{times} runs of {JOBS} jobs");
        let rate = JOBS as f64 / seconds;
        println!("receive and delete, emulator alone {alone:6.0} messages/s");
        println!(
            "jobs that do nothing, {WORKERS} workers    {rate:6.0} jobs/s      (target 250; {:.2} of the queue's own), \
             {JOBS} jobs, none lost, none twice",
            rate / alone
        );
        Ok(())
    }

    /// Messages a second through the queue with nothing behind it, by as many receivers.
    async fn queue_alone(&self) -> Result<f64> {
        let name = self.parts.queue.of(Kind::Flow).clone();
        let numbers: Vec<usize> = (0..JOBS).collect();
        ensure!(
            self.parts
                .queue
                .send_batch(&name, &numbers)
                .await?
                .is_empty(),
            "messages were refused"
        );
        let left = Arc::new(AtomicUsize::new(JOBS));
        let begun = Instant::now();
        let mut receivers = Vec::new();
        for _ in 0..2 * WORKERS {
            receivers.push(tokio::spawn(empty(
                self.parts.queue.clone(),
                name.clone(),
                Arc::clone(&left),
            )));
        }
        for receiver in receivers {
            receiver.await??;
        }
        Ok(JOBS as f64 / begun.elapsed().as_secs_f64())
    }

    /// Waits for every job, the last one included.
    async fn all_completed(&self, ids: &[Uuid]) -> Result<()> {
        let client = self.parts.store.client().await?;
        for id in ids {
            while jobs::get(&client, *id).await?.status != Status::Completed {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        }
        Ok(())
    }

    /// Every job was completed by its first attempt, and only once.
    async fn each_once(&self, ids: &[Uuid]) -> Result<()> {
        let client = self.parts.store.client().await?;
        for id in ids {
            let events = store::job_events::list(&client, *id, 0, 10).await?;
            let kinds: Vec<EventKind> = events.iter().map(|event| event.kind).collect();
            let expected = [EventKind::Queued, EventKind::Claimed, EventKind::Completed];
            ensure!(kinds == expected, "job {id}: {kinds:?}");
        }
        Ok(())
    }
}

async fn empty(queue: Queue, name: Name, left: Arc<AtomicUsize>) -> Result<()> {
    while left.load(Ordering::SeqCst) > 0 {
        let received = queue.receive(&name, 10, 0, 60).await?;
        let receipts: Vec<String> = received
            .into_iter()
            .map(|delivery| delivery.receipt)
            .collect();
        queue.delete_batch(&name, &receipts).await?;
        left.fetch_sub(receipts.len(), Ordering::SeqCst);
    }
    Ok(())
}

/// A different pause each time, so that samples fall anywhere between two looks of the emulator.
async fn pause(sample: u64) {
    tokio::time::sleep(Duration::from_millis(50 + sample * 37 % 100)).await;
}

fn median(mut samples: Vec<Duration>) -> Duration {
    samples.sort_unstable();
    samples.get(samples.len() / 2).copied().unwrap_or_default()
}

fn ms(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}
