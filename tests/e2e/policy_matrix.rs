//! Every RPC of the contract, as every role: the door opens for the roles of the table and no other.

use std::time::Duration;

use switchboard_api::policy::POLICY;
use switchboard_domain::caller::Role;
use switchboard_tests::Center;
use tokio::time::timeout;
use tonic::client::Grpc;
use tonic::codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};
use tonic::codegen::http::uri::PathAndQuery;
use tonic::transport::{Channel, Endpoint};
use tonic::{Code, Request, Status};

const SUBJECTS: [(Role, &str); 4] = [
    (Role::Gateway, "gateway-1"),
    (Role::Agent, "li-wei"),
    (Role::Supervisor, "boss"),
    (Role::Admin, "root"),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_rpc_opens_for_the_roles_of_the_table_and_no_other() {
    let center = Center::open().await;
    let channel = Endpoint::from_shared(center.address()).unwrap().connect().await.unwrap();
    for (path, roles) in POLICY {
        for (role, subject) in SUBJECTS {
            let token = center.token(role, subject);

            let code = ask(&channel, path, &token).await;

            let is_open = !matches!(code, Code::PermissionDenied | Code::Unauthenticated);
            assert_eq!(is_open, roles.contains(&role), "{role} asks {path}: {code:?}");
        }
        let code = ask(&channel, path, "nonsense").await;
        assert_eq!(code, Code::Unauthenticated, "{path} without a credential");
    }
    center.close().await;
}

/// Sends an empty message and gives how it was answered; a stream that stays open is an answer.
async fn ask(channel: &Channel, path: &str, token: &str) -> Code {
    let mut client = Grpc::new(channel.clone());
    client.ready().await.expect("the center answers");
    let mut request = Request::new(());
    request
        .metadata_mut()
        .insert("authorization", format!("Bearer {token}").parse().expect("a header"));
    let path: PathAndQuery = path.parse().expect("the path of an RPC");
    let asking = client.server_streaming(request, path, Empty);
    match timeout(Duration::from_secs(5), asking).await {
        Ok(Err(status)) => status.code(),
        Ok(Ok(_)) | Err(_) => Code::Ok,
    }
}

/// Sends nothing, and reads whatever comes without looking at it.
#[derive(Clone, Copy, Default)]
struct Empty;

impl Codec for Empty {
    type Encode = ();
    type Decode = ();
    type Encoder = Self;
    type Decoder = Self;

    fn encoder(&mut self) -> Self {
        Self
    }

    fn decoder(&mut self) -> Self {
        Self
    }
}

impl Encoder for Empty {
    type Item = ();
    type Error = Status;

    fn encode(&mut self, (): (), _: &mut EncodeBuf<'_>) -> Result<(), Status> {
        Ok(())
    }
}

impl Decoder for Empty {
    type Item = ();
    type Error = Status;

    fn decode(&mut self, _: &mut DecodeBuf<'_>) -> Result<Option<()>, Status> {
        Ok(Some(()))
    }
}
