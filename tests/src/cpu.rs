//! Processor time that processes have used so far, as Linux tells it in `/proc`. Beside a busy neighbour it says more of a program than
//! the clock does.

use std::collections::BTreeMap;
use std::time::Duration;

/// What Linux counts processor time in, whatever its own tick: hundredths of a second.
const TICK: Duration = Duration::from_millis(10);

/// A process, its parent, and its time, that of ended children included.
struct Stat {
    parent: u32,
    used: Duration,
}

/// Processor time of a process and of all below it; nothing where it is gone.
pub fn used_by(root: u32) -> Duration {
    let known: BTreeMap<u32, Stat> = std::fs::read_dir("/proc")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let pid = entry.file_name().to_str()?.parse().ok()?;
            Some((pid, read(&std::fs::read_to_string(entry.path().join("stat")).ok()?)?))
        })
        .collect();
    let is_below = |pid: u32| std::iter::successors(Some(pid), |pid| known.get(pid).map(|stat| stat.parent)).any(|pid| pid == root);
    known.iter().filter(|(pid, _)| is_below(**pid)).map(|(_, stat)| stat.used).sum()
}

/// The line of `/proc/PID/stat`: the name in parentheses may hold anything, so that counting begins behind it.
fn read(stat: &str) -> Option<Stat> {
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let number = |place: usize| fields.get(place)?.parse::<u32>().ok();
    // State, parent, …; from the twelfth on: user, system, and the same of children that were waited for.
    let ticks = (11..15).map(number).sum::<Option<u32>>()?;
    Some(Stat { parent: number(1)?, used: TICK * ticks })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_may_hold_anything() {
        let stat = read("7 (a ) b) S 3 1 1 0 -1 4194560 1 2 3 4 10 20 30 40 20 0 1 0 5").unwrap();
        assert_eq!((stat.parent, stat.used), (3, Duration::from_secs(1)));
        assert!(read("7 (a) S 3").is_none());
    }

    #[test]
    fn a_process_that_works_uses_time() {
        let before = used_by(std::process::id());
        while used_by(std::process::id()) == before {
            std::hint::black_box((0..10_000_u64).sum::<u64>());
        }
    }
}
