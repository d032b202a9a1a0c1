//! The table of operations in the documents, held against the calls that a PSA counted.

use std::collections::BTreeMap;

use integration::{
    documented::{OPERATIONS, operation},
    harbor::set_up,
    pod::{Pod, settings_for},
    psa_contacts::psa_contacts,
    service::Deployment,
};
use reconcile::RowKind;
use server::psa::Change;

/// Calls by operation: a method and a path whose numbers are `{id}`.
type Calls = BTreeMap<String, usize>;

/// What was called since the last time.
fn calls(deployment: &Deployment) -> Calls {
    let world = deployment.psa.world();
    let mut world = world.lock();
    let mut calls = Calls::new();
    for request in world.requests() {
        *calls.entry(operation(request)).or_default() += 1;
    }
    world.reset_log();
    calls
}

/// The cells of one column, by operation; empty ones left out.
fn column(name: &str) -> BTreeMap<String, String> {
    let mut rows = OPERATIONS
        .lines()
        .filter(|line| line.starts_with('|'))
        .map(|line| line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>());
    let header = rows.next().expect("the table has a header");
    let at = header.iter().position(|own| own == name).expect("the table has the column");
    rows.skip(1).map(|row| (row[0].clone(), row[at].clone())).filter(|(_, cell)| !cell.is_empty()).collect()
}

/// Compares what was called with a column, each of whose cells means a number.
fn hold(name: &str, called: &Calls, means: impl Fn(&str) -> std::ops::RangeInclusive<usize>) {
    let column = column(name);
    for operation in called.keys() {
        assert!(column.contains_key(operation), "{name}: {operation} is not in the table");
    }
    for (operation, cell) in &column {
        let calls = called.get(operation).copied().unwrap_or_default();
        let expected = cell.parse().map_or_else(|_| means(cell), |number: usize| number..=number);
        assert!(expected.contains(&calls), "{name}: {operation} says {cell}, {expected:?}, not {calls}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_operation_is_in_the_table_with_the_calls_that_it_costs() {
    let (deployment, directory, pod) = set_up().await.expect("Harbor Manufacturing is set up");
    let (joined, _) = deployment.another_psa().await.expect("another PSA joins");
    let joining = joined.world().lock().requests().iter().map(operation).collect::<Vec<_>>();
    assert!(joining.iter().any(|operation| operation.starts_with("POST")), "{joining:?}");
    for operation in joining {
        assert!(OPERATIONS.contains(&operation), "{operation}, of joining, is not in the document");
    }
    calls(&deployment);

    // Somebody who has not been here yet.
    let admin = Pod::open(&deployment, "Admin1", pod.company).await.expect("the administrator may");
    admin.status().await.expect("the pod asks for it");
    hold("opening the pod", &calls(&deployment), |cell| panic!("{cell}"));

    let company = deployment.company("LindenLaw");
    let linden = Pod::open(&deployment, "Dispatch1", company).await.expect("the dispatcher may");
    calls(&deployment);
    let saved = linden.save_settings(&settings_for(&directory)).await.expect("they can be saved");
    hold("saving settings", &calls(&deployment), |_| 0..=0);
    linden.save_settings(&saved).await.expect("they can be saved again");
    let again = calls(&deployment);
    assert_eq!(again.get("PATCH /company/companies/{id}/notes/{id}"), Some(&1), "{again:?}");
    assert_eq!(again.get("POST /company/companies/{id}/notes"), None, "{again:?}");

    let pages = psa_contacts(&deployment, pod.company).len() / 1000 + 1;
    let review = pod.review().await.expect("both sides can be read");
    hold("sync", &calls(&deployment), |cell| match cell {
        "once" => 1..=1,
        "pages" => pages..=pages,
        _ => panic!("{cell}"),
    });

    let request = review.approve(reconcile::Row::approved_by_default);
    let plan = review.plan();
    let rows: Vec<_> = plan.writing().filter(|row| row.approved_by_default()).cloned().collect();
    let new = rows.iter().filter(|row| row.kind == RowKind::Create).count();
    let changed: Vec<_> =
        rows.iter().filter(|row| !matches!(row.kind, RowKind::Create | RowKind::Link)).collect();
    let change = |row: &&&std::sync::Arc<reconcile::Row>| {
        let contact = row.contact.and_then(|id| review.prepared.contact(id)).expect("a change has a contact");
        let inactive = (row.kind == RowKind::Deactivate).then_some(true);
        Change { contact, fields: &row.changes, inactive }.depends_on_the_items()
    };
    let by_place = changed.iter().filter(change).count();
    let at_one_item = changed
        .iter()
        .filter(|row| {
            row.kind == RowKind::Update
                && row.changes.len() == 1
                && row.changes[0].field.slot().is_some()
                && !change(row)
        })
        .count();
    assert!(new > 0 && by_place > 0 && at_one_item > 0, "{new} {by_place} {at_one_item}");
    let applied = pod.apply(&request).await.expect("the run ends");
    assert_eq!(applied.counts.rejected + applied.counts.unknown + applied.counts.moved, 0);
    hold("apply", &calls(&deployment), |cell| match cell {
        "new" => new..=new,
        "changed" => changed.len() - at_one_item..=changed.len() - at_one_item,
        "of which" => at_one_item..=at_one_item,
        "by place" => by_place..=by_place,
        // A look for new contacts a second, and one at what is to change every ten.
        "pages and looks" => pages + 1..=pages + 1 + new + changed.len() / 10,
        _ => panic!("{cell}"),
    });
    directory.stop().await;
}
