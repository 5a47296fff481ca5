//! A network that drops, delays, doubles, reorders and tears. It knows no protocol: a message is bytes that somebody asks
//! and bytes that come back. A cut may be one-way: the question arrives and the answer is lost.

use super::chance::Chance;

/// Delays stay under this, in milliseconds, unless `slow_percent` says otherwise.
const DELAY_MS_MAX: u64 = 200;
/// What a slow link adds, in milliseconds.
const SLOW_MS_MAX: u64 = 20_000;

/// One end of a link: `0` is the hub, the branches count from 1.
pub type Node = usize;

/// How bad the network is, each in percent of the messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Weather {
    pub drop_percent: u64,
    pub double_percent: u64,
    pub tear_percent: u64,
    pub flip_percent: u64,
    pub slow_percent: u64,
}

impl Weather {
    /// Everything arrives, once, whole.
    pub const FAIR: Weather = Weather { drop_percent: 0, double_percent: 0, tear_percent: 0, flip_percent: 0, slow_percent: 0 };
    /// A bad line in bad weather.
    pub const FOUL: Weather = Weather { drop_percent: 12, double_percent: 10, tear_percent: 8, flip_percent: 4, slow_percent: 15 };
}

/// What travels: a question of `from`, or the answer to the question of that number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    pub from: Node,
    pub to: Node,
    /// Which question this is, or answers; doubles share it.
    pub number: u64,
    pub answer: bool,
    pub bytes: Vec<u8>,
}

/// Everything in flight.
#[derive(Debug, Clone)]
pub struct Network {
    chance: Chance,
    weather: Weather,
    cuts: Vec<(Node, Node)>,
    flying: Vec<(i64, Message)>,
    next_number: u64,
}

impl Network {
    /// An empty network in fair weather.
    pub fn new(chance: Chance) -> Self {
        Network { chance, weather: Weather::FAIR, cuts: Vec::new(), flying: Vec::new(), next_number: 1 }
    }

    /// The weather changes for everything sent from now on.
    pub fn weather(&mut self, weather: Weather) {
        self.weather = weather;
    }

    /// Cuts the way from one node to another; the way back is not touched.
    pub fn cut(&mut self, from: Node, to: Node) {
        if !self.cuts.contains(&(from, to)) {
            self.cuts.push((from, to));
        }
    }

    /// Mends every cut.
    pub fn mend(&mut self) {
        self.cuts.clear();
    }

    /// Whether both ways between two nodes are open.
    pub fn open(&self, one: Node, other: Node) -> bool {
        !self.cuts.contains(&(one, other)) && !self.cuts.contains(&(other, one))
    }

    /// Sends a question; the number tells its answers.
    pub fn ask(&mut self, from: Node, to: Node, bytes: Vec<u8>, now_ms: i64) -> u64 {
        let number = self.next_number;
        self.next_number += 1;
        self.send(Message { from, to, number, answer: false, bytes }, now_ms);
        number
    }

    /// Somebody who is no party to the link puts bytes on it, as a question to the hub or an answer to an edge.
    pub fn send_raw(&mut self, from: Node, to: Node, bytes: Vec<u8>, now_ms: i64) {
        let number = self.next_number.saturating_sub(1);
        self.send(Message { from, to, number, answer: to != 0, bytes }, now_ms);
    }

    /// Sends the answer to a question that arrived.
    pub fn answer(&mut self, question: &Message, bytes: Vec<u8>, now_ms: i64) {
        self.send(Message { from: question.to, to: question.from, number: question.number, answer: true, bytes }, now_ms);
    }

    /// Takes out what has arrived by now: in the order of arrival, which is not the order of sending.
    pub fn arrived(&mut self, now_ms: i64) -> Vec<Message> {
        let (mut due, rest): (Vec<_>, Vec<_>) = std::mem::take(&mut self.flying).into_iter().partition(|(at_ms, _)| *at_ms <= now_ms);
        self.flying = rest;
        due.sort_by_key(|(at_ms, _)| *at_ms);
        let cuts = &self.cuts;
        due.into_iter().map(|(_, message)| message).filter(|message| !cuts.contains(&(message.from, message.to))).collect()
    }

