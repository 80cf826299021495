//! Arguments are understood as the manual says.

use clap::error::ErrorKind;

use super::*;
use crate::roles::Role;

fn parsed(words: &str) -> Command {
    refusable(words).unwrap_or_else(|error| panic!("{words}: {error}")).command
}

fn refusable(words: &str) -> Result<Cli, clap::Error> {
    Cli::try_parse_from(std::iter::once("switchboard").chain(words.split_whitespace()))
}

#[test]
fn the_tree_of_verbs_is_sound() {
    Cli::command().debug_assert();
}

#[test]
fn the_verbs_of_manifests_and_scripts_are_understood() {
    for words in [
        "serve --roles call --config /etc/switchboard/config.toml",
        "serve",
        "migrate --config a.toml",
        "health",
        "health --address http://10.0.0.1:50051",
        "up --state-dir /tmp/x --port 0 --fresh",
        "token mint --role gateway --tenant demo --subject gateway-1 --ttl 30m --key k.pem",
        "token keygen keys",
        "tenant create demo --name Demo",
        "center validate config/demo/center",
        "center apply config/demo/center --tenant demo",
        "validate config/demo/center",
        "apply config/demo/center --tenant demo",
        "apply config/demo/center --drain --actor wu",
        "plan config/demo/center",
        "plan config/demo/center --tenant demo --config a.toml -o json",
        "center plan config/demo/center",
        "center reference",
        "call ls --state ended --limit 5 -o json",
        "call trace c-1",
        "queue ls",
        "queue watch booking refund",
        "queue position c-1",
        "queue wait booking -o json",
        "queue explain c-1",
        "agent explain li-wei -o json",
        "agent force li-wei not-ready --reason meeting",
        "call assign c-1 li-wei",
        "call move c-1 refund",
        "call prioritise c-1 20",
        "callback ls --queue booking",
        "callback request c-1",
        "callback cancel c-1.callback",
        "agent ls --state wrap-up",
        "ticket ls --call c-1",
        "ticket get t-1",
        "flow ls",
        "flow validate",
        "flow validate config/demo/center -o json",
        "flow simulate hotline 2 1*5# hang_up",
        "flow simulate hotline --at 2026-12-25T09:30 --answer a=late --caller 1 --interactive",
        "flow test config/demo/center --all-ways",
        "flow graph hotline --format svg",
        "doctor --config a.toml",
        "keys make ring",
        "keys add ring",
        "keys use ring 0123456789abcdef",
        "keys ls --config a.toml",
        "keys rotate --actor wu --config a.toml",
        "keys seal --config owner.toml",
        "completions bash",
    ] {
        parsed(words);
    }
}

#[test]
fn the_verbs_of_what_is_owed_are_understood() {
    for words in [
        "follow-up ls --state due --department refunds",
        "follow-up get f-1",
        "follow-up decline f-1 no-time",
        "follow-up skip f-1 talked-yesterday",
        "survey ls",
        "survey show care",
        "survey answer f-1 solved=5 words=fine",
        "survey report care --from 2026-11-01 --zone Asia/Shanghai -o json",
        "touchpoint ls --customer customer-01 --state planned",
        "touchpoint plan customer-01 purchase 2026-02-28",
        "touchpoint done t-1",
        "touchpoint skip t-1 moved-away",
        "promise ls --state open --agent wang --due-within 2h",
        "promise make call-back --ticket t-1 --in 2h --agent wang",
        "promise keep p-1 --etag 1",
        "promise break p-1 --note ill",
        "promise withdraw p-1 --note solved",
    ] {
        parsed(words);
    }
}

#[test]
fn the_verbs_of_tickets_are_understood() {
    for words in [
        "ticket ls --view team --department refunds --untouched 2d",
        "ticket search 手续费 refund --limit 5",
        "ticket watch --unassigned --kind complaint --cursor 17 -o json",
        "ticket view ls --department refunds",
        "ticket view save late --title Late --share refunds --overdue --state on-hold --etag 2",
        "ticket view delete late",
        "ticket bulk dispatch t-1 t-2@3 --department refunds --preview",
        "ticket create Broken --kind repair --field plate=AB1234 --field amount=5",
        "ticket report --from 2026-11-01 --until 2026-12-01 --by grade --zone Asia/Shanghai -o md",
        "ticket report --from 2026-11-01 --by stage -o csv",
        "ticket exceptions --department refunds --untouched 2d -o json",
        "ticket set t-1 plate=AB1234 amount= --category trains/late --priority high --etag 2",
        "ticket set t-1 plate=AB1234 --kind repair --subject Broken --description= --customer li",
        "ticket link-call t-1 c-9 --note again --etag 2",
        "ticket call-back t-1 booking --after 2h",
        "ticket tick t-1 photo seal --undo",
        "ticket forms -o json",
        "ticket follow t-1",
        "ticket unfollow t-1",
        "ticket ls --followed",
        "ticket watch --followed",
        "ticket attach t-1 https://files.example/a.pdf --type application/pdf --size 5 --sha256 00",
        "ticket detach t-1 a-1 --etag 3",
        "ticket side open t-1 part --with Zhao --medium email",
        "ticket side say t-1 s-1 monday --in",
        "ticket side close t-1 s-1",
        "ticket touch t-1 --doing writing",
        "ticket macros --ticket t-1",
        "ticket departments -o json",
        "ticket apply take-refund t-1@3 --request-id m-1",
        "ticket apply take-refund t-1 t-2@3 --preview",
        "ticket create Parts --parent t-1 --department workshop",
        "ticket link t-1 caused-by t-2",
        "ticket unlink t-1 duplicate-of t-2 -o json",
        "ticket ls --incidents",
        "ticket ls --incident i-1 --open",
        "ticket ls --parent t-1",
        "ticket join-incident t-1 i-1 -o json",
        "ticket leave-incident t-1",
        "ticket resolve-members i-1 --medium sms --resolution fixed --preview",
    ] {
        parsed(words);
    }
}

