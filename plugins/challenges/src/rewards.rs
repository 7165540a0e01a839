//! What members see: how far each challenge, the streak and the next level are; and what a level can get for points.

use coalition_sdk::{Context, Instant, Member, Message, Offer, Quotation, QuoteRequest, Refusal, Stop, Window};

use crate::config::{Challenge, Config, Exclusive, STREAK, Streak};
use crate::play;

pub fn offers(context: &Context, member: &Member, config: &Config) -> Vec<Offer> {
    let mut offers: Vec<Offer> = config.challenges.iter().map(|it| challenge(it, context.at, member)).collect();
    offers.extend(config.streak.as_ref().and_then(|it| streak(it, context.at, member)));
    offers.extend(next_level(member, config));
    offers.extend(config.exclusives.iter().map(|it| exclusive(it, member, config)));
    offers
}

pub fn quote(request: &QuoteRequest, member: &Member, config: &Config) -> Result<Quotation, Stop> {
    let reward = request.reward.as_str();
    let Some(it) = config.exclusives.iter().find(|it| *it.reward.id == *reward) else {
        let shown =
            reward == STREAK || config.challenges.iter().any(|it| *it.id == *reward) || config.levels.iter().any(|it| *it.id == *reward);
        let refusal = if shown { Refusal::new("not-eligible", "not-for-points") } else { Refusal::no_such_reward(reward) };
        return Err(refusal.into());
    };
    if !play::reaches(member, &it.level, config) {
        return Err(Refusal::new("not-eligible", for_level(&it.level)).into());
    }
    it.reward.quote(request, config.currency)
}

fn challenge(it: &Challenge, now: Instant, member: &Member) -> Offer {
    let have = it.parts.iter().enumerate().map(|(index, part)| member.counter(&it.counter(index)).clamp(0, part.needed));
    let have = have.fold(0, i64::saturating_add);
    let need = it.parts.iter().fold(0_i64, |sum, part| sum.saturating_add(part.needed));
    let mut offer = Offer::new(&*it.id, format!("reward:{}", it.id)).target(have, need, "pieces").with("x-points", it.points);
    offer.valid_until_ms = now.date().next(it.window).map(|day| day.begins_ms(now));
    let done = play::met(it, member, 0, &[]);
    offer.not_yet(if done { Message::new("done") } else { Message::new("to-go").with("missing", need.saturating_sub(have)) })
}

/// The next milestone of the weeks in a row; the week that is open counts when something was bought in it, and breaks nothing before it ends.
fn streak(it: &Streak, now: Instant, member: &Member) -> Option<Offer> {
    let open = play::weeks(member, 0, 0);
    let weeks = if open > 0 { open } else { play::weeks(member, 1, 0) };
    let next = it.milestones.iter().find(|milestone| milestone.weeks > weeks)?;
    let reason = Message::new("weeks-to-go").with("missing", next.weeks.saturating_sub(weeks));
    let mut offer = Offer::new(STREAK, "reward:streak").target(weeks.into(), next.weeks.into(), "weeks").with("x-points", next.points);
    offer.valid_until_ms = now.date().next(Window::Week).map(|day| day.begins_ms(now)).filter(|_| open == 0 && weeks > 0);
    Some(offer.not_yet(reason))
}

fn next_level(member: &Member, config: &Config) -> Option<Offer> {
    let score = play::score(member).max(0);
    let next = config.levels.iter().find(|level| level.from > score)?;
    let reason = Message::new("score-to-go").with("missing", next.from.saturating_sub(score));
    Some(Offer::new(&*next.id, format!("reward:{}", next.id)).target(score, next.from, "score").not_yet(reason))
}

fn exclusive(it: &Exclusive, member: &Member, config: &Config) -> Offer {
    let offer = it.reward.offer(member, config.currency);
    if play::reaches(member, &it.level, config) {
        return offer;
    }
    let from = config.levels.iter().find(|level| level.id == it.level).map_or(0, |level| level.from);
    offer.not_yet(for_level(&it.level)).target(play::score(member).max(0), from, "score")
}

fn for_level(id: &str) -> Message {
    Message::new(format!("for-level:{id}"))
}