    /// When the next message arrives, if any is in flight.
    pub fn next_at_ms(&self) -> Option<i64> {
        self.flying.iter().map(|(at_ms, _)| *at_ms).min()
    }

    /// Everything in flight is lost: a machine at either end went down.
    pub fn forget(&mut self, node: Node) {
        self.flying.retain(|(_, message)| message.from != node && message.to != node);
    }

    fn send(&mut self, message: Message, now_ms: i64) {
        let copies = if self.chance.percent(self.weather.double_percent) { 2 } else { 1 };
        for _ in 0..copies {
            if self.chance.percent(self.weather.drop_percent) {
                continue;
            }
            let mut copy = message.clone();
            self.damage(&mut copy.bytes);
            let slow = if self.chance.percent(self.weather.slow_percent) { SLOW_MS_MAX } else { 0 };
            let at_ms = now_ms + self.chance.below(DELAY_MS_MAX + slow) as i64;
            self.flying.push((at_ms, copy));
        }
    }

    fn damage(&mut self, bytes: &mut Vec<u8>) {
        if self.chance.percent(self.weather.tear_percent) {
            bytes.truncate(self.chance.index(bytes.len().max(1)));
        }
        if self.chance.percent(self.weather.flip_percent) && !bytes.is_empty() {
            let at = self.chance.index(bytes.len());
            bytes[at] ^= 1 << self.chance.below(8);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fair_weather_brings_everything_once_and_whole() {
        let mut network = Network::new(Chance::new(1));
        let number = network.ask(1, 0, vec![1, 2, 3], 0);
        let arrived = network.arrived(1_000);
        assert_eq!(arrived, vec![Message { from: 1, to: 0, number, answer: false, bytes: vec![1, 2, 3] }]);
        network.answer(&arrived[0], vec![4], 1_000);
        assert_eq!(network.arrived(2_000), vec![Message { from: 0, to: 1, number, answer: true, bytes: vec![4] }]);
    }

    #[test]
    fn a_one_way_cut_loses_the_answer_only() {
        let mut network = Network::new(Chance::new(1));
        network.cut(0, 2);
        network.ask(2, 0, vec![9], 0);
        let arrived = network.arrived(1_000);
        assert_eq!(arrived.len(), 1);
        network.answer(&arrived[0], vec![1], 1_000);
        assert_eq!(network.arrived(2_000), vec![]);
        assert!(!network.open(2, 0));
        network.mend();
        assert!(network.open(2, 0));
    }

    // Goal: foul weather really does each of its harms. Method: a thousand messages, counted.
    #[test]
    fn foul_weather_drops_doubles_tears_flips_and_reorders() {
        let mut network = Network::new(Chance::new(3));
        network.weather(Weather::FOUL);
        for number in 0..1_000u64 {
            network.ask(1, 0, number.to_le_bytes().to_vec(), number as i64);
        }
        let arrived = network.arrived(i64::MAX);
        let mut copies = vec![0; 1_001];
        arrived.iter().for_each(|message| copies[message.number as usize] += 1);
        let whole = |message: &&Message| message.bytes == (message.number - 1).to_le_bytes();
        assert!(copies[1..].contains(&0), "nothing dropped");
        assert!(copies.contains(&2), "nothing doubled");
        assert!(arrived.iter().any(|message| message.bytes.len() < 8), "nothing torn");
        assert!(arrived.iter().any(|message| message.bytes.len() == 8 && !whole(&message)), "nothing flipped");
        assert!(arrived.windows(2).any(|pair| pair[0].number > pair[1].number), "nothing reordered");
        assert!(arrived.iter().filter(whole).count() > 700, "hardly anything arrives");
    }
}
