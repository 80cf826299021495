//! A site keeps its data, keys and credentials in one folder.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use switchboard::site::{Guest, token_file};
use switchboard::{Roles, Site, SiteOptions};
use switchboard_api::queue::v1::ListQueuesRequest;
use switchboard_client::Connection;

#[tokio::test(flavor = "multi_thread")]
async fn a_site_goes_on_where_the_last_run_ended() {
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o711)).unwrap();
    let state_dir = folder.path().join("state");
    let options = SiteOptions { state_dir: state_dir.clone(), port: 0, fresh: false };

    let first = Site::open(&options).await.unwrap();
    first.welcome(Guest::demo()).await.unwrap();
    let old_token = fs::read_to_string(token_file(&state_dir, "supervisor")).unwrap();
    first.close().await;
    let second = Site::open(&options).await.unwrap();
    second.welcome(Guest::demo()).await.unwrap();
    let running = second.start(&Roles::all()).await.unwrap();

    // The key is the same one, so the credential of the first run is still good.
    let address = format!("http://{}", running.address);
    let connection = Connection::new(&address, old_token.trim()).unwrap();
    let queues = connection.queues().list_queues(ListQueuesRequest::default()).await.unwrap();
    assert_eq!(queues.into_inner().queues.len(), 4);
    second.close().await;
}
