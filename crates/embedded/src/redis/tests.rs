//! A private Redis keeps its data through restarts, and loses it when told to.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::*;

fn options(place: &tempfile::TempDir, appendonly: bool) -> RedisOptions {
    fs::set_permissions(place.path(), fs::Permissions::from_mode(0o711)).unwrap();
    RedisOptions::new(place.path().join("redis"), appendonly)
}

/// Sends one inline command and gives the reply's text.
async fn ask(server: &Server, command: &str) -> String {
    let mut stream = UnixStream::connect(server.site.socket()).await.unwrap();
    stream.write_all(format!("{command}\r\nQUIT\r\n").as_bytes()).await.unwrap();
    let mut reply = String::new();
    stream.read_to_string(&mut reply).await.unwrap();
    reply.strip_suffix("+OK\r\n").unwrap_or_default().trim().replace("\r\n", " ")
}

#[tokio::test]
async fn appended_data_survives_a_restart_and_the_next_run() {
    let place = tempfile::tempdir().unwrap();
    let mut server = Server::start(&options(&place, true)).await.unwrap();
    ask(&server, "SET caller 1").await;

    server.restart().await.unwrap();
    let after_restart = ask(&server, "GET caller").await;
    server.stop().await;
    let next_run = Server::start(&options(&place, true)).await.unwrap();

    assert_eq!(after_restart, "$1 1");
    assert_eq!(ask(&next_run, "GET caller").await, "$1 1");
}

#[tokio::test]
async fn a_killed_server_starts_again_with_what_it_wrote() {
    let place = tempfile::tempdir().unwrap();
    let mut server = Server::start(&options(&place, true)).await.unwrap();
    ask(&server, "SET caller 1").await;

    server.kill();
    let dead = !answers(&server.site.socket()).await;
    server.restart().await.unwrap();

    assert!(dead);
    assert_eq!(ask(&server, "GET caller").await, "$1 1");
}

#[tokio::test]
async fn an_emptied_server_has_forgotten_everything() {
    let place = tempfile::tempdir().unwrap();
    let mut server = Server::start(&options(&place, true)).await.unwrap();
    ask(&server, "SET caller 1").await;

    server.restart_empty().await.unwrap();

    assert_eq!(ask(&server, "GET caller").await, "$-1");
}

#[tokio::test]
async fn a_halted_server_answers_only_after_it_goes_on() {
    let place = tempfile::tempdir().unwrap();
    let server = Server::start(&options(&place, false)).await.unwrap();

    server.pause();
    let halted = answers(&server.site.socket()).await;
    server.resume();

    assert!(!halted);
    assert_eq!(ask(&server, "PING").await, "+PONG");
}

#[tokio::test]
async fn a_second_server_in_the_same_directory_is_refused() {
    let place = tempfile::tempdir().unwrap();
    let owner = Server::start(&options(&place, false)).await.unwrap();

    let second = Server::start(&options(&place, false)).await;

    assert!(matches!(second, Err(EmbeddedError::AlreadyRunning { .. })));
    assert!(Path::new(&format!("/proc/{}", owner.id())).exists());
}
