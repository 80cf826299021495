//! Tickets of another system's file, as an operator brings them in.

use std::fs;

use crate::support::Center;

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_tickets_with_faults_is_tried_mended_and_imported() {
    let center = Center::start().await;
    let file = center.folder.path().join("old.csv");
    let errors = center.folder.path().join("errors.csv");
    let text = "Id,Title,Kind,Priority,Customer,Created,Status,Solved how,Closed\n\
                INC-1,Late train,complaint,high,customer-01,2026-03-01 09:30,closed,paid back,2026-03-04\n\
                INC-2,Lost bag,request,asap,,2026-03-02,open,,\n\
                INC-3,\"No, thanks\",request,,nobody,2026-03-02,open,,\n\
                INC-4,No heating,repair,normal,customer-01,2026-03-03T08:00:00Z,open,,\n";
    fs::write(&file, text).unwrap();
    let (path, errors_path) = (file.to_str().unwrap(), errors.to_str().unwrap());
    let options =
        ["--map", "resolution=Solved how", "--zone", "Asia/Shanghai", "--errors", errors_path];
    let import = |more: &[&'static str]| [&["ticket", "import", path][..], &options, more].concat();

    let tried = center.verb(&import(&["--dry-run"])).await;
    let before = center.verb(&["ticket", "get", "INC-1"]).await;
    let kept = center.verb(&import(&[])).await;
    let told = fs::read_to_string(&errors).unwrap();
    fs::write(&file, text.replace("asap", "low").replace(",nobody,", ",,")).unwrap();
    let mended = center.verb(&import(&[])).await;
    let got = center.verb(&["ticket", "get", "INC-1", "-o", "json"]).await;
    let report =
        ["report", "monthly", "--month", "2026-03", "--zone", "Asia/Shanghai", "-o", "csv"];
    let report = center.verb(&report).await;

    assert_eq!(
        (tried.code, before.code, kept.code, mended.code),
        (1, 3, 1, 0),
        "{tried:?} {kept:?} {mended:?}"
    );
    assert!(tried.said.contains("2 would be made"), "{}", tried.said);
    assert!(tried.complained.contains("Title → subject"), "{}", tried.complained);
    assert!(kept.said.contains("2 made, 0 changed, 0 were so already, 2 refused"), "{}", kept.said);
    assert_eq!(
        told,
        "row,column,value,reason,accepted\n\
         2,Priority,asap,INVALID_FIELD,\"low, normal, high or urgent\"\n\
         3,Customer,n*** (6 characters),CUSTOMER_NOT_FOUND,\"a customer of the center, or none\"\n"
    );
    assert!(mended.said.contains("2 made, 0 changed, 2 were so already"), "{}", mended.said);
    let ticket: serde_json::Value = serde_json::from_str(&got.said).unwrap();
    assert_eq!(ticket["create_time"], "2026-03-01T01:30:00Z", "{ticket}");
    assert_eq!(ticket["state"], "TICKET_STATE_CLOSED", "{ticket}");
    assert!(report.said.contains("2026-03,all,,4,1,0,1.0000,1,"), "{}", report.said);
    center.stop().await;
}
