//! What a purchase earns, and what is put right when goods came back. A challenge or a streak is due or not by the counters alone; what is due and not given is
//! awarded, and after a return what is given and not due is taken back: so a member ends as one who never bought what came back.

use coalition_sdk::{Award, Date, Effects, Instant, Member, Message, Points, Purchase, Refund, Rounding, Stop, Window};

use crate::config::{Challenge, Config, Milestone, WEEKS_KEPT, kept};
use crate::{SCORE, SCORE_MONTH, WEEKS, play};

pub fn award(purchase: &Purchase, now: Instant, member: &Member, config: &Config) -> Result<Effects, Stop> {
    let mut effects = Effects::new();
    let today = now.date();
    let spend = config.excluded.leaves(purchase)?;
    let base = spend.earns(config.earn, Rounding::Floor)?;
    effects.award(Award::new("base", base, Message::new("earned").with("spend", spend)));
    let mut gained = base;
    for challenge in &config.challenges {
        let more: Vec<i64> = (0..challenge.parts.len()).map(|part| play::pieces(purchase, challenge, part, config)).collect();
        for (part, pieces) in more.iter().enumerate() {
            effects.progress(challenge.counter(part), *pieces);
        }
        let pieces = more.iter().copied().fold(0, i64::saturating_add);
        gained = gained.plus(Points::new(config.score_per_piece).times(pieces)?)?;
        let key = play::challenge_key(challenge, today);
        if play::met(challenge, member, 0, &more) && member.awarded_under(&key) == Points::ZERO {
            achieve(challenge, today, &mut effects);
        }
    }
    if let Some(streak) = config.streak.as_ref().filter(|streak| spend.minor() >= streak.minimum) {
        effects.progress(WEEKS, 1);
        let weeks = play::weeks(member, 0, 1);
        for milestone in streak.milestones.iter().filter(|it| it.weeks == weeks) {
            if !member.has_badge(&milestone.badge(), &today.period(Window::Week)) {
                keep_up(milestone, today, &mut effects);
            }
        }
    }
    finish(gained, member, config, &mut effects)?;
    Ok(effects)
}

/// After goods came back: the gateway has moved the counters; what was achieved in their window is asked again.
pub fn settle(refund: &Refund, now: Instant, member: &Member, config: &Config) -> Result<Effects, Stop> {
    let mut effects = Effects::new();
    let (today, bought) = (now.date(), refund.original_at.date());
    for challenge in &config.challenges {
        let back = usize::try_from(today.windows_since(bought, challenge.window)).ok();
        let Some(back) = back.filter(|back| *back <= usize::from(kept(challenge.window))) else { continue };
        let key = play::challenge_key(challenge, bought);
        let given = member.awarded_under(&key);
        match (play::met(challenge, member, back, &[]), given.is_positive()) {
            (true, false) => achieve(challenge, bought, &mut effects),
            (false, true) => {
                effects.revoke_badge(&*challenge.id, bought.period(challenge.window));
                effects.recover(key, given, format!("challenge-back:{}", challenge.id));
            }
            _ => {}
        }
    }
    if let Some(streak) = &config.streak {
        let weeks = u32::try_from(today.windows_since(bought, Window::Week)).ok();
        for back in weeks.filter(|weeks| *weeks <= u32::from(WEEKS_KEPT)).map(|weeks| 0..=weeks).into_iter().flatten() {
            let week = today.back(Window::Week, back);
            for milestone in &streak.milestones {
                settle_week(milestone, week, usize::try_from(back).unwrap_or(usize::MAX), member, &mut effects);
            }
        }
    }
    finish(Points::ZERO, member, config, &mut effects)?;
    Ok(effects)
}

/// The weeks in a row that ended in one week, asked again.
fn settle_week(milestone: &Milestone, week: Date, back: usize, member: &Member, effects: &mut Effects) {
    // The week before the first must be seen too: a streak that may have begun earlier is left alone.
    let seen = usize::try_from(milestone.weeks).is_ok_and(|weeks| back.saturating_add(weeks) <= usize::from(WEEKS_KEPT));
    if !seen {
        return;
    }
    let (badge, period) = (milestone.badge(), week.period(Window::Week));
    let due = play::weeks(member, back, 0) == milestone.weeks;
    match (due, member.has_badge(&badge, &period)) {
        (true, false) => keep_up(milestone, week, effects),
        (false, true) => {
            let key = play::streak_key(milestone, week);
            let given = member.awarded_under(&key);
            effects.revoke_badge(badge, period);
            effects.recover(key, given, Message::new("streak-back").with("weeks", milestone.weeks));
        }
        _ => {}
    }
}

fn achieve(challenge: &Challenge, date: Date, effects: &mut Effects) {
    let points = Points::new(challenge.points);
    effects.award(Award::new(play::challenge_key(challenge, date), points, format!("challenge:{}", challenge.id)));
    effects.grant_badge(&*challenge.id, date.period(challenge.window));
}

fn keep_up(milestone: &Milestone, week: Date, effects: &mut Effects) {
    let points = Points::new(milestone.points);
    let reason = Message::new("streak").with("weeks", milestone.weeks);
    effects.award(Award::new(play::streak_key(milestone, week), points, reason));
    effects.grant_badge(milestone.badge(), week.period(Window::Week));
}

/// Moves the score, and with it the levels. What is scored follows from the purchase alone, so that the gateway counts it back with the goods.
fn finish(gained: Points, member: &Member, config: &Config, effects: &mut Effects) -> Result<(), Stop> {
    effects.progress(SCORE, gained.get());
    effects.progress(SCORE_MONTH, gained.get());
    let score = Points::new(play::score(member)).plus(gained)?.get();
    for level in &config.levels {
        match (level.from <= score, member.has_badge(&level.id, "")) {
            (true, false) => {
                effects.grant_badge(&*level.id, "");
                effects.tell(format!("level:{}", level.id));
            }
            // A score falls with returns only.
            (false, true) => {
                effects.revoke_badge(&*level.id, "");
            }
            _ => {}
        }
    }
    Ok(())
}
