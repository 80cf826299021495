//! Files with every fault that files have, and files that come back as they went.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use switchboard_api::callerid::v1::{
    Customer, CustomerNumber, ExternalId, NumberState, PartyKind, PartyType,
};
use tempfile::TempDir;

use super::*;
use crate::cli::customer::export::written;
use crate::cli::import::journal::Journal;
use crate::cli::import::mapping::{self, Mapping};
use crate::cli::rows::{Layout, MAX_RECORD, Records};

const HEAD: &str = "customer_id,display_name,numbers\n";

/// A folder with one file.
struct File {
    folder: TempDir,
    name: &'static str,
}

impl File {
    fn of(name: &'static str, bytes: &[u8]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(name), bytes).unwrap();
        Self { folder, name }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join(self.name)
    }

    fn open(&self) -> anyhow::Result<Records> {
        Records::open(&self.path(), Layout::of(Path::new(self.name)).unwrap(), None)
    }
}

/// Reads every record: its cells joined, or its fault and its column.
fn told(file: &File) -> Vec<String> {
    let mut records = file.open().unwrap();
    let mut told = Vec::new();
    while let Some(next) = records.next().unwrap() {
        told.push(match next {
            Ok(record) => format!("{} {}", record.row, record.cells.join("|")),
            Err(fault) => format!("{} {} {}", fault.row, fault.reason, fault.column),
        });
    }
    told
}

fn refused(file: &File) -> String {
    file.open().err().expect("a refusal").to_string()
}

fn csv(text: &str) -> File {
    File::of("a.csv", text.as_bytes())
}

#[test]
fn a_byte_order_mark_is_no_part_of_the_first_column() {
    let text = format!("\u{feff}{HEAD}li,Li,+8613800000001\n");

    assert_eq!(csv(&text).open().unwrap().header()[0], "customer_id");
    assert_eq!(told(&csv(&text)), ["1 li|Li|+8613800000001"]);
}

#[test]
fn spreadsheets_of_every_encoding_are_read() {
    let text = format!("{HEAD}li,李伟,1\n");
    let sixteen = |order: fn(u16) -> [u8; 2]| {
        let units = "\u{feff}".encode_utf16().chain(text.encode_utf16());
        units.flat_map(order).collect::<Vec<u8>>()
    };
    let (chinese, _, _) = encoding_rs::GB18030.encode(&text);
    let files = [
        ("UTF-8", text.clone().into_bytes()),
        ("UTF-16LE", sixteen(u16::to_le_bytes)),
        ("UTF-16BE", sixteen(u16::to_be_bytes)),
        ("gb18030", chinese.into_owned()),
    ];

    for (name, bytes) in files {
        let file = File::of("a.csv", &bytes);

        assert_eq!(file.open().unwrap().encoding.name(), name);
        assert_eq!(told(&file), ["1 li|李伟|1"], "{name}");
    }
}

#[test]
fn text_that_is_not_of_the_encoding_is_refused_row_by_row() {
    let mut bytes = format!("{HEAD}a,A,1\nb,").into_bytes();
    bytes.extend(b"\xff\xfe\xff,2\nc,C,3\n");
    let file = File::of("a.csv", &bytes);

    let mut records = Records::open(&file.path(), Layout::Csv, Some(encoding_rs::UTF_8)).unwrap();
    let second = records.next().unwrap().and_then(|_| records.next().unwrap()).unwrap();

    let fault = second.unwrap_err();
    assert_eq!((fault.reason.as_str(), fault.column.as_str()), ("WRONG_ENCODING", "display_name"));
    assert!(fault.expected.contains("UTF-8") && fault.expected.contains("--encoding"));
    assert_eq!(records.next().unwrap().unwrap().unwrap().row, 3);
}

#[test]
fn quotes_hold_commas_lines_and_quotes() {
    let text = format!("{HEAD}li,\"Li, \"\"Wei\"\"\nSmith\",1\nwu,5\" pipe,2\n");

    assert_eq!(told(&csv(&text)), ["1 li|Li, \"Wei\"\nSmith|1", "2 wu|5\" pipe|2"]);
}

