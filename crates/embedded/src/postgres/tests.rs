//! A private Postgres keeps its promises through restarts, kills and forgotten predecessors.

use super::*;

fn options(place: &tempfile::TempDir) -> PostgresOptions {
    open_to_all(place);
    PostgresOptions::new(place.path().join("postgres"), Durability::SurvivesKill)
}

/// The unprivileged user that runs the server must be able to enter the directory.
fn open_to_all(place: &tempfile::TempDir) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(place.path(), fs::Permissions::from_mode(0o711)).unwrap();
}

#[tokio::test]
async fn databases_survive_a_kill_and_a_restart() {
    let place = tempfile::tempdir().unwrap();
    let mut server = Server::start(&options(&place)).await.unwrap();
    server.create_database("kept").await.unwrap();

    server.kill();
    let while_dead = server.create_database("other").await;
    server.restart().await.unwrap();
    let again = server.create_database("kept").await;

    assert!(matches!(while_dead, Err(EmbeddedError::Io { .. })));
    let Err(EmbeddedError::Refused { message }) = again else { panic!("not kept: {again:?}") };
    assert_eq!(message, "database \"kept\" already exists");
    server.stop().await;
}

#[tokio::test]
async fn the_same_directory_serves_the_next_run() {
    let place = tempfile::tempdir().unwrap();
    let first = Server::start(&options(&place)).await.unwrap();
    first.create_database("kept").await.unwrap();
    let url = first.url("kept");
    first.stop().await;

    let second = Server::start(&options(&place)).await.unwrap();

    assert_eq!(second.url("kept"), url);
    second.create_database_from_template("copy", "kept").await.unwrap();
    second.drop_database("copy").await.unwrap();
}

#[tokio::test]
async fn a_forgotten_pid_file_does_not_hinder_the_start() {
    let place = tempfile::tempdir().unwrap();
    let server = Server::start(&options(&place)).await.unwrap();
    server.stop().await;
    let stale = format!("{}\n/elsewhere\n", std::process::id());
    fs::write(place.path().join("postgres/data/postmaster.pid"), stale).unwrap();

    let started = Server::start(&options(&place)).await;

    assert!(started.is_ok_and(|next| next.is_running()));
}

#[tokio::test]
async fn a_server_dies_with_its_owner() {
    let place = tempfile::tempdir().unwrap();
    let server = Server::start(&options(&place)).await.unwrap();
    let pid = server.id();

    drop(server);

    assert!(!std::path::Path::new(&format!("/proc/{pid}")).exists());
}

#[test]
fn only_plain_names_reach_a_statement() {
    assert!(checked("center_1").is_ok());
    for bad in ["", "1a", "Upper", "a\"; DROP", "a-b"] {
        assert!(checked(bad).is_err(), "{bad}");
    }
}

#[test]
fn a_path_is_escaped_for_the_url() {
    assert_eq!(escape("/tmp/a b&c"), "/tmp/a%20b%26c");
}
