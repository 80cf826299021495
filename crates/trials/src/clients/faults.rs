//! Lost replies, cut wires, killed replicas.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::Stage;
use crate::site::{Replica, say};

/// How often a wire is in trouble.
const TROUBLE: Duration = Duration::from_millis(600);
/// One in so many troubles is a gateway's, which stirs all its calls.
const GATEWAYS: u32 = 20;
/// How long a replica is missed before another one comes.
const MISSED: Duration = Duration::from_secs(2);

/// Cuts wires, half of them after losing replies, until dropped.
pub(super) async fn happen(stage: Arc<Stage>) {
    let mut chance = stage.plan.chance(3);
    let mut cutting = JoinSet::new();
    loop {
        sleep(TROUBLE).await;
        while cutting.try_join_next().is_some() {}
        let gateways = stage.plan.gateways;
        let index = if chance.percent(GATEWAYS) {
            chance.below(gateways)
        } else {
            gateways + chance.below(stage.wires.len() - gateways)
        };
        let loses = chance.percent(50);
        let span = chance.between(Duration::from_millis(20), Duration::from_millis(300));
        let stage = Arc::clone(&stage);
        cutting.spawn(async move {
            let (_, wire) = &stage.wires[index];
            if loses {
                wire.cut_after_losing_replies(span).await;
            } else {
                wire.cut();
            }
        });
    }
}

/// Kills a replica now and then, and starts another; gives those that are left.
pub(super) async fn kill(
    stage: Arc<Stage>,
    mut replicas: Vec<Replica>,
) -> anyhow::Result<Vec<Replica>> {
    let pause = stage.plan.lasts / (stage.plan.kills + 1);
    for number in 1..=stage.plan.kills {
        sleep(pause.saturating_sub(MISSED)).await;
        replicas.remove(0).kill().await.context("a replica cannot be killed")?;
        say(&format!("killed replica {number}"))?;
        sleep(MISSED).await;
        replicas.push(stage.site.replica().await?);
    }
    Ok(replicas)
}
