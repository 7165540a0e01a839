//! Run figures of plugin versions: calls, traps, and how much fuel they took. Counted in memory, and added every few seconds to the row of the
//! version, which all gateways share; what the last seconds before a crash counted is lost, since nothing is decided by it.

use std::collections::{BTreeMap, HashMap};
use std::sync::Mutex;

use coalition_domain::PluginId;
use coalition_store::entities::plugin_runs;
use coalition_store::{Store, StoreError};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::App;
use crate::error::Error;
use crate::fresh::locked;

/// Steps between a power of two and the next: a figure is off by at most an eighth.
const STEPS_LOG2: u32 = 3;

/// How often which amount of fuel was used, in steps of about an eighth.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Histogram(BTreeMap<u32, u64>);

impl Histogram {
    /// Which step an amount is in: small amounts have one each, larger ones share it with all that begin with the same four bits.
    fn step(fuel: u64) -> u32 {
        if fuel < 1 << STEPS_LOG2 {
            return u32::try_from(fuel).unwrap_or(0);
        }
        let above = fuel.ilog2() - STEPS_LOG2;
        let leading = u32::try_from((fuel >> above) & ((1 << STEPS_LOG2) - 1)).unwrap_or(0);
        ((above + 1) << STEPS_LOG2) | leading
    }

    /// The largest amount in a step.
    fn top(step: u32) -> u64 {
        let Some(above) = (step >> STEPS_LOG2).checked_sub(1) else {
            return step.into();
        };
        let next = u128::from((step & ((1 << STEPS_LOG2) - 1)) | (1 << STEPS_LOG2)) + 1;
        // What no gateway wrote is read as the largest amount.
        u64::try_from((next << above.min(64)) - 1).unwrap_or(u64::MAX)
    }

    fn add(&mut self, fuel: u64) {
        let count = self.0.entry(Self::step(fuel)).or_default();
        *count = count.saturating_add(1);
    }

    fn merge(&mut self, other: &Self) {
        for (step, more) in &other.0 {
            let count = self.0.entry(*step).or_default();
            *count = count.saturating_add(*more);
        }
    }

    /// The amount that `percent` of the runs stayed within.
    fn quantile(&self, percent: u64) -> Option<u64> {
        let all: u64 = self.0.values().sum();
        let rank = u128::from(all) * u128::from(percent);
        let mut seen: u128 = 0;
        let step = self.0.iter().find(|(_, count)| {
            seen += u128::from(**count) * 100;
            seen >= rank
        });
        step.map(|(step, _)| Self::top(*step))
    }

    fn write(&self) -> String {
        self.0.iter().map(|(step, count)| format!("{step}:{count}")).collect::<Vec<_>>().join(" ")
    }

    fn read(text: &str) -> Self {
        let pairs = text.split_ascii_whitespace().filter_map(|pair| {
            let (step, count) = pair.split_once(':')?;
            Some((step.parse().ok()?, count.parse().ok()?))
        });
        Self(pairs.collect())
    }
}

#[derive(Clone, Debug, Default)]
struct Figure {
    calls: u64,
    traps: u64,
    fuel_max: u64,
    histogram: Histogram,
}

impl Figure {
    fn add(&mut self, other: &Self) {
        self.calls = self.calls.saturating_add(other.calls);
        self.traps = self.traps.saturating_add(other.traps);
        self.fuel_max = self.fuel_max.max(other.fuel_max);
        self.histogram.merge(&other.histogram);
    }

    fn read(row: &plugin_runs::Model) -> Self {
        let count = |number: i64| u64::try_from(number).unwrap_or(0);
        Self {
            calls: count(row.calls),
            traps: count(row.traps),
            fuel_max: count(row.fuel_max),
            histogram: Histogram::read(&row.fuel_histogram),
        }
    }

    /// A row with these figures added.
    fn added_to(&self, row: plugin_runs::Model) -> plugin_runs::Model {
        let mut sum = Self::read(&row);
        sum.add(self);
        let count = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        plugin_runs::Model {
            calls: count(sum.calls),
            traps: count(sum.traps),
            fuel_max: count(sum.fuel_max),
            fuel_histogram: sum.histogram.write(),
            ..row
        }
    }
}

/// What this gateway has counted and not yet written.
#[derive(Debug, Default)]
pub(crate) struct Figures(Mutex<HashMap<PluginId, Figure>>);

/// What a version's runs took.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct RunsView {
    /// Decisions, quotes and lists of offers.
    pub calls: u64,
    /// Those that failed by the rules' fault.
    pub traps: u64,
    /// Fuel by call.
    pub fuel: FuelView,
}

/// Fuel by call, a measure of computing that is the same on every machine.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct FuelView {
    /// Half of the calls took no more, to within an eighth; null before the first.
    pub p50: Option<u64>,
    /// 99 of 100 took no more, to within an eighth.
    pub p99: Option<u64>,
    /// The most that one took.
    pub max: Option<u64>,
    /// What a call may take, up to 200 lines; in proportion above.
    pub limit: u64,
}

