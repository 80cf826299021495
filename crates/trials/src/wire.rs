//! The network between one client and the replicas: it can lose replies, and it can be cut.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::chance::Chance;
use crate::site::Serving;

const BUFFER: usize = 16 * 1024;
const PAUSE: Duration = Duration::from_millis(50);

/// What is wrong with the wire.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Trouble {
    /// Whether what the replica says gets lost.
    deaf: bool,
    /// How often the wire was cut.
    cuts: u64,
}

/// A wire from a port of this machine to whichever replica serves.
#[derive(Debug)]
pub struct Wire {
    address: SocketAddr,
    trouble: watch::Sender<Trouble>,
    _tasks: JoinSet<()>,
}

impl Wire {
    /// Lays a wire; each connection goes to a replica by chance.
    pub async fn lay(serving: Serving, chance: Chance) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let (trouble, troubled) = watch::channel(Trouble::default());
        let mut tasks = JoinSet::new();
        tasks.spawn(accept(listener, serving, chance, troubled));
        Ok(Self { address, trouble, _tasks: tasks })
    }

    /// Gives the address for the client.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Cuts every connection.
    pub fn cut(&self) {
        self.trouble.send_modify(|trouble| {
            trouble.cuts += 1;
            trouble.deaf = false;
        });
    }

    /// Loses every reply for some time, then cuts: what was asked was done, but nobody knows.
    pub async fn cut_after_losing_replies(&self, span: Duration) {
        self.trouble.send_modify(|trouble| trouble.deaf = true);
        tokio::time::sleep(span).await;
        self.cut();
    }
}

async fn accept(
    listener: TcpListener,
    serving: Serving,
    mut chance: Chance,
    trouble: watch::Receiver<Trouble>,
) {
    let mut carried = JoinSet::new();
    loop {
        while carried.try_join_next().is_some() {}
        let Ok((client, _)) = listener.accept().await else {
            tokio::time::sleep(PAUSE).await;
            continue;
        };
        let addresses = serving.addresses();
        // Without a replica the client is hung up on, and tries again.
        let Some(server) = addresses.get(chance.below(addresses.len())).copied() else { continue };
        carried.spawn(carry(client, server, trouble.clone()));
    }
}

async fn carry(client: TcpStream, server: SocketAddr, mut trouble: watch::Receiver<Trouble>) {
    let Ok(server) = TcpStream::connect(server).await else { return };
    // Small frames must not wait for each other: they are what is measured.
    drop((client.set_nodelay(true), server.set_nodelay(true)));
    let cuts = trouble.borrow().cuts;
    let watched = trouble.clone();
    let ((said, answer), (answered, ask)) = (client.into_split(), server.into_split());
    tokio::select! {
        () = pump(said, ask, || false) => {}
        () = pump(answered, answer, || watched.borrow().deaf) => {}
        _ = trouble.wait_for(|trouble| trouble.cuts > cuts) => {}
    }
}

async fn pump(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, is_lost: impl Fn() -> bool) {
    let mut buffer = vec![0; BUFFER];
    while let Ok(count @ 1..) = from.read(&mut buffer).await {
        if !is_lost() && to.write_all(&buffer[..count]).await.is_err() {
            return;
        }
    }
}
