//! Where boxes and arrows stand: in layers from top to bottom, with few crossings.
//!
//! Sugiyama's method: arrows that lead back are turned round, every node goes below all that lead to
//! it, arrows over several layers get a point in each, layers are sorted by where their neighbours
//! stand, and at last everything moves towards its neighbours as far as there is room.

use std::collections::BTreeSet;

/// How often layers are sorted, and points moved.
const ROUNDS: usize = 12;

/// Where everything stands.
pub(super) struct Layout {
    /// The middle of each node, then of each point of an arrow between layers.
    pub(super) places: Vec<Place>,
    /// The points each arrow goes through, from its node to the other one.
    pub(super) courses: Vec<Vec<usize>>,
    /// How many layers there are.
    pub(super) layers: usize,
}

/// The place of a node or a point.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Place {
    pub(super) layer: usize,
    /// From the left.
    pub(super) x: f64,
}

/// Places nodes of given widths, and the points of arrows between them.
pub(super) fn layout(widths: &[f64], arrows: &[(usize, usize)], start: usize, gap: f64) -> Layout {
    let back = backward(widths.len(), arrows, start);
    let layers = rank(widths.len(), arrows, &back);
    let mut graph = Graph::new(widths, arrows, &back, &layers);
    graph.sort();
    let mut xs = graph.spread(gap);
    graph.relax(&mut xs, gap);
    let left =
        (0..xs.len()).map(|node| xs[node] - graph.widths[node] / 2.0).fold(f64::INFINITY, f64::min);
    let place = |node: usize| Place { layer: graph.layer_of[node], x: xs[node] - left };
    Layout {
        places: (0..xs.len()).map(place).collect(),
        courses: graph.courses,
        layers: graph.rows.len(),
    }
}

