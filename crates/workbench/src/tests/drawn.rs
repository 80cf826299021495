//! What drawings hold.

use super::center;
use crate::{mermaid, svg};

#[test]
fn a_drawing_holds_every_node_and_way() {
    for name in ["demo/center", "samples/bank", "samples/outage", "samples/on-call"] {
        let center = center(name);
        for flow in center.all_flows() {
            let (page, picture) = (mermaid(flow), svg(flow));

            for id in flow.nodes().keys() {
                assert!(page.contains(&format!("{id}<br/>")), "{id}\n{page}");
                assert!(picture.contains(&format!(">{id}</text>")), "{id}\n{picture}");
            }
            let ways = page.lines().filter(|line| line.starts_with("  n") && line.contains("-->"));
            let pairs: std::collections::BTreeSet<_> = flow
                .nodes()
                .iter()
                .flat_map(|(from, node)| node.targets().into_iter().map(move |to| (from, to)))
                .collect();
            assert_eq!(ways.count(), pairs.len());
            assert_eq!(
                picture.matches("<path d=\"M").count(),
                pairs.len() + 2,
                "and start, and tip"
            );
        }
    }
}

#[test]
fn signs_of_the_formats_do_no_harm_in_names() {
    let mut files = switchboard_center::demo();
    let text = files.get_mut("flows/hotline.yaml").expect("the flow");
    *text = text.replace("title: Ticketing hotline", "title: \"A <b> & 'C' \\\"D\\\"\"");
    let center = switchboard_center::parse(&files).expect("a center");
    let flow = center.all_flows().next().expect("a flow");

    assert!(mermaid(flow).contains("title: 'A <b> & ''C'' \"D\"'"));
    assert!(svg(flow).contains("<title>A &lt;b&gt; &amp; 'C' &quot;D&quot;</title>"));
}
