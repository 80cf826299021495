//! A message that cannot be read in the middle of a stream: the sender is told, and told apart.

use switchboard_domain::caller::Role;
use switchboard_tests::Center;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A desktop's first message, as it goes over the wire: request 1, a hello that wants to be ready.
const DESK_HELLO: &[u8] = &[0x08, 1, 0x12, 4, 0x12, 2, 0x08, 1];
/// A gateway's first message: a hello of the run `b`.
const GATEWAY_HELLO: &[u8] = &[0x0a, 3, 0x0a, 1, b'b'];
/// A field that ends before it begins.
const NONSENSE: &[u8] = &[0xff, 0xff];

fn frame(message: &[u8]) -> Vec<u8> {
    let length = u32::try_from(message.len()).expect("a short message");
    [&[0], length.to_be_bytes().as_slice(), message].concat()
}

/// Says a hello and then nonsense on a stream, as a browser would, and gives the whole answer.
async fn talk(center: &Center, (role, subject): (Role, &str), rpc: &str, hello: &[u8]) -> String {
    let body = [frame(hello), frame(NONSENSE)].concat();
    let head = format!(
        "POST {rpc} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {}\r\n\
         content-type: application/grpc-web+proto\r\nconnection: close\r\n\
         content-length: {}\r\n\r\n",
        center.token(role, subject),
        body.len()
    );
    let mut stream = TcpStream::connect(center.socket()).await.expect("a connection");
    stream.write_all(&[head.as_bytes(), &body].concat()).await.expect("it is read");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.expect("an answer");
    String::from_utf8_lossy(&answer).replace(": ", ":")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nonsense_in_the_middle_of_a_stream_is_the_callers_fault() {
    let center = Center::open().await;

    let desk = (Role::Agent, "li-wei");
    let desk = talk(&center, desk, "/switchboard.agent.v1.AgentService/Desk", DESK_HELLO).await;
    let gateway = (Role::Gateway, "gateway-1");
    let rpc = "/switchboard.call.v1.CallService/RunCalls";
    let gateway = talk(&center, gateway, rpc, GATEWAY_HELLO).await;

    for answer in [desk, gateway] {
        assert!(answer.contains("grpc-status:3"), "{answer}");
    }
    center.close().await;
}