#[test]
fn cells_are_parted_as_the_header_parts_them() {
    for separator in [",", ";", "\t"] {
        let text = HEAD.replace(',', separator) + &["a", "\"A, B; C\tD\"", "1\n"].join(separator);

        assert_eq!(told(&csv(&text)), ["1 a|A, B; C\tD|1"], "{separator:?}");
        assert_eq!(told(&File::of("a.tsv", text.as_bytes())).len(), 1, "{separator:?}");
    }
    let quoted = "\"customer_id;of;old\",display_name\nli,Li\n";
    assert_eq!(csv(quoted).open().unwrap().header(), ["customer_id;of;old", "display_name"]);
    assert_eq!(told(&csv("customer_id\na;b\n")), ["1 a;b"]);
}

#[test]
fn lines_may_end_as_on_any_machine() {
    for end in ["\n", "\r\n", "\r"] {
        let text = format!("{HEAD}a,A,1\nb,B,2").replace('\n', end);

        assert_eq!(told(&csv(&text)), ["1 a|A|1", "2 b|B|2"], "{end:?}");
    }
}

#[test]
fn ragged_rows_and_nul_bytes_are_refused_and_the_others_are_read() {
    let text = format!("{HEAD}a,A\nb,B,2,x\nc,C\0,3\nd,D,4\n");

    let expected = ["1 RAGGED_ROW ", "2 RAGGED_ROW ", "3 NUL_BYTE display_name", "4 d|D|4"];
    assert_eq!(told(&csv(&text)), expected);
}

#[test]
fn a_file_cut_within_quotes_loses_only_its_last_row() {
    let text = format!("{HEAD}a,\"A\",1\nb,\"B,2\nc,C,3\n");
    assert_eq!(told(&csv(&text)), ["1 a|A|1", "2 FILE_ENDS_IN_QUOTE "]);

    let header = csv("customer_id,\"display_name,tier\n");
    assert!(refused(&header).contains("ends within a quoted text"));
}

#[test]
fn files_without_rows_are_told_apart() {
    assert!(refused(&csv("")).contains("the file is empty"));
    assert!(refused(&File::of("a.jsonl", b"\n\n")).contains("the file is empty"));
    assert_eq!(told(&csv(HEAD)), Vec::<String>::new());
}

#[test]
fn a_column_that_is_there_twice_is_refused() {
    let said = refused(&csv("customer_id,tier, tier\na,A1,B1\n"));

    assert!(said.contains("\"tier\" twice"), "{said}");
}

#[test]
fn a_line_of_a_gigabyte_is_refused_before_it_is_read() {
    for (name, head) in
        [("a.csv", "customer_id,tier\na,A1\nb,\"x"), ("a.jsonl", "{\"a\":\"b\"}\n{\"")]
    {
        let file = File::of(name, head.as_bytes());
        // A hole in the file reads as NUL bytes and takes no place on the disk.
        fs::OpenOptions::new().write(true).open(file.path()).unwrap().set_len(1 << 30).unwrap();
        let mut records = file.open().ok();

        let failed = loop {
            match records.as_mut().map(Records::next) {
                Some(Ok(Some(_))) => {}
                Some(Err(error)) => break error.to_string(),
                Some(Ok(None)) => panic!("it has an end"),
                None => break refused(&file),
            }
        };

        assert!(failed.contains("longer than 1048576 bytes"), "{failed}");
        let read = records.map_or(0, |records| records.meter.raw());
        assert!(read < 2 * MAX_RECORD, "{read}");
    }
}

#[test]
fn json_lines_are_objects_with_the_same_keys() {
    let text = "{\"customer_id\":\"a\",\"numbers\":[{\"number\":\"1\",\"label\":\"x;y\"},\"2\"]}\n\n\
                {\"numbers\":null,\"customer_id\":7}\n[1]\nnonsense\n{\"customer_id\":\"b\"}\n\
                {\"customer_id\":\"b\",\"tier\":1}\n{\"customer_id\":{},\"numbers\":[]}\n";

    let expected = [
        "1 a|1=x\\;y; 2",
        "2 7|",
        "3 NO_JSON_OBJECT ",
        "4 NO_JSON_OBJECT ",
        "5 RAGGED_ROW ",
        "6 RAGGED_ROW ",
        "7 INVALID_FIELD customer_id",
    ];
    assert_eq!(told(&File::of("a.jsonl", text.as_bytes())), expected);
    assert!(refused(&File::of("a.jsonl", b"[]\n")).contains("no JSON object"));
}

