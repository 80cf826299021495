//! The rules of the house that no compiler checks: who may use whom, how large things grow, and
//! whether the map still shows the land.

mod behaviours;
mod crate_graph;
mod dependencies;
mod manifests;
mod map;
mod scripts;
mod sizes;
mod workspace;
