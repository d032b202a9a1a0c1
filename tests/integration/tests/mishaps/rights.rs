//! Keys that are revoked and rights that are taken away in the middle of a run.

use psa_simulator::{Level, World};

use crate::company::{apply, approved, begin, contacts, employ, writes};

/// More than are written at the same time.
const NEWCOMERS: u128 = 40;
const AT_ONCE: usize = 4;

fn revoke(world: &mut World) {
    world.member_mut("ConnectActive").expect("the API member").inactive = true;
}

fn take_away(world: &mut World) {
    let member = world.member_mut("ConnectActive").expect("the API member");
    member.role.right_mut("Companies", "Contacts").expect("a line").add = Level::None;
}

fn give_back(world: &mut World) {
    let member = world.member_mut("ConnectActive").expect("the API member");
    member.inactive = false;
    member.role.right_mut("Companies", "Contacts").expect("a line").add = Level::All;
}

#[tokio::test]
async fn p11_without_keys_or_rights_a_run_stops_where_it_is_and_says_so() {
    for (lose, code) in [(revoke as fn(&mut World), "psa_keys"), (take_away, "psa_rights")] {
        let (_folder, history) = begin(&[]).await;
        for number in 0..NEWCOMERS {
            let letter = |at: u128| char::from(b'a' + u8::try_from(at).expect("few"));
            let family = format!("Aerts{}{}", letter(number / 20), letter(number % 20));
            employ(&history, number + 1, "Ann", &family);
        }
        let rows = approved(history.parts(), &[], reconcile::Row::approved_by_default).await;
        assert_eq!(rows.len() as u128, NEWCOMERS);
        let world = history.psa().world();
        world.lock().reset_log();
        let applying = apply(history.parts(), rows.clone());
        let losing = async {
            while world.lock().count("POST", "/company/contacts") < 2 {
                tokio::task::yield_now().await;
            }
            lose(&mut world.lock());
            writes(&history)
        };
        let ((outcomes, end), sent_before) = tokio::join!(applying, losing);
        assert_eq!(end.map_err(|problem| problem.code), Err(code.to_owned()));
        let made = contacts(&history);
        assert!((1..rows.len()).contains(&made), "it was lost in the middle: {made}");
        let vain = writes(&history) - sent_before;
        assert!((1..=AT_ONCE).contains(&vain), "{vain} were sent in vain, and all of them at once");
        assert_eq!(outcomes.len(), made, "only what was written is told of");
        assert_eq!(history.unsettled().await.expect("the store works"), 0, "a refusal leaves nothing open");

        // With them back the rest is written, and nobody twice.
        give_back(&mut world.lock());
        let rest = history.sync().await.expect("both sides can be read");
        assert_eq!(rest.created, (rows.len() - made) as u64, "{rest:?}");
        assert_eq!(contacts(&history), rows.len());
    }
}