#[test]
fn columns_are_mapped_by_name_or_as_was_said() {
    let header = ["Id", "Full name", "Phone", "Shoe size"].map(str::to_owned);
    let given = [mapping::parse("name=Full name").unwrap()];

    let mapping = Mapping::of(&header, &given, Customers::default()).unwrap();

    assert_eq!(mapping.fields(), ["display_name", "numbers"]);
    let unused: Vec<&str> =
        mapping.pairs().filter(|(_, field)| field.is_none()).map(|(column, _)| column).collect();
    assert_eq!(unused, ["Shoe size"]);
    let missing =
        Mapping::of(&header, &[mapping::parse("tier=Grade").unwrap()], Customers::default());
    assert!(missing.unwrap_err().to_string().contains("there is no column \"Grade\""));
    let keyless = Mapping::of(&["tier".to_owned()], &[], Customers::default());
    assert!(keyless.unwrap_err().to_string().contains("--map customer_id=COLUMN"));
    let unknown =
        Mapping::of(&header, &[mapping::parse("shoe=Shoe size").unwrap()], Customers::default());
    assert!(unknown.unwrap_err().to_string().contains("\"shoe\" is none of customer_id"));
}

#[test]
fn an_import_goes_on_only_with_the_same_file_and_mapping() {
    let file = csv("customer_id,tier\na,A1\n");
    let fields = || vec!["tier".to_owned()];
    let open = |mapped, resume| Journal::open(&file.path(), mapped, resume);
    assert!(open(fields(), true).is_err(), "nothing is remembered");
    open(fields(), false).unwrap().advance(1).unwrap();

    assert_eq!(open(fields(), true).unwrap().answered_to_row(), 1);
    assert!(open(vec!["alert".to_owned()], true).is_err());
    let mut more = fs::OpenOptions::new().append(true).open(file.path()).unwrap();
    more.write_all(b"b,B1\n").unwrap();
    assert!(open(fields(), true).is_err(), "the file has changed");
    open(fields(), false).unwrap().finish().unwrap();
    assert!(open(fields(), true).is_err(), "it was forgotten");
}

mod round_trips {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn what_was_exported_is_imported_alike(
            customers in proptest::collection::vec(any_customer(), 1..5), is_csv in any::<bool>(),
        ) {
            let name = if is_csv { "a.csv" } else { "a.jsonl" };
            let file = File::of(name, &written(&customers, is_csv));

            let mut records = file.open().unwrap();
            let mapping = Mapping::of(records.header(), &[], Customers::default()).unwrap();
            let mut read = Vec::new();
            while let Some(record) = records.next().unwrap() {
                read.push(mapping.item(&record.unwrap()).unwrap());
            }

            prop_assert_eq!(mapping.fields().len(), 9);
            prop_assert_eq!(read, customers);
        }
    }

    /// A customer as the server has them: texts without blanks around them.
    fn any_customer() -> impl Strategy<Value = Customer> {
        let text = || "([!-~一-龥]|[!-~一-龥][ -~\n\t一-龥]{0,20}[!-~一-龥])?";
        let number = ("\\+[1-9][0-9]{6,12}", text()).prop_map(|(number, label)| CustomerNumber {
            number,
            label,
            state: NumberState::Active.into(),
            retire_time: None,
        });
        let words = (1..=2_i32, 1..=5_i32);
        let texts = (text(), text(), text());
        let external_id =
            ("[a-z.-]{1,9}", "[!-~]{1,9}").prop_map(|(system, id)| ExternalId { system, id });
        let numbers =
            (proptest::collection::vec(number, 0..4), proptest::collection::vec(external_id, 0..3));
        (("[a-z0-9.-]{1,20}", "A1|B2|C2"), texts, words, numbers).prop_map(
            |(
                (customer_id, tier),
                (display_name, alert, owner),
                (kind, party_type),
                (numbers, external_ids),
            )| {
                Customer {
                    customer_id,
                    display_name,
                    tier,
                    alert,
                    owner_agent_id: owner,
                    kind: PartyKind::try_from(kind).unwrap().into(),
                    party_type: PartyType::try_from(party_type).unwrap().into(),
                    numbers,
                    external_ids,
                    ..Customer::default()
                }
            },
        )
    }
}
