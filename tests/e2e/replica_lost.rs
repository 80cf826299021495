//! A replica goes away; its gateway finds another one, and no caller notices.

use std::net::SocketAddr;

use switchboard_client::Connection;
use switchboard_client::desk::Diligent;
use switchboard_client::gateway::{CallEvent, CallScript};
use switchboard_domain::caller::Role;
use switchboard_tests::{Center, MANDARIN, answered};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// What stands between gateways and replicas: sends each new connection to the one in favour.
struct Balancer {
    address: SocketAddr,
    favoured: watch::Sender<SocketAddr>,
}

impl Balancer {
    async fn before(replica: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        let favoured = watch::Sender::new(replica);
        let target = favoured.subscribe();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(carry(client, target.clone()));
            }
        });
        Self { address, favoured }
    }

    /// Sends everybody to another replica; what was open breaks off, as when a process is gone.
    fn fail_over(&self, replica: SocketAddr) {
        self.favoured.send_replace(replica);
    }
}

/// Carries one connection until either side or its replica is gone.
async fn carry(mut client: TcpStream, mut favoured: watch::Receiver<SocketAddr>) {
    let to = *favoured.borrow_and_update();
    let Ok(mut server) = TcpStream::connect(to).await else { return };
    tokio::select! {
        // Either side may break it off; that is what balancers see all day.
        _ = copy_bidirectional(&mut client, &mut server) => {}
        _ = favoured.changed() => {}
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_waiting_caller_reaches_an_agent_through_another_replica() {
    let center = Center::open().await;
    let replica = center.replica().await;
    let balancer = Balancer::before(replica.address).await;
    let token = center.token(Role::Gateway, "gateway-1");
    let connection = Connection::new(&format!("http://{}", balancer.address), &token).unwrap();
    let gateway = center.gateway_over(connection).await;
    let script = CallScript::new("call-1", "+8613800000002", MANDARIN).press("2").press("10*25#");
    let mut call = gateway.call(script);
    answered("a place", call.until(|event| matches!(event, CallEvent::Waits { .. }))).await;
    let welcomes = gateway.session().welcomes;

    replica.stop().await;
    balancer.fail_over(center.socket());
    answered("a new session", async { gateway.session_after(welcomes).await.ok() }).await;
    let _desk = center.desk("zhang-min", Diligent).await;

    let bridged = call.until(|event| matches!(event, CallEvent::Bridged { .. }));
    answered("the bridge", bridged).await;
    call.hang_up();
    assert_eq!(center.concluded("call-1").await.outcome, "answered");
    assert_eq!(center.tickets("call-1").await.len(), 1);
    center.close().await;
}
