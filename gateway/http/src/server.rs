//! The server: binding, workers, timeouts, and an orderly end.

use std::io;
use std::net::{SocketAddr, ToSocketAddrs as _};

use actix_web::dev::{Server, ServerHandle};
use actix_web::middleware::from_fn;
use actix_web::web::{self, Data};
use actix_web::{App, HttpServer};
use coalition_app::App as UseCases;
use metrics_exporter_prometheus::PrometheusHandle;
use utoipa_actix_web::AppExt as _;

use crate::edge::edge;
use crate::limiter::SWEEP_INTERVAL;
use crate::routes;
use crate::settings::Settings;
use crate::shared::Shared;

/// Connections that may wait to be accepted.
const BACKLOG: u32 = 4096;

/// A server that is bound and serves once its future is polled.
pub struct Bound {
    /// Runs until it is stopped.
    pub server: Server,
    /// Where it listens; the port is a real one where 0 was asked for.
    pub address: SocketAddr,
    shared: Data<Shared>,
}

impl std::fmt::Debug for Bound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Bound").field("address", &self.address).finish_non_exhaustive()
    }
}

/// Stops a server from elsewhere.
#[derive(Clone, Debug)]
pub struct Stop {
    handle: ServerHandle,
    shared: Data<Shared>,
}

impl Stop {
    /// Takes no new connections, answers what is under way, and returns when that is done or its time is over.
    pub async fn gracefully(&self) {
        self.shared.start_draining();
        self.handle.stop(true).await;
    }
}

impl Bound {
    /// What stops it.
    #[must_use]
    pub fn stop(&self) -> Stop {
        Stop { handle: self.server.handle(), shared: self.shared.clone() }
    }
}

/// Binds `listen` (`HOST:PORT`; port 0 takes a free one) and makes the server ready. Signals are the caller's to handle.
///
/// # Errors
/// Where the address can't be had.
pub fn bind(app: UseCases, is_test: bool, listen: &str, settings: Settings, metrics: Option<PrometheusHandle>) -> io::Result<Bound> {
    let shared = Data::new(Shared::new(app, is_test, settings.clone(), metrics));
    let server = |address: SocketAddr| {
        let factory = {
            let shared = shared.clone();
            move || {
                let is_test = shared.is_test;
                let app = App::new().into_utoipa_app().app_data(shared.clone()).configure(|config| routes::configure(config, is_test));
                app.into_app().default_service(web::to(routes::unmatched)).wrap(from_fn(edge))
            }
        };
        HttpServer::new(factory)
            .workers(settings.workers)
            .max_connections(settings.connections_max)
            .backlog(BACKLOG)
            .keep_alive(settings.keep_alive)
            .client_request_timeout(settings.head_timeout)
            .client_disconnect_timeout(settings.head_timeout)
            .shutdown_timeout(settings.drain_timeout.as_secs())
            .tcp_nodelay(true)
            .disable_signals()
            .bind(address)
    };
    let mut bound = Err(io::Error::new(io::ErrorKind::InvalidInput, "an address is HOST:PORT"));
    for address in listen.to_socket_addrs()? {
        bound = server(address);
        if bound.is_ok() {
            break;
        }
    }
    let bound = bound?;
    let address = bound.addrs().first().copied().ok_or_else(|| io::Error::other("the server listens nowhere"))?;
    sweep(shared.clone());
    Ok(Bound { server: bound.run(), address, shared })
}

/// Forgets idle credentials' rates from time to time, as long as the server lives.
fn sweep(shared: Data<Shared>) {
    let shared = std::sync::Arc::downgrade(&shared.into_inner());
    tokio::spawn(async move {
        let mut ticks = tokio::time::interval(SWEEP_INTERVAL);
        loop {
            ticks.tick().await;
            match shared.upgrade() {
                Some(shared) => shared.limiter.sweep(),
                None => return,
            }
        }
    });
}
