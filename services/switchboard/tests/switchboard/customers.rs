//! Customers of files, in and out, and what they are worth, as an operator does it.

use std::fs;

use switchboard_domain::caller::Role;

use crate::support::{Center, Ran, run};

#[tokio::test(flavor = "multi_thread")]
async fn a_file_with_faults_is_tried_mended_and_imported() {
    let center = Center::start().await;
    let file = center.folder.path().join("new.csv");
    let errors = center.folder.path().join("errors.csv");
    let text = "\u{feff}Id,Full name,Grade,Phone\r\n\
                new-1,Müller,A1,+442079460101=office\r\n\
                new-2,\"Wang, Fang\",Z9,139 0000 0002\r\n\
                new-3,Zhou\r\n\
                new-4,Chen,B1,139 0000 0004\r\n";
    fs::write(&file, text).unwrap();
    let (path, errors_path) = (file.to_str().unwrap(), errors.to_str().unwrap());
    let maps = ["--map", "name=Full name", "--map", "tier=Grade", "--errors", errors_path];
    let import = |more: &[&'static str]| [&["customer", "import", path][..], &maps, more].concat();

    let tried = center.verb(&import(&["--dry-run"])).await;
    let before = center.verb(&["customer", "get", "new-1"]).await;
    let kept = center.verb(&import(&[])).await;
    let told = fs::read_to_string(&errors).unwrap();
    fs::write(&file, text.replace("Z9", "B2").replace("new-3,Zhou\r\n", "")).unwrap();
    let mended = center.verb(&import(&[])).await;
    let found = center.verb(&["lookup", "13900000002"]).await;

    assert_eq!(
        (tried.code, before.code, kept.code, mended.code),
        (1, 3, 1, 0),
        "{tried:?} {kept:?}"
    );
    assert!(tried.said.contains("2 would be made, 0 would be changed"), "{}", tried.said);
    assert!(tried.complained.contains("Grade → tier"), "{}", tried.complained);
    assert!(kept.said.contains("2 made, 0 changed, 0 were so already, 2 refused"), "{}", kept.said);
    assert_eq!(
        told,
        "row,column,value,reason,accepted\n\
         3,,,RAGGED_ROW,\"4 columns as in the header, not 2\"\n\
         2,Grade,Z9,INVALID_FIELD,\"A1, A2, A3, B1, B2, C1 or C2\"\n"
    );
    assert!(mended.said.contains("1 made, 0 changed, 2 were so already"), "{}", mended.said);
    assert!(found.said.contains("known") && found.said.contains("new-2"), "{}", found.said);
    center.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn fields_of_profiles_are_columns_and_come_back() {
    let center = Center::start().await;
    let file = center.folder.path().join("profiles.csv");
    let head =
        "customer_id,profile.basics.title,Visits,profile.life.hobbies,profile.basics.id_document";
    let rows = "customer-01,ms,3,tea; 围棋,ABC123\ncustomer-02,queen,,,\n";
    fs::write(&file, format!("{head}\n{rows}")).unwrap();
    let path = file.to_str().unwrap();
    let map = ["--map", "profile.consumption.visits_a_year=Visits"];

    let imported = center.verb(&[&["customer", "import", path][..], &map].concat()).await;
    let mapped = ["customer", "import", path, "--map", "profile.family.children=Visits"];
    let off = center.verb(&mapped).await;
    let exported = as_admin(&center, &["customer", "export", "-o", "jsonl"]).await;

    // Identity documents are an admin's to write: the column is not read.
    for line in [
        "profile.basics.title → profile.basics.title",
        "Visits → profile.consumption.visits_a_year",
        "profile.basics.id_document → not used",
    ] {
        assert!(imported.complained.contains(line), "{imported:?}");
    }
    assert!(imported.said.contains("0 made, 1 changed") && imported.code == 1, "{imported:?}");
    assert!(off.complained.contains("profile.family.children"), "{off:?}");
    let line = exported.said.lines().find(|line| line.contains("customer-01")).unwrap();
    let customer: serde_json::Value = serde_json::from_str(line).unwrap();
    assert_eq!(customer["profile.basics.title"], "ms");
    assert_eq!(customer["profile.consumption.visits_a_year"], "3");
    assert_eq!(customer["profile.life.hobbies"], "tea; 围棋");
    center.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_exported_is_there_already_when_it_is_imported() {
    let center = Center::start().await;
    let refused = center.verb(&["customer", "export"]).await;

    for layout in ["csv", "jsonl"] {
        let exported = as_admin(&center, &["customer", "export", "-o", layout]).await;
        assert_eq!(exported.code, 0, "{exported:?}");
        let file = center.folder.path().join(format!("all.{layout}"));
        fs::write(&file, &exported.said).unwrap();

        let imported = center.verb(&["customer", "import", file.to_str().unwrap()]).await;

        assert!(exported.said.contains("+8613800000001"), "{}", exported.said);
        assert!(imported.said.contains("0 made, 0 changed, 12 were so already"), "{imported:?}");
        assert!(!imported.said.contains("+8613800000001"), "a preview is masked");
    }
    assert_eq!(refused.code, 1, "{refused:?}");
    assert!(refused.complained.contains("ROLE_NOT_ALLOWED"), "{refused:?}");
    center.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_customer_is_worth_is_said_explained_and_summed_up() {
    let center = Center::start().await;
    let say = [
        "score",
        "set",
        "customer-04",
        "--input",
        "purchases=13000000000",
        "--input",
        "net_profit=2000000000",
        "--input",
        "history=5700000000",
        "--input",
        "potential=A1",
    ];

    let said = center.verb(&say).await;
    // The run of the night, which may be under way, began before there was anybody to value.
    center.verb(&["score", "run"]).await;
    let ran = center.verb(&["score", "run"]).await;
    let shown = center.verb(&["score", "show", "customer-04"]).await;
    let explained = center.verb(&["score", "explain", "customer-04"]).await;
    let tried = center.verb(&["score", "explain", "--input", "potential=noble"]).await;
    let report = center.verb(&["score", "report"]).await;

    assert_eq!((said.code, ran.code, report.code), (0, 0, 0), "{said:?} {ran:?} {report:?}");
    assert!(ran.said.contains("done, 1 of 1 scored, 1 graded"), "{}", ran.said);
    assert!(shown.said.contains("A1 (computed)") && shown.said.contains("important"), "{shown:?}");
    assert!(explained.said.contains("influence") && explained.said.contains("missing"));
    assert!(explained.said.contains("of 10000, with 65 % of the weight known"), "{explained:?}");
    assert_eq!(tried.code, 2, "{tried:?}");
    assert!(report.said.contains("the largest 20 % (1 customers) bring 100.0 %"), "{report:?}");
    center.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_customers_are_worth_comes_from_a_file_beside_what_is_known() {
    let center = Center::start().await;
    let file = center.folder.path().join("values.csv");
    let errors = center.folder.path().join("refused.csv");
    let text = "Customer ID,Purchases,Potential,Churn,Shoe size\n\
                customer-04,13000000000,A1,,42\n\
                nobody,1,,,\n\
                customer-05,,noble,,\n";
    fs::write(&file, text).unwrap();
    let first = ["score", "set", "customer-04", "--input", "net_profit=2000000000"];
    center.verb(&first).await;

    let (path, errors_path) = (file.to_str().unwrap(), errors.to_str().unwrap());
    let kept = center.verb(&["score", "import", path, "--errors", errors_path]).await;
    let told = fs::read_to_string(&errors).unwrap();
    let shown = center.verb(&["score", "show", "customer-04"]).await;
    let risks = center.verb(&["score", "risks"]).await;

    assert_eq!((kept.code, risks.code), (1, 0), "{kept:?} {risks:?}");
    assert!(kept.said.contains("1 kept, 2 refused"), "{kept:?}");
    assert!(kept.complained.contains("Shoe size → not used"), "{kept:?}");
    assert!(told.contains("\n2,,,CUSTOMER_NOT_FOUND,"), "{told}");
    assert!(told.contains("\n3,potential,,INVALID_FIELD,"), "{told}");
    for known in ["net_profit 2000000000", "purchases 13000000000", "potential A1"] {
        assert!(shown.said.contains(known), "{}", shown.said);
    }
    center.stop().await;
}

async fn as_admin(center: &Center, words: &[&str]) -> Ran {
    let token = center.folder.path().join("admin");
    fs::write(&token, center.token(Role::Admin, "zhang")).unwrap();
    let environment =
        [("SWITCHBOARD_ADDRESS", center.address.clone().into()), ("SWITCHBOARD_TOKEN_FILE", token)];
    run(words, &environment).await
}
