//! Which calls run when, and what the agents do meanwhile.

use std::sync::Arc;
use std::time::Duration;

use switchboard_client::gateway::{Gateway, GatewayOptions, Pace};
use switchboard_domain::caller::Role;
use switchboard_runtime::clock::{Clock, SystemClock};
use tokio::time::{sleep, timeout};

use super::cast::Cast;
use super::narrator::Narrator;
use super::play::play;
use super::records::Office;
use super::stories::{self, Story};
use super::{Stage, wall_clock};

const GATEWAY: &str = "gateway-1";
/// The two agents who can change bookings in English.
const ENGLISH_REBOOKERS: [&str; 2] = ["li-wei", "david-xu"];
/// How far one caller is ahead of the next.
const AHEAD: Duration = Duration::from_millis(1_500);
const RECORDING: Duration = Duration::from_secs(20);

/// A story that was played.
pub(crate) struct Told {
    pub(crate) story: Story,
    /// Whether its call ended in time.
    pub(crate) has_ended: bool,
}

/// Everybody who takes part.
pub(crate) struct Program {
    pub(crate) office: Office,
    stories: Vec<Story>,
    gateway: Gateway,
    cast: Cast,
    narrator: Arc<Narrator>,
}

impl Program {
    /// Connects the gateway and signs the agents in.
    pub(crate) async fn prepare(stage: &Stage, narrator: Arc<Narrator>) -> anyhow::Result<Self> {
        let stories = stories::write(&stage.run, SystemClock.now());
        narrator.chapter(&format!("The center is open at {}", stage.address));
        let options = GatewayOptions {
            connection: stage.connect(Role::Gateway, GATEWAY)?,
            boot_id: format!("demo-{}", stage.run),
            pace: Pace::READABLE,
            wall: wall_clock(),
        };
        let gateway = Gateway::connect(options).await?;
        narrator.tell("gateway", &format!("{GATEWAY} is connected"));
        let cast = Cast::sign_in(stage, &stories, &narrator).await?;
        cast.everyone_ready().await?;
        narrator.tell("desks", &format!("{} agents are ready", stage.center.agents.len()));
        let office = Office::new(stage.connect(Role::Supervisor, "supervisor")?);
        Ok(Self { office, stories, gateway, cast, narrator })
    }

    /// Plays all stories.
    pub(crate) async fn perform(&self) -> anyhow::Result<Vec<Told>> {
        let mut told = Vec::new();
        self.narrator.chapter("A caller reaches the right agent and leaves with one ticket");
        told.extend(self.together(&["vip"]).await?);
        self.narrator.chapter("Two callers at once: another language, and nobody we know");
        told.extend(self.together(&["english", "withheld"]).await?);
        self.narrator.chapter("Things go wrong: no answer, wrong keys, a declined offer");
        told.extend(self.together(&["unanswered", "mistakes", "declined"]).await?);
        self.narrator.chapter("A caller is handed over to another queue");
        told.extend(self.together(&["transfer"]).await?);
        self.narrator.chapter("Nobody is free: one caller waits, one gives up");
        told.extend(self.at_lunch().await?);
        drop(timeout(RECORDING, self.gateway.all_recorded()).await);
        Ok(told)
    }

    /// Plays stories side by side, with every agent at the desk.
    async fn together(&self, slugs: &[&str]) -> anyhow::Result<Vec<Told>> {
        self.cast.everyone_ready().await?;
        let stories = slugs.iter().filter_map(|slug| self.story(slug));
        let playing = stories.map(|story| self.play(story));
        Ok(join_all(playing).await)
    }

    async fn at_lunch(&self) -> anyhow::Result<Vec<Told>> {
        self.cast.everyone_ready().await?;
        for agent in ENGLISH_REBOOKERS {
            self.cast.to_lunch(agent).await?;
        }
        let waiting = async {
            match self.story("patient") {
                Some(story) => Some(self.play(story).await),
                None => None,
            }
        };
        let leaving = async {
            sleep(AHEAD).await;
            let told = match self.story("abandons") {
                Some(story) => Some(self.play(story).await),
                None => None,
            };
            self.narrator.tell("desks", "everybody is back from lunch");
            for agent in ENGLISH_REBOOKERS {
                self.cast.back(agent);
            }
            told
        };
        let (waited, left) = tokio::join!(waiting, leaving);
        Ok(waited.into_iter().chain(left).collect())
    }

    fn story(&self, slug: &str) -> Option<&Story> {
        self.stories.iter().find(|story| story.slug == slug)
    }

    async fn play(&self, story: &Story) -> Told {
        let has_ended = play(story, &self.gateway, &self.office, &self.narrator).await;
        Told { story: story.clone(), has_ended }
    }
}

/// Runs futures side by side in this task.
async fn join_all<F: Future<Output = Told>>(playing: impl Iterator<Item = F>) -> Vec<Told> {
    futures::future::join_all(playing).await
}