#[test]
fn the_verbs_about_callers_and_customers_are_understood() {
    for words in [
        "lookup +8613800000001 --called +862160000000 --verification full -o json",
        "number block +8613800000001 --reason threats --for 720h",
        "number company +862160000000 --reason trunk",
        "number ls --list allow",
        "number remove r-1",
        "recorder dead ls --limit 5 -o json",
        "report monthly --month 2026-11",
        "report monthly --month 2026-11 --department refunds --zone Asia/Shanghai -o csv",
        "report targets --month 2026-11 --department refunds --zone Asia/Shanghai -o md",
        "touchpoint report --from 2026-11-01 --until 2027-01-01 --plan care --zone Asia/Shanghai",
        "recorder dead show 1.1700000000000-1",
        "recorder dead replay 1.1700000000000-1 2.1700000000000-1",
        "recorder dead drop 1.1700000000000-1",
        "audit ls --customer li --from 2026-11-01 --until 2026-11-02T09:00 --zone Asia/Shanghai",
        "audit ls --actor zhang-min --limit 5 -o json",
        "retention plan -o json",
        "retention run --detach",
        "retention report",
        "customer export-subject c-1",
        "customer erase c-1 --again c-1",
        "customer hold c-1 --reason lawsuit",
        "customer hold c-1 --lift",
        "customer consent c-1 survey withdrawn --source call-17 --medium phone --ago 2d --id r-1",
        "customer consents c-1 --history -o json",
        "touchpoint import sold.csv --map anchor_date=Sold --dry-run --errors wrong.csv",
        "customer occurrence c-1 order --summary chairs --source shop --ago 2d --id order-17",
        "customer occurrence c-1 order --summary chairs --source shop --at 2026-11-01T09:00",
        "customer ls",
        "customer get li -o json",
        "customer update li --kind company --type partner --tier A1 --alert= --number +8613800000001=mobile --etag 3",
        "customer history li",
        "customer search --segment open-issues --tier A1",
        "lookup 13800000001",
    ] {
        parsed(words);
    }
}

#[test]
fn the_verbs_of_customers_are_understood() {
    for words in [
        "customer import a.csv --map name=Name --map number=Phone --dry-run --errors b.csv",
        "customer import a.txt --layout jsonl --encoding gb18030 --resume",
        "customer export -o jsonl",
        "score show li",
        "customer score show li",
        "score set li --input purchases=500 --input potential=A1 --churn partial --churn-reason price",
        "score explain li",
        "score explain --input purchases=500 -o json",
        "score run --detach",
        "score import values.csv --errors refused.csv",
        "score report",
        "score risks --limit 20 -o json",
    ] {
        parsed(words);
    }
}

#[test]
fn roles_are_read_from_one_word() {
    let Command::Here(Here::Serve(serve)) = parsed("serve --roles queue,recorder") else {
        panic!("serve")
    };

    assert!(serve.roles.has(Role::Queue) && serve.roles.has(Role::Recorder));
    assert!(!serve.roles.has(Role::Call));
}

#[test]
fn what_is_not_understood_is_a_usage_error() {
    for words in [
        "serve --roles quue",
        "token mint --role boss --subject x",
        "token mint --role agent --subject x --ttl soon",
        "call ls --limit 0",
        "customer import a.csv --map shoe",
        "customer consent c-1 survey perhaps --source web",
        "customer consent c-1 survey given",
        "customer occurrence c-1 order --summary chairs",
        "customer import a.csv --encoding klingon",
        "customer import a.csv --dry-run --resume",
        "score explain",
        "call",
        "dance",
    ] {
        let refused = refusable(words).unwrap_err();
        assert_eq!(refused.exit_code(), 2, "{words}");
    }
}

#[test]
fn the_version_is_that_of_the_package() {
    let asked = refusable("--version").unwrap_err();

    assert_eq!(asked.kind(), ErrorKind::DisplayVersion);
    assert!(asked.to_string().contains(env!("CARGO_PKG_VERSION")));
}