impl Figures {
    /// Counts a run. `trapped` where it counts against the version.
    pub(crate) fn record(&self, plugin: PluginId, fuel: u64, trapped: bool) {
        let mut all = locked(&self.0);
        let figure = all.entry(plugin).or_default();
        figure.calls = figure.calls.saturating_add(1);
        figure.traps = figure.traps.saturating_add(u64::from(trapped));
        figure.fuel_max = figure.fuel_max.max(fuel);
        figure.histogram.add(fuel);
    }

    fn take(&self) -> HashMap<PluginId, Figure> {
        std::mem::take(&mut *locked(&self.0))
    }

    /// Puts back what could not be written.
    fn put_back(&self, figures: &HashMap<PluginId, Figure>) {
        let mut all = locked(&self.0);
        for (plugin, figure) in figures {
            all.entry(*plugin).or_default().add(figure);
        }
    }
}

/// The figures of one version. `limit` is the fuel that a call may take.
pub(crate) fn view(rows: &[plugin_runs::Model], plugin: Uuid, limit: u64) -> RunsView {
    let mut sum = Figure::default();
    rows.iter().filter(|row| row.plugin_id == plugin).for_each(|row| sum.add(&Figure::read(row)));
    let known = |fuel: u64| fuel.min(sum.fuel_max);
    let fuel = FuelView {
        p50: sum.histogram.quantile(50).map(known),
        p99: sum.histogram.quantile(99).map(known),
        max: (sum.calls > 0).then_some(sum.fuel_max),
        limit,
    };
    RunsView { calls: sum.calls, traps: sum.traps, fuel }
}

impl App {
    /// Counts a run of a plugin version. `trapped` where it counts against the version.
    pub(crate) fn count_run(&self, plugin: PluginId, fuel: u64, trapped: bool) {
        self.0.memory.figures.record(plugin, fuel, trapped);
    }

    /// Writes what was counted since the last time.
    pub(crate) async fn write_figures(&self) -> Result<(), Error> {
        let figures = self.0.memory.figures.take();
        if figures.is_empty() {
            return Ok(());
        }
        if let Err(error) = add(self.store(), &figures).await {
            self.0.memory.figures.put_back(&figures);
            return Err(error.into());
        }
        Ok(())
    }
}

async fn add(store: &Store, figures: &HashMap<PluginId, Figure>) -> Result<(), StoreError> {
    let txn = store.begin().await?;
    let ids: Vec<Uuid> = figures.keys().map(|plugin| plugin.uuid()).collect();
    let rows = coalition_store::plugins::lock_runs(&txn, &ids).await?;
    let added = rows.into_iter().filter_map(|row| Some(figures.get(&PluginId(row.plugin_id))?.added_to(row)));
    coalition_store::plugins::put_runs(&txn, &added.collect::<Vec<_>>()).await?;
    txn.commit().await.map_err(StoreError::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_holds_its_amounts() {
        for fuel in (0..5_000).chain([11_000_000, 109_999_999, u64::MAX]) {
            let top = Histogram::top(Histogram::step(fuel));
            assert!(top >= fuel, "{fuel}: {top}");
            assert!(top - fuel <= fuel / 8, "{fuel}: {top}");
            if top < u64::MAX {
                assert!(Histogram::step(top + 1) > Histogram::step(fuel), "{fuel}");
            }
        }
    }

    #[test]
    fn figures_of_gateways_add_up() {
        let plugin = PluginId(Uuid::from_u128(1));
        let mut row = plugin_runs::Model {
            plugin_id: plugin.uuid(),
            gateway_id: Uuid::nil(),
            calls: 0,
            traps: 0,
            fuel_max: 0,
            fuel_histogram: String::new(),
        };
        for gateway in [1_u64, 2] {
            let figures = Figures::default();
            for fuel in 1..=100 {
                figures.record(plugin, fuel * 1_000 * gateway, fuel == 7);
            }
            let counted = figures.take();
            assert!(figures.take().is_empty());
            figures.put_back(&counted);
            row = figures.take()[&plugin].added_to(row);
        }
        let runs = view(std::slice::from_ref(&row), plugin.uuid(), 11_000_000);
        assert_eq!((runs.calls, runs.traps, runs.fuel.max), (200, 2, Some(200_000)));
        let p50 = runs.fuel.p50.unwrap();
        assert!((66_000..=77_000).contains(&p50), "{p50}");
        let p99 = runs.fuel.p99.unwrap();
        assert!((196_000..=200_000).contains(&p99), "{p99}");
        assert_eq!(view(&[row], Uuid::nil(), 5), RunsView { fuel: FuelView { limit: 5, ..FuelView::default() }, ..RunsView::default() });
    }
}