/// Finds the arrows that lead back to where the walk came from, and those to the node itself.
fn backward(nodes: usize, arrows: &[(usize, usize)], start: usize) -> BTreeSet<usize> {
    let mut state = vec![Visit::New; nodes];
    let mut back = BTreeSet::new();
    for root in std::iter::once(start).chain(0..nodes) {
        if state.get(root) != Some(&Visit::New) {
            continue;
        }
        // Nodes under way, each with the next arrow to look at.
        let mut under_way = vec![(root, 0)];
        state[root] = Visit::Open;
        while let Some((node, next)) = under_way.last_mut() {
            let found = arrows.iter().enumerate().skip(*next).find(|(_, arrow)| arrow.0 == *node);
            let Some((index, &(_, to))) = found else {
                state[*node] = Visit::Done;
                under_way.pop();
                continue;
            };
            *next = index + 1;
            match state[to] {
                Visit::Open => _ = back.insert(index),
                Visit::Done => {}
                Visit::New => {
                    state[to] = Visit::Open;
                    under_way.push((to, 0));
                }
            }
        }
    }
    back
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Visit {
    New,
    Open,
    Done,
}

/// Gives each node the layer below all that lead to it.
fn rank(nodes: usize, arrows: &[(usize, usize)], back: &BTreeSet<usize>) -> Vec<usize> {
    let mut layers = vec![0; nodes];
    // Without the arrows that lead back no way is longer than there are nodes.
    for _ in 0..nodes {
        let mut moved = false;
        for (_, &(from, to)) in arrows.iter().enumerate().filter(|(index, _)| !back.contains(index))
        {
            if layers[to] <= layers[from] {
                layers[to] = layers[from] + 1;
                moved = true;
            }
        }
        if !moved {
            break;
        }
    }
    layers
}

/// Nodes and points in layers.
struct Graph {
    widths: Vec<f64>,
    layer_of: Vec<usize>,
    rows: Vec<Vec<usize>>,
    above: Vec<Vec<usize>>,
    below: Vec<Vec<usize>>,
    courses: Vec<Vec<usize>>,
}

impl Graph {
    fn new(
        widths: &[f64],
        arrows: &[(usize, usize)],
        back: &BTreeSet<usize>,
        layers: &[usize],
    ) -> Self {
        let rows = layers.iter().max().map_or(0, |deepest| deepest + 1);
        let mut graph = Self {
            widths: widths.to_vec(),
            layer_of: layers.to_vec(),
            rows: vec![Vec::new(); rows],
            above: vec![Vec::new(); widths.len()],
            below: vec![Vec::new(); widths.len()],
            courses: Vec::new(),
        };
        for (node, layer) in layers.iter().enumerate() {
            graph.rows[*layer].push(node);
        }
        for (index, &(from, to)) in arrows.iter().enumerate() {
            let turned = back.contains(&index);
            let (top, bottom) = if turned { (to, from) } else { (from, to) };
            let mut course = graph.course(top, bottom);
            if turned {
                course.reverse();
            }
            graph.courses.push(course);
        }
        graph
    }

    /// Makes the points of an arrow, one for each layer between its ends.
    fn course(&mut self, top: usize, bottom: usize) -> Vec<usize> {
        let mut course = vec![top];
        if top == bottom {
            return course;
        }
        for layer in self.layer_of[top] + 1..self.layer_of[bottom] {
            let point = self.widths.len();
            self.widths.push(0.0);
            self.layer_of.push(layer);
            self.rows[layer].push(point);
            self.above.push(Vec::new());
            self.below.push(Vec::new());
            course.push(point);
        }
        course.push(bottom);
        for pair in course.windows(2) {
            self.below[pair[0]].push(pair[1]);
            self.above[pair[1]].push(pair[0]);
        }
        course
    }

    /// Sorts the layers by the middle of their neighbours, down and up, and keeps the best order.
    fn sort(&mut self) {
        let mut best = (self.crossings(), self.rows.clone());
        for round in 0..ROUNDS {
            let down = round % 2 == 0;
            let count = self.rows.len();
            for step in 1..count {
                let row = if down { step } else { count - 1 - step };
                let other = if down { row - 1 } else { row + 1 };
                self.sort_row(row, other, down);
            }
            let crossings = self.crossings();
            if crossings < best.0 {
                best = (crossings, self.rows.clone());
            }
        }
        self.rows = best.1;
    }

    fn sort_row(&mut self, row: usize, other: usize, down: bool) {
        let places = order(&self.rows[other], self.widths.len());
        let neighbours = if down { &self.above } else { &self.below };
        let own = order(&self.rows[row], self.widths.len());
        let middle = |node: usize| mean(neighbours[node].iter().map(|near| places[*near]));
        let mut sorted = self.rows[row].clone();
        sorted.sort_by(|one, two| {
            let key = |node: usize| middle(node).unwrap_or(own[node]);
            key(*one).total_cmp(&key(*two))
        });
        self.rows[row] = sorted;
    }

    /// Counts the arrows that cross between two layers, over all layers.
    fn crossings(&self) -> usize {
        let between = |pair: &[Vec<usize>]| {
            let places = order(&pair[1], self.widths.len());
            let ends = pair[0].iter().flat_map(|node| {
                let mut ends: Vec<f64> = self.below[*node].iter().map(|to| places[*to]).collect();
                ends.sort_by(f64::total_cmp);
                ends
            });
            let ends: Vec<f64> = ends.collect();
            let crossed = |(index, end): (usize, &f64)| {
                ends[index + 1..].iter().filter(|later| *later < end).count()
            };
            ends.iter().enumerate().map(crossed).sum::<usize>()
        };
        self.rows.windows(2).map(between).sum()
    }

    /// Puts every layer side by side, from the left.
    fn spread(&self, gap: f64) -> Vec<f64> {
        let mut xs = vec![0.0; self.widths.len()];
        for row in &self.rows {
            let mut left = 0.0;
            for node in row {
                xs[*node] = left + self.widths[*node] / 2.0;
                left += self.widths[*node] + gap;
            }
        }
        xs
    }

    /// Moves everything towards its neighbours, never over what stands beside it.
    fn relax(&self, xs: &mut [f64], gap: f64) {
        for round in 0..ROUNDS * 4 {
            let down = round % 2 == 0;
            let count = self.rows.len();
            for step in 0..count {
                let row = if down { step } else { count - 1 - step };
                let wanted: Vec<f64> =
                    self.rows[row].iter().map(|node| self.wish(*node, xs)).collect();
                self.settle(row, &wanted, xs, gap);
            }
        }
    }

    fn wish(&self, node: usize, xs: &[f64]) -> f64 {
        let near = self.above[node].iter().chain(&self.below[node]);
        mean(near.map(|other| xs[*other])).unwrap_or(xs[node])
    }

    /// Gives a layer the places it wants, as near as the widths allow: the mean of what pushing from
    /// the left and pushing from the right would give.
    fn settle(&self, row: usize, wanted: &[f64], xs: &mut [f64], gap: f64) {
        let nodes = &self.rows[row];
        let apart = |one: usize, two: usize| {
            f64::midpoint(self.widths[nodes[one]], self.widths[nodes[two]]) + gap
        };
        let mut from_left = wanted.to_vec();
        for index in 1..nodes.len() {
            from_left[index] = from_left[index].max(from_left[index - 1] + apart(index - 1, index));
        }
        let mut from_right = wanted.to_vec();
        for index in (1..nodes.len()).rev() {
            let least = from_right[index] - apart(index - 1, index);
            from_right[index - 1] = from_right[index - 1].min(least);
        }
        for (index, node) in nodes.iter().enumerate() {
            xs[*node] = f64::midpoint(from_left[index], from_right[index]);
        }
    }
}

/// Gives the place of each node in its layer.
fn order(row: &[usize], nodes: usize) -> Vec<f64> {
    let mut places = vec![0.0; nodes];
    let mut place = 0.0;
    for node in row {
        places[*node] = place;
        place += 1.0;
    }
    places
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = values.fold((0.0, 0.0), |(sum, count), value| (sum + value, count + 1.0));
    (count > 0.0).then(|| sum / count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_arrow_leads_down_but_those_that_lead_back() {
        let arrows = [(0, 1), (1, 2), (2, 0), (0, 2), (2, 2)];

        let drawn = layout(&[10.0; 3], &arrows, 0, 5.0);

        let layers: Vec<usize> = drawn.places[..3].iter().map(|place| place.layer).collect();
        assert_eq!(layers, [0, 1, 2]);
        assert_eq!(drawn.courses[2].first(), Some(&2), "it begins where it leads from");
        assert_eq!(drawn.courses[2].last(), Some(&0));
        assert_eq!(drawn.courses[3].len(), 3, "one point in the layer between");
        assert_eq!(drawn.courses[4], [2], "a node's way to itself has no points");
    }

    #[test]
    fn nothing_stands_on_anything_else() {
        let arrows: Vec<(usize, usize)> =
            (0..40).map(|index| (index % 13, (index * 7 + 3) % 20)).collect();
        let widths: Vec<f64> = (0..20_u32).map(|index| f64::from(10 + index * 3)).collect();

        let drawn = layout(&widths, &arrows, 0, 5.0);

        for one in 0..widths.len() {
            for two in 0..one {
                let (a, b) = (drawn.places[one], drawn.places[two]);
                let apart = f64::midpoint(widths[one], widths[two]) + 4.9;
                assert!(a.layer != b.layer || (a.x - b.x).abs() >= apart, "{one} {two}");
            }
        }
    }

    #[test]
    fn two_crossing_ways_are_untangled() {
        let arrows = [(0, 1), (0, 2), (1, 4), (2, 3)];

        let drawn = layout(&[10.0; 5], &arrows, 0, 5.0);

        let left_of = |one: usize, two: usize| drawn.places[one].x < drawn.places[two].x;
        assert_eq!(left_of(1, 2), left_of(4, 3));
    }
}
