//! The same router for Lambda and for a listener on this machine.

use std::future::Future;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::middleware::from_fn;
use runtime::Settings;
use tokio::net::TcpListener;
use tracing::info;

use crate::router::{self, Routes};
use crate::{App, Error, loopback};

/// How long open requests may go on after the order to stop; event streams would go on for minutes.
const GRACE: Duration = Duration::from_secs(3);

/// The body of a deployed function's `main`: serves the routes to whoever started the process.
pub async fn run(routes: impl Into<Routes>, settings: &Settings) -> Result<(), Error> {
    let app = Box::pin(App::from_settings(settings)).await?;
    let router = router::service(routes, app);
    if settings.on_lambda {
        return Box::pin(lambda_http::run(router))
            .await
            .map_err(|error| Error::Lambda(error.to_string()));
    }
    let listener = Listener::bind(settings.listen).await?;
    info!(address = %listener.address(), "listening");
    listener.serve(router, stop_signal()).await
}

/// A bound address, not served yet.
#[derive(Debug)]
pub struct Listener {
    socket: TcpListener,
    address: SocketAddr,
    callers: Callers,
}

/// Who is served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Callers {
    /// Programs of this machine, and no page of a foreign site in its browser.
    ThisMachine,
    /// Whoever can reach the address.
    Everybody,
}

impl Listener {
    /// Takes the address; port 0 takes any free port. Addresses that other machines reach are refused.
    pub async fn bind(address: SocketAddr) -> Result<Self, Error> {
        if !address.ip().is_loopback() {
            return Err(Error::NotLoopback(address));
        }
        Self::on(address, Callers::ThisMachine).await
    }

    /// Takes the address for whoever can reach it: only for a system in which every account is somebody's, never for
    /// one with the account of a machine that serves nobody else.
    pub async fn bind_for_everybody(address: SocketAddr) -> Result<Self, Error> {
        Self::on(address, Callers::Everybody).await
    }

    async fn on(address: SocketAddr, callers: Callers) -> Result<Self, Error> {
        let bound = TcpListener::bind(address).await;
        let socket = bound.map_err(|source| Error::Bind { address, source })?;
        let address = socket.local_addr()?;
        Ok(Self {
            socket,
            address,
            callers,
        })
    }

    /// The address, with its real port.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until `shutdown` is done, then lets open requests finish for a moment.
    pub async fn serve(
        self,
        router: Router,
        shutdown: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), Error> {
        let (stopping, stopped) = tokio::sync::oneshot::channel::<()>();
        let shutdown = async move {
            shutdown.await;
            // Nobody listens any more only when serving ended before the order came.
            let _ = stopping.send(());
        };
        let guarded = match self.callers {
            Callers::ThisMachine => router.layer(from_fn(loopback::only_this_machine)),
            Callers::Everybody => router,
        };
        let told_who_calls = guarded.into_make_service_with_connect_info::<SocketAddr>();
        let serving = axum::serve(self.socket, told_who_calls).with_graceful_shutdown(shutdown);
        let out_of_patience = async {
            match stopped.await {
                Ok(()) => tokio::time::sleep(GRACE).await,
                Err(_) => std::future::pending().await,
            }
        };
        tokio::select! {
            ended = serving.into_future() => Ok(ended?),
            () = out_of_patience => Ok(()),
        }
    }
}

/// Ctrl-C, or the polite kill of whatever looks after processes.
async fn stop_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let interrupted = tokio::signal::ctrl_c();
    match signal(SignalKind::terminate()) {
        Ok(mut terminated) => {
            tokio::select! { _ = interrupted => {}, _ = terminated.recv() => {} }
        }
        Err(_) => {
            // Then only Ctrl-C stops the process in an orderly way.
            let _ = interrupted.await;
        }
    }
}
