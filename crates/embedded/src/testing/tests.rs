//! Throwaway servers are shared, isolated and cleaned up.

use std::fs;

use super::*;

#[tokio::test]
async fn databases_are_copies_of_the_prepared_one() {
    let server = prepared_postgres("embedded", "1", async |url: String| {
        assert!(url.contains(TEMPLATE_DATABASE));
        Ok(())
    })
    .await
    .unwrap();

    let first = fresh_database(server, Some(TEMPLATE_DATABASE)).await.unwrap();
    let second = fresh_database(server, Some(TEMPLATE_DATABASE)).await.unwrap();

    assert_ne!(first, second);
}

#[tokio::test]
async fn a_failed_preparation_leaves_no_template() {
    // The templates of earlier runs are still there, so this run needs a fingerprint of its own.
    let new = run::next_directory("fingerprint").unwrap().display().to_string();

    let failed = prepared_postgres("broken", &new, async |_| Err("no such table".into())).await;
    let again = prepared_postgres("broken", &new, async |_| Ok(())).await;

    assert!(matches!(failed, Err(EmbeddedError::Prepare(_))));
    assert!(again.is_ok());
}

#[tokio::test]
async fn the_server_is_shared_within_a_process() {
    let (first, second) = (shared_postgres().await.unwrap(), shared_postgres().await.unwrap());

    assert_eq!(first.id(), second.id());
}

#[tokio::test]
async fn each_redis_is_a_process_of_its_own() {
    let (first, second) = (fresh_redis().await.unwrap(), fresh_redis().await.unwrap());

    assert_ne!(first.url(), second.url());
}

/// Started by the test below in a process of its own, which it then kills.
#[tokio::test]
#[ignore = "the victim of the kill test"]
async fn victim() {
    let Some(report) = std::env::var_os("EMBEDDED_VICTIM_REPORT") else {
        return;
    };
    let (postgres, redis) = (shared_postgres().await.unwrap(), fresh_redis().await.unwrap());
    redis.pause();
    let folder = run::next_directory("probe").unwrap();
    let folder = folder.parent().unwrap().display().to_string();
    let partial = std::path::Path::new(&report).with_extension("partial");
    fs::write(&partial, format!("{} {} {folder}", postgres.id(), redis.id())).unwrap();
    fs::rename(partial, report).unwrap();
    std::future::pending::<()>().await;
}

#[tokio::test]
async fn nothing_outlives_a_killed_process() {
    let place = tempfile::tempdir().unwrap();
    let report = place.path().join("report");
    let mut victim = tokio::process::Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "testing::tests::victim"])
        .env("EMBEDDED_VICTIM_REPORT", &report)
        .stdout(std::process::Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    comes_true(async || report.exists()).await;
    let text = fs::read_to_string(&report).unwrap();

    victim.kill().await.unwrap();

    let words: Vec<&str> = text.split(' ').collect();
    let [postgres, redis, folder] = words[..] else { panic!("bad report {text}") };
    for gone in [&format!("/proc/{postgres}"), &format!("/proc/{redis}"), folder] {
        comes_true(async || !std::path::Path::new(gone).exists()).await;
    }
}
